/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench-collapse, bench-collapse-told: khugepaged collapses a page table in each trial, on CPU 0.
 * The mm is loaded on CPU 1 alone, which walks it without a pause, as CPU 3 walks another one; all
 * other CPUs sleep. Whom does a policy wake, and how long does it take? Events would be too many:
 * IPIs are counted where they are sent. The second one makes the events as well, for a check.
 */
#include <scenario.h>
#include <scenario/bench.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm, *other;
static u64 cycles;
static u32 over;

static void setup(void)
{
	mm = scn_mm_create();
	other = scn_mm_create();
	scn_map(other, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void enter(void)
{
	if (scn_cpu() == 1)
		scn_switch_mm(mm);
	if (scn_cpu() == 3)
		scn_switch_mm(other);
}

static void walk(void)
{
	if (scn_cpu() != 1 && scn_cpu() != 3)
		return;
	while (!READ_ONCE(over)) {
		scn_gup(ADDR);
		scn_relax();
		scn_drain();
	}
}

static void collapse(void)
{
	u64 huge = scn_page_alloc(SCN_2M), start;

	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
	start = scn_cycles();
	scn_collapse(mm, ADDR, huge, true);
	cycles += scn_cycles() - start;
}

static void run(void)
{
	u64 sync = 0, flush = 0;
	const u32 *how = scn_variant();

	if (*how == TRACE_COUNTS)
		scn_step(0, 0);
	trace_count_from(*how);
	scn_release(walk);
	for (unsigned int i = 0; i < scn_trials(); i++) {
		struct trace_ipis before, after;

		before = trace_counted();
		collapse();
		after = trace_counted();
		sync += after.sync - before.sync;
		flush += after.flush - before.flush;
		scn_zap_huge(mm, ADDR);
		scn_drain();
	}
	WRITE_ONCE(over, 1);
	scn_gather();
	trace_count_from(TRACE_COUNTS_NOT);
	scn_measure(PVTLB_MEASURE_SYNC_IPIS, sync);
	scn_measure(PVTLB_MEASURE_FLUSH_IPIS, flush);
	scn_measure(PVTLB_MEASURE_CYCLES, cycles);
}

static const u32 quiet = TRACE_QUIET, told = TRACE_COUNTS;

#define PROGRAM(how) SCN_PROGRAM(.setup = setup, .enter = enter, .leader = run, .variant = &(how))

SCENARIO(bench_collapse,
	 {
		 .name = "bench-collapse",
		 .title = "measures: collapses of an mm that one CPU has, IPIs counted, no events",
		 .flags = PVTLB_SCENARIO_DIAGNOSTIC,
		 .program = PROGRAM(quiet),
	 });

SCENARIO(bench_collapse_told, {
				      .name = "bench-collapse-told",
				      .title = "measures: the same with its events",
				      .flags = PVTLB_SCENARIO_DIAGNOSTIC,
				      .program = PROGRAM(told),
			      });
