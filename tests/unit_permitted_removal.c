/* SPDX-License-Identifier: GPL-2.0-only */
/* What CPUs may have cached: what INVLPGB, and a hypervisor, remove of it, and what they do not. */
#include "permitted_stream.h"

/* --- INVLPGB and TLBSYNC --- */

#define TAGGED		     SPACES, MAP, SWITCH_OF(1, 1, 5, EVERYTHING), UNMAP
#define INVLPGB(rax, e, tag) EV(0, INVLPGB, (rax) | 2, e, (tag) << 16)
#define SYNC_OF(cpu)	     EV(cpu, TLBSYNC, 0)
#define PAGES_2M	     (1u << 31)
STREAM(good_synced) = { TAGGED, FLUSH(INVLPGB(VA | 1, 0, 5), SYNC_OF(0), ) };
STREAM(bad_not_synced) = { TAGGED, FLUSH(INVLPGB(VA | 1, 0, 5), ) };
STREAM(bad_synced_elsewhere) = { TAGGED, FLUSH(INVLPGB(VA | 1, 0, 5), SYNC_OF(2), ) };
STREAM(bad_sync_failed) = { TAGGED, FLUSH(INVLPGB(VA | 1, 0, 5), EV(0, TLBSYNC, -1), ) };
STREAM(bad_other_tag) = { TAGGED, FLUSH(INVLPGB(VA | 1, 0, 6), SYNC_OF(0), ) };
STREAM(good_all_of_it) = { TAGGED, FLUSH(INVLPGB(0, 0, 5), SYNC_OF(0), ) };
STREAM(good_counted) = { TAGGED, FLUSH(INVLPGB((VA - 2 * PAGE) | 1, 2, 5), SYNC_OF(0), ) };
STREAM(bad_counted_short) = { TAGGED, FLUSH(INVLPGB((VA - 2 * PAGE) | 1, 1, 5), SYNC_OF(0), ) };
STREAM(bad_stride) = {
	SPACES,
	SET_AT(1, VA + PAGE, 0, OLD | RW, 12),
	SWITCH_OF(1, 1, 5, EVERYTHING),
	SET_AT(1, VA + PAGE, OLD | RW, 0, 12),
	BEGIN_AT(0, 1, VA, VA + 2 * PAGE),
	INVLPGB(VA | 1, PAGES_2M | 1, 5),
	SYNC_OF(0),
	END(0),
};
/* Begun before the store was over. */
STREAM(bad_begun_before) = {
	SPACES,
	MAP,
	SWITCH_OF(1, 1, 5, EVERYTHING),
	INVLPGB(VA | 1, 0, 5),
	UNMAP,
	FLUSH(SYNC_OF(0), ),
};
#define HEARD EV(0, FLUSHED, 1)
/* A VMM in the place of the CPUs: it was done on those that it names. */
STREAM(good_played) = { TAGGED, FLUSH(INVLPGB(VA | 1, 0, 5), TOLD(0, 3), HEARD, EV(1, FLUSHED, 1),
				      SYNC_OF(0), ) };
STREAM(bad_played_without) = { TAGGED,
			       FLUSH(INVLPGB(VA | 1, 0, 5), TOLD(0, 1), HEARD, SYNC_OF(0), ) };

static const struct permit broadcasts[] = {
	RIGHT(good_synced),
	WRONG(MISSED_FLUSH, 1, bad_not_synced),
	WRONG(MISSED_FLUSH, 1, bad_synced_elsewhere),
	WRONG(MISSED_FLUSH, 1, bad_sync_failed),
	WRONG(MISSED_FLUSH, 1, bad_other_tag),
	RIGHT(good_all_of_it),
	RIGHT(good_counted),
	WRONG(MISSED_FLUSH, 1, bad_counted_short),
	WRONG(MISSED_FLUSH, 1, bad_stride),
	WRONG(MISSED_FLUSH, 1, bad_begun_before),
	RIGHT(good_played),
	WRONG(MISSED_FLUSH, 1, bad_played_without),
};

/* --- a hypervisor of ours --- */

#define CHANGED		LOADED, UNMAP
#define ASK_OF(mm, set) EV(0, ASK, PGD(mm), ONE(set))
#define RANGE(from, to) EV(0, ASK_RANGE, from, to)
#define ASKED		ASK_OF(1, 2), RANGE(VA, VA + PAGE)
#define SERVE_OF(mm)	EV(0, SERVE, PGD(mm), ONE(2))
#define DONE_OF(f, t)	EV(0, SERVED, f, t, ONE(2)), EV(1, FLUSHED, 1)
#define CALL(status)	EV(0, HYPERCALL, 1, status)
#define HYPER(...)	CHANGED, BEGIN(0), __VA_ARGS__, END(0)
STREAM(good_served) = { HYPER(ASKED, SERVE_OF(1), DONE_OF(VA, VA + PAGE), CALL(0)) };
STREAM(good_served_all) = { HYPER(ASKED, SERVE_OF(1), DONE_OF(0, FULL), CALL(0)) };
STREAM(good_served_all_spaces) = {
	HYPER(ASKED, EV(0, SERVE, FULL, ONE(2)), DONE_OF(VA, VA + PAGE), CALL(0)),
};
/* It said that it was done. */
STREAM(bad_not_served) = { HYPER(ASKED, EV(0, SERVE, PGD(1), ONE(2)), CALL(0)) };
STREAM(bad_served_other_space) = { HYPER(ASKED, SERVE_OF(2), DONE_OF(0, FULL), CALL(0)) };
STREAM(bad_served_less) = { HYPER(ASKED, SERVE_OF(1), DONE_OF(VA + PAGE, VA + 2 * PAGE), CALL(0)) };
STREAM(bad_asked_other_space) = { HYPER(ASK_OF(2, 2), RANGE(VA, VA + PAGE), CALL(0)) };
/* The pgd behind the first one is the mm's too, but not its name. */
STREAM(bad_asked_second_pgd) = {
	HYPER(EV(0, ASK, PGD(1) + PAGE, ONE(2)), RANGE(VA, VA + PAGE), SERVE_OF(1),
	      DONE_OF(0, FULL), CALL(0)),
};
STREAM(bad_asked_other_range) = { HYPER(ASK_OF(1, 2), RANGE(VA + PAGE, VA + 2 * PAGE), CALL(0)) };
STREAM(good_asked_in_pieces) = {
	CHANGED,
	BEGIN_AT(0, 1, VA, VA + 2 * PAGE),
	ASK_OF(1, 2),
	RANGE(VA + PAGE, VA + 2 * PAGE),
	RANGE(VA, VA + PAGE),
	SERVE_OF(1),
	DONE_OF(0, FULL),
	CALL(0),
	END(0),
};
/* It says that it was not done: the guest is to do it itself, and does. */
STREAM(good_refused) = { HYPER(ASK_OF(2, 2), RANGE(VA, VA + PAGE), CALL(3), RELOAD(1)) };
STREAM(bad_refused) = { HYPER(ASKED, CALL(3)) };
/* What it was asked for was right, but not for whom. */
STREAM(bad_asked_for_other_cpu) = {
	HYPER(ASK_OF(1, 4), RANGE(VA, VA + PAGE), EV(0, SERVE, PGD(1), ONE(4)),
	      EV(0, SERVED, VA, VA + PAGE, ONE(4)), CALL(0)),
};
/* The work is worth what was over before it was begun. */
STREAM(bad_served_before) = {
	LOADED,
	ASKED,
	SERVE_OF(1),
	UNMAP,
	BEGIN(0),
	EV(0, SERVED, VA, VA + PAGE, ONE(2)),
	EV(1, FLUSHED, 1),
	END(0),
};
/* The host's own tells nobody what it does: it is believed. */
STREAM(good_host) = { HYPER(ASKED, CALL(0)) };
STREAM(bad_host_other_cpu) = { HYPER(ASK_OF(1, 4), RANGE(VA, VA + PAGE), CALL(0)) };
STREAM(good_host_preempted) = { HYPER(EV(0, ELIDED, 1, PVTLB_ELIDED_PREEMPTED)) };
STREAM(bad_ours_preempted) = { HYPER(EV(0, ELIDED, 1, PVTLB_ELIDED_PREEMPTED)) };

static const struct permit hypercalls[] = {
	RIGHT(good_served),
	RIGHT(good_served_all),
	RIGHT(good_served_all_spaces),
	WRONG(SERVED_SHORT, 1, bad_not_served),
	WRONG(SERVED_SHORT, 1, bad_served_other_space),
	WRONG(SERVED_SHORT, 1, bad_served_less),
	WRONG(ASKED_WRONG, 0, bad_asked_other_space),
	WRONG(ASKED_WRONG, 0, bad_asked_second_pgd),
	WRONG(ASKED_WRONG, 0, bad_asked_other_range),
	RIGHT(good_asked_in_pieces),
	RIGHT(good_refused),
	WRONG(MISSED_FLUSH, 1, bad_refused),
	WRONG(MISSED_FLUSH, 1, bad_asked_for_other_cpu),
	WRONG(MISSED_FLUSH, 1, bad_served_before),
	RIGHT(good_host, .by_host = true),
	WRONG(MISSED_FLUSH, 1, bad_host_other_cpu, .by_host = true),
	RIGHT(good_host_preempted, .by_host = true),
	WRONG(MISSED_FLUSH, 1, bad_ours_preempted),
};

static void by_broadcast(void)
{
	expect_permits(broadcasts, NR_OF(broadcasts));
}

static void by_hypercall(void)
{
	expect_permits(hypercalls, NR_OF(hypercalls));
}

SUITE(unit_permitted_removal, false, { "INVLPGB and TLBSYNC", by_broadcast },
      { "what a hypervisor is asked and does", by_hypercall });
