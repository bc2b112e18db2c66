/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rcu-walker: a walker that relies on RCU alone, IRQs on.
 *
 * It takes the flush's interrupt in the middle of its walk and goes on with what it holds. So
 * nothing that only interrupts it can protect it: tables have to be freed behind a grace
 * period, and with batches, or CONFIG_PT_RECLAIM, they are, whatever the key says. Teaches
 * what holds for such a walker; rcu-walker-sync shows what does not.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull
#define SIZE (1ull << SCN_2M)

static struct mm_struct *mm, *other;

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
	scn_rcu_walk(ADDR);
}

static void change(unsigned int round)
{
	static const enum scn_freeing how[] = { SCN_BATCHED, SCN_ONE_BY_RCU };

	scn_munmap(mm, ADDR, ADDR + SIZE, how[round]);
	scn_rcu_barrier();
	scn_map(other, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void restore(void)
{
	scn_munmap(other, ADDR, ADDR + SIZE, SCN_BATCHED);
	scn_rcu_barrier();
}

static const struct scn_race race = {
	.rounds = 2,
	.enter = enter,
	.prepare = prepare,
	.walk = walk,
	.change = change,
	.after = look,
	.restore = restore,
};

static void setup(void)
{
	mm = scn_mm_create();
	other = scn_mm_create();
	scn_map(other, ADDR + SIZE, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void leader(void)
{
	scn_race_lead(&race);
}

static void worker(void)
{
	scn_race_work(&race);
}

SCENARIO(rcu_walker, {
	.name = "rcu-walker",
	.title = "free a page table under a walker with IRQs on, in an RCU read section",
	.flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS,
	.min_cpus = 2,
	.max_cpus = PVTLB_MAX_CPUS,
	.setup = SCENARIO_FN(setup),
	.role = { SCENARIO_FN(leader), SCENARIO_FN(worker) },
	.hold = { HOLD_WALKERS_BELOW(30), HOLD_AGAIN_BELOW(30) },
});
