/* SPDX-License-Identifier: GPL-2.0-only */
/* The benches that there are. */
#ifndef VMM_BENCH_ALL_H
#define VMM_BENCH_ALL_H

#include "bench/bench.h"

/* All, in the order in which they are run. */
extern const struct bench *const benches[];
extern const unsigned int nr_benches;

#endif
