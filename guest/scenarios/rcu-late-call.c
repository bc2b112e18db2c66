/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rcu-late-call: what is left to RCU when a grace period is all but over is not freed behind it.
 *
 * CPU 0 frees what RCU has got, and is held when its grace period is over. The last CPU begins to
 * walk, which that grace period did not ask, and is held in a page table; CPU 1 unmaps this and
 * leaves it to RCU. Now CPU 0 goes on: it may free what it had before, and not this. Teaches why
 * callbacks are taken before the grace period. It takes 3 CPUs, and a flush that interrupts
 * nobody: by an interrupt the walk comes to its end.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull
#define SIZE (1ull << SCN_2M)

static struct mm_struct *mm;
static u32 freed;

static void setup(void)
{
	mm = scn_mm_create();
}

static void enter(void)
{
	scn_switch_mm(mm);
}

static void prepare(void)
{
	WRITE_ONCE(freed, 0);
	scn_fault(mm, ADDR);
}

static void wait_held(unsigned int cpu)
{
	while (!scn_held(cpu) && !READ_ONCE(freed))
		scn_relax();
}

static void walk(void)
{
	unsigned int last = scn_nr_cpus() - 1;

	if (scn_cpu() == 1) {
		wait_held(last == 1 ? 0 : last);
		scn_munmap(mm, ADDR, ADDR + SIZE, SCN_BATCHED);
	} else if (scn_cpu() == last) {
		wait_held(0);
		scn_rcu_walk(ADDR);
	}
}

static void change(void)
{
	scn_rcu_barrier();
	WRITE_ONCE(freed, 1);
}

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

/* By CPU 1: CPU 0 would be held again. */
static void free_there(void)
{
	if (scn_cpu() == 1)
		scn_rcu_barrier();
}

static void restore(void)
{
	scn_phase(free_there);
}

static const struct scn_race race = {
	.prepare = prepare,
	.walk = walk,
	.change = change,
	.after = look,
	.restore = restore,
};

SCENARIO(rcu_late_call,
	 {
		 .name = "rcu-late-call",
		 .title = "unmap a table under a walker with IRQs on, when a grace period is all "
			  "but over",
		 .flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
		 .program = SCN_PROGRAM(.setup = setup, .enter = enter, .race = &race),
		 .hold = { { .cpus = PVTLB_HOLD_LEADER,
			     PVTLB_HOLD_AT(GRACE, returns, true),
			     PVTLB_HOLD_UNTIL(RETURNS, call, PVTLB_MM_MUNMAP) },
			   HOLD_WALKER_BELOW(PVTLB_HOLD_LAST, 30) },
	 });
