/* SPDX-License-Identifier: GPL-2.0-only */
/* Medians with their spread, and ratios, which are kept back where the spread hides them. */
#ifndef VMM_BENCH_STATS_H
#define VMM_BENCH_STATS_H

#include <stdbool.h>
#include <stddef.h>

/* What one thing measured came to in each round, in the rounds' order. */
struct samples {
	double *v;
	size_t nr, room;
};

void samples_add(struct samples *s, double v);
void samples_free(struct samples *s);
/* The value below which a share p (0 to 1) of them lies, interpolated; NAN: there are none. */
double samples_at(const struct samples *s, double p);

/* A median and the quartiles around it. */
struct spread {
	double low, median, high;
};
struct spread samples_spread(const struct samples *s);

/* a / b of each round that both have, which are so many at least, b never 0. false: not so. */
#define RATIO_ROUNDS 3
bool samples_ratio(const struct samples *a, const struct samples *b, struct spread *ratio);

/*
 * Does the spread hide what a ratio says? It does where it cannot be told which of the two is
 * more (1 is within it), or where its ends are a factor of 2 apart.
 */
bool spread_hides(const struct spread *ratio);

#endif
