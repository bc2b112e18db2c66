/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle's counts: what flushes took, whom they left out and why, in hand-written streams. */
#include "stream.h"

#define CALL(cpu)	  EV(cpu, HYPERCALL, 0x100)
#define ELIDED(cpu, c, y) EV(cpu, ELIDED, c, PVTLB_ELIDED_##y)
#define SERVED(cpu, set)  EV(cpu, SERVED, VA, VA + PAGE, { { set } })
#define TABLES(cpu)	  EV(cpu, FLUSH_BEGIN, 1, VA, VA + PAGE, 0, true)

struct tally {
	const char *name;
	const struct pvtlb_event *event;
	size_t nr;
	uint32_t claims; /* 0: all */
	uint64_t flushes, remote, interrupts, hypercalls, lazy, preempted, elsewhere;
	uint64_t walks_lost, flushes_unknown;
};

static void count(const struct tally *cases, size_t nr)
{
	for (const struct tally *e = cases; e < cases + nr; e++) {
		const struct counts *c = &found.counts;

		judge_stream(e->event, e->nr, INTERRUPTS_SOME);
		AGREES(flushes, c->flushes);
		AGREES(remote, c->remote);
		AGREES(interrupts, c->interrupts);
		AGREES(hypercalls, c->hypercalls);
		AGREES(lazy, c->lazy);
		AGREES(preempted, c->preempted);
		AGREES(elsewhere, c->elsewhere);
		AGREES(walks_lost, c->walks_lost);
		AGREES(flushes_unknown, c->flushes_unknown);
		EXPECT(!c->gave_up, "%s", e->name);
	}
}

/* --- Flushes, interrupts --- */

STREAM(one) = { BEGIN(0), MULTI(0, 6), IRQ(1), IRQ(2), END(0) };
STREAM(two) = { BEGIN(0), MULTI(0, 6), IRQ(1), END(0), BEGIN(0), MULTI(0, 2), IRQ(1), END(0) };
STREAM(at_the_same_time) = {
	BEGIN(0), MULTI(0, 6), BEGIN(1), MULTI(1, 5), IRQ(1), IRQ(0), IRQ(2), END(1), END(0),
};
STREAM(no_targets) = { BEGIN(0), END(0) };
STREAM(nobody_in_mask) = { BEGIN(0), MULTI(0, 0), END(0) };
STREAM(initiator_in_mask) = { BEGIN(0), MULTI(0, 3), IRQ(1), END(0) };
STREAM(initiator_alone) = { BEGIN(0), MULTI(0, 1), END(0) };
STREAM(never_ends) = { BEGIN(0), MULTI(0, 2), IRQ(1), CALL(0), ELIDED(0, 1, LAZY) };
STREAM(never_began) = { MULTI(0, 2), CALL(0), ELIDED(0, 1, LAZY), IRQ(1), END(0) };
STREAM(began_again) = { BEGIN(0), MULTI(0, 6), CALL(0), BEGIN(0), MULTI(0, 2), IRQ(1), END(0) };
STREAM(other_cpus_end) = { BEGIN(0), MULTI(0, 2), IRQ(1), END(1) };
/* Not a target: it has another mm. The interrupt was not for it, but it had one. */
STREAM(bystander) = { LOAD(1, 2), BEGIN(0), MULTI(0, 2), IRQ(1), END(0) };
STREAM(outside_mask) = { BEGIN(0), MULTI(0, 2), IRQ(1), IRQ(2), END(0) };
STREAM(highest) = { BEGIN(200), EV(200, FLUSH_MULTI, { { 0, 0, 0, 1ull << 62 } }), IRQ(254), END(200) };
/* The last FLUSH_MULTI says whom it goes to, as in the delivered column. */
STREAM(two_masks) = { BEGIN(0), MULTI(0, 2), MULTI(0, 6), IRQ(1), IRQ(2), END(0) };

static void flushes(void)
{
	static const struct tally cases[] = {
		CASE(one, .flushes = 1, .remote = 1, .interrupts = 2),
		CASE(two, .flushes = 2, .remote = 2, .interrupts = 2),
		CASE(at_the_same_time, .flushes = 2, .remote = 2, .interrupts = 4),
		CASE(no_targets, .flushes = 1),
		CASE(nobody_in_mask, .flushes = 1),
		CASE(initiator_in_mask, .flushes = 1, .remote = 1, .interrupts = 1),
		CASE(initiator_alone, .flushes = 1),
		CASE(never_ends),
		CASE(never_began),
		CASE(began_again, .flushes = 1, .remote = 1, .interrupts = 1),
		CASE(other_cpus_end),
		CASE(bystander, .flushes = 1, .remote = 1),
		CASE(outside_mask, .flushes = 1, .remote = 1, .interrupts = 1),
		CASE(highest, .flushes = 1, .remote = 1, .interrupts = 1),
		CASE(two_masks, .flushes = 1, .remote = 1, .interrupts = 2),
	};

	count(cases, NR_OF(cases));
}

/* --- Hypercalls --- */

STREAM(called) = { BEGIN(0), MULTI(0, 2), CALL(0), IRQ(1), END(0) };
STREAM(called_twice) = { BEGIN(0), CALL(0), MULTI(0, 2), CALL(0), IRQ(1), END(0) };
STREAM(called_outside) = { CALL(0), BEGIN(0), MULTI(0, 2), IRQ(1), END(0), CALL(0) };
STREAM(target_called) = { BEGIN(0), MULTI(0, 2), CALL(1), IRQ(1), END(0) };
/* Its local part may be one, too: it has no remote targets to be set against. */
STREAM(called_alone) = { BEGIN(0), CALL(0), END(0) };

static void hypercalls(void)
{
	static const struct tally cases[] = {
		CASE(called, .flushes = 1, .remote = 1, .interrupts = 1, .hypercalls = 1),
		CASE(called_twice, .flushes = 1, .remote = 1, .interrupts = 1, .hypercalls = 2),
		CASE(called_outside, .flushes = 1, .remote = 1, .interrupts = 1),
		CASE(target_called, .flushes = 1, .remote = 1, .interrupts = 1),
		CASE(called_alone, .flushes = 1),
	};

	count(cases, NR_OF(cases));
}

#define FLUSH .flushes = 1, .remote = 1

/* --- Left out as lazy --- */

STREAM(lazy) = { LAZY(1, 1), BEGIN(0), MULTI(0, 2), END(0) };
STREAM(lazy_said) = { LAZY(1, 1), BEGIN(0), MULTI(0, 2), ELIDED(0, 1, LAZY), END(0) };
STREAM(lazy_said_twice) = {
	BEGIN(0), MULTI(0, 2), ELIDED(0, 1, LAZY), ELIDED(0, 1, LAZY), END(0),
};
STREAM(lazy_said_alone) = { BEGIN(0), MULTI(0, 2), ELIDED(0, 1, LAZY), END(0) };
STREAM(lazy_said_with_tables) = { LAZY(1, 1), TABLES(0), MULTI(0, 2), ELIDED(0, 1, LAZY), END(0) };
STREAM(lazy_meanwhile) = { BEGIN(0), MULTI(0, 2), LAZY(1, 1), END(0) };
STREAM(lazy_no_longer) = { LAZY(1, 1), BEGIN(0), MULTI(0, 2), LOAD(1, 1), END(0) };
/* By the time that it switched away it had been passed by. */
STREAM(lazy_then_away) = { LAZY(1, 1), BEGIN(0), MULTI(0, 2), LOAD(1, 2), END(0) };
STREAM(lazy_in_both) = {
	LAZY(1, 1), BEGIN(0), MULTI(0, 2), BEGIN(2), MULTI(2, 2), END(0), END(2),
};
STREAM(lazy_each_time) = {
	LAZY(1, 1), BEGIN(0), MULTI(0, 2), END(0), BEGIN(0), MULTI(0, 2), END(0),
};
STREAM(lazy_with_tables) = { LAZY(1, 1), TABLES(0), MULTI(0, 2), END(0) };
STREAM(lazy_unhooked) = { LAZY(1, 1), UNHOOK(TABLE), BEGIN(0), MULTI(0, 2), END(0) };
STREAM(lazy_interrupted) = { LAZY(1, 1), BEGIN(0), MULTI(0, 2), IRQ(1), END(0) };
STREAM(lazy_in_irq) = {
	LAZY(1, 1), EV(1, IRQ_ENTRY, 0xec), BEGIN(0), MULTI(0, 2), EV(1, IRQ_EXIT, 0xec), END(0),
};
STREAM(lazy_interrupted_before) = { LAZY(1, 1), IRQ(1), BEGIN(0), MULTI(0, 2), END(0) };
STREAM(lazy_served) = { LAZY(1, 1), BEGIN(0), MULTI(0, 2), SERVED(0, 2), END(0) };
STREAM(lazy_not_served) = { LAZY(1, 1), BEGIN(0), MULTI(0, 6), SERVED(0, 4), END(0) };
STREAM(lazy_served_by_other) = { LAZY(1, 1), BEGIN(0), MULTI(0, 2), SERVED(2, 2), END(0) };
STREAM(lazy_not_in_mask) = { LAZY(2, 1), BEGIN(0), MULTI(0, 2), IRQ(1), END(0) };
STREAM(lazy_said_not_in_mask) = { BEGIN(0), MULTI(0, 2), IRQ(1), ELIDED(0, 2, LAZY), END(0) };
STREAM(lazy_said_by_other) = { BEGIN(0), MULTI(0, 2), IRQ(1), ELIDED(2, 1, LAZY), END(0) };
STREAM(lazy_initiator) = { LAZY(0, 1), BEGIN(0), MULTI(0, 3), IRQ(1), END(0) };
STREAM(lazy_initiator_said) = { BEGIN(0), MULTI(0, 3), ELIDED(0, 0, LAZY), IRQ(1), END(0) };
STREAM(lazy_before_mask) = { BEGIN(0), LAZY(1, 1), LOAD(1, 1), MULTI(0, 2), END(0) };
STREAM(lazy_after) = { BEGIN(0), MULTI(0, 2), END(0), LAZY(1, 1) };
STREAM(lazy_before) = { LAZY(1, 1), LOAD(1, 1), BEGIN(0), MULTI(0, 2), END(0) };

static void lazy_cpus(void)
{
	static const struct tally cases[] = {
		CASE(lazy, FLUSH, .lazy = 1),
		CASE(lazy_said, FLUSH, .lazy = 1),
		CASE(lazy_said_twice, FLUSH, .lazy = 1),
		CASE(lazy_said_alone, FLUSH, .lazy = 1),
		CASE(lazy_said_with_tables, FLUSH, .lazy = 1),
		CASE(lazy_meanwhile, FLUSH, .lazy = 1),
		CASE(lazy_no_longer, FLUSH, .lazy = 1),
		CASE(lazy_then_away, FLUSH, .lazy = 1),
		CASE(lazy_in_both, .flushes = 2, .remote = 2, .lazy = 2),
		CASE(lazy_each_time, .flushes = 2, .remote = 2, .lazy = 2),
		CASE(lazy_with_tables, FLUSH),
		CASE(lazy_unhooked, FLUSH),
		CASE(lazy_interrupted, FLUSH),
		CASE(lazy_in_irq, FLUSH),
		CASE(lazy_interrupted_before, FLUSH, .lazy = 1),
		CASE(lazy_served, FLUSH),
		CASE(lazy_not_served, FLUSH, .lazy = 1),
		CASE(lazy_served_by_other, FLUSH, .lazy = 1),
		CASE(lazy_not_in_mask, FLUSH, .interrupts = 1),
		CASE(lazy_said_not_in_mask, FLUSH, .interrupts = 1),
		CASE(lazy_said_by_other, FLUSH, .interrupts = 1),
		CASE(lazy_initiator, FLUSH, .interrupts = 1),
		CASE(lazy_initiator_said, FLUSH, .interrupts = 1),
		CASE(lazy_before_mask, FLUSH),
		CASE(lazy_after, FLUSH),
		CASE(lazy_before, FLUSH),
	};

	count(cases, NR_OF(cases));
}

/* --- Left out as preempted --- */

STREAM(preempted) = { BEGIN(0), MULTI(0, 6), ELIDED(0, 1, PREEMPTED), IRQ(2), END(0) };
STREAM(preempted_and_lazy) = {
	LAZY(1, 1), BEGIN(0), MULTI(0, 2), ELIDED(0, 1, PREEMPTED), END(0),
};
/* It runs again, and takes another CPU's interrupt: it was left out all the same. */
STREAM(preempted_interrupted) = {
	BEGIN(0), MULTI(0, 2), ELIDED(0, 1, PREEMPTED), EV(2, IPI_SEND, 1, 0xfc), IRQ(1), END(0),
};
STREAM(preempted_not_in_mask) = { BEGIN(0), MULTI(0, 2), IRQ(1), ELIDED(0, 2, PREEMPTED), END(0) };
STREAM(preempted_outside) = { ELIDED(0, 1, PREEMPTED), BEGIN(0), MULTI(0, 2), IRQ(1), END(0) };
STREAM(offline) = { BEGIN(0), MULTI(0, 2), ELIDED(0, 1, OFFLINE), END(0) };
STREAM(no_such_cpu) = { BEGIN(0), MULTI(0, 2), IRQ(1), ELIDED(0, 256, PREEMPTED), END(0) };
/* Held, says nobody: it is not known to be left out. */
STREAM(held) = { EV(1, HELD, 1), BEGIN(0), MULTI(0, 2), END(0) };

static void preempted_cpus(void)
{
	static const struct tally cases[] = {
		CASE(preempted, FLUSH, .interrupts = 1, .preempted = 1),
		CASE(preempted_and_lazy, FLUSH, .preempted = 1),
		CASE(preempted_interrupted, FLUSH, .interrupts = 1, .preempted = 1),
		CASE(preempted_not_in_mask, FLUSH, .interrupts = 1),
		CASE(preempted_outside, FLUSH, .interrupts = 1),
		CASE(offline, FLUSH),
		CASE(no_such_cpu, FLUSH, .interrupts = 1),
		CASE(held, FLUSH),
	};

	count(cases, NR_OF(cases));
}

/* --- Left out, as the mm is not loaded there --- */

STREAM(elsewhere) = { LOAD(1, 2), BEGIN(0), MULTI(0, 2), END(0) };
STREAM(elsewhere_lazy) = { LAZY(1, 2), BEGIN(0), MULTI(0, 2), END(0) };
STREAM(elsewhere_meanwhile) = { LOAD(1, 1), BEGIN(0), MULTI(0, 2), LOAD(1, 2), END(0) };
STREAM(elsewhere_no_longer) = { LOAD(1, 2), BEGIN(0), MULTI(0, 2), LOAD(1, 1), END(0) };
STREAM(elsewhere_with_tables) = { LOAD(1, 2), TABLES(0), MULTI(0, 2), END(0) };
STREAM(elsewhere_and_said) = { LOAD(1, 2), BEGIN(0), MULTI(0, 2), ELIDED(0, 1, LAZY), END(0) };
/* It was in lazy TLB mode until a flush with tables made it leave the mm. */
STREAM(elsewhere_woken) = {
	LAZY(1, 1), EV(1, FLUSH_FUNC, 1, 2, PVTLB_FLUSHED_LAZY), BEGIN(0), MULTI(0, 2), END(0),
};
STREAM(elsewhere_interrupted) = { LOAD(1, 2), BEGIN(0), MULTI(0, 2), IRQ(1), END(0) };
/* A hypercall has flushed it for nothing. */
STREAM(elsewhere_served) = { LOAD(1, 2), BEGIN(0), MULTI(0, 2), SERVED(0, 2), END(0) };
STREAM(elsewhere_not_in_mask) = { LOAD(2, 2), BEGIN(0), MULTI(0, 2), IRQ(1), END(0) };
STREAM(elsewhere_before) = { LOAD(1, 2), LOAD(1, 1), BEGIN(0), MULTI(0, 2), END(0) };
STREAM(not_known_where) = { BEGIN(0), MULTI(0, 2), END(0) };
/* Two flushes, each the other CPU's reason. */
STREAM(elsewhere_each) = {
	LOAD(0, 1),  LOAD(1, 2),  BEGIN(0), BEGIN_AT(1, 2, VA, VA + PAGE),
	MULTI(0, 2), MULTI(1, 1), END(0),   END(1),
};
STREAM(all_reasons) = {
	LAZY(1, 1), LOAD(3, 2), LOAD(4, 2), BEGIN(0), MULTI(0, 0x3f), ELIDED(0, 2, PREEMPTED),
	CALL(0),    IRQ(5),	END(0),
};

static void elsewhere_cpus(void)
{
	static const struct tally cases[] = {
		CASE(elsewhere, FLUSH, .elsewhere = 1),
		CASE(elsewhere_lazy, FLUSH, .elsewhere = 1),
		CASE(elsewhere_meanwhile, FLUSH, .elsewhere = 1),
		CASE(elsewhere_no_longer, FLUSH, .elsewhere = 1),
		CASE(elsewhere_with_tables, FLUSH, .elsewhere = 1),
		CASE(elsewhere_and_said, FLUSH, .lazy = 1),
		CASE(elsewhere_woken, FLUSH, .elsewhere = 1),
		CASE(elsewhere_interrupted, FLUSH),
		CASE(elsewhere_served, FLUSH),
		CASE(elsewhere_not_in_mask, FLUSH, .interrupts = 1),
		CASE(elsewhere_before, FLUSH),
		CASE(not_known_where, FLUSH),
		CASE(elsewhere_each, .flushes = 2, .remote = 2, .elsewhere = 2),
		CASE(all_reasons, FLUSH, .interrupts = 1, .hypercalls = 1, .lazy = 1,
		     .preempted = 1, .elsewhere = 2),
	};

	count(cases, NR_OF(cases));
}

/* Of each sync, whether it was sent and to how many; of walks and flushes nothing is asked. */
static void syncs(void)
{
	STREAM(some) = {
		EV(0, SYNC, false, true), EV(0, SYNC, false, false, { { 0xe } }),
		EV(1, SYNC, true, false, { { 1ull << 63, 1, 0, 1ull << 62 } }), EV(0, SYNC, false, false),
	};
	const struct counts *c = &found.counts;

	judge_stream(some, NR_OF(some), INTERRUPTS_ALL);
	CU_ASSERT_EQUAL(c->syncs, 4);
	CU_ASSERT_EQUAL(c->syncs_skipped, 1);
	CU_ASSERT_EQUAL(c->sync_ipis, 3 + 3);
	judge_stream(some, 1, INTERRUPTS_ALL);
	CU_ASSERT_EQUAL(c->syncs, 1);
	CU_ASSERT_EQUAL(c->sync_ipis, 0);
	judge_stream(all_reasons, NR_OF(all_reasons), INTERRUPTS_ALL);
	CU_ASSERT_EQUAL(c->syncs, 0);
}

/* A walk that was seen to its end, and a flush of a range, are not among them. */
static void not_judged(void)
{
#define WALK(cpu) EV(cpu, WALK_BEGIN, 1, VA, PVTLB_WALK_GUP, true)
#define DONE(cpu) EV(cpu, WALK_END, PVTLB_WALK_NONE, 0)
	STREAM(lost) = { WALK(1), EV(1, WALK_LOST, VA), DONE(1), WALK(2), EV(2, WALK_LOST, VA) };
	STREAM(seen) = { WALK(1), DONE(1), WALK(2) };
	STREAM(empty) = { EV(0, FLUSH_BEGIN, 1, VA, VA, 2), END(0), BEGIN(0), END(0) };
	static const struct tally cases[] = {
		CASE(lost, .walks_lost = 2),
		CASE(seen),
		CASE(empty, .flushes = 2, .flushes_unknown = 1),
	};

	count(cases, NR_OF(cases));
}

/* Counts are not a claim: they are there whatever is judged. */
static void unclaimed(void)
{
	const struct event_stream stream = { .event = all_reasons, .nr = NR_OF(all_reasons) };

	oracle(&stream, &(struct oracle_terms){ .claims = PVTLB_CLAIM_KEY, .promise = INTERRUPTS_NONE }, &found);
	CU_ASSERT_EQUAL(found.delivered.flushes, 0);
	CU_ASSERT_EQUAL(found.delivered.bad.total, 0);
	CU_ASSERT_EQUAL(found.violated, 0);
	CU_ASSERT_EQUAL(found.counts.remote, 1);
	CU_ASSERT_EQUAL(found.counts.interrupts, 1);
	CU_ASSERT_EQUAL(found.counts.lazy, 1);
}

SUITE(unit_oracle_counts, false, { "flushes and interrupts", flushes },
      { "hypercalls", hypercalls }, { "left out: lazy", lazy_cpus },
      { "left out: preempted", preempted_cpus }, { "left out: elsewhere", elsewhere_cpus },
      { "syncs", syncs }, { "without a claim", unclaimed },
      { "not judged", not_judged });
