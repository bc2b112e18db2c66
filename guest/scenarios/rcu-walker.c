/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rcu-walker: a walker that relies on RCU alone, IRQs on.
 *
 * It takes the flush's interrupt in the middle of its walk and goes on with what it holds. So
 * nothing that only interrupts it can protect it: tables have to be freed behind a grace
 * period, and with batches, or CONFIG_PT_RECLAIM, they are, whatever the key says. Teaches
 * what holds for such a walker; rcu-walker-sync shows what does not.
 */
#include <seam.h>

#define ADDR 0x100000000000ull
#define SIZE (1ull << SEAM_2M)

static struct mm_struct *mm, *other;

static void enter(void)
{
	seam_switch_mm(mm);
}

static void prepare(void)
{
	seam_map(mm, ADDR, seam_page_alloc(SEAM_4K), true, SEAM_4K);
}

static void walk(void)
{
	seam_rcu_walk(ADDR);
}

static void change(unsigned int round)
{
	static const enum seam_freeing how[] = { SEAM_BATCHED, SEAM_ONE_BY_RCU };

	seam_munmap(mm, ADDR, ADDR + SIZE, how[round]);
	seam_rcu_barrier();
	seam_map(other, ADDR, seam_page_alloc(SEAM_4K), true, SEAM_4K);
}

static void look(void)
{
	seam_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void restore(void)
{
	seam_munmap(other, ADDR, ADDR + SIZE, SEAM_BATCHED);
	seam_rcu_barrier();
}

static const struct seam_race race = {
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
	mm = seam_mm_create();
	other = seam_mm_create();
	seam_map(other, ADDR + SIZE, seam_page_alloc(SEAM_4K), true, SEAM_4K);
}

static void leader(void)
{
	seam_race_lead(&race);
}

static void worker(void)
{
	seam_race_work(&race);
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
