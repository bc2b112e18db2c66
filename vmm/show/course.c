/* SPDX-License-Identifier: GPL-2.0-only */
/* What became of the two CPUs of a story: who was interrupted, who waited for whom. */
#include <stdio.h>
#include <string.h>

#include "show/course.h"

typedef unsigned long long ull;

static void keep(const struct pvtlb_event **first, const struct pvtlb_event *e)
{
	if (!*first)
		*first = e;
}

static bool has_cpu(const struct pvtlb_cpuset *set, unsigned int cpu)
{
	return cpu < 8 * sizeof(*set) && set->bits[cpu / 64] >> (cpu % 64) & 1;
}

/* The other's walk in which the flush began; the event that ends it. */
static void note_walk(struct course *c, const struct focus *f, const struct pvtlb_event *e)
{
	if (e->cpu != f->other)
		return;
	/* A table that is taken out of one mm may be shared with another. */
	if (e->id == PVTLB_EV_WALK_BEGIN && e->seq < f->flush)
		c->walk = e->walk_begin.mm == f->mm || f->table ? e : NULL;
	else if (e->id == PVTLB_EV_WALK_END && e->seq < f->flush)
		c->walk = NULL;
	else if (e->id == PVTLB_EV_WALK_END && c->walk)
		keep(&c->walk_end, e);
}

/* Pages that change hands while the other walks: it may be about to take one. */
static void note_page(struct course *c, const struct focus *f, const struct pvtlb_event *e)
{
	if (!c->walk || c->walk_end)
		return;
	if (e->id == PVTLB_EV_WALK_GRAB && e->cpu == f->other)
		keep(&c->grab, e);
	if (e->id == PVTLB_EV_PAGE_FREE && e->seq > f->flush)
		keep(&c->given_back, e);
	if (e->id == PVTLB_EV_PAGE_ALLOC && c->given_back &&
	    e->page_alloc.page == c->given_back->page_free.page)
		keep(&c->taken, e);
}

/* The other uses nothing of an mm for the time being. */
static void note_away(struct course *c, const struct focus *f, const struct pvtlb_event *e)
{
	if (e->seq > f->flush) {
		if (c->away && e->cpu == f->other && e->id == PVTLB_EV_SWITCH_MM &&
		    e->switch_mm.mm == f->mm)
			keep(&c->back, e);
		return;
	}
	if ((e->cpu == f->other && e->id == PVTLB_EV_LAZY) ||
	    (e->id == PVTLB_EV_CPU_DOWN && e->cpu_down.cpu == f->other))
		c->away = e;
	else if (c->away && ((e->cpu == f->other && e->id == PVTLB_EV_SWITCH_MM) ||
			     (e->id == PVTLB_EV_CPU_UP && e->cpu_up.cpu == f->other)))
		c->away = NULL;
}

/* Between the flush's first and last event. */
static void note_flush(struct course *c, const struct focus *f, const struct pvtlb_event *e)
{
	if (e->cpu == f->other && e->id == PVTLB_EV_IRQ_ENTRY)
		keep(&c->interrupt, e);
	if (e->cpu != f->actor)
		return;
	c->serves |= e->id == PVTLB_EV_SERVED;
	if (e->id == PVTLB_EV_SERVED && has_cpu(&e->served.cpus, f->other))
		keep(&c->served, e);
	else if (e->id == PVTLB_EV_ELIDED && e->elided.cpu == f->other)
		keep(&c->elided, e);
	else if (e->id == PVTLB_EV_INVLPGB)
		keep(&c->broadcast, e);
	else if (e->id == PVTLB_EV_FLUSH_END)
		c->end = e;
}

static bool releases(const struct focus *f, const struct pvtlb_event *e)
{
	return (e->id == PVTLB_EV_TABLE_DEPOSIT && e->table_deposit.table == f->table) ||
	       (e->id == PVTLB_EV_TABLE_FREE && e->table_free.table == f->table) ||
	       (e->id == PVTLB_EV_TABLE_OWN && e->table_own.table == f->table);
}

static void note_table(struct course *c, const struct focus *f, const struct pvtlb_event *e)
{
	if (!f->table || e->seq < f->unhooked)
		return;
	if (releases(f, e))
		keep(&c->released, e);
	if (c->released && e->cpu == f->other && e->id == PVTLB_EV_WALK_LOAD &&
	    e->walk_load.table == f->table)
		keep(&c->used, e);
	if (c->released || e->cpu != f->actor)
		return;
	if (e->id == PVTLB_EV_SYNC)
		keep(&c->sync, e);
	else if (e->id == PVTLB_EV_GRACE && e->grace.returns)
		keep(&c->grace, e);
}

void course_make(struct course *c, const struct shown *s, const struct focus *f)
{
	*c = (struct course){ 0 };
	for (size_t i = f->from; i < f->until; i++) {
		const struct pvtlb_event *e = &s->stream.event[i];

		note_walk(c, f, e);
		note_page(c, f, e);
		note_away(c, f, e);
		note_table(c, f, e);
		if (e->seq == f->flush)
			c->begin = e;
		else if (c->begin && !c->end)
			note_flush(c, f, e);
	}
}

/* Something that waits for the walk has done so: the walk was over before it was. */
static bool waited(const struct course *c, const struct pvtlb_event *for_it)
{
	return for_it && c->walk_end && c->walk_end->seq < for_it->seq;
}

/* A page was given back in the course of the walk: what kept the walk from taking it. */
static void look_protected(const struct course *c, const struct focus *f, char *buf, size_t len)
{
	char again[40] = "", grab[80] = "It could take no reference any more";

	if (c->taken)
		snprintf(again, sizeof(again), ", and taken again (#%llu),", (ull)c->taken->seq);
	if (c->grab)
		snprintf(grab, sizeof(grab), "Its second look, with a reference in hand (#%llu)",
			 (ull)c->grab->seq);
	snprintf(buf, len,
		 "Nothing waited for CPU %u's walk (#%llu): a page was given back (#%llu)%s in its "
		 "course. %s%s (#%llu), so it took nothing.",
		 f->other, (ull)c->walk->seq, (ull)c->given_back->seq, again, grab,
		 c->grab ? ", found that what had led it there had changed" : "",
		 (ull)c->walk_end->seq);
}

/* Of a walk: what waited for its end before the table was put to another use. */
static void walk_protected(const struct course *c, const struct focus *f, char *buf, size_t len)
{
	const bool rcu = c->walk->walk_begin.kind == PVTLB_WALK_RCU;
	const char *what = NULL;
	uint64_t at = 0;

	if (!rcu && waited(c, c->interrupt)) {
		what = "The flush's interrupt";
		at = c->interrupt->seq;
	} else if (c->sync && !c->sync->sync.skipped && c->walk_end &&
		   (c->sync->sync.rcu || has_cpu(&c->sync->sync.cpus, f->other)) &&
		   waited(c, c->released)) {
		what = "The flush did not interrupt it. The sync";
		at = c->sync->seq;
	} else if (waited(c, c->grace)) {
		what = "The RCU grace period that ended";
		at = c->grace->seq;
	}
	if (!what && !f->table && c->given_back && c->walk_end &&
	    c->walk_end->walk_end.outcome == PVTLB_WALK_CHANGED)
		look_protected(c, f, buf, len);
	else if (what)
		snprintf(buf, len,
			 "CPU %u was in a walk (#%llu) when the flush began (#%llu). %s at "
			 "#%llu waited for the end of the walk (#%llu)%s.",
			 f->other, (ull)c->walk->seq, (ull)f->flush, what, (ull)at,
			 (ull)c->walk_end->seq,
			 waited(c, c->released) ? ", and only then was T put to another use" : "");
	else if (!c->released || !c->walk_end || waited(c, c->released))
		snprintf(buf, len,
			 "CPU %u was in a walk (#%llu) when the flush began (#%llu). Its "
			 "walk was over before any %s was put to another use; nothing is "
			 "seen to have waited for that.",
			 f->other, (ull)c->walk->seq, (ull)f->flush,
			 f->table || !c->given_back ? "page or table" : "table");
	else
		snprintf(buf, len,
			 "Nothing: T was put to another use (#%llu) in the course of CPU "
			 "%u's walk (#%llu to #%llu), which has not read it since.",
			 (ull)c->released->seq, f->other, (ull)c->walk->seq, (ull)c->walk_end->seq);
}

/* Of what it may have cached: what dropped that before the flush returned. */
static void cached_protected(const struct course *c, const struct focus *f, char *buf, size_t len)
{
	static const char *const elided[] = {
		[PVTLB_ELIDED_PREEMPTED] = "was preempted, and flushes before it runs again",
		[PVTLB_ELIDED_LAZY] = "was lazy, and catches up before it uses the mm again",
		[PVTLB_ELIDED_OFFLINE] = "was offline, and comes back with nothing cached",
	};
	const uint64_t why = c->elided ? c->elided->elided.why : 0;
	char what[200], back[80] = "catches up before it uses the mm again";

	if (c->back)
		snprintf(back, sizeof(back),
			 "caught up to generation %llu before it used the mm "
			 "again (#%llu)",
			 (ull)c->back->switch_mm.tlb_gen, (ull)c->back->seq);
	if (c->interrupt)
		snprintf(what, sizeof(what), "interrupted CPU %u (#%llu) before it returned",
			 f->other, (ull)c->interrupt->seq);
	else if (c->served)
		snprintf(what, sizeof(what),
			 "did not interrupt CPU %u: the hypervisor flushed it (#%llu) before the "
			 "flush returned",
			 f->other, (ull)c->served->seq);
	else if (c->broadcast)
		snprintf(what, sizeof(what),
			 "did not interrupt CPU %u: INVLPGB (#%llu) is a broadcast to all CPUs",
			 f->other, (ull)c->broadcast->seq);
	else if (why && why < sizeof(elided) / sizeof(elided[0]))
		snprintf(what, sizeof(what), "left out CPU %u (#%llu), which %s", f->other,
			 (ull)c->elided->seq, elided[why]);
	else if (c->away)
		snprintf(what, sizeof(what), "did not reach CPU %u, which was %s (#%llu), and %s",
			 f->other, c->away->id == PVTLB_EV_LAZY ? "lazy" : "offline",
			 (ull)c->away->seq,
			 c->away->id == PVTLB_EV_LAZY ? back : "comes back with nothing cached");
	else
		snprintf(what, sizeof(what),
			 "did not reach CPU %u, and what it removed was not used there afterwards",
			 f->other);
	snprintf(buf, len, "The flush #%llu to #%llu %s.", (ull)f->flush, (ull)c->end->seq, what);
}

const char *course_protected(const struct course *c, const struct focus *f, char *buf, size_t len)
{
	if (!f->flush)
		snprintf(buf, len, "No flush was made.");
	else if (!c->end)
		snprintf(buf, len, "The flush #%llu does not return.", (ull)f->flush);
	else if (f->other == f->actor)
		snprintf(buf, len, "The flush #%llu to #%llu concerned nobody but CPU %u.",
			 (ull)f->flush, (ull)c->end->seq, f->actor);
	else if (c->walk)
		walk_protected(c, f, buf, len);
	else
		cached_protected(c, f, buf, len);
	return buf;
}
