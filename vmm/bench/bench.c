/* SPDX-License-Identifier: GPL-2.0-only */
/* The benches, in one table. */
#include "bench/bench.h"

const struct bench *const benches[] = {
	&bench_floors, &bench_collapse,	  &bench_walkers,
	&bench_growth, &bench_overcommit, &bench_oracle,
};
const unsigned int nr_benches = sizeof(benches) / sizeof(benches[0]);

unsigned int bench_nr(const struct bench_run *run, unsigned int smoke, unsigned int usual,
		      unsigned int more)
{
	const unsigned int nr[BENCH_SIZES] = { smoke, usual, more };

	return nr[run->size];
}
