/* SPDX-License-Identifier: GPL-2.0-only */
/* What breaks each policy under each backend: the tables of docs/policies.md. */
#ifndef VMM_CLI_POLICIES_H
#define VMM_CLI_POLICIES_H

#include <stdio.h>

#include "cli/run.h"

/* What a survey consists of. */
enum survey_part { SURVEY_POLICY, SURVEY_BACKEND, SURVEY_SCENARIO };

/* How a survey is made, and who else looks at its runs. */
struct survey {
	const struct host *host;
	const struct images *images;
	unsigned int trials;
	bool (*wanted)(enum survey_part part, const char *name); /* is it to be run? NULL: all */
	void (*seen)(void *ctx, const struct run_result *result); /* of each run; NULL: nobody */
	void *ctx;
};

/* Is it a scenario that a survey runs? Not one that is wrong whatever the policy. */
bool survey_asks(const struct pvtlb_scenario *scenario);

/*
 * Run every policy of the image under every backend that the VMM serves, with 4 CPUs, in each
 * scenario that races walks with a change that is right in itself, and print the tables in
 * Markdown. Returns STATUS_OK; STATUS_FAIL if a run could not be judged: its cell says so.
 */
int policies_survey(FILE *to, const struct survey *survey);

#endif
