/* SPDX-License-Identifier: GPL-2.0-only */
/* Hand-written streams about tables and walks: what several suites begin with. */
#ifndef TESTS_WALK_STREAM_H
#define TESTS_WALK_STREAM_H

#include "stream.h"

#define UPPER	(TABLE + PAGE) /* the table above TABLE */
#define TABLES	ALLOC(UPPER), ALLOC(TABLE)
#define FLUSHED BEGIN(0), END(0)
/* CPU 1 walks, #3, and has the pointer to TABLE from #4. */
#define POINTER TABLES, GUP(1), GO(1, UPPER, 30, 3)
#define GONE	UNHOOK(TABLE), FLUSHED

#endif
