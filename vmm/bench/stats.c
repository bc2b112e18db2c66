/* SPDX-License-Identifier: GPL-2.0-only */
/* Medians with their spread, and ratios, which are kept back where the spread hides them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/stats.h"

void samples_add(struct samples *s, double v)
{
	if (s->nr == s->room) {
		s->room = s->room ? 2 * s->room : 16;
		s->v = realloc(s->v, s->room * sizeof(*s->v));
		if (!s->v)
			abort();
	}
	s->v[s->nr++] = v;
}

void samples_free(struct samples *s)
{
	free(s->v);
	*s = (struct samples){ 0 };
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

double samples_at(const struct samples *s, double p)
{
	double *sorted, at, value;
	size_t below;

	if (!s->nr)
		return NAN;
	sorted = malloc(s->nr * sizeof(*sorted));
	if (!sorted)
		abort();
	memcpy(sorted, s->v, s->nr * sizeof(*sorted));
	qsort(sorted, s->nr, sizeof(*sorted), by_value);
	at = p * (s->nr - 1);
	below = (size_t)at;
	value = sorted[below];
	if (below + 1 < s->nr)
		value += (at - below) * (sorted[below + 1] - value);
	free(sorted);
	return value;
}

struct spread samples_spread(const struct samples *s)
{
	return (struct spread){ samples_at(s, 0.25), samples_at(s, 0.5), samples_at(s, 0.75) };
}

bool samples_ratio(const struct samples *a, const struct samples *b, struct spread *ratio)
{
	struct samples each = { 0 };
	size_t nr = a->nr < b->nr ? a->nr : b->nr;
	bool good = nr >= RATIO_ROUNDS;

	for (size_t i = 0; i < nr && good; i++) {
		good = b->v[i] > 0;
		if (good)
			samples_add(&each, a->v[i] / b->v[i]);
	}
	if (good)
		*ratio = samples_spread(&each);
	samples_free(&each);
	return good;
}

bool spread_hides(const struct spread *ratio)
{
	return (ratio->low <= 1 && ratio->high >= 1) || ratio->high > 2 * ratio->low;
}
