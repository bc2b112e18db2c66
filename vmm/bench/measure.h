/* SPDX-License-Identifier: GPL-2.0-only */
/* Running a scenario that measures, and reading what it says. */
#ifndef VMM_BENCH_MEASURE_H
#define VMM_BENCH_MEASURE_H

#include "bench/bench.h"

#define MEASURE_STEPS 16u

/* What is run. All zero but scenario: native, CONFIG_PARAVIRT=y, the image's policy. */
struct measured {
	const char *scenario, *backend, *policy;
	unsigned int cpus, trials;
};

struct measures {
	uint64_t last[16];		  /* by enum pvtlb_measure: the last one */
	uint64_t step[MEASURE_STEPS];	  /* the steps there are, in the order of their coming */
	struct samples ns[MEASURE_STEPS]; /* cycles of each, as nanoseconds */
	unsigned int nr_steps;
	double khz;	/* of the guest's TSC */
	double seconds; /* of the whole: machine, run, and its end */
};

/* Run and read. 0, to be freed; -1 with err, nothing to free. */
int measure(const struct bench_run *run, const struct measured *what, struct measures *m,
	    struct error *err);
void measures_free(struct measures *m);
/* Those of a step; NULL: there are none. */
struct samples *measures_of(struct measures *m, uint64_t step);

double bench_now(void); /* seconds */

#endif
