/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * munmap-vs-gup, rcu-walker, rcu-nested, rcu-walker-sync: the page table that a walker is in is unmapped and
 * freed, in three ways.
 *
 * Batches, and single tables with CONFIG_PT_RECLAIM, are freed behind a grace period, which a
 * walk with IRQs off delays by itself: no sync is called, and no key matters. Where there is
 * no memory for a batch, and no CONFIG_PT_RECLAIM, tlb_remove_table_sync_rcu() stands between
 * the flush and the freeing. munmap-vs-gup teaches which path of munmap the key is about: this
 * one.
 *
 * A walker that relies on RCU alone, IRQs on, takes the flush's interrupt in the middle of its
 * walk and goes on with what it holds: nothing that only interrupts it can protect it. Behind a
 * grace period it is safe, whatever the key says; that is rcu-walker. In rcu-nested the walk has
 * other read sections within its own: a grace period that asks within these has to wait, too, and
 * their ends must not end the walk's. rcu-walker-sync is the third way: the sync returns early
 * where flushes interrupt every CPU, and an interrupt is not a grace period. So wherever the key is on, native included, it is a control: a violation is
 * expected. On x86 CONFIG_PT_RECLAIM is not an option one can turn off, and then nobody calls
 * that sync.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull
#define SIZE (1ull << SCN_2M)

/* How a table is freed, round by round, and under whom; does another mm get it then? */
struct variant {
	void (*walk)(u64 addr);
	enum scn_freeing how[3];
	bool reused;
};

static const struct variant under_gup = {
	.walk = scn_gup,
	.how = { SCN_BATCHED, SCN_ONE_BY_RCU, SCN_ONE_SYNCED },
	.reused = true,
};
static const struct variant under_rcu = {
	.walk = scn_rcu_walk,
	.how = { SCN_BATCHED, SCN_ONE_BY_RCU },
	.reused = true,
};
static const struct variant under_nested_rcu = {
	.walk = scn_rcu_walk_nested,
	.how = { SCN_BATCHED, SCN_ONE_BY_RCU },
	.reused = true,
};
/* Nobody takes the table over: what is read there is the poison of freed ones. */
static const struct variant under_rcu_synced = {
	.walk = scn_rcu_walk,
	.how = { SCN_ONE_SYNCED },
};

static const struct variant *variant;
static struct mm_struct *mm, *other;

static void setup(void)
{
	variant = scn_variant();
	mm = scn_mm_create();
	other = scn_mm_create();
	/* So that only the lowest table is missing later. */
	scn_map(other, ADDR + SIZE, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void enter(void)
{
	scn_switch_mm(mm);
}

static void prepare(void)
{
	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void walk(void)
{
	variant->walk(ADDR);
}

static void change(void)
{
	scn_munmap(mm, ADDR, ADDR + SIZE, variant->how[scn_round()]);
	if (!variant->reused)
		return;
	scn_rcu_barrier();
	scn_map(other, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void restore(void)
{
	if (!variant->reused)
		return;
	scn_munmap(other, ADDR, ADDR + SIZE, SCN_BATCHED);
	scn_rcu_barrier();
}

static const struct scn_race race = {
	.prepare = prepare,
	.walk = walk,
	.change = change,
	.after = look,
	.restore = restore,
};

#define PROGRAM(which, nr)                                                                         \
	SCN_PROGRAM(.setup = setup, .enter = enter, .race = &race, .rounds = (nr),                 \
		    .variant = &(which))

SCENARIO(munmap_vs_gup, {
				.name = "munmap-vs-gup",
				.title = "free a page table under gup_fast: batched, alone by RCU, "
					 "alone after a sync",
				.flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS,
				.program = PROGRAM(under_gup, 3),
				.hold = { HOLD_WALKERS_BELOW(30) },
			});

SCENARIO(rcu_walker,
	 {
		 .name = "rcu-walker",
		 .title = "free a page table under a walker with IRQs on, in an RCU read section",
		 .flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS,
		 .program = PROGRAM(under_rcu, 2),
		 .hold = { HOLD_WALKERS_BELOW(30), HOLD_AGAIN_BELOW(30) },
	 });

SCENARIO(rcu_nested,
	 {
		 .name = "rcu-nested",
		 .title = "as rcu-walker, with other read sections that end within the walk",
		 .flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS,
		 .program = PROGRAM(under_nested_rcu, 2),
		 .hold = { HOLD_WALKERS_BELOW(30), HOLD_AGAIN_BELOW(30) },
	 });

SCENARIO(rcu_walker_sync,
	 {
		 .name = "rcu-walker-sync",
		 .title = "as rcu-walker, freed after tlb_remove_table_sync_rcu(): needs it not "
			  "skipped",
		 .flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS | PVTLB_SCENARIO_NEEDS_SYNC,
		 .program = PROGRAM(under_rcu_synced, 1),
		 .hold = { HOLD_WALKERS_BELOW(30), HOLD_AGAIN_BELOW(30) },
	 });
