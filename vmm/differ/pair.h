/* SPDX-License-Identifier: GPL-2.0-only */
/* A configuration's two runs, and what is to be said of them. */
#ifndef VMM_DIFFER_PAIR_H
#define VMM_DIFFER_PAIR_H

#include "differ/known.h"

/* What the list has for the pair, and what does not occur. */
struct stale {
	const struct known_row *row;
	char word[EDIT_LEN];
};

struct pair {
	const struct run_result *model, *kernel; /* model NULL: it was not run, as the kernel's was
						  * skipped */
	const char *skipped; /* why there is nothing to compare; NULL: there is */
	struct differences found;
	struct stale *stale;
	size_t nr_stale;
};

/*
 * Compare. usual: it is a configuration as the list means it, so what of it does not occur is
 * stale. Results and list have to stay; pair_free() it.
 */
void pair_make(struct pair *pair, const struct known *known, const struct tree_version *tree,
	       const struct run_result *model, const struct run_result *kernel, bool usual);
void pair_free(struct pair *pair);

/* Of all pairs of a command. */
struct pair_totals {
	unsigned int pairs, same, listed, new, skipped, stale; /* stale: words */
	uint32_t steps, mixed;				       /* as in struct differences */
};

void pair_count(struct pair_totals *totals, const struct pair *pair);

#endif
