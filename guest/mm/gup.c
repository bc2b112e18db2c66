/* SPDX-License-Identifier: GPL-2.0-only */
/* Lockless page-table walks: gup_fast, kept safe by IRQs off, and one kept safe by RCU. */
#include <asm/pgtable.h>
#include <asm/tlb_policy.h>
#include <asm/tlbflush.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/trace.h>

#include "internal.h"

static void no_window(void)
{
}
void (*walk_window)(void) = no_window;

/* Where a walk has got to: the entry it stands on, and the one above, as it read them. */
struct walk {
	u64 addr;
	bool nested; /* between two levels there is a read section within the walk's own */
	unsigned int shift;
	u64 *slot, entry;
	u64 *upper_slot, upper;
};

/*
 * Dereference a table. What the caller then holds in a register is a pointer to the next one,
 * and nothing but IRQs off, or RCU, keeps that table what it is.
 */
static void load_entry(struct walk *walk, u64 table)
{
	u64 since = trace_sequence();

	walk->upper_slot = walk->slot;
	walk->upper = walk->entry;
	walk->slot = (u64 *)__va(table) + table_index(walk->addr, walk->shift);
	walk->entry = READ_ONCE(*walk->slot);
	/* It may have stopped before the load; behind it, it has not. */
	if (step_on())
		since = trace_sequence();
	trace(WALK_LOAD, table, table_gen(table), walk->shift + 9, walk->entry, since);
}

/* Down to the leaf; false when nothing is mapped. */
static bool walk_down(struct walk *walk)
{
	const struct mm_struct *mm = this_cpu_read(cpu_tlbstate.loaded_mm);
	u64 table = __pa(mm->pgd);

	for (walk->shift = PGD_SHIFT;; walk->shift -= 9) {
		load_entry(walk, table);
		if (!(walk->entry & _PAGE_PRESENT))
			return false;
		if (walk->shift == PAGE_SHIFT || walk->entry & _PAGE_PSE)
			return true;
		walk_window();
		table = walk->entry & PTE_PFN_MASK;
		if (walk->nested) {
			/* Here a grace period may ask; the section's end is not the walk's. */
			rcu_read_lock();
			trace(WALK_NEXT, table, table_gen(table), walk->shift);
			rcu_read_unlock();
		}
		trace(WALK_NEXT, table, table_gen(table), walk->shift);
	}
}

/* What the leaf maps, whose first page has the references; and the 4 KiB of it at addr. */
static u64 leaf_head(const struct walk *walk)
{
	return walk->entry & PTE_PFN_MASK & ~((1ull << walk->shift) - 1);
}

static u64 leaf_page(const struct walk *walk)
{
	return leaf_head(walk) + (walk->addr & ((1ull << walk->shift) - 1) & ~(PAGE_SIZE - 1));
}

/* Is what led here still there? A table that was unhooked, or an entry that changed, is not. */
static bool unchanged(const struct walk *walk)
{
	return READ_ONCE(*walk->slot) == walk->entry &&
	       (walk->shift != PAGE_SHIFT || READ_ONCE(*walk->upper_slot) == walk->upper);
}

static enum pvtlb_walk_outcome grab(const struct walk *walk)
{
	u64 head = leaf_head(walk);

	if (!try_get_page(head))
		return PVTLB_WALK_CHANGED;
	trace(WALK_GRAB, leaf_page(walk));
	if (unchanged(walk))
		return PVTLB_WALK_PAGE;
	put_page(head);
	return PVTLB_WALK_CHANGED;
}

static u64 current_mm_id(void)
{
	return this_cpu_read(cpu_tlbstate.loaded_mm)->id;
}

/*
 * For policies that ask walkers only: the mm a CPU is in a walk of. It is there before the
 * walk's first load, so whoever unhooks a table and then finds no word has a table that no
 * walk will find any more.
 */
static DEFINE_PER_CPU(struct mm_struct *, active_lockless_pt_walk_mm);

static void walker_tells(struct mm_struct *mm)
{
	if (!tlb_policy->walkers_tell)
		return;
	WRITE_ONCE(*this_cpu_ptr(&active_lockless_pt_walk_mm), mm);
	smp_mb();
}

static void walker_done(void)
{
	if (tlb_policy->walkers_tell)
		smp_store_release(this_cpu_ptr(&active_lockless_pt_walk_mm), NULL);
}

void lockless_walkers(const struct mm_struct *mm, struct cpumask *cpus)
{
	unsigned int cpu;

	/* The entry that led to the table is gone for all, before any word is read. */
	smp_mb();
	for_each_cpu(cpu, cpus) {
		const struct mm_struct *walked =
			READ_ONCE(per_cpu(active_lockless_pt_walk_mm, cpu));

		if (!walked || (mm && walked != mm))
			cpumask_clear_cpu(cpu, cpus);
	}
}

/* Weak: where a kernel tree is linked, its own takes the place (guest/mm-kernel). */
__weak u64 gup_fast(u64 addr)
{
	struct walk walk = { .addr = addr };
	enum pvtlb_walk_outcome outcome = PVTLB_WALK_NONE;
	bool flags;

	local_irq_save(flags);
	walker_tells(this_cpu_read(cpu_tlbstate.loaded_mm));
	trace(WALK_BEGIN, current_mm_id(), addr, PVTLB_WALK_GUP, irqs_disabled());
	if (walk_down(&walk))
		outcome = grab(&walk);
	trace(WALK_END, outcome, outcome == PVTLB_WALK_PAGE ? leaf_page(&walk) : 0);
	walker_done();
	local_irq_restore(flags);
	return outcome == PVTLB_WALK_PAGE ? leaf_head(&walk) : 0;
}

void lockless_pte_lookup(u64 addr, bool nested)
{
	struct walk walk = { .addr = addr, .nested = nested };
	bool found;

	rcu_read_lock();
	trace(WALK_BEGIN, current_mm_id(), addr, PVTLB_WALK_RCU, irqs_disabled());
	found = walk_down(&walk);
	trace(WALK_END, found ? PVTLB_WALK_PAGE : PVTLB_WALK_NONE, found ? leaf_page(&walk) : 0);
	rcu_read_unlock();
}
