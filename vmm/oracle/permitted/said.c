/* SPDX-License-Identifier: GPL-2.0-only */
/* What CPUs say that they have done, against what they did. */
#include "oracle/permitted/said.h"
#include "oracle/permitted/spaces.h"

/* The mm in CR3 is this one; 0, the kernel's own, is none of which there are events. */
static bool has_loaded(struct said *s, unsigned int cpu, uint64_t mm)
{
	const struct cached *now = tlb_now(&s->tlbs->cpu[cpu]);

	return mm ? now && now->space && now->space->mm == mm : !now || !now->space;
}

static void not_done(struct said *s, const struct pvtlb_event *e, enum said_what what, uint64_t mm)
{
	const struct cached *now = tlb_now(&s->tlbs->cpu[e->cpu]);
	struct violation v = {
		.kind = VIOLATION_NOT_DONE,
		.cpu = e->cpu,
		.mm = mm,
		.not_done.said = { .at = e->seq, .loaded = now ? now->loaded : 0, .what = what },
	};

	column_violation(s->column, &v);
}

static void flush_func(struct said *s, const struct pvtlb_event *e)
{
	uint64_t mm = e->flush_func.mm, since = s->enter[e->cpu];

	switch (e->flush_func.how) {
	case PVTLB_FLUSHED_LAZY:
		if (has_loaded(s, e->cpu, mm))
			not_done(s, e, SAID_LEFT, mm);
		break;
	case PVTLB_FLUSHED_NOT_LOADED:
		if (mm && has_loaded(s, e->cpu, mm))
			not_done(s, e, SAID_NOT_LOADED, mm);
		break;
	case PVTLB_FLUSHED_FULL:
		if (s->loaded[e->cpu] <= since)
			not_done(s, e, SAID_FULL, mm);
		break;
	case PVTLB_FLUSHED_PARTIAL:
		if (s->invlpg[e->cpu] <= since)
			not_done(s, e, SAID_PARTIAL, mm);
		break;
	}
}

/* It is over, when nobody caches the mm under a tag of his own any more. */
static void asid(struct said *s, const struct pvtlb_event *e)
{
	for (unsigned int cpu = 0; cpu < CPUS && !e->asid.transition && e->asid.asid; cpu++) {
		const struct cached *now = tlb_now(&s->tlbs->cpu[cpu]);

		if (!now || !has_loaded(s, cpu, e->asid.mm) || now->tag == e->asid.asid)
			continue;
		not_done(s, e, SAID_ADOPTED, e->asid.mm);
		return;
	}
}

void said_before(struct said *s, const struct pvtlb_event *e)
{
	const struct tlb *tlb = &s->tlbs->cpu[e->cpu];
	const struct space *space;

	if (e->id != PVTLB_EV_CR3 || e->cr3.drops != PVTLB_DROPS_NOTHING)
		return;
	space = space_of_cr3(s->tlbs->en, e->cr3.cr3);
	for (unsigned int i = 0; i < tlb->nr; i++) {
		struct violation v = {
			.kind = VIOLATION_TAG_REUSED,
			.cpu = e->cpu,
			.mm = space ? space->mm : 0,
			.tag_reused.tag = { .at = e->seq, .tag = e->cr3.tag },
		};

		if (tlb->tag[i].tag != e->cr3.tag || tlb->tag[i].space == space)
			continue;
		v.tag_reused.tag.loaded = tlb->tag[i].loaded;
		column_violation(s->column, &v);
		return;
	}
}

/* A CPU that goes on was flushed before, if it was laid upon it and said to be done. */
static void goes_on(struct said *s, const struct pvtlb_event *e)
{
	if (event_is_ours(e->id) || !s->removal->owed[e->cpu])
		return;
	s->removal->owed[e->cpu] = 0;
	not_done(s, e, SAID_SERVED, 0);
}

void said_event(struct said *s, const struct pvtlb_event *e)
{
	bool known = s->tlbs->cpu[e->cpu].known;

	goes_on(s, e);
	switch (e->id) {
	case PVTLB_EV_FLUSH_ENTER:
		s->enter[e->cpu] = e->seq;
		break;
	case PVTLB_EV_CR3:
		if (e->cr3.drops != PVTLB_DROPS_NOTHING)
			s->loaded[e->cpu] = e->seq;
		break;
	case PVTLB_EV_INVLPG:
		s->invlpg[e->cpu] = e->seq;
		break;
	case PVTLB_EV_SWITCH_MM:
		if (known && !has_loaded(s, e->cpu, e->switch_mm.mm))
			not_done(s, e, SAID_SWITCHED, e->switch_mm.mm);
		break;
	case PVTLB_EV_LAZY:
		if (known && !has_loaded(s, e->cpu, e->lazy.mm))
			not_done(s, e, SAID_LAZY, e->lazy.mm);
		break;
	case PVTLB_EV_FLUSH_FUNC:
		if (known)
			flush_func(s, e);
		break;
	case PVTLB_EV_ASID:
		asid(s, e);
		break;
	}
}
