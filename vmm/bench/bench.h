/* SPDX-License-Identifier: GPL-2.0-only */
/* A bench: a file that measures, and says what it found to a report. */
#ifndef VMM_BENCH_H
#define VMM_BENCH_H

#include "base/error.h"
#include "bench/report.h"
#include "kvm/host.h"
#include "machine/image.h"

/* How much is measured. */
enum bench_size { BENCH_SMOKE, BENCH_USUAL, BENCH_LONG, BENCH_SIZES };

struct bench_run {
	const struct host *host;
	const struct image *image; /* n, y: without CONFIG_PARAVIRT, with it */
	enum bench_size size;
	unsigned int rounds;
	struct bench_report *report;
};

struct bench {
	const char *name, *title;
	/* 0, or -1 with err: what it could not measure. */
	int (*run)(const struct bench_run *run, struct error *err);
};

/* The number for this size: of a smoke test, as usual, with --long. */
static inline unsigned int bench_nr(const struct bench_run *run, unsigned int smoke,
				    unsigned int usual, unsigned int more)
{
	const unsigned int nr[BENCH_SIZES] = { smoke, usual, more };

	return nr[run->size];
}

#endif
