/* SPDX-License-Identifier: GPL-2.0-only */
/* What gdb is answered: a packet's text, printed. */
#ifndef VMM_GDB_REPLY_H
#define VMM_GDB_REPLY_H

#include <stddef.h>

#include "gdb/packet.h"

/* Errors as gdb gets them: "E14" is errno 14, as gdbserver has it. */
#define GDB_EPERM  1
#define GDB_EFAULT 14
#define GDB_EBUSY  16
#define GDB_EINVAL 22
#define GDB_ENOSPC 28

struct reply {
	char text[PACKET_MAX + 1];
	size_t len;
};
/* More than fits is a bug of ours. */
__attribute__((format(printf, 2, 3))) void reply_print(struct reply *reply, const char *fmt, ...);
/* "Enn", and nothing else. */
void reply_error(struct reply *reply, int error);

#endif
