/* SPDX-License-Identifier: GPL-2.0-only */
/* Text that comes from outside, before it goes to a terminal. */
#ifndef VMM_PRINTABLE_H
#define VMM_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>

/* Is it terminated within size bytes, and nothing in it that a terminal would obey? */
bool printable(const char *text, size_t size);

#endif
