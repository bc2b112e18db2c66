/* SPDX-License-Identifier: GPL-2.0-only */
/* What a hypervisor was asked for a flush, and what it has served. */
#include <stdlib.h>
#include <string.h>

#include "oracle/leaves.h"
#include "oracle/permitted/asked.h"
#include "oracle/permitted/spaces.h"

#define ALL (~0ull)

void asked_free(struct asked *a)
{
	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		served_reset(&a->cpu[cpu].served);
}

static void begin(struct flushing *f, const struct pvtlb_event *e)
{
	served_reset(&f->served);
	*f = (struct flushing){
		.open = true,
		.begin = e->seq,
		.mm = e->flush_begin.mm,
		.start = e->flush_begin.start,
		.end = e->flush_begin.end,
		.tlb_gen = e->flush_begin.tlb_gen,
		.wake_lazy = e->flush_begin.wake_lazy,
	};
}

static struct violation violation_of(enum violation_kind kind, const struct removing *by,
				     const struct flushing *f, const struct pvtlb_event *e)
{
	return (struct violation){
		.kind = kind,
		.cpu = e->cpu,
		.mm = f->mm,
		.asked.flush = { .begin = f->begin,
				 .end = e->seq,
				 .initiator = e->cpu,
				 .tables = f->wake_lazy },
		.asked.ask = { .at = by->ask, .space = by->ask_space },
	};
}

/* How far the ranges that were asked for go on from pos without a gap. */
static uint64_t further(const struct removing *by, uint64_t pos)
{
	for (size_t i = 0; i < by->nr_ranges; i++)
		if (by->ask_range[i].start <= pos && by->ask_range[i].end > pos)
			pos = by->ask_range[i].end;
	return pos;
}

static bool asks_for_all(struct asked *a, const struct removing *by, const struct flushing *f)
{
	uint64_t pos = f->end == ALL ? 0 : f->start, next;

	for (; pos < f->end; pos = next) {
		a->column->work += by->nr_ranges;
		next = further(by, pos);
		if (next == pos)
			return false;
	}
	return true;
}

/*
 * Is what was asked for right for the flush? A space is named by its mm's first pgd: to a hypervisor
 * the second one is another space, and nobody may have it loaded.
 */
static void check_asked(struct asked *a, struct flushing *f, const struct pvtlb_event *e)
{
	const struct removing *by = &a->removal->cpu[e->cpu];
	const struct space *space = space_of_cr3(a->removal->tlbs->en, by->ask_space);
	const struct space *want = space_of(a->removal->tlbs->en, f->mm);
	struct violation v = violation_of(VIOLATION_ASKED_WRONG, by, f, e);
	bool right = by->ask_space == ALL ||
		     (space == want && (by->ask_space & PTE_ADDR) == want->pgd);

	if (!want->pgd || (right && asks_for_all(a, by, f)))
		return;
	v.asked.ask.short_of = right;
	memset(f->told, 0xff, sizeof(f->told));
	column_violation(a->column, &v);
}

/* Has the hypervisor done all that it was asked, for the space that it was asked for? */
static void check_served(struct asked *a, struct flushing *f, const struct pvtlb_event *e)
{
	const struct removing *by = &a->removal->cpu[e->cpu];
	struct violation v = violation_of(VIOLATION_SERVED_SHORT, by, f, e);

	for (unsigned int cpu = 0; a->serves && cpu < CPUS; cpu++) {
		bool all = f->serves_space;

		if (!set_test(by->ask_cpus, cpu) || !a->removal->tlbs->cpu[cpu].known ||
		    set_test(f->told, cpu))
			continue;
		for (size_t i = 0; i < by->nr_ranges && all; i++)
			all = served_covers(&f->served, cpu, by->ask_range[i].start,
					    by->ask_range[i].end, a->column);
		if (all)
			continue;
		v.cpu = cpu;
		set_add(f->told, cpu);
		column_violation(a->column, &v);
	}
}

static void serve(struct asked *a, struct flushing *f, const struct pvtlb_event *e)
{
	const struct removing *by = &a->removal->cpu[e->cpu];
	struct entries *en = a->removal->tlbs->en;

	a->serves = true;
	if (e->serve.space != ALL &&
	    (by->ask_space == ALL ||
	     space_of_cr3(en, e->serve.space) != space_of_cr3(en, by->ask_space)))
		f->serves_space = false;
}

void asked_event(struct asked *a, const struct pvtlb_event *e)
{
	struct flushing *f = &a->cpu[e->cpu];

	switch (e->id) {
	case PVTLB_EV_FLUSH_BEGIN:
		begin(f, e);
		break;
	case PVTLB_EV_FLUSH_MULTI:
		if (!f->only)
			memcpy(f->cpus, e->flush_multi.cpus.bits, sizeof(f->cpus));
		break;
	case PVTLB_EV_FLUSH_ONLY:
		f->only = true;
		memcpy(f->cpus, e->flush_only.cpus.bits, sizeof(f->cpus));
		break;
	case PVTLB_EV_ASK:
		served_reset(&f->served);
		f->serves_space = true;
		f->called = false;
		break;
	case PVTLB_EV_SERVE:
		serve(a, f, e);
		break;
	case PVTLB_EV_SERVED:
		if (f->open)
			served_add(&f->served, e, a->column);
		break;
	case PVTLB_EV_HYPERCALL:
		f->called = !e->hypercall.status;
		break;
	case PVTLB_EV_FLUSH_END:
		if (!f->open || !a->removal->cpu[e->cpu].asking || !f->called)
			break;
		check_asked(a, f, e);
		check_served(a, f, e);
		break;
	}
}

void asked_over(struct asked *a, const struct pvtlb_event *e)
{
	if (e->id == PVTLB_EV_FLUSH_END)
		a->cpu[e->cpu].open = false;
}
