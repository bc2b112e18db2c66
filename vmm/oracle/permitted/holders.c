/* SPDX-License-Identifier: GPL-2.0-only */
/* Who may still use what has to be gone; one finding for each CPU, not one for each entry. */
#include <string.h>

#include "oracle/describe.h"
#include "oracle/permitted/holders.h"

void holders_none(struct holders *h)
{
	memset(h->cpus, 0, sizeof(h->cpus));
}

/*
 * A lazy CPU uses no user space; the kernel's addresses it uses as any does. Of these nobody tells
 * a CPU that is off.
 */
static bool excused(const struct tlb *tlb, const struct version *v)
{
	bool user = v->entry->space->mm;

	return tlb->away || (tlb->down && !user) || (tlb->lazy && user && !v->entry->table);
}

static void add(struct holders *h, struct version *v, unsigned int cpu)
{
	set_add(v->told, cpu);
	if (set_test(h->cpus, cpu)) {
		h->cpu[cpu].more++;
		return;
	}
	set_add(h->cpus, cpu);
	h->cpu[cpu].first = v;
	h->cpu[cpu].more = 0;
}

void holders_add(struct holders *h, struct tlbs *t, struct version *v, const uint64_t *only)
{
	for (unsigned int w = 0; w < WORDS; w++) {
		uint64_t left = v->entry->space->loaded[w] & ~v->told[w];

		if (only)
			left &= only[w];
		for (; left; left &= left - 1) {
			unsigned int cpu = 64 * w + __builtin_ctzll(left);

			if (!excused(&t->cpu[cpu], v) && tlb_holds(t, cpu, v) == HOLDS)
				add(h, v, cpu);
		}
	}
}

void version_due(struct version *v, uint64_t seq)
{
	if (!v->due)
		v->due = seq;
}

void violation_set_cached(struct violation *v, const struct version *version, uint64_t more)
{
	v->mm = version->entry->space->mm;
	*(struct part_cached *)violation_part(v, PART_CACHED) = (struct part_cached){
		.start = version->entry->start,
		.shift = __builtin_ctzll(version->entry->size),
		.target = version_target(version),
		.table = version->entry->table,
		.set = version->set,
		.done = version->done == NOT_DONE ? 0 : version->done,
		.more = more,
	};
}

void holders_tell(struct holders *h, struct column *c, struct violation *v,
		  const uint64_t quiet[WORDS])
{
	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		if (!set_test(h->cpus, cpu) || set_test(quiet, cpu))
			continue;
		v->cpu = cpu;
		violation_set_cached(v, h->cpu[cpu].first, h->cpu[cpu].more);
		column_violation(c, v);
	}
}
