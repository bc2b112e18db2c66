/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle, delivered: what a hypervisor was asked for, and whether a flush waited for all. */
#include "stream.h"

/* What the hypervisor was asked for: it covers the page, in pieces, on CPU 1 only. */
#define SERVED(cpu, start, end, set) EV(cpu, SERVED, start, end, { { set } })
#define BEGIN_8(cpu)		     BEGIN_AT(cpu, 1, VA, VA + 8 * PAGE)
STREAM(good_served) = { BEGIN(0), MULTI(0, 2), SERVED(0, VA, VA + PAGE, 2), END(0) };
STREAM(good_served_all) = { BEGIN(0), MULTI(0, 2), SERVED(0, 0, FULL, 2), END(0) };
STREAM(good_served_pieces) = {
	BEGIN_8(0),
	MULTI(0, 2),
	SERVED(0, VA + 4 * PAGE, VA + 8 * PAGE, 2),
	SERVED(0, VA, VA + 4 * PAGE, 2),
	END(0),
};
STREAM(bad_served_gap) = {
	BEGIN_8(0),
	MULTI(0, 2),
	SERVED(0, VA, VA + 3 * PAGE, 2),
	SERVED(0, VA + 4 * PAGE, VA + 8 * PAGE, 2),
	END(0),
};
STREAM(bad_served_short) = { BEGIN_8(0), MULTI(0, 2), SERVED(0, VA, VA + 7 * PAGE, 2), END(0) };
STREAM(bad_served_range_for_all) = {
	BEGIN_AT(0, 1, 0, FULL),
	MULTI(0, 2),
	SERVED(0, 0, FULL - PAGE, 2),
	END(0),
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
		CASE(good_served, NONE, .flushes = 1, .targets = 1),
		CASE(good_served_all, NONE, .flushes = 1, .targets = 1),
		CASE(good_served_pieces, NONE, .flushes = 1, .targets = 1),
		CASE(bad_served_gap, NONE, .flushes = 1, .targets = 1, UNDELIVERED),
		CASE(bad_served_short, NONE, .flushes = 1, .targets = 1, UNDELIVERED),
		CASE(bad_served_range_for_all, NONE, .flushes = 1, .targets = 1, UNDELIVERED),
		CASE(bad_served_other, NONE, .flushes = 1, .targets = 2, UNDELIVERED),
		CASE(bad_served_too_many, NONE, .flushes = 1, .targets = 1, UNDELIVERED),
		CASE(bad_served_for_another, NONE, .flushes = 2, .targets = 2, UNDELIVERED),
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
#define GEN(cpu, gen)	    EV(cpu, FLUSH_BEGIN, 1, VA, VA + PAGE, gen)
#define DID(cpu, gen, init) EV(cpu, FLUSH_FUNC, 1, gen, PVTLB_FLUSHED_FULL, init)
#define BOTH_FAIL                                                                                  \
	SERVED(3, VA, VA + PAGE, 0), GEN(0, 2), MULTI(0, 2), GEN(2, 3), MULTI(2, 2), FAILED(0),     \
		FAILED(2), EV(0, IPI_SEND, 1, 0xfc), EV(1, IRQ_ENTRY, 0xfc), DID(1, 2, 0)
#define BOTH_END EV(1, IRQ_EXIT, 0xfc), END(0), END(2)
STREAM(good_fell_back_together) = { BOTH_FAIL, DID(1, 3, 2), BOTH_END };
STREAM(bad_fell_back_for_one) = { BOTH_FAIL, BOTH_END };
/* It was for the flush before. */
STREAM(bad_did_another) = { BOTH_FAIL, DID(1, 1, 2), BOTH_END };

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
		     UNDELIVERED),
		CASE(bad_fell_back_for_no_reason, NONE, .flushes = 1, .targets = 1,
		     .interrupted = 1, UNDELIVERED),
		CASE(bad_fell_back_before, NONE, .flushes = 1, .targets = 1, .interrupted = 1,
		     UNDELIVERED),
		CASE(bad_another_fell_back, NONE, .flushes = 1, .targets = 1, .interrupted = 1,
		     UNDELIVERED),
	};

	expect_all(cases, NR_OF(cases));
}

/* Has CPU 1 done its part when CPU 0's flush returns? */
#define BEGIN_2		   EV(0, FLUSH_BEGIN, 1, VA, VA + PAGE, 2)
#define END_2		   EV(0, FLUSH_END, 1, 2)
#define ENTER(cpu)	   EV(cpu, FLUSH_ENTER, 1, 2, 0)
#define FUNC(cpu, mm, gen) EV(cpu, FLUSH_FUNC, mm, gen, PVTLB_FLUSHED_FULL, 0)
#define TARGET		   .flushes = 1, .targets = 1, .interrupted = 1
#define PART(...)	   BEGIN_2, MULTI(0, 2), EV(1, IRQ_ENTRY, 0xfc), __VA_ARGS__

STREAM(good_part_done) = { PART(ENTER(1), FUNC(1, 1, 2), END_2) };
STREAM(bad_part_begun) = { PART(ENTER(1), END_2, FUNC(1, 1, 2)) };
STREAM(bad_part_never_done) = { PART(ENTER(1), END_2) };
STREAM(bad_other_part_done) = { PART(ENTER(1), FUNC(1, 1, 1), END_2) };
STREAM(bad_other_mms_part_done) = { PART(ENTER(1), FUNC(1, 2, 2), END_2) };
STREAM(bad_other_cpu_done) = { PART(ENTER(1), FUNC(2, 1, 2), END_2) };
STREAM(good_other_initiator) = { PART(EV(1, FLUSH_ENTER, 1, 2, 3), END_2) };
STREAM(good_other_flush) = { PART(EV(1, FLUSH_ENTER, 1, 3, 0), END_2) };
STREAM(good_begun_later) = { PART(END_2, ENTER(1), FUNC(1, 1, 2)) };
STREAM(bad_two_parts) = { PART(ENTER(1), ENTER(2), ENTER(3), FUNC(2, 1, 2), END_2) };
STREAM(bad_part_of_initiator) = { BEGIN_2, ENTER(0), END_2 };

static void ack_early(void)
{
	static const struct expect cases[] = {
		CASE(good_part_done, ALL, TARGET),
		CASE(bad_part_begun, ALL, TARGET, UNDELIVERED),
		CASE(bad_part_never_done, ALL, TARGET, UNDELIVERED),
		CASE(bad_other_part_done, ALL, TARGET, UNDELIVERED),
		CASE(bad_other_mms_part_done, ALL, TARGET, UNDELIVERED),
		CASE(bad_other_cpu_done, ALL, TARGET, UNDELIVERED),
		CASE(good_other_initiator, ALL, TARGET),
		CASE(good_other_flush, ALL, TARGET),
		CASE(good_begun_later, ALL, TARGET),
		CASE(bad_two_parts, ALL, TARGET, .delivered_bad = 2, .violated = 1),
		CASE(bad_part_of_initiator, ALL, .flushes = 1, UNDELIVERED),
	};

	expect_kind(cases, NR_OF(cases), VIOLATION_ACK_EARLY);
}

SUITE(unit_oracle_served, false, { "what the hypervisor was asked for", served },
      { "a hypercall that came to nothing", fell_back }, { "acknowledged early", ack_early });
