/* SPDX-License-Identifier: GPL-2.0-only */
/* Arrays that grow. */
#ifndef VMM_GROW_H
#define VMM_GROW_H

#include <stddef.h>

/* Room for one more behind nr elements of that size; grows at powers of two. */
void *grow(void *array, size_t nr, size_t size);

#endif
