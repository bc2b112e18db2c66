/* SPDX-License-Identifier: GPL-2.0-only */
/* What each CPU may have cached: of which address spaces, under which tags, older than what. */
#include "oracle/permitted/spaces.h"
#include "oracle/permitted/tlbs.h"

void tlbs_init(struct tlbs *t, struct entries *en)
{
	*t = (struct tlbs){ .en = en, .kernel = space_of(en, 0) };
	for (unsigned int i = 0; i < CPUS; i++)
		t->cpu[i].leaving = -1;
}

const struct cached *tlb_now(const struct tlb *tlb)
{
	return tlb->known ? &tlb->tag[tlb->now] : NULL;
}

/* Only now may others take the CPU for one that has nothing of the space. */
static void note_loaded(struct tlb *tlb, unsigned int cpu, struct space *space)
{
	if (!space)
		return;
	set_clear(space->loaded, cpu);
	for (unsigned int i = 0; i < tlb->nr; i++)
		if (tlb->tag[i].space == space)
			set_add(space->loaded, cpu);
}

/* The last one takes its place. */
static void forget(struct tlb *tlb, unsigned int cpu, unsigned int at)
{
	struct space *space = tlb->tag[at].space;

	tlb->nr--;
	tlb->tag[at] = tlb->tag[tlb->nr];
	if (tlb->now == tlb->nr)
		tlb->now = at;
	if (tlb->leaving == (int)at)
		tlb->leaving = -1;
	else if (tlb->leaving == (int)tlb->nr)
		tlb->leaving = at;
	note_loaded(tlb, cpu, space);
}

/* The load is over by seq: what is stored after it was not walked to under the tag that is left. */
static void settle(struct tlb *tlb, unsigned int cpu, uint64_t seq)
{
	int leaving = tlb->leaving;

	tlb->leaving = -1;
	if (leaving < 0)
		return;
	if (tlb->leaving_goes)
		forget(tlb, cpu, leaving);
	else
		tlb->tag[leaving].left = seq;
}

static bool is_in_use(const struct tlb *tlb, unsigned int at)
{
	return at == tlb->now || (int)at == tlb->leaving;
}

static void make_room(struct tlb *tlb, unsigned int cpu)
{
	unsigned int oldest = TAGS;

	if (tlb->nr < TAGS)
		return;
	for (unsigned int i = 0; i < TAGS; i++)
		if (!is_in_use(tlb, i) &&
		    (oldest == TAGS || tlb->tag[i].loaded < tlb->tag[oldest].loaded))
			oldest = i;
	forget(tlb, cpu, oldest);
}

/* Where the tag is, or is to be from now on: what is new there is empty. */
static unsigned int place_of(struct tlb *tlb, const struct pvtlb_event *e, struct space *space)
{
	const struct ev_cr3 *cr3 = &e->cr3;

	for (unsigned int i = 0; i < tlb->nr;) {
		const struct cached *c = &tlb->tag[i];

		if (c->tag == cr3->tag && c->space == space)
			return i;
		/* The tag was another mm's: what that had is flushed, or, wrongly, to be used. */
		if (c->tag == cr3->tag && cr3->drops != PVTLB_DROPS_NOTHING && !is_in_use(tlb, i))
			forget(tlb, e->cpu, i);
		else
			i++;
	}
	make_room(tlb, e->cpu);
	tlb->tag[tlb->nr] = (struct cached){
		.space = space,
		.tag = cr3->tag,
		.flushed = e->seq,
		.flushed_upper = e->seq,
	};
	return tlb->nr++;
}

/* Every tag but the one loaded, and the one left, which is used until the instruction. */
static void drop_all(struct tlb *tlb, unsigned int cpu, const struct space *space, uint64_t tag)
{
	for (unsigned int i = 0; i < tlb->nr;)
		if (is_in_use(tlb, i) || (tlb->tag[i].space == space && tlb->tag[i].tag == tag))
			i++;
		else
			forget(tlb, cpu, i);
}

static void use(struct tlb *tlb, uint64_t seq)
{
	struct cached *now = &tlb->tag[tlb->now];

	if (tlb->leaving >= 0)
		tlb->tag[tlb->leaving].used.to = seq;
	now->used_before = now->used;
	now->used = (struct span){ .from = seq };
}

static void load(struct tlbs *t, struct tlb *tlb, const struct pvtlb_event *e)
{
	struct space *space = space_of_cr3(t->en, e->cr3.cr3);
	bool keeps = e->cr3.drops == PVTLB_DROPS_NOTHING, all = e->cr3.drops == PVTLB_DROPS_ALL;
	struct cached *now;

	settle(tlb, e->cpu, e->seq);
	tlb->leaving = tlb->nr ? (int)tlb->now : -1;
	if (all)
		drop_all(tlb, e->cpu, space, e->cr3.tag);
	tlb->now = place_of(tlb, e, space);
	now = &tlb->tag[tlb->now];
	if (tlb->leaving == (int)tlb->now)
		tlb->leaving = -1;
	else
		use(tlb, e->seq);
	tlb->leaving_goes =
		all || (tlb->leaving >= 0 && !keeps && tlb->tag[tlb->leaving].tag == now->tag);
	now->loaded = e->seq;
	if (!keeps)
		now->flushed = now->flushed_upper = e->seq;
	tlb->removed = e->seq;
	tlb->known = t->any_known = true;
	note_loaded(tlb, e->cpu, space);
	set_add(t->kernel->loaded, e->cpu);
}

/* IRQ_PEND and IRQ_REPEAT come from an upcall that may be between an event and its instruction. */
static bool is_heard(const struct pvtlb_event *e)
{
	return !event_is_ours(e->id) && e->id != PVTLB_EV_IRQ_PEND && e->id != PVTLB_EV_IRQ_REPEAT;
}

void tlbs_event(struct tlbs *t, const struct pvtlb_event *e)
{
	struct tlb *tlb = &t->cpu[e->cpu];

	if (is_heard(e) && e->id != PVTLB_EV_CR3)
		settle(tlb, e->cpu, e->seq);
	switch (e->id) {
	case PVTLB_EV_CR3:
		load(t, tlb, e);
		break;
	case PVTLB_EV_LAZY:
		tlb->lazy = true;
		break;
	case PVTLB_EV_SWITCH_MM:
		tlb->lazy = false;
		break;
	case PVTLB_EV_HELD:
		tlb->away = true;
		break;
	case PVTLB_EV_CPU_DOWN:
	case PVTLB_EV_CPU_UP:
		tlb->down = e->id == PVTLB_EV_CPU_DOWN;
		break;
	}
	if (!event_is_ours(e->id))
		tlb->away = false;
}

void tlbs_forget(struct tlbs *t, const struct space *space)
{
	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		for (unsigned int i = 0; i < t->cpu[cpu].nr; i++)
			if (t->cpu[cpu].tag[i].space == space)
				t->cpu[cpu].tag[i].space = NULL;
}

static bool overlaps(const struct span *used, const struct version *v)
{
	return used->from && used->from < v->done && (!used->to || used->to >= v->set);
}

/*
 * INVLPG is for one tag, and holders are CPUs: what any INVLPG under the tag may have removed it
 * has. What was walked to under the tag was so while that was in use.
 */
static enum holding holds_of_kernel(struct tlbs *t, unsigned int cpu, const struct version *v)
{
	const struct tlb *tlb = &t->cpu[cpu];
	enum holding holds = HOLDS_NOT;

	if (v->entry->table || !set_test(v->holders, cpu))
		return HOLDS_NOT;
	for (unsigned int i = 0; i < tlb->nr; i++) {
		const struct cached *c = &tlb->tag[i];

		t->en->column->work++;
		if (v->done <= c->flushed || v->done <= c->picked ||
		    (!overlaps(&c->used, v) && !overlaps(&c->used_before, v)))
			continue;
		if (i == tlb->now)
			return HOLDS;
		holds = HOLDS_ASIDE;
	}
	return holds;
}

enum holding tlb_holds(struct tlbs *t, unsigned int cpu, const struct version *v)
{
	const struct tlb *tlb = &t->cpu[cpu];
	enum holding holds = HOLDS_NOT;

	if (v->entry->space == t->kernel)
		return holds_of_kernel(t, cpu, v);
	for (unsigned int i = 0; i < tlb->nr; i++) {
		const struct cached *c = &tlb->tag[i];
		uint64_t flushed = v->entry->table ? c->flushed_upper : c->flushed;

		t->en->column->work++;
		if (c->space != v->entry->space ||
		    (v->done != NOT_DONE && (v->done <= flushed || !set_test(v->holders, cpu))))
			continue;
		if (is_in_use(tlb, i))
			return HOLDS;
		if (v->set < c->left)
			holds = HOLDS_ASIDE;
	}
	return holds;
}
