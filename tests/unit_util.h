/* SPDX-License-Identifier: GPL-2.0-only */
/* What the host-only suites share: assertions that say which case, and a fixed random stream. */
#ifndef TESTS_UNIT_UTIL_H
#define TESTS_UNIT_UTIL_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include "test.h"

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

/* One assertion of a table's case: the report names the case, not a line that all share. */
__attribute__((format(printf, 4, 5))) static inline bool
expect_at(bool ok, unsigned int line, const char *file, const char *fmt, ...)
{
	char text[512] = "";

	if (!ok) {
		va_list ap;

		va_start(ap, fmt);
		vsnprintf(text, sizeof(text), fmt, ap);
		va_end(ap);
	}
	CU_assertImplementation(ok, line, text, file, "", CU_FALSE);
	return ok;
}

#define EXPECT(ok, ...) expect_at((ok), __LINE__, __FILE__, __VA_ARGS__)

/* xorshift64*: the same numbers in every run, so that a failure comes back. */
struct rnd {
	uint64_t state;
};

static inline uint64_t rnd(struct rnd *r)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return r->state * 0x2545f4914f6cdd1dull;
}

static inline uint64_t rnd_below(struct rnd *r, uint64_t n)
{
	return rnd(r) % n;
}

#endif
