/* SPDX-License-Identifier: GPL-2.0-only */
/* exercise: whoever walks the mm is asked; where the mm gave up a shared table, whoever walks. */
#include <asm/tlb_policy.h>
#include <linux/percpu.h>

/* The sync that is due on this CPU is for a table that other mm's have shared. */
static DEFINE_PER_CPU(bool, for_shared_table);

/* No sync is left out; but here the gather is seen, and choose() sees its mm alone. */
static bool look_at_gather(struct mmu_gather *tlb)
{
	this_cpu_write(for_shared_table, tlb->fully_unshared_tables);
	return false;
}

static void choose(const struct mm_struct *mm, struct cpumask *cpus)
{
	lockless_walkers(this_cpu_read(for_shared_table) ? NULL : mm, cpus);
}

TLB_POLICY(exercise, {
	.name = "exercise",
	.title = "exercise 6",
	.key = PVTLB_KEY_PER_SYNC,
	.ops = TLB_POLICY_OPS({
		.may_skip = look_at_gather,
		.choose = choose,
		.walkers_tell = true,
	}),
});
