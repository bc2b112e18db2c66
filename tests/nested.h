/* SPDX-License-Identifier: GPL-2.0-only */
/* The nested lane: the suites that need KVM, run in an emulated machine, as suites of this run. */
#ifndef TESTS_NESTED_H
#define TESTS_NESTED_H

#include <stdio.h>

/*
 * Boot the machine (vmm/nested/run.sh of the build directory), run all suites there that need
 * KVM, or those of names that do, and add what came of them to CUnit's registry under the name
 * "svm (nested): SUITE". Where there is no such machine to be had, one inactive suite says so.
 * Returns how many things went wrong that no test of the registry stands for.
 */
unsigned int nested_add(const char *build, char **names);

/* The inside of it: write what the last run has left in CUnit's registry, for nested_add(). */
void results_write(FILE *to);

#endif
