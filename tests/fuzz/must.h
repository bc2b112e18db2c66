/* SPDX-License-Identifier: GPL-2.0-only */
/* Fuzz targets: what must hold, whatever NDEBUG says. */
#ifndef TESTS_FUZZ_MUST_H
#define TESTS_FUZZ_MUST_H

#include <stdlib.h>

#define MUST(what)                                                                                 \
	do {                                                                                       \
		if (!(what))                                                                       \
			abort();                                                                   \
	} while (0)

#endif
