/* SPDX-License-Identifier: GPL-2.0-only */
/* The result of a run: what a report is made from. */
#ifndef VMM_RESULT_H
#define VMM_RESULT_H

#include "base/config.h"
#include "judge/claims.h"

struct order;

struct run_result {
	struct run_config config;
	uint32_t claims; /* of the scenario */
	struct run_facts facts;
	struct judgement judgement;
	int status;	   /* STATUS_* of this run by itself */
	unsigned int tlbs; /* independent ones among its CPUs */
	double seconds;	   /* that it took, by this machine's clock; 0: not known */
	char *report;	   /* of the first violation, at length; NULL: none */
	struct order *order; /* if the configuration asks for it and nothing was lost, else NULL */
};

/* One, empty: results are large, and stacks may be small. For result_put(). */
struct run_result *result_get(void);
/* All of its memory. */
void result_put(struct run_result *result);
/* Its own memory, if any. */
void run_result_free(struct run_result *result);

#endif
