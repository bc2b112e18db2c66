/* SPDX-License-Identifier: GPL-2.0-only */
/* TLB flushing: generations, who must be told, and the native way of telling them. */
#include <asm/cpufeature.h>
#include <asm/invlpgb.h>
#include <asm/paravirt.h>
#include <asm/pgtable.h>
#include <asm/special_insns.h>
#include <asm/tlb.h>
#include <asm/tlb_policy.h>
#include <asm/tlbflush.h>
#include <asm/tsc.h>
#include <linux/fault.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/smp.h>
#include <linux/trace.h>

#include "internal.h"

DEFINE_STATIC_KEY_FALSE(tlb_ipi_broadcast_key);

/* One per CPU: a flush must not begin within another one. */
static DEFINE_PER_CPU(struct flush_tlb_info, flush_tlb_info);
static DEFINE_PER_CPU(bool, flush_tlb_info_used);

/* The local flushes: of what is cached under the PCID that is loaded. */

void native_flush_tlb_local(void)
{
	write_cr3(read_cr3_pa(), kern_pcid(this_cpu_read(cpu_tlbstate.loaded_mm_asid)), false);
}

void native_flush_tlb_one_user(unsigned long addr)
{
	invlpg(addr);
}

#ifdef CONFIG_PARAVIRT
struct paravirt_patch_template pv_ops = {
	.mmu.flush_tlb_user = native_flush_tlb_local,
	.mmu.flush_tlb_one_user = native_flush_tlb_one_user,
	.mmu.flush_tlb_multi = native_flush_tlb_multi,
	.mmu.flush_tlb_multi_implies_ipi_broadcast = true,
};

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

/* Flushing. */

static u64 mm_of_flush(const struct flush_tlb_info *info)
{
	return info->mm ? info->mm->id : PVTLB_MM_ALL;
}

static void trace_flush_func(const struct flush_tlb_info *info, enum pvtlb_flush_how how)
{
	trace(FLUSH_FUNC, mm_of_flush(info), info->new_tlb_gen, how, info->initiating_cpu);
}

void flush_tlb_func(void *data)
{
	const struct flush_tlb_info *info = data;
	struct tlb_state *state = this_cpu_ptr(&cpu_tlbstate);
	struct mm_struct *loaded_mm = state->loaded_mm;
	u64 mm_tlb_gen, *local_tlb_gen;

	if (info->initiating_cpu == smp_processor_id() &&
	    should_fail(PVTLB_FAULT_SKIP_LOCAL, smp_processor_id()))
		return;
	trace(FLUSH_ENTER, mm_of_flush(info), info->new_tlb_gen, info->initiating_cpu);

	if (info->mm && info->mm != loaded_mm) {
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
	if (mm_needs_global_asid(loaded_mm, state->loaded_mm_asid))
		switch_mm_irqs_off(loaded_mm);
	/* What is cached under a global ASID INVLPGB has flushed already. */
	if (is_global_asid(state->loaded_mm_asid)) {
		trace_flush_func(info, PVTLB_FLUSHED_CURRENT);
		return;
	}
	local_tlb_gen = &state->ctxs[state->loaded_mm_asid].tlb_gen;
	if (info->mm && info->new_tlb_gen <= *local_tlb_gen) {
		trace_flush_func(info, PVTLB_FLUSHED_CURRENT);
		return;
	}

	/* Read as late as possible: one full flush may then serve several requests. */
	mm_tlb_gen = READ_ONCE(loaded_mm->tlb_gen);
	/* A batch, which has no generation of its own: this mm's flushes may have been first. */
	if (*local_tlb_gen == mm_tlb_gen) {
		trace_flush_func(info, PVTLB_FLUSHED_CURRENT);
		return;
	}

	/*
	 * A range is enough only if this request is the very next one for this CPU and the last
	 * one there is. With one left out in between, what that one covered would stay behind.
	 */
	if (info->end != TLB_FLUSH_ALL && info->new_tlb_gen == *local_tlb_gen + 1 &&
	    info->new_tlb_gen == mm_tlb_gen) {
		for (u64 addr = info->start; addr < info->end; addr += 1ull << info->stride_shift)
			flush_tlb_one_user(addr);
		trace_flush_func(info, PVTLB_FLUSHED_PARTIAL);
	} else {
		flush_tlb_local();
		trace_flush_func(info, PVTLB_FLUSHED_FULL);
	}
	*local_tlb_gen = mm_tlb_gen;
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

void flush_tlb_multi_natively(const struct cpumask *cpumask, const struct flush_tlb_info *info)
{
	native_flush_tlb_multi(cpumask, info);
}

bool cpu_is_lazy(unsigned int cpu)
{
	return READ_ONCE(per_cpu(cpu_tlbstate, cpu).is_lazy);
}

void flush_tlb_multi(const struct cpumask *cpumask, const struct flush_tlb_info *info)
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
	u64 now = get_cycles();

	if ((s64)(now - READ_ONCE(mm->next_trim_cpumask)) < 0)
		return false;
	WRITE_ONCE(mm->next_trim_cpumask, now + TRIM_CYCLES);
	return true;
}

/* By the CPUs among themselves: everywhere, whatever any mask says, and nobody interrupted. */
static void broadcast_tlb_flush(const struct flush_tlb_info *info)
{
	invlpgb_flush_range(info);
	/* Until no CPU has the mm loaded under an ASID of its own, by IPI as well. */
	if (!finish_asid_transition(info->mm))
		flush_tlb_multi(mm_cpumask(info->mm), info);
	trace(FLUSH_MULTI, cpus_booted_once_mask.set);
	tlbsync();
	tlb_policy_delivered(info, TLB_DELIVERED_INVLPGB, &cpu_online_mask);
}

u64 inc_mm_tlb_gen(struct mm_struct *mm)
{
	return atomic_inc_return(&mm->tlb_gen);
}

struct flush_tlb_info *get_flush_tlb_info(struct mm_struct *mm, u64 start, u64 end,
					  unsigned int stride_shift, bool wake_lazy_cpus,
					  u64 new_tlb_gen)
{
	struct flush_tlb_info *info = this_cpu_ptr(&flush_tlb_info);

	if (this_cpu_read(flush_tlb_info_used))
		panic("a flush within a flush, of generation", info->new_tlb_gen);
	this_cpu_write(flush_tlb_info_used, true);

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

void put_flush_tlb_info(void)
{
	this_cpu_write(flush_tlb_info_used, false);
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
	put_flush_tlb_info();
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
	trace(FLUSH_ONLY, cpus->set);
	/* Such an mm has nothing that a mask could choose from. */
	if (mm_global_asid(mm))
		broadcast_tlb_flush(info);
	else
		flush_tlb_multi(cpus, info);
	trace(FLUSH_END, mm->id, new_tlb_gen);
	put_flush_tlb_info();
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
