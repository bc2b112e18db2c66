/* SPDX-License-Identifier: GPL-2.0-only */
/* One configuration under two images, the model's and a kernel tree's: where they differ. */
#ifndef VMM_DIFFER_DIFFER_H
#define VMM_DIFFER_DIFFER_H

#include "differ/edits.h"
#include "judge/result.h"

#define DIFFER_COLUMNS(V)                                                                          \
	V(KEY)                                                                                     \
	V(DELIVERED)                                                                               \
	V(WALKERS)                                                                                 \
	V(SAFE)                                                                                    \
	V(ELIDED)                                                                                  \
	V(ORDER)                                                                                   \
	V(VERDICT)

#define COLUMN(name) DIFFER_##name,
enum differ_column { DIFFER_COLUMNS(COLUMN) DIFFER_NR };
#undef COLUMN
extern const char *const differ_columns[DIFFER_NR];

/*
 * One way in which they differ, a word, the model's side first. KEY "on:off", SAFE "ok:BAD",
 * VERDICT "pass:fail"; DELIVERED and WALKERS "all:some" were interrupted, "targets:fewer";
 * ELIDED "preempted:more"; ORDER: as edits() says it (differ/edits.h).
 */
struct difference {
	enum differ_column column;
	char what[EDIT_LEN];
	unsigned int times;
	uint32_t step; /* ORDER: where it is first, a place in the order's steps; and whose */
	unsigned int cpu;
	const char *listed; /* the reason that docs/model.md has for it; NULL: it has it not */
};

struct differences {
	struct difference *d;
	size_t nr;
	uint32_t steps, mixed; /* whose order was compared; in which there is nothing to compare */
};

/*
 * Compare. Counts of a whole run are compared if no step of either is mixed (judge/order.h); the
 * orders if both results have one. Pure; differences_free() it.
 */
void differ(const struct run_result *model, const struct run_result *kernel,
	    struct differences *out);
void differences_free(struct differences *differences);
/* Is there one that is not listed? */
bool differences_new(const struct differences *differences);

#endif
