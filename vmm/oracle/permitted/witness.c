/* SPDX-License-Identifier: GPL-2.0-only */
/* The second witness: what was seen through the hardware, held against the permitted TLB. */
#include "oracle/leaves.h"
#include "oracle/permitted/spaces.h"
#include "oracle/permitted/witness.h"

/* May the CPU's walk, or its TLB, have given it the version since then? */
static bool may_have(struct tlbs *t, unsigned int cpu, const struct version *v, uint64_t since)
{
	return v->done == NOT_DONE || v->done > since || tlb_holds(t, cpu, v) == HOLDS;
}

/* Through what is cached of upper levels it may see any of what was in the tables below. */
static bool through_old_table(struct tlbs *t, const struct space *space,
			      const struct pvtlb_event *e)
{
	for (unsigned int shift = 21; shift <= 39; shift += 9) {
		const struct entry *entry =
			entry_find(t->en, space, e->access.addr, 1ull << shift, true);

		if (!entry)
			continue;
		if (entry->changed > e->access.since || set_test(entry->told, e->cpu))
			return true;
		for (const struct version *v = entry->newest; v; v = v->older)
			if (v->done != NOT_DONE && tlb_holds(t, e->cpu, v) == HOLDS)
				return true;
	}
	return false;
}

static bool permits(struct tlbs *t, const struct space *space, const struct pvtlb_event *e)
{
	const struct ev_access *look = &e->access;
	bool present = false;

	for (uint64_t left = t->en->sizes; left; left &= left - 1) {
		uint64_t size = left & -left;
		const struct entry *entry = entry_find(t->en, space, look->addr, size, false);

		/* It has changed meanwhile: before or after, nobody knows. */
		if (entry && (entry->changed > look->since || set_test(entry->told, e->cpu)))
			return true;
		for (const struct version *v = entry ? entry->newest : NULL; v; v = v->older) {
			t->en->column->work++;
			if (!may_have(t, e->cpu, v, look->since))
				continue;
			/* Where a store is under way it may have looked before it. */
			present |= v->stored && v->done == NOT_DONE && !v->ending.on;
			if (pte_gives(v->pte, entry->start, entry->size, look))
				return true;
		}
	}
	/* What is not present is not cached: it is found by a walk, or not at all. */
	return (look->outcome == PVTLB_ACCESS_NOT_PRESENT && !present) ||
	       through_old_table(t, space, e);
}

void witness(struct tlbs *t, struct permitted *out, const struct pvtlb_event *e)
{
	const struct tlb *tlb = &t->cpu[e->cpu];
	const struct cached *now = tlb_now(tlb);
	struct violation v = {
		.kind = VIOLATION_MODEL_FAULT,
		.cpu = e->cpu,
		.mm = e->access.mm,
		.model.access = { .at = e->seq,
				  .addr = e->access.addr,
				  .op = e->access.op,
				  .outcome = e->access.outcome,
				  .page = e->access.value },
	};

	/* Something was removed in the course of it: it may have looked before. */
	if (!now || !now->space || now->space->mm != e->access.mm || tlb->removed > e->access.since)
		return;
	out->looks++;
	if (!permits(t, now->space, e))
		column_violation(t->en->column, &v);
}
