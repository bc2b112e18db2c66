/* SPDX-License-Identifier: GPL-2.0-only */
/* Claims: runs that are worthless, controls, walks and free runs. */
#include <string.h>

#include "judged.h"

/* What is checked in walks counts like what is checked by accesses; free runs. */
static void judge_walks(void)
{
	static const struct run runs[] = {
		{ "walks only", PVTLB, .walks = true, .no_checks = true, .no_targets = true, GOOD },
		{ "nothing owed", PVTLB, .no_checks = true, .stores = 5, GOOD,
		  .why = "; no flush was owed and none made: what CPUs may have cached of 5 stores was "
			 "checked" },
		{ "owed, not made", PVTLB, .no_checks = true, .no_targets = true, .stores = 5,
		  .unclean = 1, .violated = 1, FAILS, .why = "has returned" },
		{ "no walks, accesses only", PVTLB, .no_targets = true, FAILS,
		  .why = "no flush had a target" },
		{ "free", PVTLB, .walks = true, .stress = 5, GOOD,
		  .why = "off expected: the hypercall interrupts no guest context (ran free for 5 s, "
			 "--seed 77)" },
		{ "free, and wrong", PVTLB, .stress = 5, .stale = 1, .violated = 1, FAILS,
		  .why = " (ran free for 5 s, --seed 77)" },
		{ "free, lost", PVTLB, .stress = 5, .lost = 3, UNSURE, .why = "--seed 77" },
		{ "free, one of many", CONTROL, .stress = 5, .stale = 1, .violated = 1, GOOD,
		  .why = "caught in 1 of 100 trials" },
		{ "free, none", CONTROL, .stress = 5, FAILS, .why = "NOT caught" },
	};

	judge_runs(runs, NR_OF(runs));
}

/* What makes a run worthless does so whatever else was found, and for a control, too. */
static void judge_unusable(void)
{
	static const struct run runs[] = {
		{ "lost", PVTLB, .lost = 1, UNSURE, .why = "1 events lost" },
		{ "malformed", PVTLB, .malformed = 2, UNSURE, .why = "2 malformed" },
		{ "too many", PVTLB, .gave_up = true, UNSURE, .why = "too many events" },
		{ "no decision", PVTLB, .not_decided = true, FAILS,
		  .why = "native_pv_tlb_init() did not run" },
		{ "no site", PVTLB, .sites = SITES_NONE, FAILS, .why = "no site" },
		{ "a site contradicts", PVTLB, .sites = SITES_CONTRADICT, FAILS,
		  .why = "contradict the key's variable (off)" },
		{ "a site contradicts, on", NATIVE, .on = true, .key_expected = true,
		  .sites = SITES_CONTRADICT, FAILS, .why = "contradict the key's variable (on)" },
		{ "a site is garbage", PVTLB, .sites = SITES_GARBAGE, FAILS, .why = "contradict" },
		{ "a site jumps elsewhere", NATIVE, .on = true, .key_expected = true,
		  .sites = SITES_ELSEWHERE, FAILS, .why = "contradict" },
		{ "a fault that found no place", PVTLB, .fault = PVTLB_FAULT_SKIP_LOCAL, FAILS,
		  .why = "the fault skip-local was never applied" },
		{ "no checks", PVTLB, .no_checks = true, FAILS, .why = "no access was checked" },
		{ "no targets", PVTLB, .no_targets = true, FAILS, .why = "no flush had a target" },
		{ "no checks on one CPU", NATIVE, .on = true, .key_expected = true, .cpus = 1,
		  .no_checks = true, FAILS, .why = "no access was checked" },
	};
	struct run control[NR_OF(runs)];

	judge_runs(runs, NR_OF(runs));
	memcpy(control, runs, sizeof(runs));
	for (size_t i = 0; i < NR_OF(runs); i++) {
		control[i].expect_violation = true;
		control[i].stale = 100;
		control[i].violated = 100;
	}
	judge_runs(control, NR_OF(control));
}

static void judge_controls(void)
{
	static const struct run runs[] = {
		{ "all caught", CONTROL, .stale = 100, .violated = 100, GOOD,
		  .why = "caught in 100 of 100 trials: CPU 3 read" },
		{ "99 of 100", CONTROL, .stale = 99, .violated = 99, GOOD, .why = "99 of 100" },
		{ "98 of 100", CONTROL, .stale = 98, .violated = 98, FAILS,
		  .why = "NOT caught: a violation in only 98 of 100" },
		{ "many in few trials", CONTROL, .stale = 500, .violated = 50, FAILS,
		  .why = "50 of 100" },
		{ "none", CONTROL, FAILS, .why = "NOT caught: a violation in only 0 of 100" },
		{ "the one trial", CONTROL, .stale = 1, .trials = 1, .violated = 1, GOOD,
		  .why = "1 of 1" },
		{ "not the one trial", CONTROL, .trials = 1, FAILS, .why = "0 of 1" },
		{ "98 of 99", CONTROL, .stale = 98, .trials = 99, .violated = 98, FAILS },
		{ "990 of 1000", CONTROL, .stale = 990, .trials = 1000, .violated = 990, GOOD },
		{ "989 of 1000", CONTROL, .stale = 989, .trials = 1000, .violated = 989, FAILS },
		/* in 32 bits the percents of these are anything */
		{ "99 % of many", CONTROL, .stale = 99000000, .trials = 100000000,
		  .violated = 99000000, GOOD },
		{ "less than 99 % of many", CONTROL, .stale = 98999999, .trials = 100000000,
		  .violated = 98999999, FAILS },
		{ "fault applied and caught", CONTROL, .fault = PVTLB_FAULT_SKIP_TARGET,
		  .fault_applied = true, .stale = 100, .violated = 100, GOOD },
		{ "fault applied, not caught", CONTROL, .fault = PVTLB_FAULT_SKIP_TARGET,
		  .fault_applied = true, FAILS, .why = "NOT caught" },
		{ "not delivered", NATIVE, .expect_violation = true, .on = true,
		  .key_expected = true, .undelivered = 100, .violated = 100, GOOD,
		  .why = "did not take" },
		/* Where it is all there is to see a wrong key is wrong in every trial. */
		{ "late", CONTROL, .late = true, .on = true, .key_wrong = true, GOOD,
		  .claims = PVTLB_CLAIM_KEY,
		  .why = "caught in 100 of 100 trials: key WRONGLY ON: the backend" },
		{ "forced", CONTROL, .key = KEY_ON, .on = true, .key_wrong = true, GOOD,
		  .claims = PVTLB_CLAIM_KEY, .why = "forced" },
		{ "forced off", NATIVE, .expect_violation = true, .key = KEY_OFF,
		  .key_expected = true, .key_wrong = true, GOOD, .claims = PVTLB_CLAIM_KEY,
		  .why = "WRONGLY OFF, forced" },
		/* Elsewhere harm has to be shown. */
		{ "forced, no harm done", CONTROL, .key = KEY_ON, .on = true, .key_wrong = true,
		  FAILS, .why = "only 0 of 100" },
		{ "forced, harm done", CONTROL, .key = KEY_ON, .on = true, .key_wrong = true, GOOD,
		  .stale = 100, .violated = 99, .why = "99 of 100" },
		/* What the scenario does not claim does not make it a success. */
		{ "stale, not claimed", CONTROL, .claims = PVTLB_CLAIM_KEY, .stale = 100,
		  .violated = 100, FAILS, .why = "0 of 100" },
		{ "key, not claimed", CONTROL, .claims = PVTLB_CLAIM_SAFE, .on = true,
		  .key_wrong = true, FAILS, .why = "0 of 100" },
	};

	judge_runs(runs, NR_OF(runs));
}

/* A violation of what is claimed, in one trial, does not borrow the trials of what is not. */
static void judge_controls_unclaimed(void)
{
	static const struct run runs[] = {
		{ "one stale, key wrong but not claimed", CONTROL, .claims = PVTLB_CLAIM_SAFE,
		  .stale = 1, .violated = 1, .on = true, .key_wrong = true, FAILS,
		  .why = "1 of 100" },
	};

	judge_runs(runs, NR_OF(runs));
}

SUITE(unit_controls, false, { "walks and free runs", judge_walks },
      { "unusable runs", judge_unusable }, { "controls", judge_controls },
      { "controls and what is not claimed", judge_controls_unclaimed });
