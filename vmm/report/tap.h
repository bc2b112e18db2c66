/* SPDX-License-Identifier: GPL-2.0-only */
/* Results for test harnesses: the Test Anything Protocol, https://testanything.org, version 14. */
#ifndef VMM_REPORT_TAP_H
#define VMM_REPORT_TAP_H

#include <stdio.h>

#include "judge/result.h"

/* The version and the plan: how many runs there are going to be. */
void tap_begin(FILE *to, size_t nr);
/* The line of run nr, from 1; as comments behind it why it is what it is, and a violation. */
void tap_run(FILE *to, size_t nr, const struct run_result *r);
/* Not all of them were run, for this reason. */
void tap_bail(FILE *to, const char *why);

#endif
