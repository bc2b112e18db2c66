/* SPDX-License-Identifier: GPL-2.0-only */
/* The benches, in one table. */
#include "bench/all.h"

extern const struct bench bench_floors, bench_collapse, bench_walkers, bench_growth,
	bench_overcommit, bench_oracle;

const struct bench *const benches[] = {
	&bench_floors, &bench_collapse,	  &bench_walkers,
	&bench_growth, &bench_overcommit, &bench_oracle,
};
const unsigned int nr_benches = sizeof(benches) / sizeof(benches[0]);
