/* SPDX-License-Identifier: GPL-2.0-only */
/* Which mm a CPU has loaded: switching, lazy TLB mode, leaving. */
#include <asm/pgtable.h>
#include <asm/special_insns.h>
#include <asm/tlbflush.h>
#include <linux/irqflags.h>
#include <linux/trace.h>

#include "internal.h"

DEFINE_PER_CPU(struct tlb_state, cpu_tlbstate);

void initialize_tlbstate(void)
{
	struct tlb_state *state = this_cpu_ptr(&cpu_tlbstate);

	if (!init_mm.pgd)
		init_mm.pgd = __va(read_cr3() & PTE_PFN_MASK);
	state->loaded_mm = &init_mm;
}

/* The CPU comes back to the mm it never unloaded. Flushes may have passed it by meanwhile. */
static void leave_lazy(struct tlb_state *state, struct mm_struct *mm)
{
	u64 next_tlb_gen;
	bool stale;

	/* A flush that finds is_lazy still set has bumped the generation by now. */
	smp_mb();
	next_tlb_gen = READ_ONCE(mm->tlb_gen);
	stale = state->tlb_gen != next_tlb_gen;
	if (stale)
		write_cr3(mm_cr3(mm), state->loaded_mm_asid);
	state->tlb_gen = next_tlb_gen;
	trace(SWITCH_MM, mm->id, mm->id, next_tlb_gen, stale);
}

void switch_mm_irqs_off(struct mm_struct *next)
{
	struct tlb_state *state = this_cpu_ptr(&cpu_tlbstate);
	struct mm_struct *prev = state->loaded_mm;
	bool was_lazy = state->is_lazy;
	u64 next_tlb_gen;

	WRITE_ONCE(state->is_lazy, false);
	if (prev == next) {
		if (was_lazy)
			leave_lazy(state, next);
		return;
	}

	trace(SWITCH_BEGIN, next->id, prev->id);
	/*
	 * From here on a flush of next must reach this CPU, so its bit is set before the
	 * generation is read: a flush that bumps it later finds the bit. While SWITCHING stands
	 * here should_flush_tlb() does not trust what it sees.
	 */
	WRITE_ONCE(state->loaded_mm, LOADED_MM_SWITCHING);
	barrier();
	if (next != &init_mm)
		cpumask_set_cpu(smp_processor_id(), mm_cpumask(next));
	smp_mb();
	next_tlb_gen = READ_ONCE(next->tlb_gen);

	/* prev's bit stays: a flush that finds prev not loaded here clears it. */
	state->loaded_mm_asid = mm_global_asid(next);
	write_cr3(mm_cr3(next), state->loaded_mm_asid);
	state->tlb_gen = next_tlb_gen;
	/* Said before it can be seen: a flush in between takes this CPU for one that switches. */
	trace(SWITCH_MM, next->id, prev->id, next_tlb_gen, true);
	barrier();
	WRITE_ONCE(state->loaded_mm, next);
}

void switch_mm(struct mm_struct *next)
{
	bool flags;

	local_irq_save(flags);
	switch_mm_irqs_off(next);
	local_irq_restore(flags);
}

/*
 * A kernel thread runs on, in whatever mm is loaded: it needs none of it, and the task that
 * does may be back soon. The CPU stays in the mask and is left alone by most flushes.
 */
void enter_lazy_tlb(void)
{
	struct tlb_state *state = this_cpu_ptr(&cpu_tlbstate);

	if (state->loaded_mm == &init_mm)
		return;
	trace(LAZY, state->loaded_mm->id);
	WRITE_ONCE(state->is_lazy, true);
}

/* Before a CPU sleeps so deeply that its TLB is lost, say: nothing of it needs flushing then. */
void leave_mm(void)
{
	if (this_cpu_read(cpu_tlbstate.loaded_mm) != &init_mm)
		switch_mm(&init_mm);
}
