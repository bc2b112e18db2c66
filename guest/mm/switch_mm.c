/* SPDX-License-Identifier: GPL-2.0-only */
/* Which mm a CPU has loaded: switching, lazy TLB mode, leaving. */
#include <asm/pgtable.h>
#include <asm/special_insns.h>
#include <asm/tlbflush.h>
#include <asm/tsc.h>
#include <linux/irqflags.h>
#include <linux/trace.h>

#include "internal.h"

DEFINE_PER_CPU(struct tlb_state, cpu_tlbstate);

/* One at a time: whoever makes an mm has the lock of those who do. */
void init_new_context(struct mm_struct *mm)
{
	static u64 last_ctx_id = 1; /* init_mm's */

	mm->ctx_id = ++last_ctx_id;
	mm->tlb_gen = 1;
	mm->next_trim_cpumask = get_cycles() + TRIM_CYCLES;
}

void initialize_tlbstate(void)
{
	struct tlb_state *state = this_cpu_ptr(&cpu_tlbstate);

	setup_pcid();
	if (!init_mm.pgd)
		init_mm.pgd = __va(read_cr3_pa());
	*state = (struct tlb_state){
		.loaded_mm = &init_mm,
		.next_asid = 1,
		.ctxs[0] = { init_mm.ctx_id, init_mm.tlb_gen },
	};
}

/* Under which ASID an mm is to be loaded; need_flush: what is cached under it is not to be used. */
struct new_asid {
	u16 asid;
	bool need_flush;
};

static void clear_asid_other(struct tlb_state *state)
{
	for (u16 asid = 0; asid < TLB_NR_DYN_ASIDS; asid++)
		if (asid != state->loaded_mm_asid)
			state->ctxs[asid].ctx_id = 0;
	state->invalidate_other = false;
}

/* One that this CPU still knows the mm by, or the one that it has not used for longest. */
static struct new_asid choose_new_asid(struct tlb_state *state, const struct mm_struct *next,
				       u64 next_tlb_gen)
{
	u16 global = mm_global_asid(next), asid;

	/* Nobody has had it before, and INVLPGB keeps it up to date. */
	if (global)
		return (struct new_asid){ global, false };
	if (state->invalidate_other)
		clear_asid_other(state);
	for (asid = 0; asid < TLB_NR_DYN_ASIDS; asid++)
		if (state->ctxs[asid].ctx_id == next->ctx_id)
			return (struct new_asid){ asid, state->ctxs[asid].tlb_gen < next_tlb_gen };
	asid = state->next_asid;
	state->next_asid = (asid + 1) % TLB_NR_DYN_ASIDS;
	return (struct new_asid){ asid, true };
}

/* SWITCH_MM comes before it can be seen: to a flush in between this CPU is one that switches. */
static void load_new_mm(struct tlb_state *state, struct mm_struct *prev, struct mm_struct *next,
			struct new_asid to, u64 next_tlb_gen)
{
	if (to.need_flush)
		state->ctxs[to.asid] = (struct tlb_context){ next->ctx_id, next_tlb_gen };
	write_cr3(mm_cr3(next), kern_pcid(to.asid), !to.need_flush);
	trace(SWITCH_MM, next->id, prev->id, next_tlb_gen, true);
	barrier();
	WRITE_ONCE(state->loaded_mm_asid, to.asid);
	WRITE_ONCE(state->loaded_mm, next);
}

/* The CPU comes back to the mm it never unloaded. Flushes may have passed it by meanwhile. */
static void leave_lazy(struct tlb_state *state, struct mm_struct *mm)
{
	u16 asid = state->loaded_mm_asid;
	u64 next_tlb_gen;

	/* A flush that finds is_lazy still set has bumped the generation by now. */
	smp_mb();
	next_tlb_gen = READ_ONCE(mm->tlb_gen);
	if (is_global_asid(asid) || state->ctxs[asid].tlb_gen == next_tlb_gen)
		trace(SWITCH_MM, mm->id, mm->id, next_tlb_gen, false);
	else
		load_new_mm(state, mm, mm, (struct new_asid){ asid, true }, next_tlb_gen);
}

/* The mm has got a global ASID since this CPU loaded it: from here on it goes by that. */
static void adopt_global_asid(struct tlb_state *state, struct mm_struct *mm)
{
	u64 next_tlb_gen = READ_ONCE(mm->tlb_gen);

	load_new_mm(state, mm, mm, choose_new_asid(state, mm, next_tlb_gen), next_tlb_gen);
}

void switch_mm_irqs_off(struct mm_struct *next)
{
	struct tlb_state *state = this_cpu_ptr(&cpu_tlbstate);
	struct mm_struct *prev = state->loaded_mm;
	bool was_lazy = state->is_lazy;
	u64 next_tlb_gen;

	if (was_lazy)
		trace(LAZY_OVER, prev->id);
	WRITE_ONCE(state->is_lazy, false);
	if (prev == next) {
		if (mm_needs_global_asid(next, state->loaded_mm_asid))
			adopt_global_asid(state, next);
		else if (was_lazy)
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
	/* Also where the bit was set already: SWITCHING is to be seen before what is read here. */
	smp_mb();
	next_tlb_gen = READ_ONCE(next->tlb_gen);

	/* prev's bit stays: a flush that finds prev not loaded here clears it. */
	load_new_mm(state, prev, next, choose_new_asid(state, next, next_tlb_gen), next_tlb_gen);
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
