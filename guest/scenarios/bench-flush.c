/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench-sync, bench-flush, bench-pages, bench-work: how long a sync or a flush takes, each by
 * itself. The step of a trial says how many pages; 0: a sync. Every CPU has the mm loaded. They
 * sleep, but in bench-work and bench-floors, where they work on without a pause.
 *
 * bench-floors: what all else is made of. bench-walk: CPU 0 alone walks.
 */
#include <scenario.h>
#include <scenario/bench.h>

#define ADDR  0x100000000000ull
#define BATCH 1000u

static const u16 few[] = { 0, 1, 33, 34 },
		 many[] = { 1, 2, 4, 8, 16, 32, 33, 34, 64, 128, 256, 512 }, one[] = { 1 },
		 syncs[] = { 0 };

struct kind {
	const u16 *pages;
	unsigned int nr;
	bool busy;
};
static const struct kind sync_kind = { syncs, ARRAY_SIZE(syncs), false },
			 flush_kind = { few, ARRAY_SIZE(few), false },
			 pages_kind = { many, ARRAY_SIZE(many), false },
			 work_kind = { one, ARRAY_SIZE(one), true };

static struct mm_struct *mm;
static u32 over, ready;
static u64 work;

static void setup(void)
{
	mm = scn_mm_create();
	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void enter(void)
{
	scn_switch_mm(mm);
}

static void be_busy(void)
{
	u64 turns = 0;

	__atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
	for (; !READ_ONCE(over); turns++)
		for (int i = 0; i < 1000; i++)
			barrier();
	__atomic_fetch_add(&work, turns, __ATOMIC_SEQ_CST);
}

static void sleep(void)
{
}

static u64 timed(unsigned int pages)
{
	u64 start = scn_cycles();

	if (pages)
		scn_flush(mm, ADDR, ADDR + pages * 4096ull, SCN_4K, false);
	else
		scn_sync_one();
	return scn_cycles() - start;
}

/* An event for each measurement, when it is over: that one is no part of it. */
static void measured(unsigned int trial, unsigned int step, u64 cycles)
{
	trace_count_from(TRACE_COUNTS_NOT);
	scn_step(trial, step);
	scn_measure(PVTLB_MEASURE_CYCLES, cycles);
	scn_drain();
	trace_count_from(TRACE_QUIET);
}

static void run(void)
{
	const struct kind *kind = scn_variant();

	trace_count_from(TRACE_QUIET);
	scn_release(kind->busy ? be_busy : sleep);
	if (kind->busy)
		scn_spin_until(&ready, scn_nr_cpus() - 1);
	else
		scn_gather();
	for (unsigned int i = 0; i < scn_trials(); i++)
		for (unsigned int k = 0; k < kind->nr; k++)
			measured(i, kind->pages[k], timed(kind->pages[k]));
	WRITE_ONCE(over, 1);
	if (kind->busy)
		scn_gather();
	trace_count_from(TRACE_COUNTS_NOT);
	scn_measure(PVTLB_MEASURE_WORK, work);
}

/* Each a step; the cycles are of a batch. An event is made BATCH times, the gate gone through. */
static void floors(void)
{
	u64 start;

	scn_release(be_busy);
	scn_spin_until(&ready, scn_nr_cpus() - 1);
	for (unsigned int i = 0; i < scn_trials(); i++) {
		scn_drain();
		start = scn_cycles();
		for (unsigned int k = 0; k < BATCH; k++)
			scn_measure(PVTLB_MEASURE_LOOP, k);
		measured(i, 0, scn_cycles() - start);
		start = scn_cycles();
		for (unsigned int k = 0; k < BATCH; k++)
			scn_gate();
		measured(i, 1, scn_cycles() - start);
		for (unsigned int k = 0; k < 10; k++)
			measured(i, 2, timed(0) * BATCH);
		trace_count_from(TRACE_COUNTS_NOT);
	}
	WRITE_ONCE(over, 1);
	scn_gather();
}

static void walks(void)
{
	for (unsigned int i = 0; i < scn_trials(); i++) {
		u64 start;

		trace_count_from(TRACE_QUIET);
		start = scn_cycles();
		for (unsigned int k = 0; k < BATCH; k++)
			scn_gup(ADDR);
		measured(i, 0, scn_cycles() - start);
	}
	trace_count_from(TRACE_COUNTS_NOT);
}

#define MEASURES(ident, word, text, least, ...)                                                    \
	SCENARIO(ident,                                                                            \
		 {                                                                                 \
			 .name = word,                                                             \
			 .title = "measures: " text,                                               \
			 .flags = PVTLB_SCENARIO_DIAGNOSTIC,                                       \
			 .min_cpus = least,                                                        \
			 .program = SCN_PROGRAM(.setup = setup, .enter = enter, __VA_ARGS__),      \
		 })

MEASURES(bench_sync, "bench-sync", "syncs, to CPUs that sleep", 2, .leader = run,
	 .variant = &sync_kind);
MEASURES(bench_flush, "bench-flush", "a sync, and flushes of a few sizes, to CPUs that sleep", 2,
	 .leader = run, .variant = &flush_kind);
MEASURES(bench_pages, "bench-pages", "flushes of 1 to 512 pages", 2, .leader = run,
	 .variant = &pages_kind);
MEASURES(bench_work, "bench-work", "flushes of one page, of CPUs that work on", 2, .leader = run,
	 .variant = &work_kind);
MEASURES(bench_floors, "bench-floors", "an event, a gate, an IPI to a CPU that is awake", 2,
	 .leader = floors);
MEASURES(bench_walk, "bench-walk", "gup_fast", 1, .leader = walks);
