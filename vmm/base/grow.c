/* SPDX-License-Identifier: GPL-2.0-only */
/* Arrays that grow. */
#include <stdlib.h>

#include "base/grow.h"

void *grow(void *array, size_t nr, size_t size)
{
	if (nr & (nr - 1) && nr)
		return array;
	array = realloc(array, (nr ? 2 * nr : 1) * size);
	if (!array)
		abort();
	return array;
}
