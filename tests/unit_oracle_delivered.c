/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle, delivered: who took an interrupt for a flush, and who was to. */
#include "stream.h"

/* CPU 0 flushes for CPUs 1 and 2. */
STREAM(good_all_interrupted) = { BEGIN(0), MULTI(0, 6), IRQ(1), IRQ(2), END(0) };
STREAM(bad_one_not) = { BEGIN(0), MULTI(0, 6), IRQ(2), END(0) };
STREAM(bad_nobody) = { BEGIN(0), MULTI(0, 6), END(0) };
STREAM(bad_before_begin) = { IRQ(1), BEGIN(0), MULTI(0, 2), END(0) };
STREAM(bad_after_end) = { BEGIN(0), MULTI(0, 2), END(0), IRQ(1) };
STREAM(bad_exit_only) = { BEGIN(0), MULTI(0, 2), EV(1, IRQ_EXIT, 0xfc), END(0) };
STREAM(bad_pending_only) = { BEGIN(0), MULTI(0, 2), EV(1, IRQ_PEND, 0xfc), END(0) };
STREAM(bad_sent_only) = { BEGIN(0), MULTI(0, 2), EV(0, IPI_SEND, 1, 0xfc), END(0) };
STREAM(good_any_vector) = { BEGIN(0), MULTI(0, 2), EV(1, IRQ_ENTRY, 0xec), END(0) };
STREAM(good_before_multi) = { BEGIN(0), IRQ(1), MULTI(0, 2), END(0) };
STREAM(good_twice_counts_once) = { BEGIN(0), MULTI(0, 2), IRQ(1), IRQ(1), END(0) };
STREAM(good_bystander) = { BEGIN(0), MULTI(0, 2), IRQ(1), IRQ(3), END(0) };
STREAM(good_initiator_in_mask) = { BEGIN(0), MULTI(0, 3), IRQ(1), END(0) };
STREAM(good_initiator_alone) = { BEGIN(0), MULTI(0, 1), END(0) };
STREAM(good_no_targets) = { BEGIN(0), END(0) };
STREAM(good_empty_mask) = { BEGIN(0), MULTI(0, 0), END(0) };
STREAM(good_never_ends) = { BEGIN(0), MULTI(0, 2) };
STREAM(good_end_without_begin) = { MULTI(0, 2), END(0) };
STREAM(good_last_cpu) = {
	BEGIN(200),
	EV(200, FLUSH_MULTI, { { 0, 0, 0, 1ull << 62 } }),
	IRQ(254),
	END(200),
};
STREAM(bad_last_cpu) = {
	BEGIN(200), EV(200, FLUSH_MULTI, { { 0, 0, 0, 1ull << 62 } }), IRQ(253), IRQ(62), END(200),
};
STREAM(good_each_word) = {
	BEGIN(0), EV(0, FLUSH_MULTI, { { 2, 1, 1, 1 } }), IRQ(1), IRQ(64), IRQ(128), IRQ(192),
	END(0),
};
/* CPUs 0 and 1 flush at the same time, each for the others; each is the other's target. */
STREAM(good_overlap) = {
	BEGIN(0), MULTI(0, 6), BEGIN(1), MULTI(1, 5), IRQ(1), IRQ(0), IRQ(2), END(1), END(0),
};
/* CPU 2's interrupt falls into the window of the first only. */
STREAM(bad_overlap) = {
	BEGIN(0), MULTI(0, 6), IRQ(2), BEGIN(1), MULTI(1, 5), IRQ(1), IRQ(0), END(0), END(1),
};
/* CPU 1 is in an interrupt already, and finds the flush's function in its queue. */
STREAM(good_in_interrupt) = {
	EV(1, IRQ_ENTRY, 0xfc), BEGIN(0), MULTI(0, 2), EV(1, IRQ_EXIT, 0xfc), END(0),
};
STREAM(bad_back_from_interrupt) = { IRQ(1), BEGIN(0), MULTI(0, 2), END(0) };
/* The second flush of a CPU does not inherit from the first. */
STREAM(bad_second_flush) = {
	BEGIN(0), MULTI(0, 2), IRQ(1), END(0), BEGIN(0), MULTI(0, 2), END(0),
};
STREAM(good_second_without_targets) = {
	BEGIN(0), MULTI(0, 2), IRQ(1), END(0), BEGIN(0), END(0),
};

static void delivered(void)
{
	static const struct expect cases[] = {
		CASE(good_all_interrupted, ALL, .flushes = 1, .targets = 2, .interrupted = 2),
		CASE(bad_one_not, ALL, .flushes = 1, .targets = 2, .interrupted = 1, UNDELIVERED),
		CASE(bad_nobody, ALL, .flushes = 1, .targets = 2, .delivered_bad = 2,
		     .violated = 1),
		CASE(bad_before_begin, ALL, .flushes = 1, .targets = 1, UNDELIVERED),
		CASE(bad_after_end, ALL, .flushes = 1, .targets = 1, UNDELIVERED),
		CASE(bad_exit_only, ALL, .flushes = 1, .targets = 1, UNDELIVERED),
		CASE(bad_pending_only, ALL, .flushes = 1, .targets = 1, UNDELIVERED),
		CASE(bad_sent_only, ALL, .flushes = 1, .targets = 1, UNDELIVERED),
		CASE(good_any_vector, ALL, .flushes = 1, .targets = 1, .interrupted = 1),
		CASE(good_before_multi, ALL, .flushes = 1, .targets = 1, .interrupted = 1),
		CASE(good_twice_counts_once, ALL, .flushes = 1, .targets = 1, .interrupted = 1),
		CASE(good_bystander, ALL, .flushes = 1, .targets = 1, .interrupted = 1),
		CASE(good_initiator_in_mask, ALL, .flushes = 1, .targets = 1, .interrupted = 1),
		CASE(good_initiator_alone, ALL, .flushes = 1),
		CASE(good_no_targets, ALL, .flushes = 1),
		CASE(good_empty_mask, ALL, .flushes = 1),
		CASE(good_never_ends, ALL, .flushes = 0),
		CASE(good_end_without_begin, ALL, .flushes = 0),
		CASE(good_last_cpu, ALL, .flushes = 1, .targets = 1, .interrupted = 1),
		CASE(bad_last_cpu, ALL, .flushes = 1, .targets = 1, UNDELIVERED),
		CASE(good_each_word, ALL, .flushes = 1, .targets = 4, .interrupted = 4),
		CASE(good_overlap, ALL, .flushes = 2, .targets = 4, .interrupted = 4),
		CASE(bad_overlap, ALL, .flushes = 2, .targets = 4, .interrupted = 3, UNDELIVERED),
		CASE(bad_second_flush, ALL, .flushes = 2, .targets = 2, .interrupted = 1,
		     UNDELIVERED),
		CASE(good_second_without_targets, ALL, .flushes = 2, .targets = 1,
		     .interrupted = 1),
		CASE(good_in_interrupt, ALL, .flushes = 1, .targets = 1, .interrupted = 1),
		CASE(bad_back_from_interrupt, ALL, .flushes = 1, .targets = 1, UNDELIVERED),
	};

	expect_all(cases, NR_OF(cases));
}

STREAM(good_other_mm_loaded) = { LOAD(1, 2), BEGIN(0), MULTI(0, 2), END(0) };
STREAM(good_switches_meanwhile) = { LOAD(1, 1), BEGIN(0), MULTI(0, 2), LOAD(1, 2), END(0) };
STREAM(good_loads_meanwhile) = { LOAD(1, 2), BEGIN(0), MULTI(0, 2), LOAD(1, 1), END(0) };
STREAM(bad_loaded) = { LOAD(1, 1), BEGIN(0), MULTI(0, 2), END(0) };
STREAM(bad_loaded_again) = { LOAD(1, 2), LOAD(1, 1), BEGIN(0), MULTI(0, 2), END(0) };
STREAM(bad_switches_later) = { LOAD(1, 1), BEGIN(0), MULTI(0, 2), END(0), LOAD(1, 2) };

/* A CPU whose bit is left over from an mm that it has switched away from is no target. */
static void delivered_loaded(void)
{
	static const struct expect cases[] = {
		CASE(good_other_mm_loaded, ALL, .flushes = 1),
		CASE(good_switches_meanwhile, ALL, .flushes = 1),
		CASE(good_loads_meanwhile, ALL, .flushes = 1),
		CASE(bad_loaded, ALL, .flushes = 1, .targets = 1, UNDELIVERED),
		CASE(bad_loaded_again, ALL, .flushes = 1, .targets = 1, UNDELIVERED),
		CASE(bad_switches_later, ALL, .flushes = 1, .targets = 1, UNDELIVERED),
	};

	expect_all(cases, NR_OF(cases));
}

STREAM(good_quiet) = { BEGIN(0), MULTI(0, 6), END(0) };
STREAM(bad_interrupted) = { BEGIN(0), MULTI(0, 6), IRQ(2), END(0) };
STREAM(good_irq_of_others) = { BEGIN(0), MULTI(0, 6), IRQ(0), IRQ(3), END(0), IRQ(1), IRQ(2) };

/* CPU 1's interrupt is an IPI: who sent it, and when? */
#define TAKEN EV(1, IRQ_ENTRY, 0xfd)
STREAM(good_sent_before) = { EV(0, IPI_SEND, 1, 0xfd), BEGIN(0), MULTI(0, 2), TAKEN, END(0) };
STREAM(good_sent_by_other) = { BEGIN(0), MULTI(0, 2), EV(3, IPI_SEND, 1, 0xfd), TAKEN, END(0) };
STREAM(bad_sent_by_flush) = { BEGIN(0), MULTI(0, 2), EV(0, IPI_SEND, 1, 0xfd), TAKEN, END(0) };
STREAM(bad_sent_to_other) = { EV(0, IPI_SEND, 2, 0xfd), BEGIN(0), MULTI(0, 2), TAKEN, END(0) };
STREAM(bad_other_vector) = { EV(0, IPI_SEND, 1, 0xfc), BEGIN(0), MULTI(0, 2), TAKEN, END(0) };
STREAM(bad_one_more) = { EV(0, IPI_SEND, 1, 0xfd), BEGIN(0), MULTI(0, 2), TAKEN, TAKEN, END(0) };
STREAM(bad_one_before) = {
	BEGIN(0), MULTI(0, 2), TAKEN, EV(3, IPI_SEND, 1, 0xfd), TAKEN, END(0),
};
#define TAKEN_ONE .flushes = 1, .targets = 1, .interrupted = 1

/* A backend that promises to interrupt nobody. */
static void delivered_none(void)
{
	static const struct expect cases[] = {
		CASE(good_quiet, NONE, .flushes = 1, .targets = 2),
		CASE(bad_interrupted, NONE, .flushes = 1, .targets = 2, .interrupted = 1,
		     UNDELIVERED),
		CASE(good_irq_of_others, NONE, .flushes = 1, .targets = 2),
		CASE(good_sent_before, NONE, TAKEN_ONE),
		CASE(good_sent_by_other, NONE, TAKEN_ONE),
		CASE(bad_sent_by_flush, NONE, TAKEN_ONE, UNDELIVERED),
		CASE(bad_sent_to_other, NONE, TAKEN_ONE, UNDELIVERED),
		CASE(bad_other_vector, NONE, TAKEN_ONE, UNDELIVERED),
		CASE(bad_one_more, NONE, TAKEN_ONE, UNDELIVERED),
		CASE(bad_one_before, NONE, TAKEN_ONE, UNDELIVERED),
	};

	expect_all(cases, NR_OF(cases));
}

/* Those that run are interrupted; who is preempted may be left out if that is said. */
STREAM(good_running) = { BEGIN(0), MULTI(0, 2), IRQ(1), END(0) };
STREAM(good_elided) = { BEGIN(0), MULTI(0, 6), EV(0, ELIDED, 1, 1), IRQ(2), END(0) };
STREAM(bad_not_elided) = { BEGIN(0), MULTI(0, 6), IRQ(2), END(0) };
STREAM(bad_elided_by_another) = { BEGIN(0), MULTI(0, 2), EV(3, ELIDED, 1, 1), END(0) };
STREAM(bad_elided_as_lazy) = { BEGIN(0), MULTI(0, 2), EV(0, ELIDED, 1, 2), END(0) };
STREAM(bad_elided_natively) = { BEGIN(0), MULTI(0, 2), EV(0, ELIDED, 1, 1), END(0) };

static void running(void)
{
	static const struct expect cases[] = {
		CASE(good_running, RUNNING, .flushes = 1, .targets = 1, .interrupted = 1),
		CASE(good_elided, RUNNING, .flushes = 1, .targets = 2, .interrupted = 1),
		CASE(bad_not_elided, RUNNING, .flushes = 1, .targets = 2, .interrupted = 1,
		     UNDELIVERED),
		CASE(bad_elided_by_another, RUNNING, .flushes = 1, .targets = 1, UNDELIVERED),
		CASE(bad_elided_as_lazy, RUNNING, .flushes = 1, .targets = 1, UNDELIVERED),
		CASE(bad_elided_natively, ALL, .flushes = 1, .targets = 1, UNDELIVERED),
	};

	expect_all(cases, NR_OF(cases));
}

SUITE(unit_oracle_delivered, false, { "a backend that interrupts all", delivered },
      { "who has the mm loaded", delivered_loaded },
      { "a backend that interrupts none", delivered_none },
      { "a backend that interrupts those that run", running });
