/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle: hand-written streams of events, good_* without a violation and bad_* with some. */
#include <stdlib.h>
#include <string.h>

#include "stream.h"

/* --- delivered --- */

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
	BEGIN(0), EV(0, FLUSH_MULTI, { { 2, 1, 1, 1 } }), IRQ(1), IRQ(64), IRQ(128), IRQ(192), END(0),
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

/* What the hypervisor was asked for: it covers the page, in pieces, on CPU 1 only. */
#define SERVED(cpu, start, end, set) EV(cpu, SERVED, start, end, { { set } })
#define BEGIN_8(cpu)		     BEGIN_AT(cpu, 1, VA, VA + 8 * PAGE)
STREAM(good_served) = { BEGIN(0), MULTI(0, 2), SERVED(0, VA, VA + PAGE, 2), END(0) };
STREAM(good_served_all) = { BEGIN(0), MULTI(0, 2), SERVED(0, 0, FULL, 2), END(0) };
STREAM(good_served_pieces) = {
	BEGIN_8(0), MULTI(0, 2), SERVED(0, VA + 4 * PAGE, VA + 8 * PAGE, 2),
	SERVED(0, VA, VA + 4 * PAGE, 2), END(0),
};
STREAM(bad_served_gap) = {
	BEGIN_8(0), MULTI(0, 2), SERVED(0, VA, VA + 3 * PAGE, 2),
	SERVED(0, VA + 4 * PAGE, VA + 8 * PAGE, 2), END(0),
};
STREAM(bad_served_short) = { BEGIN_8(0), MULTI(0, 2), SERVED(0, VA, VA + 7 * PAGE, 2), END(0) };
STREAM(bad_served_range_for_all) = {
	BEGIN_AT(0, 1, 0, FULL), MULTI(0, 2), SERVED(0, 0, FULL - PAGE, 2), END(0),
};
STREAM(bad_served_other) = { BEGIN(0), MULTI(0, 6), SERVED(0, VA, VA + PAGE, 2), END(0) };
STREAM(bad_served_too_many) = { BEGIN(0), MULTI(0, 2), SERVED(0, VA, VA + PAGE, 6), END(0) };
STREAM(bad_served_for_another) = {
	BEGIN(0), MULTI(0, 2), BEGIN(3), MULTI(3, 2), SERVED(3, VA, VA + PAGE, 2), END(3), END(0),
};
/* Who never says so is not held to it: the host's own KVM. */
STREAM(good_never_served) = { BEGIN(0), MULTI(0, 2), END(0) };

static void served(void)
{
	static const struct expect cases[] = {
		CASE(good_in_interrupt, ALL, .flushes = 1, .targets = 1, .interrupted = 1),
		CASE(bad_back_from_interrupt, ALL, .flushes = 1, .targets = 1, .delivered_bad = 1,
		     .violated = 1),
		CASE(good_served, NONE, .flushes = 1, .targets = 1),
		CASE(good_served_all, NONE, .flushes = 1, .targets = 1),
		CASE(good_served_pieces, NONE, .flushes = 1, .targets = 1),
		CASE(bad_served_gap, NONE, .flushes = 1, .targets = 1, .delivered_bad = 1,
		     .violated = 1),
		CASE(bad_served_short, NONE, .flushes = 1, .targets = 1, .delivered_bad = 1,
		     .violated = 1),
		CASE(bad_served_range_for_all, NONE, .flushes = 1, .targets = 1,
		     .delivered_bad = 1, .violated = 1),
		CASE(bad_served_other, NONE, .flushes = 1, .targets = 2, .delivered_bad = 1,
		     .violated = 1),
		CASE(bad_served_too_many, NONE, .flushes = 1, .targets = 1, .delivered_bad = 1,
		     .violated = 1),
		CASE(bad_served_for_another, NONE, .flushes = 2, .targets = 2, .delivered_bad = 1,
		     .violated = 1),
		CASE(good_never_served, NONE, .flushes = 1, .targets = 1),
	};

	expect_all(cases, NR_OF(cases));
}

/* A hypercall that came to nothing is made good by IPIs, then, and in this flush. */
#define FAILED(cpu) EV(cpu, HYPERCALL, 2, 5)
STREAM(good_fell_back) = { BEGIN(0), MULTI(0, 6), FAILED(0), IRQ(1), IRQ(2), END(0) };
STREAM(bad_fell_back_on_nobody) = { BEGIN(0), MULTI(0, 6), FAILED(0), IRQ(1), END(0) };
STREAM(bad_fell_back_for_no_reason) = {
	BEGIN(0), MULTI(0, 2), EV(0, HYPERCALL, 2, 0), IRQ(1), END(0),
};
STREAM(bad_fell_back_before) = { FAILED(0), BEGIN(0), MULTI(0, 2), IRQ(1), END(0) };
STREAM(bad_another_fell_back) = { BEGIN(0), MULTI(0, 2), FAILED(3), IRQ(1), END(0) };

/* Two initiators, one interrupt: what CPU 1 did in it counts, whoever had sent it. */
#define GEN(cpu, gen)	     EV(cpu, FLUSH_BEGIN, 1, VA, VA + PAGE, gen)
#define DID(cpu, gen, init)  EV(cpu, FLUSH_FUNC, 1, gen, PVTLB_FLUSHED_FULL, init)
#define SERVES		     SERVED(3, VA, VA + PAGE, 0)
STREAM(good_fell_back_together) = {
	SERVES, GEN(0, 2), MULTI(0, 2), GEN(2, 3), MULTI(2, 2), FAILED(0), FAILED(2),
	EV(0, IPI_SEND, 1, 0xfc), EV(1, IRQ_ENTRY, 0xfc), DID(1, 2, 0), DID(1, 3, 2),
	EV(1, IRQ_EXIT, 0xfc), END(0), END(2),
};
STREAM(bad_fell_back_for_one) = {
	SERVES, GEN(0, 2), MULTI(0, 2), GEN(2, 3), MULTI(2, 2), FAILED(0), FAILED(2),
	EV(0, IPI_SEND, 1, 0xfc), EV(1, IRQ_ENTRY, 0xfc), DID(1, 2, 0),
	EV(1, IRQ_EXIT, 0xfc), END(0), END(2),
};
/* It was for the flush before. */
STREAM(bad_did_another) = {
	SERVES, GEN(0, 2), MULTI(0, 2), GEN(2, 3), MULTI(2, 2), FAILED(0), FAILED(2),
	EV(0, IPI_SEND, 1, 0xfc), EV(1, IRQ_ENTRY, 0xfc), DID(1, 2, 0), DID(1, 1, 2),
	EV(1, IRQ_EXIT, 0xfc), END(0), END(2),
};

static void fell_back(void)
{
	static const struct expect cases[] = {
		CASE(good_fell_back, NONE, .flushes = 1, .targets = 2, .interrupted = 2),
		CASE(good_fell_back_together, NONE, .flushes = 2, .targets = 2, .interrupted = 2),
		CASE(bad_fell_back_for_one, NONE, .flushes = 2, .targets = 2, .interrupted = 2,
		     .delivered_bad = 1, .violated = 1),
		CASE(bad_did_another, NONE, .flushes = 2, .targets = 2, .interrupted = 2,
		     .delivered_bad = 1, .violated = 1),
		CASE(bad_fell_back_on_nobody, NONE, .flushes = 1, .targets = 2, .interrupted = 1,
		     .delivered_bad = 1, .violated = 1),
		CASE(bad_fell_back_for_no_reason, NONE, .flushes = 1, .targets = 1,
		     .interrupted = 1, .delivered_bad = 1, .violated = 1),
		CASE(bad_fell_back_before, NONE, .flushes = 1, .targets = 1, .interrupted = 1,
		     .delivered_bad = 1, .violated = 1),
		CASE(bad_another_fell_back, NONE, .flushes = 1, .targets = 1, .interrupted = 1,
		     .delivered_bad = 1, .violated = 1),
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
		     .delivered_bad = 1, .violated = 1),
		CASE(bad_elided_by_another, RUNNING, .flushes = 1, .targets = 1,
		     .delivered_bad = 1, .violated = 1),
		CASE(bad_elided_as_lazy, RUNNING, .flushes = 1, .targets = 1, .delivered_bad = 1,
		     .violated = 1),
		CASE(bad_elided_natively, ALL, .flushes = 1, .targets = 1, .delivered_bad = 1,
		     .violated = 1),
	};

	expect_all(cases, NR_OF(cases));
}

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
		CASE(bad_one_not, ALL, .flushes = 1, .targets = 2, .interrupted = 1,
		     .delivered_bad = 1, .violated = 1),
		CASE(bad_nobody, ALL, .flushes = 1, .targets = 2, .delivered_bad = 2,
		     .violated = 1),
		CASE(bad_before_begin, ALL, .flushes = 1, .targets = 1, .delivered_bad = 1,
		     .violated = 1),
		CASE(bad_after_end, ALL, .flushes = 1, .targets = 1, .delivered_bad = 1,
		     .violated = 1),
		CASE(bad_exit_only, ALL, .flushes = 1, .targets = 1, .delivered_bad = 1,
		     .violated = 1),
		CASE(bad_pending_only, ALL, .flushes = 1, .targets = 1, .delivered_bad = 1,
		     .violated = 1),
		CASE(bad_sent_only, ALL, .flushes = 1, .targets = 1, .delivered_bad = 1,
		     .violated = 1),
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
		CASE(bad_last_cpu, ALL, .flushes = 1, .targets = 1, .delivered_bad = 1,
		     .violated = 1),
		CASE(good_each_word, ALL, .flushes = 1, .targets = 4, .interrupted = 4),
		CASE(good_overlap, ALL, .flushes = 2, .targets = 4, .interrupted = 4),
		CASE(bad_overlap, ALL, .flushes = 2, .targets = 4, .interrupted = 3,
		     .delivered_bad = 1, .violated = 1),
		CASE(bad_second_flush, ALL, .flushes = 2, .targets = 2, .interrupted = 1,
		     .delivered_bad = 1, .violated = 1),
		CASE(good_second_without_targets, ALL, .flushes = 2, .targets = 1,
		     .interrupted = 1),
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
		CASE(bad_loaded, ALL, .flushes = 1, .targets = 1, .delivered_bad = 1,
		     .violated = 1),
		CASE(bad_loaded_again, ALL, .flushes = 1, .targets = 1, .delivered_bad = 1,
		     .violated = 1),
		CASE(bad_switches_later, ALL, .flushes = 1, .targets = 1, .delivered_bad = 1,
		     .violated = 1),
	};

	expect_all(cases, NR_OF(cases));
}

/* Columns that are not claimed stay empty, and do not make a trial a violated one. */
static void claimed_only(void)
{
	struct pvtlb_event event[] = { BEGIN(0), MULTI(0, 2), END(0) };
	struct event_stream stream = { .event = event, .nr = NR_OF(event) };

	oracle(&stream, PVTLB_CLAIM_SAFE, INTERRUPTS_ALL, &found);
	CU_ASSERT_EQUAL(found.delivered.targets, 0);
	CU_ASSERT_EQUAL(found.violated, 0);
	oracle(&stream, PVTLB_CLAIM_DELIVERED, INTERRUPTS_ALL, &found);
	CU_ASSERT_EQUAL(found.delivered.bad.total, 1);
	CU_ASSERT_EQUAL(found.violated, 1);
}

/* A guest that maps without end must not keep the oracle busy without end. */
static void too_much(void)
{
	size_t nr = 1u << 18;
	struct pvtlb_event *event = calloc(nr, sizeof(*event));
	struct event_stream stream = { .event = event, .nr = nr };

	/* From the top down: the worst order. */
	for (size_t i = 0; i < nr; i++)
		event[i] = (struct pvtlb_event)STORE(0, 1, VA - i * PAGE, 0, OLD | RW, 12);
	oracle(&stream, PVTLB_CLAIMS, INTERRUPTS_ALL, &found);
	CU_ASSERT_TRUE(found.safe.gave_up);
	free(event);
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
		     .delivered_bad = 1, .violated = 1),
		CASE(good_irq_of_others, NONE, .flushes = 1, .targets = 2),
		CASE(good_sent_before, NONE, TAKEN_ONE),
		CASE(good_sent_by_other, NONE, TAKEN_ONE),
		CASE(bad_sent_by_flush, NONE, TAKEN_ONE, .delivered_bad = 1, .violated = 1),
		CASE(bad_sent_to_other, NONE, TAKEN_ONE, .delivered_bad = 1, .violated = 1),
		CASE(bad_other_vector, NONE, TAKEN_ONE, .delivered_bad = 1, .violated = 1),
		CASE(bad_one_more, NONE, TAKEN_ONE, .delivered_bad = 1, .violated = 1),
		CASE(bad_one_before, NONE, TAKEN_ONE, .delivered_bad = 1, .violated = 1),
	};

	expect_all(cases, NR_OF(cases));
}

/* What a violation says about the flush. */
static void delivered_details(void)
{
	STREAM(bad_third_step) = {
		TRIAL(0, 0), BEGIN(1), MULTI(1, 5), IRQ(0),
		IRQ(2),	     END(1),   TRIAL(2, 3), BEGIN_AT(1, 9, VA, FULL),
		MULTI(1, 5), IRQ(0),   END(1),
	};
	const struct violation *v = found.delivered.bad.v;

	judge_stream(bad_third_step, NR_OF(bad_third_step), INTERRUPTS_ALL);
	CU_ASSERT_EQUAL_FATAL(found.delivered.bad.total, 1);
	CU_ASSERT_EQUAL(found.delivered.bad.kept, 1);
	CU_ASSERT_EQUAL(v->kind, VIOLATION_NOT_INTERRUPTED);
	CU_ASSERT_EQUAL(v->cpu, 2);
	CU_ASSERT_EQUAL(v->initiator, 1);
	CU_ASSERT_EQUAL(v->trial, 2);
	CU_ASSERT_EQUAL(v->step, 3);
	CU_ASSERT_EQUAL(v->mm, 9);
	CU_ASSERT_EQUAL(v->flush_begin, 10);
	CU_ASSERT_EQUAL(v->flush_end, 14);
	judge_stream(bad_third_step, NR_OF(bad_third_step), INTERRUPTS_NONE);
	CU_ASSERT_EQUAL(found.delivered.bad.total, 3);
	CU_ASSERT_EQUAL(v->kind, VIOLATION_INTERRUPTED);
	CU_ASSERT_EQUAL(v->cpu, 0);
}

/* --- safe: a page of OLD, changed, flushed, looked at by CPU 1 --- */

STREAM(good_remap) = { SET(OLD | RW, NEW | RW), BEGIN(0), END(0), READ(1, 4, NEW) };
STREAM(bad_remap_read) = { SET(OLD | RW, NEW | RW), BEGIN(0), END(0), READ(1, 4, OLD) };
STREAM(bad_remap_write) = { SET(OLD | RW, NEW | RW), BEGIN(0), END(0), WRITE(1, 4, OLD) };
STREAM(bad_remap_elsewhere) = { SET(OLD | RW, NEW | RW), BEGIN(0), END(0), READ(1, 4, OLD + PAGE) };
STREAM(bad_initiator_itself) = { SET(OLD | RW, NEW | RW), BEGIN(0), END(0), READ(0, 4, OLD) };
STREAM(good_unmap) = {
	SET(OLD | RW, 0),
	BEGIN(0),
	END(0),
	LOOK(1, 1, VA, READ, NOT_PRESENT, 0, 4),
	LOOK(1, 1, VA, WRITE, NOT_PRESENT, 0, 4),
};
STREAM(bad_unmap) = { SET(OLD | RW, 0), BEGIN(0), END(0), READ(1, 4, OLD) };
STREAM(bad_unmap_protected) = {
	SET(OLD | RW, 0),
	BEGIN(0),
	END(0),
	LOOK(1, 1, VA, WRITE, PROTECTED, 0, 4),
};
/* An entry that is not present may say anything else in its other bits. */
STREAM(good_unmap_other_bits) = {
	SET(OLD | RW, OLD | 6),
	BEGIN(0),
	END(0),
	LOOK(1, 1, VA, READ, NOT_PRESENT, 0, 4),
};
STREAM(bad_unmap_other_bits) = { SET(OLD | RW, OLD | 6), BEGIN(0), END(0), READ(1, 4, OLD) };
STREAM(good_map) = { SET(0, NEW | RW), BEGIN(0), END(0), READ(1, 4, NEW) };
STREAM(bad_map_not_seen) = {
	SET(0, NEW | RW),
	BEGIN(0),
	END(0),
	LOOK(1, 1, VA, READ, NOT_PRESENT, 0, 4),
};
STREAM(good_protect) = {
	SET(OLD | RW, OLD | RO), BEGIN(0), END(0), LOOK(1, 1, VA, WRITE, PROTECTED, 0, 4),
	READ(1, 4, OLD),
};
STREAM(bad_protect) = { SET(OLD | RW, OLD | RO), BEGIN(0), END(0), WRITE(1, 4, OLD) };
STREAM(bad_unprotect) = {
	SET(OLD | RO, OLD | RW),
	BEGIN(0),
	END(0),
	LOOK(1, 1, VA, WRITE, PROTECTED, 0, 4),
};
/* Reading cannot find a page write-protected. */
STREAM(bad_protected_read) = {
	SET(OLD | RW, OLD | RO),
	BEGIN(0),
	END(0),
	LOOK(1, 1, VA, READ, PROTECTED, 0, 4),
};
STREAM(bad_no_such_outcome) = {
	SET(OLD | RW, NEW | RW),
	BEGIN(0),
	END(0),
	EV(1, ACCESS, 1, VA, 1, 9, NEW, 4),
};

static void safe_changes(void)
{
	static const struct expect cases[] = {
		CASE(good_remap, .flushes = 1, .checks = 1),
		CASE(bad_remap_read, .flushes = 1, .checks = 1, .safe_bad = 1, .violated = 1),
		CASE(bad_remap_write, .flushes = 1, .checks = 1, .safe_bad = 1, .violated = 1),
		CASE(bad_remap_elsewhere, .flushes = 1, .checks = 1, .safe_bad = 1, .violated = 1),
		CASE(bad_initiator_itself, .flushes = 1, .checks = 1, .safe_bad = 1, .violated = 1),
		CASE(good_unmap, .flushes = 1, .checks = 2),
		CASE(bad_unmap, .flushes = 1, .checks = 1, .safe_bad = 1, .violated = 1),
		CASE(bad_unmap_protected, .flushes = 1, .checks = 1, .safe_bad = 1, .violated = 1),
		CASE(good_unmap_other_bits, .flushes = 1, .checks = 1),
		CASE(bad_unmap_other_bits, .flushes = 1, .checks = 1, .safe_bad = 1, .violated = 1),
		CASE(good_map, .flushes = 1, .checks = 1),
		CASE(bad_map_not_seen, .flushes = 1, .checks = 1, .safe_bad = 1, .violated = 1),
		CASE(good_protect, .flushes = 1, .checks = 2),
		CASE(bad_protect, .flushes = 1, .checks = 1, .safe_bad = 1, .violated = 1),
		CASE(bad_unprotect, .flushes = 1, .checks = 1, .safe_bad = 1, .violated = 1),
		CASE(bad_protected_read, .flushes = 1, .checks = 1, .safe_bad = 1, .violated = 1),
		CASE(bad_no_such_outcome, .flushes = 1, .checks = 1, .safe_bad = 1, .violated = 1),
	};

	expect_all(cases, NR_OF(cases));
}

STREAM(good_no_flush) = { SET(OLD | RW, NEW | RW), READ(1, 2, OLD) };
STREAM(good_flush_not_ended) = { SET(OLD | RW, NEW | RW), BEGIN(0), READ(1, 3, OLD) };
/* since 2: the flush's end came while the access was under way. */
STREAM(good_began_before_end) = { SET(OLD | RW, NEW | RW), BEGIN(0), END(0), READ(1, 3, OLD) };
STREAM(good_flush_before_change) = { BEGIN(0), END(0), SET(OLD | RW, NEW | RW), READ(1, 4, OLD) };
STREAM(good_end_of_nothing) = { SET(OLD | RW, NEW | RW), END(0), READ(1, 3, OLD) };
STREAM(good_end_on_other_cpu) = { SET(OLD | RW, NEW | RW), BEGIN(0), END(2), READ(1, 4, OLD) };
STREAM(good_never_changed) = { BEGIN(0), END(0), READ(1, 2, OLD) };
STREAM(good_other_page) = {
	SET(OLD | RW, NEW | RW),
	BEGIN(0),
	END(0),
	LOOK(1, 1, VA + PAGE, READ, OK, OLD, 4),
	LOOK(1, 1, VA - 1, READ, OK, OLD, 4),
};
STREAM(good_access_of_other_mm) = {
	SET(OLD | RW, NEW | RW),
	BEGIN(0),
	END(0),
	LOOK(1, 2, VA, READ, OK, OLD, 4),
};
/* The change came after the begin: this flush owes nothing for it, old and new are right. */
STREAM(good_change_in_flush_old) = { BEGIN(0), SET(OLD | RW, NEW | RW), END(0), READ(1, 4, OLD) };
STREAM(good_change_in_flush_new) = { BEGIN(0), SET(OLD | RW, NEW | RW), END(0), READ(1, 4, NEW) };
STREAM(bad_change_in_flush_neither) = {
	BEGIN(0),
	SET(OLD | RW, NEW | RW),
	END(0),
	READ(1, 4, NEW + PAGE),
};
STREAM(good_change_after_flush) = {
	SET(OLD | RW, NEW | RW), BEGIN(0),	  END(0),
	SET(NEW | RW, 0),	 READ(1, 4, NEW), LOOK(1, 1, VA, READ, NOT_PRESENT, 0, 6),
};
STREAM(bad_older_than_flush) = {
	SET(OLD | RW, NEW | RW), BEGIN(0), END(0), SET(NEW | RW, 0), READ(1, 4, OLD),
};
/* There and back before the flush: what was in between is over, too. */
STREAM(bad_in_between) = {
	SET(OLD | RW, NEW | RW), SET(NEW | RW, OLD | RW), BEGIN(0), END(0), READ(1, 6, NEW),
};
STREAM(good_there_and_back) = {
	SET(OLD | RW, NEW | RW), SET(NEW | RW, OLD | RW), BEGIN(0), END(0), READ(1, 6, OLD),
};
/* Two flushes: the one that began last counts, whichever ended first. */
STREAM(bad_second_flush_counts) = {
	SET(OLD | RW, NEW | RW), BEGIN(0), END(0), SET(NEW | RW, 0), BEGIN(0), END(0),
	READ(1, 8, NEW),
};
STREAM(good_only_first_ended) = {
	SET(OLD | RW, NEW | RW), BEGIN(0), END(0), SET(NEW | RW, 0), BEGIN(0), END(0),
	READ(1, 7, NEW),
};
STREAM(bad_overlapping_flushes) = {
	BEGIN(0), SET(OLD | RW, NEW | RW), BEGIN(2), END(2), END(0), READ(1, 6, OLD),
};
STREAM(good_later_one_not_ended) = {
	BEGIN(0), SET(OLD | RW, NEW | RW), BEGIN(2), END(0), READ(1, 5, OLD),
};
STREAM(bad_several) = {
	SET(OLD | RW, NEW | RW), BEGIN(0),	  END(0),
	READ(1, 4, OLD),	 READ(2, 4, OLD), READ(3, 4, NEW),
};

static void safe_times(void)
{
	static const struct expect cases[] = {
		CASE(good_no_flush, .checks = 0),
		CASE(good_flush_not_ended, .checks = 0),
		CASE(good_began_before_end, .flushes = 1, .checks = 0),
		CASE(good_flush_before_change, .flushes = 1, .checks = 0),
		CASE(good_end_of_nothing, .checks = 0),
		CASE(good_end_on_other_cpu, .checks = 0),
		CASE(good_never_changed, .flushes = 1, .checks = 0),
		CASE(good_other_page, .flushes = 1, .checks = 0),
		CASE(good_access_of_other_mm, .flushes = 1, .checks = 0),
		CASE(good_change_in_flush_old, .flushes = 1, .checks = 1),
		CASE(good_change_in_flush_new, .flushes = 1, .checks = 1),
		CASE(bad_change_in_flush_neither, .flushes = 1, .checks = 1, .safe_bad = 1,
		     .violated = 1),
		CASE(good_change_after_flush, .flushes = 1, .checks = 2),
		CASE(bad_older_than_flush, .flushes = 1, .checks = 1, .safe_bad = 1, .violated = 1),
		CASE(bad_in_between, .flushes = 1, .checks = 1, .safe_bad = 1, .violated = 1),
		CASE(good_there_and_back, .flushes = 1, .checks = 1),
		CASE(bad_second_flush_counts, .flushes = 2, .checks = 1, .safe_bad = 1,
		     .violated = 1),
		CASE(good_only_first_ended, .flushes = 2, .checks = 1),
		CASE(bad_overlapping_flushes, .flushes = 2, .checks = 1, .safe_bad = 1,
		     .violated = 1),
		CASE(good_later_one_not_ended, .flushes = 1, .checks = 1),
		CASE(bad_several, .flushes = 1, .checks = 3, .safe_bad = 2, .violated = 1),
	};

	expect_all(cases, NR_OF(cases));
}

/* A flush of [start, end) of an mm, and whether it bears upon a stale read of the page at VA. */
static void safe_extents(void)
{
	static const struct {
		const char *what;
		uint64_t mm, start, end;
		bool covers;
	} cases[] = {
		{ "the page", 1, VA, VA + PAGE, true },
		{ "more", 1, VA - 8 * PAGE, VA + 8 * PAGE, true },
		{ "from the start of the space", 1, 0, VA + PAGE, true },
		{ "everything", 1, 0, FULL, true },
		{ "everything from behind it", 1, VA + PAGE, FULL, true },
		{ "a byte at its start", 1, VA, VA + 1, true },
		{ "a byte at its end", 1, VA + PAGE - 1, VA + PAGE, true },
		{ "up to it", 1, VA - PAGE, VA, false },
		{ "from behind it", 1, VA + PAGE, VA + 2 * PAGE, false },
		{ "nothing", 1, 0, 0, false },
		{ "another mm", 2, VA, VA + PAGE, false },
		{ "another mm, everything", 2, 0, FULL, false },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		const struct pvtlb_event stream[] = {
			SET(OLD | RW, NEW | RW),
			BEGIN_AT(0, cases[i].mm, cases[i].start, cases[i].end),
			END(0),
			READ(1, 4, OLD),
		};

		judge_stream(stream, NR_OF(stream), INTERRUPTS_ALL);
		EXPECT(found.safe.checks == cases[i].covers, "%s: checks", cases[i].what);
		EXPECT(found.safe.bad.total == cases[i].covers, "%s: bad", cases[i].what);
	}
}

#define LVA		    0x140000000000ull
#define SET_2M(old, new)    SET_AT(1, LVA, old, new, LARGE)
#define BEGIN_2M	    BEGIN_AT(0, 1, LVA, LVA + (1ull << LARGE))
#define READ_2M(off, value) LOOK(1, 1, LVA + (off), READ, OK, value, 4)

STREAM(good_large) = {
	SET_2M(OLD | RW, NEW | RW),
	BEGIN_2M,
	END(0),
	READ_2M(0, NEW),
	READ_2M(PAGE, NEW + PAGE),
	READ_2M(0x1ff123, NEW + 0x1ff000),
};
STREAM(bad_large) = {
	SET_2M(OLD | RW, NEW | RW), BEGIN_2M, END(0), READ_2M(0, OLD), READ_2M(PAGE, OLD + PAGE),
	READ_2M(0x1ff000, NEW),
};
/* The PAT bit of a large entry, bit 12, is no part of its address. */
STREAM(good_large_pat) = {
	SET_2M(OLD | RW, NEW | PAGE | RW),
	BEGIN_2M,
	END(0),
	READ_2M(0, NEW),
};
/* One page of it flushed is all of it flushed: there is one translation. */
STREAM(bad_large_partial) = {
	SET_2M(OLD | RW, NEW | RW),
	BEGIN_AT(0, 1, LVA + 5 * PAGE, LVA + 6 * PAGE),
	END(0),
	READ_2M(0x100000, OLD + 0x100000),
};
STREAM(good_large_beside) = {
	SET_2M(OLD | RW, NEW | RW),
	BEGIN_AT(0, 1, LVA + (1ull << LARGE), LVA + (1ull << 22)),
	END(0),
	READ_2M(0, OLD),
};
/* The change was told by an address in the middle. */
STREAM(bad_large_middle) = {
	SET_AT(1, LVA + 0x12345, OLD | RW, NEW | RW, LARGE),
	BEGIN_2M,
	END(0),
	READ_2M(0, OLD),
};
STREAM(good_bits_beyond_address) = {
	SET((1ull << 63) | OLD | RW, (1ull << 63) | NEW | RW),
	BEGIN(0),
	END(0),
	READ(1, 4, NEW),
};

static void safe_large(void)
{
	static const struct expect cases[] = {
		CASE(good_large, .flushes = 1, .checks = 3, .large = 3),
		CASE(bad_large, .flushes = 1, .checks = 3, .large = 3, .safe_bad = 3,
		     .violated = 1),
		CASE(good_large_pat, .flushes = 1, .checks = 1, .large = 1),
		CASE(bad_large_partial, .flushes = 1, .checks = 1, .large = 1, .safe_bad = 1,
		     .violated = 1),
		CASE(good_large_beside, .flushes = 1),
		CASE(bad_large_middle, .flushes = 1, .checks = 1, .large = 1, .safe_bad = 1,
		     .violated = 1),
		CASE(good_bits_beyond_address, .flushes = 1, .checks = 1),
	};

	expect_all(cases, NR_OF(cases));
}

/* A place that had small pages and now has a large one, and the other way round. */
STREAM(good_collapsed) = {
	SET_AT(1, LVA, OLD | RW, 0, 12),   BEGIN_2M, END(0), SET_2M(0, NEW | RW), BEGIN_2M, END(0),
	LOOK(1, 1, LVA, READ, OK, NEW, 8),
};
STREAM(bad_collapsed) = {
	SET_AT(1, LVA, OLD | RW, 0, 12),   BEGIN_2M, END(0), SET_2M(0, NEW | RW), BEGIN_2M, END(0),
	LOOK(1, 1, LVA, READ, OK, OLD, 8),
};
STREAM(good_split) = {
	SET_2M(OLD | RW, 0),
	BEGIN_2M,
	END(0),
	SET_AT(1, LVA + PAGE, 0, NEW | RW, 12),
	BEGIN_2M,
	END(0),
	LOOK(1, 1, LVA + PAGE, READ, OK, NEW, 8),
};
STREAM(bad_split) = {
	SET_2M(OLD | RW, 0),
	BEGIN_2M,
	END(0),
	SET_AT(1, LVA + PAGE, 0, NEW | RW, 12),
	BEGIN_2M,
	END(0),
	LOOK(1, 1, LVA + PAGE, READ, OK, OLD + PAGE, 8),
};

static void safe_mixed_sizes(void)
{
	static const struct expect cases[] = {
		CASE(good_collapsed),
		CASE(bad_collapsed, .safe_bad = 1),
		CASE(good_split),
		CASE(bad_split, .safe_bad = 1),
	};

	for (const struct expect *e = cases; e < cases + NR_OF(cases); e++) {
		judge_stream(e->event, e->nr, e->promise);
		AGREES(safe_bad, found.safe.bad.total);
		EXPECT(found.safe.checks > 0, "%s: not checked", e->name);
	}
}

static void safe_details(void)
{
	STREAM(bad_fields) = {
		TRIAL(0, 0), TRIAL(4, 2),      SET(OLD | RW, NEW | RO), BEGIN(2),
		END(2),	     SET(NEW | RO, 0), WRITE(3, 6, OLD),
	};
	const struct violation *v = found.safe.bad.v;

	judge_stream(bad_fields, NR_OF(bad_fields), INTERRUPTS_ALL);
	CU_ASSERT_EQUAL_FATAL(found.safe.bad.total, 1);
	CU_ASSERT_EQUAL(v->kind, VIOLATION_STALE);
	CU_ASSERT_EQUAL(v->cpu, 3);
	CU_ASSERT_EQUAL(v->trial, 4);
	CU_ASSERT_EQUAL(v->step, 2);
	CU_ASSERT_EQUAL(v->mm, 1);
	CU_ASSERT_EQUAL(v->initiator, 2);
	CU_ASSERT_EQUAL(v->flush_begin, 5);
	CU_ASSERT_EQUAL(v->flush_end, 6);
	CU_ASSERT_EQUAL(v->access, 9);
	CU_ASSERT_EQUAL(v->addr, VA);
	CU_ASSERT_EQUAL(v->op, PVTLB_ACCESS_WRITE);
	CU_ASSERT_EQUAL(v->outcome, PVTLB_ACCESS_OK);
	CU_ASSERT_EQUAL(v->value, OLD);
	/* the entry as it is now, not the one that the flush was for */
	CU_ASSERT_EQUAL(v->pte, 0);
	CU_ASSERT_EQUAL(v->pte_set, 7);
}

/* --- both columns --- */

#define STALE SET(OLD | RW, NEW | RW), BEGIN(0), END(0)

STREAM(good_nothing) = { EV(0, CPU_UP, 0) };
STREAM(good_three_trials) = { TRIAL(0, 0), TRIAL(1, 0), TRIAL(2, 0) };
STREAM(good_steps_of_a_trial) = { TRIAL(0, 0), TRIAL(0, 1), TRIAL(0, 2) };
STREAM(bad_before_any_trial) = { STALE, READ(1, 4, OLD) };
STREAM(bad_one_of_three) = {
	TRIAL(0, 0), TRIAL(1, 0), STALE, READ(1, 6, OLD), READ(2, 6, OLD), TRIAL(2, 0),
};
STREAM(bad_two_of_three) = {
	TRIAL(0, 0), BEGIN(0),	  MULTI(0, 2), END(0),
	TRIAL(1, 0), TRIAL(2, 0), STALE,       READ(1, 10, OLD),
};
STREAM(bad_both_kinds_in_one) = {
	TRIAL(0, 0), BEGIN(0), MULTI(0, 2), END(0), STALE, READ(1, 8, OLD), TRIAL(1, 0),
};
STREAM(bad_in_two_steps_of_one) = {
	TRIAL(0, 0), STALE, READ(1, 5, OLD), TRIAL(0, 1), READ(1, 5, OLD), TRIAL(1, 0),
};

static void trials(void)
{
	static const struct expect cases[] = {
		CASE(good_nothing, .trials = 1),
		CASE(good_three_trials, .trials = 3),
		CASE(good_steps_of_a_trial, .trials = 1),
		CASE(bad_before_any_trial, .flushes = 1, .checks = 1, .safe_bad = 1, .trials = 1,
		     .violated = 1),
		CASE(bad_one_of_three, .flushes = 1, .checks = 2, .safe_bad = 2, .trials = 3,
		     .violated = 1),
		CASE(bad_two_of_three, .flushes = 2, .targets = 1, .delivered_bad = 1, .checks = 1,
		     .safe_bad = 1, .trials = 3, .violated = 2),
		CASE(bad_both_kinds_in_one, .flushes = 2, .targets = 1, .delivered_bad = 1,
		     .checks = 1, .safe_bad = 1, .trials = 2, .violated = 1),
		CASE(bad_in_two_steps_of_one, .flushes = 1, .checks = 2, .safe_bad = 2, .trials = 2,
		     .violated = 1),
	};

	expect_all(cases, NR_OF(cases));
}

/* Numbers no honest guest gives its trials neither crash nor count. */
static void trials_hostile(void)
{
	static const uint64_t numbers[] = { ORACLE_MAX_TRIALS, UINT32_MAX, 1ull << 32, UINT64_MAX };

	for (size_t i = 0; i < NR_OF(numbers); i++) {
		const struct pvtlb_event stream[] = {
			TRIAL(0, 0), TRIAL(1, 0), TRIAL(numbers[i], 0), STALE, READ(1, 7, OLD),
		};

		judge_stream(stream, NR_OF(stream), INTERRUPTS_ALL);
		EXPECT(found.trials == 2, "%#llx: %u trials", (unsigned long long)numbers[i],
		       found.trials);
		CU_ASSERT_EQUAL(found.violated, 1);
		CU_ASSERT_EQUAL(found.safe.bad.total, 1);
	}
}

static void no_events(void)
{
	static const struct event_stream none;

	oracle(&none, PVTLB_CLAIMS, INTERRUPTS_ALL, &found);
	CU_ASSERT_EQUAL(found.trials, 1);
	CU_ASSERT_EQUAL(found.violated, 0);
	CU_ASSERT_EQUAL(found.delivered.flushes, 0);
	CU_ASSERT_EQUAL(found.safe.checks, 0);
}

/* A stream of well-formed noise: whatever comes out, the numbers must fit each other. */
static void noise(void)
{
	static struct pvtlb_event stream[400];
	struct rnd rng = { 0x6f726163 };
	unsigned int odd = 0;
	uint64_t checks = 0;

	for (unsigned int round = 0; round < 300; round++) {
		for (size_t i = 0; i < NR_OF(stream); i++) {
			stream[i].id = 1 + rnd_below(&rng, PVTLB_EV_NR - 1);
			/* The oracle may be given CPUs that the log would not let through. */
			stream[i].cpu = rnd_below(&rng, rnd_below(&rng, 16) ? 4 : UINT16_MAX + 1);
			for (int a = 0; a < PVTLB_EVENT_ARGS; a++)
				stream[i].arg[a] = rnd_below(&rng, 8)	? rnd_below(&rng, 4)
						   : rnd_below(&rng, 2) ? 12
									: rnd(&rng);
		}
		judge_stream(stream, NR_OF(stream), rnd_below(&rng, 2));
		checks += found.safe.checks;
		odd += found.delivered.interrupted > found.delivered.targets;
		odd += found.delivered.walkers_interrupted > found.delivered.walkers;
		odd += found.safe.checks_large > found.safe.checks;
		odd += found.violated > found.trials;
		odd += !found.violated != !(found.delivered.bad.total + found.safe.bad.total);
	}
	CU_ASSERT_EQUAL(odd, 0);
	CU_ASSERT(checks > 0);
}

/* The first ones are kept, all are counted. */
static void add_cap(void)
{
	struct violations all = { 0 };

	for (unsigned int i = 0; i < 40; i++) {
		violations_add(&all, &(struct violation){ .cpu = i });
		EXPECT(all.total == i + 1, "total after %u", i + 1);
		EXPECT(all.kept == (i < 16 ? i + 1 : 16), "kept after %u", i + 1);
	}
	for (unsigned int i = 0; i < VIOLATIONS_KEPT; i++)
		EXPECT(all.v[i].cpu == i, "number %u", i);
	CU_ASSERT_EQUAL(VIOLATIONS_KEPT, 16);
}

static void count_hit(void *ctx, const struct violation *v)
{
	unsigned int *hits = ctx;

	hits[v->kind]++;
}

/* Each column by itself, with and without somebody who listens. */
static void columns(void)
{
	struct pvtlb_event event[] = {
		BEGIN(0), MULTI(0, 6), IRQ(2), END(0), STALE, READ(1, 9, OLD)
	};
	const struct event_stream stream = { .event = event, .nr = NR_OF(event) };
	unsigned int hits[VIOLATION_KINDS] = { 0 };
	struct delivered d;
	struct safe s;

	for (size_t i = 0; i < NR_OF(event); i++)
		event[i].seq = i + 1;
	oracle_delivered(&stream, INTERRUPTS_ALL, &d, count_hit, hits);
	oracle_safe(&stream, &s, count_hit, hits);
	CU_ASSERT_EQUAL(hits[VIOLATION_NOT_INTERRUPTED], 1);
	CU_ASSERT_EQUAL(hits[VIOLATION_INTERRUPTED], 0);
	CU_ASSERT_EQUAL(hits[VIOLATION_STALE], 1);
	oracle_delivered(&stream, INTERRUPTS_NONE, &d, NULL, NULL);
	oracle_safe(&stream, &s, NULL, NULL);
	CU_ASSERT_EQUAL(d.bad.total, 1);
	CU_ASSERT_EQUAL(d.bad.v[0].kind, VIOLATION_INTERRUPTED);
	CU_ASSERT_EQUAL(s.bad.total, 1);
}

/* --- text --- */

static void texts(void)
{
	static const struct {
		struct violation v;
		const char *want;
	} cases[] = {
		{ { .kind = VIOLATION_NOT_INTERRUPTED,
		    .cpu = 3,
		    .trial = 7,
		    .step = 2,
		    .mm = 1,
		    .initiator = 0,
		    .flush_begin = 120,
		    .flush_end = 131 },
		  "CPU 3 did not take an interrupt between the start and the return of CPU 0's "
		  "flush "
		  "#120 to #131 of mm 1, which it was a target of (trial 7, step 2)" },
		{ { .kind = VIOLATION_INTERRUPTED,
		    .cpu = 254,
		    .mm = UINT64_MAX,
		    .initiator = 1,
		    .flush_begin = 1,
		    .flush_end = UINT64_MAX },
		  "CPU 254 took an interrupt between the start and the return of CPU 1's flush #1 "
		  "to "
		  "#18446744073709551615 of mm 18446744073709551615, which it was a target of "
		  "(trial 0, step 0)" },
		{ { .kind = VIOLATION_STALE,
		    .cpu = 1,
		    .trial = 4,
		    .step = 3,
		    .mm = 2,
		    .flush_begin = 20,
		    .flush_end = 29,
		    .access = 33,
		    .addr = VA,
		    .op = PVTLB_ACCESS_READ,
		    .outcome = PVTLB_ACCESS_OK,
		    .value = OLD,
		    .pte = NEW | RW,
		    .pte_set = 19 },
		  "CPU 1 read 0x100000000000 of mm 2 and reached page 0x2000000 (#33), though it "
		  "is "
		  "page 0x2200000, writable since #19 and CPU 0's flush #20 to #29 had returned "
		  "(trial 4, step 3)" },
		{ { .kind = VIOLATION_STALE,
		    .cpu = 1,
		    .mm = 2,
		    .initiator = 5,
		    .flush_begin = 20,
		    .flush_end = 29,
		    .access = 33,
		    .addr = VA,
		    .op = PVTLB_ACCESS_WRITE,
		    .outcome = PVTLB_ACCESS_OK,
		    .value = OLD,
		    .pte = OLD | RO,
		    .pte_set = 19 },
		  "CPU 1 wrote to 0x100000000000 of mm 2 and reached page 0x2000000 (#33), though "
		  "it "
		  "is page 0x2000000, read-only since #19 and CPU 5's flush #20 to #29 had "
		  "returned "
		  "(trial 0, step 0)" },
		{ { .kind = VIOLATION_STALE,
		    .cpu = 1,
		    .access = 33,
		    .addr = VA,
		    .op = PVTLB_ACCESS_READ,
		    .outcome = PVTLB_ACCESS_NOT_PRESENT,
		    .pte = (1ull << 63) | OLD | RW,
		    .pte_set = 19 },
		  "CPU 1 read 0x100000000000 of mm 0 and found nothing mapped (#33), though it is "
		  "page 0x2000000, writable since #19 and CPU 0's flush #0 to #0 had returned "
		  "(trial 0, step 0)" },
		{ { .kind = VIOLATION_STALE,
		    .op = PVTLB_ACCESS_WRITE,
		    .outcome = PVTLB_ACCESS_PROTECTED,
		    .pte = OLD | 6 },
		  "CPU 0 wrote to 0 of mm 0 and found it write-protected (#0), though it is not "
		  "mapped since #0 and CPU 0's flush #0 to #0 had returned (trial 0, step 0)" },
		{ { .kind = VIOLATION_STALE, .op = 77, .outcome = UINT64_MAX },
		  "CPU 0 read 0 of mm 0 and ? (#0), though it is not mapped since #0 and CPU 0's "
		  "flush #0 to #0 had returned (trial 0, step 0)" },
		{ { .kind = VIOLATION_USE_AFTER_FREE,
		    .cpu = 2,
		    .mm = 1,
		    .addr = VA,
		    .walk = 10,
		    .table = TABLE,
		    .pointer = 14,
		    .release = 23,
		    .released_as = PVTLB_EV_TABLE_FREE,
		    .use = 26 },
		  "CPU 2's walk #10 of 0x100000000000 of mm 1 read page table 0x3000 (#26) through "
		  "a pointer from #14, though CPU 0 freed it at #23 (trial 0, step 0)" },
		{ { .kind = VIOLATION_USE_AFTER_DEPOSIT,
		    .released_by = 3,
		    .released_as = PVTLB_EV_TABLE_DEPOSIT },
		  "CPU 0's walk #0 of 0 of mm 0 read page table 0 (#0) through a pointer from #0, "
		  "though CPU 3 deposited it at #0 (trial 0, step 0)" },
		{ { .kind = VIOLATION_USE_AFTER_UNSHARE, .released_as = PVTLB_EV_TABLE_OWN },
		  "CPU 0's walk #0 of 0 of mm 0 read page table 0 (#0) through a pointer from #0, "
		  "though CPU 0 unshared it at #0 (trial 0, step 0)" },
		{ { .kind = VIOLATION_WRONG_PAGE,
		    .cpu = 2,
		    .mm = 1,
		    .addr = VA,
		    .walk = 10,
		    .value = OLD,
		    .pte = NEW | RO,
		    .pte_set = 8,
		    .use = 26 },
		  "CPU 2's walk #10 of 0x100000000000 of mm 1 took page 0x2000000 (#26), which was "
		  "not mapped there at any time since it began; it is page 0x2200000, read-only "
		  "since #8 (trial 0, step 0)" },
		{ { .kind = VIOLATION_WALK_INTERRUPTED, .cpu = 2, .walk = 10, .value = 0xfc, .use = 12 },
		  "CPU 2's walk #10 of 0 of mm 0, which was to run with IRQs off, was interrupted "
		  "(#12, vector 0xfc) (trial 0, step 0)" },
		{ { .kind = VIOLATION_NOT_FLUSHED,
		    .mm = 1,
		    .addr = VA,
		    .table = TABLE,
		    .unhook = 15,
		    .release = 23,
		    .released_as = PVTLB_EV_TABLE_FREE },
		  "CPU 0 freed page table 0x3000 (#23), unhooked from 0x100000000000 of mm 1 at "
		  "#15, though no flush of that had returned: hardware may still walk through it "
		  "(trial 0, step 0)" },
		{ { .kind = VIOLATION_ACK_EARLY,
		    .cpu = 3,
		    .mm = 1,
		    .flush_begin = 17,
		    .flush_end = 21,
		    .enter = 19 },
		  "CPU 0's flush #17 to #21 of mm 1 returned before CPU 3, which had begun its part "
		  "at #19, had done it (trial 0, step 0)" },
		{ { .kind = VIOLATION_WALKER_NOT_INTERRUPTED,
		    .cpu = 2,
		    .mm = 1,
		    .walk = 10,
		    .table = TABLE,
		    .unhook = 15,
		    .release = 23,
		    .released_as = PVTLB_EV_TABLE_DEPOSIT,
		    .sync = 20,
		    .sync_skipped = true },
		  "CPU 0 deposited page table 0x3000 (#23), unhooked at #15, with sync #20 skipped, "
		  "while CPU 2 was still in its walk #10 of mm 1 and had not been interrupted "
		  "(trial 0, step 0)" },
		{ { .kind = VIOLATION_WALKER_NOT_INTERRUPTED, .released_as = PVTLB_EV_TABLE_FREE },
		  "CPU 0 freed page table 0 (#0), unhooked at #0, with no sync, while CPU 0 was "
		  "still in its walk #0 of mm 0 and had not been interrupted (trial 0, step 0)" },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		char text[512], small[16];

		CU_ASSERT_PTR_EQUAL(violation_text(&cases[i].v, text, sizeof(text)), text);
		EXPECT(!strcmp(text, cases[i].want), "%zu: %s", i, text);
		violation_text(&cases[i].v, small, sizeof(small));
		EXPECT(strlen(small) == sizeof(small) - 1 &&
			       !strncmp(small, cases[i].want, sizeof(small) - 1),
		       "%zu, cut off: %.16s", i, small);
	}
}

static void names(void)
{
	static const char *const want[VIOLATION_KINDS] = {
		[VIOLATION_NOT_INTERRUPTED] = "not-interrupted",
		[VIOLATION_INTERRUPTED] = "interrupted",
		[VIOLATION_ACK_EARLY] = "ack-early",
		[VIOLATION_NOT_SERVED] = "not-served",
		[VIOLATION_OVER_SERVED] = "over-served",
		[VIOLATION_WALKER_NOT_INTERRUPTED] = "walker-not-interrupted",
		[VIOLATION_STALE] = "stale",
		[VIOLATION_USE_AFTER_FREE] = "use-after-free",
		[VIOLATION_USE_AFTER_DEPOSIT] = "use-after-deposit",
		[VIOLATION_USE_AFTER_UNSHARE] = "use-after-unshare",
		[VIOLATION_WRONG_PAGE] = "wrong-page",
		[VIOLATION_WALK_INTERRUPTED] = "walk-interrupted",
		[VIOLATION_NOT_FLUSHED] = "not-flushed",
	};

	for (unsigned int i = 0; i < VIOLATION_KINDS; i++)
		CU_ASSERT_STRING_EQUAL(violation_names[i], want[i]);
}

SUITE(unit_oracle, false, { "delivered: a backend that interrupts all", delivered },
      { "delivered: a backend that interrupts none", delivered_none },
      { "delivered: a backend that interrupts those that run", running },
      { "delivered: what the hypervisor was asked for", served },
	{ "delivered: a hypercall that came to nothing", fell_back },
      { "delivered: who has the mm loaded", delivered_loaded },
      { "delivered: what a violation says", delivered_details },
      { "only what is claimed", claimed_only }, { "more than can be checked", too_much },
      { "safe: remap, unmap, protect", safe_changes },
      { "safe: before, during and after a flush", safe_times },
      { "safe: what a flush covers", safe_extents }, { "safe: 2 MiB", safe_large },
      { "safe: sizes mixed at one place", safe_mixed_sizes },
      { "safe: what a violation says", safe_details }, { "trials", trials },
      { "trials numbered by a hostile guest", trials_hostile }, { "no events", no_events },
      { "noise", noise }, { "violations_add keeps the first 16", add_cap },
      { "the columns by themselves", columns }, { "violation_text", texts },
      { "violation_names", names });
