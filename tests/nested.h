/* SPDX-License-Identifier: GPL-2.0-only */
/* The nested lane: tests that need KVM, run in an emulated machine beside this run. */
#ifndef TESTS_NESTED_H
#define TESTS_NESTED_H

#include <CUnit/CUnit.h>
#include <CUnit/TestDB.h>
#include <stdbool.h>

#include "test.h"

/* Whose machine it is: HOST_SVM, or HOST_VMX, which is slower. Set before anything else. */
extern enum host_kind nested_kind;

/*
 * Does the emulated machine run it? All that need a KVM, if the run is a full one or if suites
 * were named; else what only a machine like this shows, and a little of the rest. One of kind
 * vmx runs a few, always.
 */
bool nested_has(const struct suite *s, const struct test *t, bool named);
/* The table of that little has a row that picks no test, or several: its text; NULL: none. */
const char *nested_choice_stray(void);
/* The n-th of those that it has (from 0): does machine part, of so many, run it? */
bool nested_in_part(unsigned int n, unsigned int part, unsigned int parts);

/* Add a test of the lane to CUnit's registry, under the name "KIND (nested): SUITE". */
void nested_add(const struct suite *s, const struct test *t);
/*
 * Boot the machine (vmm/nested/run.sh of the build directory), or two where everything is run,
 * and show what comes of the lane's tests as they end. names: suites, or none: all.
 */
void nested_start(char **names);
/* Before a suite of the registry runs: wait for what came of it, if it is one of the lane's. */
void nested_before(CU_pSuite suite);
/*
 * When all suites have run: how many things went wrong that no test stands for. Where there is
 * no such machine to be had, the tests are inactive, which is nothing wrong.
 */
unsigned int nested_finish(void);
/* And was there none? */
bool nested_none(void);

#endif
