/* SPDX-License-Identifier: GPL-2.0-only */
/* What makes one sequence of words the other one: by their longest common subsequence. */
#include <stdlib.h>
#include <string.h>

#include "differ/edits.h"

/* Words of each, behind what both begin with and before what both end with. */
#define LONG 4096u

static bool same_cpus(const struct order_word *a, const struct order_word *b)
{
	return !memcmp(&a->cpus, &b->cpus, sizeof(a->cpus));
}

static bool same(const struct order_word *a, const struct order_word *b)
{
	return !strcmp(a->name, b->name) && same_cpus(a, b);
}

static bool is_subset(const struct pvtlb_cpuset *a, const struct pvtlb_cpuset *of)
{
	for (unsigned int i = 0; i < PVTLB_CPUSET_WORDS; i++)
		if (a->bits[i] & ~of->bits[i])
			return false;
	return true;
}

/* Words between two that both have: n of a, then m of b. Those of one name are one, changed. */
static void gap(const struct order_word *a, size_t n, const struct order_word *b, size_t m,
		edit_fn *fn, void *ctx)
{
	char edit[EDIT_LEN];
	bool *paired = calloc(m + 1, sizeof(*paired));

	if (!paired)
		abort();
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < m && (paired[k] || strcmp(a[i].name, b[k].name)))
			k++;
		if (k < m)
			paired[k] = true;
		if (k == m)
			snprintf(edit, sizeof(edit), "-%s", a[i].name);
		else if (same_cpus(&a[i], &b[k]))
			/* In another place: both say so. */
			snprintf(edit, sizeof(edit), "%s:moved", a[i].name);
		else
			snprintf(edit, sizeof(edit), "%s:%s", a[i].name,
				 is_subset(&b[k].cpus, &a[i].cpus)   ? "fewer"
				 : is_subset(&a[i].cpus, &b[k].cpus) ? "more"
								     : "other");
		fn(ctx, edit);
	}
	for (size_t k = 0; k < m; k++) {
		if (paired[k])
			continue;
		snprintf(edit, sizeof(edit), "+%s", b[k].name);
		fn(ctx, edit);
	}
	free(paired);
}

/* length[i * (nb + 1) + k]: of the longest one that a from i on and b from k on have in common. */
static void fill(uint16_t *length, const struct order_word *a, size_t na,
		 const struct order_word *b, size_t nb)
{
	const size_t width = nb + 1;

	for (size_t i = na; i-- > 0;)
		for (size_t k = nb; k-- > 0;) {
			const uint16_t down = length[(i + 1) * width + k];
			const uint16_t right = length[i * width + k + 1];

			length[i * width + k] = same(&a[i], &b[k])
							? length[(i + 1) * width + k + 1] + 1
						: down > right ? down
							       : right;
		}
}

static void walk(const uint16_t *length, const struct order_word *a, size_t na,
		 const struct order_word *b, size_t nb, edit_fn *fn, void *ctx)
{
	const size_t width = nb + 1;
	size_t i = 0, k = 0, from_a = 0, from_b = 0;

	while (i < na && k < nb) {
		if (same(&a[i], &b[k])) {
			gap(a + from_a, i - from_a, b + from_b, k - from_b, fn, ctx);
			from_a = ++i;
			from_b = ++k;
		} else if (length[(i + 1) * width + k] >= length[i * width + k + 1]) {
			i++;
		} else {
			k++;
		}
	}
	gap(a + from_a, na - from_a, b + from_b, nb - from_b, fn, ctx);
}

void edits(const struct order_word *a, size_t na, const struct order_word *b, size_t nb,
	   edit_fn *fn, void *ctx)
{
	uint16_t *length;

	while (na && nb && same(a, b))
		a++, na--, b++, nb--;
	while (na && nb && same(&a[na - 1], &b[nb - 1]))
		na--, nb--;
	if (na > LONG || nb > LONG) {
		fn(ctx, "long");
		return;
	}
	if (!na || !nb) {
		gap(a, na, b, nb, fn, ctx);
		return;
	}
	length = calloc((na + 1) * (nb + 1), sizeof(*length));
	if (!length)
		abort();
	fill(length, a, na, b, nb);
	walk(length, a, na, b, nb, fn, ctx);
	free(length);
}
