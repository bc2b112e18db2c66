/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a run of the tests inside the emulated machine tells one outside what came of each: lines,
 * as they come.
 *
 *	@begin			a run begins; a second one, if the first machine hung
 *	@test SUITE<tab>TEST	the test that all lines up to @done or @skip are about
 *	@say TEXT
 *	@fail FILE:LINE: CONDITION
 *	@skip WHY		it does not run
 *	@done SECONDS		it did
 *	@end			the run came to its end
 */
#ifndef TESTS_WIRE_H
#define TESTS_WIRE_H

#include <stdbool.h>
#include <stdio.h>

#include "results.h"

enum wire_kind {
	WIRE_BEGIN,
	WIRE_TEST,
	WIRE_SAY,
	WIRE_FAIL,
	WIRE_SKIP,
	WIRE_DONE,
	WIRE_END,
	WIRE_KINDS
};

/* Write a line; text has a line of its own for each of its lines. */
void wire_write(FILE *to, enum wire_kind kind, const char *text);
/* What came of it, all of its lines. */
void wire_result(FILE *to, const struct result *r);

/* A line as read; false: it is none of these. *text points into line, which is changed. */
bool wire_read(char *line, enum wire_kind *kind, char **text);

#endif
