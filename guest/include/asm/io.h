/* SPDX-License-Identifier: GPL-2.0-only */
/* Stores to devices. */
#ifndef _ASM_IO_H
#define _ASM_IO_H

#include <linux/types.h>

/* A function of its own: what plays the devices elsewhere puts itself in its place. */
void mmio_write32(u64 addr, u32 val);

#endif
