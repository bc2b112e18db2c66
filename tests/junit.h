/* SPDX-License-Identifier: GPL-2.0-only */
/* CUnit's results as JUnit XML. */
#ifndef TESTS_JUNIT_H
#define TESTS_JUNIT_H

/*
 * Write what the last run has left in CUnit's registry. CUnit can write JUnit XML by itself,
 * but only by running everything once more. 0, or -1 when the file cannot be written.
 */
int junit_write(const char *path);

#endif
