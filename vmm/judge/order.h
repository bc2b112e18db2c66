/* SPDX-License-Identifier: GPL-2.0-only */
/* The order of the flush's own events: what each CPU did of flushes, trial by trial. */
#ifndef VMM_JUDGE_ORDER_H
#define VMM_JUDGE_ORDER_H

#include <stdbool.h>

#include "events/events.h"

/*
 * An event as a word: its kind, and of its arguments what does not depend on addresses, times and
 * numbers of CPUs: "begin/wake/4K", "func/partial", "sync/one/skipped". cpus: whom it is about.
 */
struct order_word {
	char name[32];
	uint16_t cpu;  /* that did it */
	uint32_t step; /* in which it did, a place in step[] */
	size_t place;  /* among all words: the order of one CPU's */
	struct pvtlb_cpuset cpus;
};

/* From one TRIAL to the next one; the first is what comes before them all. */
struct order_step {
	uint64_t trial, step;
	/*
	 * More than one CPU flushes or calls others, or a flush goes on into another step: what
	 * comes first is chance.
	 */
	bool mixed;
};

struct order {
	struct order_word *word; /* by step, then by CPU, then as they came */
	size_t nr;
	struct order_step *step;
	uint32_t nr_steps; /* at least 1 */
};

/* Pure. Never NULL; order_free() it. */
struct order *order_of(const struct event_stream *stream);
/* NULL: nothing to do. */
void order_free(struct order *order);
/* What a CPU did in a step: so many words, from *first on. */
size_t order_line(const struct order *order, uint32_t step, unsigned int cpu,
		  const struct order_word **first);
/* Is there a mixed step in it? */
bool order_mixed(const struct order *order);

#endif
