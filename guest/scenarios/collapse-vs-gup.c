/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * collapse-vs-gup, collapse-vs-grab, collapse-vs-look, preempted-walker, no-flush: khugepaged takes a
 * page table that gup_fast is in.
 *
 * Every worker is stopped in the middle of a gup_fast walk: it has loaded the pointer to a page
 * table, IRQs are off. CPU 0 unhooks that table, flushes, syncs, and deposits it under a huge
 * page. In collapse-vs-gup that page is then unmapped; the table is freed, at once, and becomes
 * another mm's. Teaches why a flush is not enough: what has to be got rid of is not in any TLB,
 * but in a register.
 *
 * collapse-vs-grab: the walkers are one step further, at the page, and take a reference on it when
 * the table they read it in is out of use. They have to look again at what led to that table, not
 * only at the entry in it, which is what it was. collapse-vs-look: they have that reference, and are
 * about to look. That look goes into the table once more, so it is part of the walk: whoever waits for
 * walks, or is told of them, has to count it in.
 *
 * preempted-walker: one vCPU alone walks, and the host takes it off its CPU just then. To the
 * guest it looks as if it ran. A flush by IPI waits until it is back; a flush that the
 * hypervisor does, or one that leaves preempted vCPUs out, does not. Teaches why "only running
 * vCPUs can be walking" is the wrong argument: the one that is not running is in a walk.
 *
 * no-flush: tlb_remove_table_sync_one() is called, and nothing was flushed before. The key says
 * what flushes imply; that there was one, nothing proves. With the key on the sync is skipped on
 * the strength of a flush that never was. The flush is missing for the hardware as well,
 * whatever the key says: so this is a control everywhere, and what differs is what goes wrong.
 * The objection that was raised against the series.
 */
#include <scenario.h>

#define ADDR  0x100000000000ull
#define PAGES 4

struct variant {
	bool flush;	/* before the sync */
	bool last_only; /* walks; the others have the mm loaded and do nothing */
	bool reused;	/* the table, by another mm, in the same breath */
};
static const struct variant reused = { .flush = true, .reused = true };
static const struct variant preempted = { .flush = true, .last_only = true };
static const struct variant unflushed = { .flush = false };

static const struct variant *variant;
static struct mm_struct *mm, *other;
static u64 huge, secret;

static void setup(void)
{
	variant = scn_variant();
	mm = scn_mm_create();
	other = scn_mm_create();
	/* So that only the lowest table is missing later. */
	scn_map(other, ADDR + (1ull << SCN_2M), scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void enter(void)
{
	scn_switch_mm(mm);
}

static void prepare(void)
{
	for (unsigned int i = 0; i < PAGES; i++)
		scn_map(mm, ADDR + i * 4096, scn_page_alloc(SCN_4K), true, SCN_4K);
	huge = scn_page_alloc(SCN_2M);
	secret = variant->reused ? scn_page_alloc(SCN_4K) : 0;
}

static void walk(void)
{
	if (!variant->last_only || scn_cpu() == scn_nr_cpus() - 1)
		scn_gup(ADDR);
}

static void change(void)
{
	scn_collapse(mm, ADDR, huge, variant->flush);
	if (!variant->reused)
		return;
	scn_zap_huge(mm, ADDR);
	/* Last freed, first handed out: the table is this one's now. */
	scn_map(other, ADDR, secret, true, SCN_4K);
}

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void restore(void)
{
	if (!variant->reused) {
		scn_zap_huge(mm, ADDR);
		return;
	}
	scn_munmap(other, ADDR, ADDR + (1ull << SCN_2M), SCN_BATCHED);
	scn_rcu_barrier();
}

static const struct scn_race race = {
	.prepare = prepare,
	.walk = walk,
	.change = change,
	.after = look,
	.restore = restore,
};

#define PROGRAM(which)                                                                             \
	SCN_PROGRAM(.setup = setup, .enter = enter, .race = &race, .variant = &(which))

SCENARIO(collapse_vs_gup,
	 {
		 .name = "collapse-vs-gup",
		 .title = "collapse a huge page under gup_fast; its page table is used again",
		 .flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS,
		 .program = PROGRAM(reused),
		 .hold = { HOLD_WALKERS_BELOW(30) },
	 });

SCENARIO(collapse_vs_grab,
	 {
		 .name = "collapse-vs-grab",
		 .title = "collapse a huge page under gup_fast that is about to take a page of it",
		 .flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS,
		 .program = PROGRAM(reused),
		 .hold = { HOLD_WALKERS_BELOW(21) },
	 });

SCENARIO(collapse_vs_look,
	 {
		 .name = "collapse-vs-look",
		 .title = "collapse a huge page under gup_fast that has a page of it, and looks again",
		 .flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS,
		 .program = PROGRAM(reused),
		 .hold = { { .cpus = PVTLB_HOLD_WORKERS, PVTLB_HOLD_AT_ANY(WALK_GRAB),
			     PVTLB_HOLD_UNTIL_ANY(TRIAL) } },
	 });

SCENARIO(preempted_walker,
	 {
		 .name = "preempted-walker",
		 .title = "collapse a huge page while one vCPU is preempted in gup_fast",
		 .flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS,
		 .program = PROGRAM(preempted),
		 .hold = { HOLD_WALKER_BELOW(PVTLB_HOLD_LAST, 30) },
	 });

SCENARIO(no_flush,
	 {
		 .name = "no-flush",
		 .title = "collapse a huge page under gup_fast without any flush before the sync",
		 .flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS | PVTLB_SCENARIO_CONTROL,
		 .program = PROGRAM(unflushed),
		 .hold = { HOLD_WALKERS_BELOW(30) },
	 });
