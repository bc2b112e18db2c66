/* SPDX-License-Identifier: GPL-2.0-only */
/* What has to be gone from TLBs when: rules about flushes, calls, pages and tables. */
#include "oracle/describe.h"
#include "oracle/permitted/gone.h"
#include "oracle/permitted/spaces.h"
#include "oracle/tables.h"

static const uint64_t nobody[WORDS];

/*
 * Who of those that hold it has not been told of? One that was is not asked again: it may have
 * the version for ever, and so many of them would have to be looked at in each flush to come.
 */
static bool is_held(struct gone *g, struct version *v)
{
	bool held = false;

	for (unsigned int w = 0; w < WORDS; w++)
		for (uint64_t left = v->entry->space->loaded[w] & v->holders[w]; left;
		     left &= left - 1) {
			unsigned int cpu = 64 * w + __builtin_ctzll(left);

			if (!tlb_holds(g->tlbs, cpu, v))
				continue;
			if (!set_test(v->told, cpu)) {
				held = true;
				continue;
			}
			set_clear(v->holders, cpu);
			set_add(v->entry->told, cpu);
		}
	return held;
}

/* What nobody holds any more will not be asked for again. */
static void prune(struct gone *g, struct space *space)
{
	for (struct version *v = space->ended, *next; v; v = next) {
		next = v->space_next;
		if (!is_held(g, v))
			version_drop(g->tlbs->en, v);
	}
}

/*
 * When a flush returns nobody may use what it was to remove: what was over when it began. Entries
 * of upper levels have rules of their own, as long as nobody does anything else with the table.
 */
static void flush_end(struct gone *g, const struct pvtlb_event *e)
{
	const struct flushing *f = &g->asked->cpu[e->cpu];
	struct violation v = {
		.kind = VIOLATION_MISSED_FLUSH,
		.missed.flush = { .begin = f->begin,
				  .end = e->seq,
				  .initiator = e->cpu,
				  .tables = f->wake_lazy },
	};
	struct holders h;
	struct space *space;

	if (!f->open)
		return;
	holders_none(&h);
	g->out->flushes += g->tlbs->any_known;
	space = space_of(g->tlbs->en, f->mm);
	for (struct version *old = space->ended; old; old = old->space_next) {
		g->column->work++;
		if (old->entry->table || old->done > f->begin ||
		    !entry_in(old->entry, f->start, f->end) ||
		    version_benign(g->tlbs->en, old, f->begin))
			continue;
		if (!f->only)
			version_due(old, e->seq);
		/* Of the kernel's addresses those that were online are told. */
		holders_add(&h, g->tlbs, old, f->only || !f->mm ? f->cpus : NULL);
	}
	holders_tell(&h, g->column, &v, f->told);
	prune(g, space);
}

/*
 * When did the call ask who else has a gather of the mm open? Whoever had cleared an entry in his
 * by then has flushed it, or was found (mm_tlb_flush_nested()). 0: it did not.
 */
static uint64_t asked_in(const struct gone *g, const struct pvtlb_event *e)
{
	const struct gathers *own = &g->tlbs->en->gathers[e->cpu];

	return own->asked_mm == e->returns.mm && own->asked > e->returns.since ? own->asked : 0;
}

/*
 * A call that returns leaves its range clean: of what it has changed itself, of what others
 * had before it began (flush_tlb_batched_pending()), and in a gather before it asked.
 */
static void returns(struct gone *g, const struct pvtlb_event *e)
{
	const struct ev_returns *r = &e->returns;
	struct space *space = space_of(g->tlbs->en, r->mm);
	struct violation v = {
		.kind = VIOLATION_UNFLUSHED,
		.unflushed.call = { .at = e->seq,
				    .since = r->since,
				    .cpu = e->cpu,
				    .call = r->call,
				    .start = r->start,
				    .end = r->end },
	};
	uint64_t asked = asked_in(g, e);
	struct holders h;

	g->out->calls += g->tlbs->any_known;
	holders_none(&h);
	for (struct version *old = space->ended; old; old = old->space_next) {
		bool owed = old->done <= r->since || old->ending.cpu == e->cpu;

		g->column->work++;
		if (old->entry->table || (!owed && !(old->ending.gathered && old->done < asked)) ||
		    !entry_in(old->entry, r->start, r->end) ||
		    version_benign(g->tlbs->en, old, owed ? e->seq : asked))
			continue;
		version_due(old, e->seq);
		holders_add(&h, g->tlbs, old, NULL);
	}
	holders_tell(&h, g->column, &v, nobody);
	prune(g, space);
}

/* It is mapped, and will be somebody else's: once, by whoever gave it back. */
static void still_mapped(struct gone *g, struct version *old, struct violation *v,
			 const struct pvtlb_event *e)
{
	if (set_test(old->told, e->cpu))
		return;
	set_add(old->told, e->cpu);
	v->cpu = e->cpu;
	violation_set_cached(v, old, 0);
	column_violation(g->column, v);
}

static void page_free(struct gone *g, const struct pvtlb_event *e)
{
	struct violation v = {
		.kind = VIOLATION_PAGE_EARLY,
		.page_early.freed = { .at = e->seq, .cpu = e->cpu, .page = e->page_free.page },
	};
	struct holders h;

	g->out->pages += g->tlbs->any_known;
	holders_none(&h);
	for (struct version *old = versions_of(g->tlbs->en, e->page_free.page, false); old;
	     old = old->page_next) {
		g->column->work++;
		if (entry_now(old->entry) == old) {
			still_mapped(g, old, &v, e);
			continue;
		}
		version_due(old, e->seq);
		holders_add(&h, g->tlbs, old, NULL);
	}
	holders_tell(&h, g->column, &v, nobody);
}

/*
 * Leaves in a table that is left to another mm, which may change them without a word: for this
 * one they ended when it was unhooked.
 */
static void leaves_below(struct gone *g, struct holders *h, const struct version *hook,
			 uint64_t seq)
{
	for (struct version *v = hook->entry->space->ended; v; v = v->space_next) {
		g->column->work++;
		if (v->via != version_target(hook) || v->done != hook->done || v->entry->table)
			continue;
		version_due(v, seq);
		holders_add(h, g->tlbs, v, NULL);
	}
}

/* A table may be used for something else when nobody, lazy CPUs included, may walk through it. */
static void table_out(struct gone *g, const struct pvtlb_event *e)
{
	uint64_t gen, table = event_table(e, &gen);
	bool left = e->id == PVTLB_EV_TABLE_OWN;
	struct violation v = {
		.kind = VIOLATION_TABLE_EARLY,
		.table_early.release = { .at = e->seq, .cpu = e->cpu, .as = released_as(e->id) },
	};
	struct holders h;

	g->out->tables += g->tlbs->any_known;
	holders_none(&h);
	for (struct version *old = versions_of(g->tlbs->en, table, true); old;
	     old = old->page_next) {
		g->column->work++;
		if (left && old->entry->space->mm == e->table_own.mm)
			continue;
		version_due(old, e->seq);
		holders_add(&h, g->tlbs, old, NULL);
		if (left)
			leaves_below(g, &h, old, e->seq);
	}
	holders_tell(&h, g->column, &v, nobody);
}

static void add_due(struct gone *g, struct holders *h, struct space *space,
		    const uint64_t self[WORDS])
{
	for (struct version *old = space->ended; old; old = old->space_next) {
		g->column->work++;
		if (old->due)
			holders_add(h, g->tlbs, old, self);
	}
}

/*
 * It uses what it has again: of that, what was due meanwhile has to be gone by now. Who was away
 * and says that CR3 is about to be loaded has come back to what it has in it.
 */
static void came_back(struct gone *g, const struct pvtlb_event *e, bool was_away)
{
	const struct tlb *tlb = &g->tlbs->cpu[e->cpu];
	struct violation v = {
		.kind = VIOLATION_CAME_BACK,
		.came_back.back = { .at = e->seq },
	};
	struct holders h;
	uint64_t self[WORDS] = { 0 };

	if (!tlb_now(tlb))
		return;
	set_add(self, e->cpu);
	holders_none(&h);
	if (tlb_now(tlb)->space)
		add_due(g, &h, tlb_now(tlb)->space, self);
	if (was_away && tlb->leaving >= 0 && tlb->tag[tlb->leaving].space)
		add_due(g, &h, tlb->tag[tlb->leaving].space, self);
	add_due(g, &h, g->tlbs->kernel, self);
	if (!set_test(h.cpus, e->cpu))
		return;
	v.came_back.back.due = h.cpu[e->cpu].first->due;
	holders_tell(&h, g->column, &v, nobody);
}

/* The top table goes with its mm: whoever has it in CR3 walks through it. */
static void pgd_out(struct gone *g, const struct pvtlb_event *e)
{
	const struct space *space = space_of(g->tlbs->en, e->mm.mm);
	struct violation v = {
		.kind = VIOLATION_TABLE_EARLY,
		.mm = e->mm.mm,
		.table_early.release = { .at = e->seq, .cpu = e->cpu, .as = RELEASED_FREED },
	};

	for (unsigned int cpu = 0; !e->mm.pgd && space->pgd && cpu < CPUS; cpu++) {
		const struct cached *now = tlb_now(&g->tlbs->cpu[cpu]);

		if (!now || now->space != space)
			continue;
		v.cpu = cpu;
		v.table_early.cached = (struct part_cached){
			.shift = 48, .target = space->pgd, .table = true, .set = now->loaded
		};
		column_violation(g->column, &v);
	}
}

void gone_event(struct gone *g, const struct pvtlb_event *e, const struct before *before)
{
	const struct tlb *tlb = &g->tlbs->cpu[e->cpu];

	if ((before->away && !tlb->away) || (before->lazy && !tlb->lazy) ||
	    (before->down && !tlb->down) ||
	    (e->id == PVTLB_EV_CR3 && e->cr3.drops == PVTLB_DROPS_NOTHING))
		came_back(g, e, before->away);
	switch (e->id) {
	case PVTLB_EV_FLUSH_END:
		flush_end(g, e);
		break;
	case PVTLB_EV_RETURNS:
		returns(g, e);
		break;
	case PVTLB_EV_PAGE_FREE:
		page_free(g, e);
		break;
	case PVTLB_EV_MM:
		pgd_out(g, e);
		break;
	case PVTLB_EV_TABLE_FREE:
	case PVTLB_EV_TABLE_DEPOSIT:
	case PVTLB_EV_TABLE_OWN:
		table_out(g, e);
		break;
	}
}
