/* SPDX-License-Identifier: GPL-2.0-only */
/* How large a CPU's stack is, for C and assembly. */
#ifndef _ASM_STACK_H
#define _ASM_STACK_H

#define STACK_SIZE 16384

#endif
