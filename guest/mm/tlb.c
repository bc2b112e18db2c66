/* SPDX-License-Identifier: GPL-2.0-only */
/* TLB flushing: generations, who must be told, and the native way of telling them. */
#include <asm/cpufeature.h>
#include <asm/gate.h>
#include <asm/invlpgb.h>
#include <asm/paravirt.h>
#include <asm/pgtable.h>
#include <asm/tlb.h>
#include <asm/tlb_policy.h>
#include <asm/tlbflush.h>
#include <linux/fault.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/smp.h>
#include <linux/trace.h>
#include <linux/wait.h>

#include "internal.h"

DEFINE_STATIC_KEY_FALSE(tlb_ipi_broadcast_key);

DEFINE_PER_CPU(struct tlb_state, cpu_tlbstate);
static DEFINE_PER_CPU(struct flush_tlb_info, flush_tlb_info);

/* The local flushes. There is no PCID here: a CR3 load drops all of user space. */

void native_flush_tlb_local(void)
{
	gate(GATE_WRITE_CR3, gate(GATE_READ_CR3, 0, 0), 0);
}

void native_flush_tlb_one_user(unsigned long addr)
{
	gate(GATE_INVLPG, addr, 0);
}

#ifdef CONFIG_PARAVIRT
static void flush_tlb_local(void)
{
	pv_ops.mmu.flush_tlb_user();
}

static void flush_tlb_one_user(unsigned long addr)
{
	pv_ops.mmu.flush_tlb_one_user(addr);
}

static void __flush_tlb_multi(const struct cpumask *cpumask, const struct flush_tlb_info *info)
{
	pv_ops.mmu.flush_tlb_multi(cpumask, info);
}
#else
#define flush_tlb_local	   native_flush_tlb_local
#define flush_tlb_one_user native_flush_tlb_one_user
#define __flush_tlb_multi  native_flush_tlb_multi
#endif

/* Switching. */

void initialize_tlbstate(void)
{
	struct tlb_state *state = this_cpu_ptr(&cpu_tlbstate);

	if (!init_mm.pgd)
		init_mm.pgd = __va(gate(GATE_READ_CR3, 0, 0) & PTE_PFN_MASK);
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
		gate(GATE_WRITE_CR3, mm_cr3(mm), 0);
	state->tlb_gen = next_tlb_gen;
	trace(SWITCH_MM, mm->id, mm->id, next_tlb_gen, stale);
}

/* What addresses are cached under: the same on every CPU, once the mm has a global ASID. */
static u16 mm_global_asid(const struct mm_struct *mm)
{
	return smp_load_acquire(&mm->global_asid);
}

static void switch_mm_irqs_off(struct mm_struct *next)
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
	gate(GATE_WRITE_CR3, mm_cr3(next), 0);
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

/* A global ASID is the same on every CPU; while an mm moves to one, CPUs differ about it. */
static bool mm_in_asid_transition(const struct mm_struct *mm)
{
	return cpu_feature_enabled(X86_FEATURE_INVLPGB) && mm && READ_ONCE(mm->asid_transition);
}

bool mm_set_asid_transition(struct mm_struct *mm, bool transition)
{
	if (!cpu_feature_enabled(X86_FEATURE_INVLPGB))
		return false;
	/* Said only while it is so: a flush in between may tell all CPUs, or need not. */
	if (!transition)
		trace(ASID, mm->id, false);
	WRITE_ONCE(mm->asid_transition, transition);
	if (transition)
		trace(ASID, mm->id, true);
	return true;
}

/* Flushing. */

bool use_global_asids;

/* The mm has got a global ASID since this CPU loaded it: from here on it goes by that. */
static void adopt_global_asid(struct tlb_state *state, struct mm_struct *mm)
{
	if (state->loaded_mm_asid == mm_global_asid(mm))
		return;
	state->loaded_mm_asid = mm_global_asid(mm);
	flush_tlb_local();
}

static void trace_flush_func(const struct flush_tlb_info *info, enum pvtlb_flush_how how)
{
	trace(FLUSH_FUNC, info->mm->id, info->new_tlb_gen, how, info->initiating_cpu);
}

/* Runs on every CPU that is told of the flush, the initiator included. IRQs are off. */
static void flush_tlb_func(void *data)
{
	const struct flush_tlb_info *info = data;
	struct tlb_state *state = this_cpu_ptr(&cpu_tlbstate);
	struct mm_struct *loaded_mm = state->loaded_mm;
	u64 mm_tlb_gen;

	if (info->initiating_cpu == smp_processor_id() &&
	    should_fail(PVTLB_FAULT_SKIP_LOCAL, smp_processor_id()))
		return;
	trace(FLUSH_ENTER, info->mm->id, info->new_tlb_gen, info->initiating_cpu);

	if (info->mm != loaded_mm) {
		cpumask_clear_cpu(smp_processor_id(), mm_cpumask(info->mm));
		trace_flush_func(info, PVTLB_FLUSHED_NOT_LOADED);
		return;
	}
	if (loaded_mm == &init_mm) {
		trace_flush_func(info, PVTLB_FLUSHED_NOT_LOADED);
		return;
	}
	if (state->is_lazy) {
		/* Cheaper than flushing, and this CPU will not be asked again. */
		switch_mm_irqs_off(&init_mm);
		trace_flush_func(info, PVTLB_FLUSHED_LAZY);
		return;
	}
	adopt_global_asid(state, loaded_mm);
	/* What is cached under a global ASID INVLPGB has flushed already. */
	if (state->loaded_mm_asid || info->new_tlb_gen <= state->tlb_gen) {
		trace_flush_func(info, PVTLB_FLUSHED_CURRENT);
		return;
	}

	/* Read as late as possible: one full flush may then serve several requests. */
	mm_tlb_gen = READ_ONCE(info->mm->tlb_gen);

	/*
	 * A range is enough only if this request is the very next one for this CPU and the last
	 * one there is. With one left out in between, what that one covered would stay behind.
	 */
	if (info->end != TLB_FLUSH_ALL && info->new_tlb_gen == state->tlb_gen + 1 &&
	    info->new_tlb_gen == mm_tlb_gen) {
		for (u64 addr = info->start; addr < info->end; addr += 1ull << info->stride_shift)
			flush_tlb_one_user(addr);
		trace_flush_func(info, PVTLB_FLUSHED_PARTIAL);
	} else {
		flush_tlb_local();
		trace_flush_func(info, PVTLB_FLUSHED_FULL);
	}
	state->tlb_gen = mm_tlb_gen;
}

static bool should_flush_tlb(int cpu, void *data)
{
	const struct flush_tlb_info *info = data;
	const struct tlb_state *state = per_cpu_ptr(&cpu_tlbstate, cpu);
	const struct mm_struct *loaded_mm = READ_ONCE(state->loaded_mm);

	if (READ_ONCE(state->is_lazy))
		return false;
	/* About to load who knows what. */
	if (loaded_mm == LOADED_MM_SWITCHING)
		return true;
	if (!info->mm || loaded_mm == info->mm)
		return true;
	/* Not loaded any more: interrupted only to have its bit cleared. */
	return info->trim_cpumask;
}

/*
 * Tell the CPUs by IPI and wait. With wake_lazy_cpus a CPU in lazy TLB mode is interrupted,
 * too: it may walk, speculatively, through tables that are about to be something else. In an
 * ASID transition nobody's state says which ASID it has cached what under.
 */
void native_flush_tlb_multi(const struct cpumask *cpumask, const struct flush_tlb_info *info)
{
	bool everybody = info->wake_lazy_cpus || mm_in_asid_transition(info->mm);

	on_each_cpu_cond_mask(everybody ? NULL : should_flush_tlb, flush_tlb_func, (void *)info,
			      true, cpumask);
	tlb_policy_delivered(info, TLB_DELIVERED_IPI, cpumask);
}

static void flush_tlb_multi(const struct cpumask *cpumask, const struct flush_tlb_info *info)
{
	trace(FLUSH_MULTI, cpumask->set);
	__flush_tlb_multi(cpumask, info);
	tlb_policy_delivered(info, TLB_DELIVERED_MULTI, cpumask);
}

/*
 * CPUs that have switched away keep their bits and cost an interrupt each time tables are
 * freed; now and then, not at every flush, they are asked to clear them.
 */
static bool should_trim_cpumask(struct mm_struct *mm)
{
	u64 now = __builtin_ia32_rdtsc();

	if ((s64)(now - READ_ONCE(mm->next_trim_cpumask)) < 0)
		return false;
	WRITE_ONCE(mm->next_trim_cpumask, now + TRIM_CYCLES);
	return true;
}

/*
 * An mm that several CPUs use: from the next flush on by INVLPGB. Linux waits until they are
 * more than three, and looks only now and then (consider_global_asid()).
 */
static void consider_global_asid(struct mm_struct *mm)
{
	static u16 last;

	if (!use_global_asids || mm_global_asid(mm))
		return;
	mm_set_asid_transition(mm, true);
	smp_store_release(&mm->global_asid, __atomic_add_fetch(&last, 1, __ATOMIC_SEQ_CST));
}

/* Until no CPU has the mm loaded under an ASID of its own, flushes go by IPI as well. */
static void finish_asid_transition(const struct flush_tlb_info *info)
{
	struct mm_struct *mm = info->mm;
	unsigned int cpu;

	if (!mm_in_asid_transition(mm))
		return;
	for_each_cpu(cpu, mm_cpumask(mm)) {
		const struct tlb_state *state = per_cpu_ptr(&cpu_tlbstate, cpu);

		/* Which ASID it is going to use is not to be seen yet. */
		while (READ_ONCE(state->loaded_mm) == LOADED_MM_SWITCHING)
			cpu_relax();
		if (READ_ONCE(state->loaded_mm) != mm ||
		    READ_ONCE(state->loaded_mm_asid) == mm_global_asid(mm))
			continue;
		flush_tlb_multi(mm_cpumask(mm), info);
		return;
	}
	mm_set_asid_transition(mm, false);
}

/* By the CPUs among themselves: everywhere, whatever any mask says, and nobody interrupted. */
static void broadcast_tlb_flush(const struct flush_tlb_info *info)
{
	u64 how = INVLPGB_PCID_VALID | INVLPGB_GLOBAL, page = 1ull << info->stride_shift, addr;
	u32 stride = info->stride_shift == PMD_SHIFT ? INVLPGB_STRIDE_2M : 0;
	u32 pcid = (u32)mm_global_asid(info->mm) << 16 & ~INVLPGB_EDX_MBZ;

	if (info->end == TLB_FLUSH_ALL)
		invlpgb(how, 0, pcid);
	for (addr = info->start; info->end != TLB_FLUSH_ALL && addr < info->end;) {
		u64 nr = (info->end - addr + page - 1) / page;

		if (nr > INVLPGB_COUNT_MAX + 1)
			nr = INVLPGB_COUNT_MAX + 1;
		invlpgb(addr | INVLPGB_VA_VALID | how, stride | (nr - 1), pcid);
		addr += nr * page;
	}
	finish_asid_transition(info);
	trace(FLUSH_MULTI, cpu_online_mask.set);
	tlbsync();
	tlb_policy_delivered(info, TLB_DELIVERED_INVLPGB, &cpu_online_mask);
}

/* Also a full barrier, which orders the page-table stores before the reading of the mask. */
static u64 inc_mm_tlb_gen(struct mm_struct *mm)
{
	return atomic_inc_return(&mm->tlb_gen);
}

static struct flush_tlb_info *get_flush_tlb_info(struct mm_struct *mm, u64 start, u64 end,
						 unsigned int stride_shift, bool wake_lazy_cpus,
						 u64 new_tlb_gen)
{
	struct flush_tlb_info *info = this_cpu_ptr(&flush_tlb_info);

	/* One per CPU: a flush must not begin within another one. */
	if (info->mm)
		panic("flush_tlb_mm_range() within itself", info->new_tlb_gen);

	if (end != TLB_FLUSH_ALL && (end - start) >> stride_shift > TLB_SINGLE_PAGE_FLUSH_CEILING) {
		start = 0;
		end = TLB_FLUSH_ALL;
	}
	*info = (struct flush_tlb_info){
		.mm = mm,
		.start = start,
		.end = end,
		.new_tlb_gen = new_tlb_gen,
		.initiating_cpu = smp_processor_id(),
		.stride_shift = stride_shift,
		.wake_lazy_cpus = wake_lazy_cpus,
	};
	return info;
}

static void flush_range(struct mm_struct *mm, struct mmu_gather *tlb, u64 start, u64 end,
			unsigned int stride_shift, bool wake_lazy_cpus)
{
	unsigned int cpu = smp_processor_id();
	u64 new_tlb_gen = inc_mm_tlb_gen(mm);
	struct flush_tlb_info *info;

	info = get_flush_tlb_info(mm, start, end, stride_shift, wake_lazy_cpus, new_tlb_gen);
	info->tlb = tlb;
	trace(FLUSH_BEGIN, mm->id, start, end, new_tlb_gen, wake_lazy_cpus, stride_shift);

	if (mm_global_asid(mm)) {
		broadcast_tlb_flush(info);
	} else if (cpumask_any_but(mm_cpumask(mm), cpu) < nr_cpu_ids) {
		info->trim_cpumask = should_trim_cpumask(mm);
		flush_tlb_multi(mm_cpumask(mm), info);
		consider_global_asid(mm);
	} else if (mm == this_cpu_read(cpu_tlbstate.loaded_mm)) {
		local_irq_disable();
		flush_tlb_func(info);
		local_irq_enable();
		tlb_policy_delivered(info, TLB_DELIVERED_LOCAL, mm_cpumask(mm));
	}

	trace(FLUSH_END, mm->id, new_tlb_gen);
	info->mm = NULL;
}

void flush_tlb_mm_range(struct mm_struct *mm, u64 start, u64 end, unsigned int stride_shift,
			bool wake_lazy_cpus)
{
	flush_range(mm, NULL, start, end, stride_shift, wake_lazy_cpus);
}

void flush_tlb_gather_range(struct mmu_gather *tlb, u64 start, u64 end, unsigned int stride_shift,
			    bool wake_lazy_cpus)
{
	flush_range(tlb->mm, tlb, start, end, stride_shift, wake_lazy_cpus);
}

void flush_tlb_cpus(struct mm_struct *mm, u64 start, u64 end, unsigned int stride_shift,
		    bool wake_lazy_cpus, const struct cpumask *cpus)
{
	u64 new_tlb_gen = inc_mm_tlb_gen(mm);
	struct flush_tlb_info *info;

	info = get_flush_tlb_info(mm, start, end, stride_shift, wake_lazy_cpus, new_tlb_gen);
	trace(FLUSH_BEGIN, mm->id, start, end, new_tlb_gen, wake_lazy_cpus, stride_shift);
	/* Such an mm has nothing that a mask could choose from. */
	if (mm_global_asid(mm))
		broadcast_tlb_flush(info);
	else
		flush_tlb_multi(cpus, info);
	trace(FLUSH_END, mm->id, new_tlb_gen);
	info->mm = NULL;
}

/*
 * Decided once: do the flushes of this machine interrupt every CPU they are for? Only if they
 * are native ones, and if none can be done by INVLPGB, which bypasses flush_tlb_multi().
 */
void native_pv_tlb_init(void)
{
	bool native = true, invlpgb = cpu_feature_enabled(X86_FEATURE_INVLPGB);
	u64 multi = (u64)native_flush_tlb_multi;

#ifdef CONFIG_PARAVIRT
	multi = (u64)pv_ops.mmu.flush_tlb_multi;
	native = pv_ops.mmu.flush_tlb_multi == native_flush_tlb_multi;
#endif
	if (native && !invlpgb)
		static_branch_enable(&tlb_ipi_broadcast_key);
	trace(KEY, multi, (u64)native_flush_tlb_multi, invlpgb,
	      static_key_enabled(&tlb_ipi_broadcast_key));
}
