/* SPDX-License-Identifier: GPL-2.0-only */
/* The results so far as JUnit XML. */
#ifndef TESTS_JUNIT_H
#define TESTS_JUNIT_H

#include <stdbool.h>

/*
 * Write all suites of which every test has its result, anew, and put the file in the place of
 * the one before, so that there is a whole file at any time. ended: this is all; otherwise the
 * file says, as an error, that the run did not come to its end. CUnit can write JUnit XML by
 * itself, but only by running everything once more. 0, or -1 when it cannot be written.
 */
int junit_write(const char *path, bool ended);

#endif
