/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * done-early, done-by-worker, no-trial, worker-left: guests that end before they are through.
 *
 * Each makes one flush that is as it should be, so that nothing else is wrong with the run. No
 * run of theirs may pass: what was not done cannot have held.
 */
#include <pvtlb/call.h>
#include <scenario.h>
#include <scenario/diagnostic.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm;

static void setup(void)
{
	mm = scn_mm_create();
	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void look(void)
{
	scn_switch_mm(mm);
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void one_flush(void)
{
	scn_phase(look);
	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
	scn_flush(mm, ADDR, ADDR + 4096, SCN_4K, false);
	scn_phase(look);
}

static void say_done(void)
{
	scn_call(PVTLB_CALL_DONE, NULL, 0);
}

/* In the middle of the first trial, and of the boot. */
static void done_early(void)
{
	scn_step(0, 0);
	one_flush();
	say_done();
}

static void last_says_done(void)
{
	if (scn_cpu() == scn_nr_cpus() - 1)
		say_done();
}

static void done_by_worker(void)
{
	scn_step(0, 0);
	one_flush();
	scn_phase(last_says_done);
}

static void last_stays(void)
{
	if (scn_cpu() == scn_nr_cpus() - 1)
		scn_spin_forever();
}

/* CPU 0 does not wait for whom it has released. */
static void worker_left(unsigned int nr)
{
	scn_step(nr, 0);
	one_flush();
	if (nr == scn_trials() - 1)
		scn_release(last_stays);
}

#define ENDS_EARLY(ident, nm, what, ...)                                                           \
	SCENARIO(ident, {                                                                          \
				.name = (nm),                                                      \
				.title = (what),                                                   \
				.flags = PVTLB_CLAIMS | PVTLB_SCENARIO_DIAGNOSTIC,                 \
				.program = SCN_PROGRAM(.setup = setup, __VA_ARGS__),               \
			})

ENDS_EARLY(done_early, "done-early", "CPU 0 says that it is done, in the first trial",
	   .leader = done_early);
ENDS_EARLY(done_by_worker, "done-by-worker", "the last CPU says that the guest is done",
	   .leader = done_by_worker);
ENDS_EARLY(no_trial, "no-trial", "ends without any trial", .leader = one_flush);
ENDS_EARLY(worker_left, "worker-left", "ends while the last CPU is still in a phase",
	   .trial = worker_left);
