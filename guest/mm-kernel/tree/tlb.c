/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest's asm/tlbflush.h on the tree's arch/x86/mm/tlb.o; and pv_ops, its way to the CPU. */
#include "shim.h"

/* pv_ops: the hardware. */

extern void k_save_fl(void), k_irq_disable(void), k_irq_enable(void), k_ident(void);

static unsigned int loaded_pcid(void)
{
	return this_cpu_read(cpu_tlbstate.loaded_mm_asid) + 1;
}

static void flush_user(void)
{
	struct hook_state *h = THIS_HOOK;

	h->all++;
	g_write_cr3(loaded_id(), h->cr3 & CR3_ADDR_MASK, loaded_pcid(), false);
}

/*
 * Everything, under whatever PCID: natively by CR4.PGE. A CPU without PCIDs does it by loading
 * CR3; of one that has them what is cached under others is not used again.
 */
static void flush_kernel(void)
{
	struct hook_state *h = THIS_HOOK;
	int asid;

	h->all++;
	if (!g_flush_all(loaded_id(), h->cr3 & CR3_ADDR_MASK, loaded_pcid()))
		return;
	for (asid = 0; asid < TLB_NR_DYN_ASIDS; asid++)
		if (asid != this_cpu_read(cpu_tlbstate.loaded_mm_asid))
			this_cpu_write(cpu_tlbstate.ctxs[asid].ctx_id, 0);
}

static void flush_one_user(unsigned long addr)
{
	THIS_HOOK->one++;
	g_invlpg(addr);
}

/* hooks.S calls them, too. */
unsigned long hw_read_cr3(void)
{
	return THIS_HOOK->cr3;
}

/* Within a switch it is the switch: SWITCH_MM is told before it can be seen (loaded_mm). */
void hw_write_cr3(unsigned long cr3)
{
	struct hook_state *h = THIS_HOOK;
	unsigned int pcid = cr3 & X86_CR3_PCID_MASK;

	h->cr3 = cr3 & ~CR3_NOFLUSH;
	if (!h->switching) {
		h->all++;
		g_write_cr3(loaded_id(), cr3 & CR3_ADDR_MASK, pcid, !!(cr3 & CR3_NOFLUSH));
		return;
	}
	g_write_cr3(h->to, cr3 & CR3_ADDR_MASK, pcid, !!(cr3 & CR3_NOFLUSH));
	h->loaded = true;
	g_switch_mm(h->to, h->from, pcid ? this_cpu_read(cpu_tlbstate.ctxs[pcid - 1].tlb_gen) : 0,
		    true);
}

static void nothing(void)
{
}

#define VALUES(name)                                                                               \
	.mmu.name##_val = __PV_IS_CALLEE_SAVE(k_ident),                                            \
	.mmu.make_##name = __PV_IS_CALLEE_SAVE(k_ident)

/* What is not here is never called: NULL, and says so. */
struct paravirt_patch_template pv_ops = {
#ifdef CONFIG_PARAVIRT_XXL
	VALUES(pte),
	VALUES(pmd),
	VALUES(pud),
	VALUES(p4d),
	VALUES(pgd),
	.irq.save_fl = __PV_IS_CALLEE_SAVE(k_save_fl),
	.irq.irq_disable = __PV_IS_CALLEE_SAVE(k_irq_disable),
	.irq.irq_enable = __PV_IS_CALLEE_SAVE(k_irq_enable),
	.mmu.read_cr3 = hw_read_cr3,
	.mmu.write_cr3 = hw_write_cr3,
#endif
	.mmu.flush_tlb_user = flush_user,
	.mmu.flush_tlb_kernel = flush_kernel,
	.mmu.flush_tlb_one_user = flush_one_user,
	.mmu.flush_tlb_multi = native_flush_tlb_multi,
#ifdef HAVE_PV_REMOVE_TABLE
	.mmu.tlb_remove_table = (void *)tlb_remove_page,
#endif
	.mmu.exit_mmap = (void *)nothing,
};

/* The place where the pointer is, as a symbol for the image's descriptor. */
void multi_slot(void);
void __used multi_slot(void)
{
	asm volatile(".globl k_multi_slot\n.set k_multi_slot, pv_ops+%c0" ::"i"(
		offsetof(struct paravirt_patch_template, mmu.flush_tlb_multi)));
}

word k_flush_tlb_multi(void)
{
	return (word)pv_ops.mmu.flush_tlb_multi;
}

void k_pv_tlb_init(void)
{
#ifdef HAVE_SERIES
	extern void native_pv_tlb_init(void);

	native_pv_tlb_init();
#endif
}

/* Switching. */

void k_switch_mm(unsigned int id)
{
	struct mm_struct *mm = mm_of(id), *prev = this_cpu_read(cpu_tlbstate.loaded_mm);
	struct task_struct *task = current;
	unsigned long flags;

	task->mm = id ? mm : NULL;
	task->active_mm = mm;
	local_irq_save(flags);
	switch_mm_irqs_off(prev, mm, task);
	local_irq_restore(flags);
	g_loaded(id);
}

void k_lazy(void)
{
	struct mm_struct *mm = this_cpu_read(cpu_tlbstate.loaded_mm);

	if (mm != &init_mm)
		enter_lazy_tlb(mm, current);
}

/* Flushing. */

void k_flush_mm_range(unsigned int id, word start, word end, unsigned int shift, int wake)
{
	struct mmu_gather *gather = THIS_HOOK->gather;

	/* Not the gather's, though one may be open. */
	THIS_HOOK->gather = NULL;
	flush_tlb_mm_range(mm_of(id), start, end, shift, wake);
	THIS_HOOK->gather = gather;
}

static DEFINE_PER_CPU(struct cpumask, asked);

void k_flush_cpus(unsigned int id, word start, word end, unsigned int shift, int wake,
		  const word cpus[CPU_WORDS])
{
	struct mm_struct *mm = mm_of(id);
	struct cpumask *mask = this_cpu_ptr(&asked);
	struct flush_tlb_info info = {
		.mm = mm,
		.start = start,
		.end = end,
		.new_tlb_gen = atomic64_inc_return(&mm->context.tlb_gen),
		.initiating_cpu = smp_processor_id(),
		.stride_shift = shift,
	};

	wake_of(&info) = wake;
	if (end != TLB_FLUSH_ALL && (end - start) >> shift > 33) {
		info.start = 0;
		info.end = TLB_FLUSH_ALL;
	}
	words_to_mask(mask, cpus);
	flush_opens(id, start, end, wake, shift);
	flush_told(info.new_tlb_gen);
	g_flush_only(cpus);
	flush_tlb_multi(mask, &info);
	flush_closes();
}

void k_flush_kernel_range(word start, word end)
{
	flush_tlb_kernel_range(start, end);
}

int k_other_cpus_have(unsigned int id)
{
	return cpumask_any_but(mm_cpumask(mm_of(id)), smp_processor_id()) < nr_cpu_ids;
}

/* Reclaim's batch: the guest keeps the mask, the tree adds to it and empties it. */
static DEFINE_PER_CPU(struct arch_tlbflush_unmap_batch, batch);

void k_batch_add(word cpus[CPU_WORDS], unsigned int id, word start, word end)
{
	struct arch_tlbflush_unmap_batch *b = this_cpu_ptr(&batch);

	words_to_mask(&b->cpumask, cpus);
#if SINCE(6, 15)
	arch_tlbbatch_add_pending(b, mm_of(id), start, end);
#elif SINCE(6, 6)
	arch_tlbbatch_add_pending(b, mm_of(id), start);
#else
	arch_tlbbatch_add_mm(b, mm_of(id));
#endif
	mask_to_words(cpus, &b->cpumask);
}

void k_batch_flush(word cpus[CPU_WORDS])
{
	struct arch_tlbflush_unmap_batch *b = this_cpu_ptr(&batch);

	words_to_mask(&b->cpumask, cpus);
	arch_tlbbatch_flush(b);
}

/* Calls. */

/* All CPUs, before the tree's own does so: an empty one would be filled by others meanwhile. */
void k_call_function(void (*func)(void *info), void *info, int wait)
{
	smp_call_function(func, info, wait);
	wait_over();
}

void k_call_interrupt(void)
{
	struct kept found = kept_now();

	generic_smp_call_function_single_interrupt();
	kept_check(found);
}

static void send_one(int cpu)
{
	g_send_ipi(cpu);
}

static void send_mask(const struct cpumask *mask)
{
	int cpu;

	for_each_cpu(cpu, mask)
		g_send_ipi(cpu);
}

struct smp_ops smp_ops = {
	.send_call_func_ipi = send_mask,
	.send_call_func_single_ipi = send_one,
};

#if !SINCE(6, 4)
void send_call_function_single_ipi(int cpu)
{
	g_send_ipi(cpu);
}
#endif

/* Backends. */

#ifdef HAVE_KVM
extern struct kvm_steal_time steal_time;
extern cpumask_var_t __pv_cpu_mask;

/* As kvm_guest_init() and kvm_alloc_cpumask() do, once the guest has asked CPUID. */
int k_install_kvm(void)
{
	static struct cpumask masks[256];
	int cpu;

	for_each_possible_cpu(cpu) * (struct cpumask **)((unsigned long)&__pv_cpu_mask +
							 __per_cpu_offset[cpu]) = &masks[cpu];
	pv_ops.mmu.flush_tlb_multi = kvm_flush_tlb_multi;
	preempted_init();
	return 1;
}

word k_steal_time(unsigned int cpu)
{
	return (word)&steal_time + __per_cpu_offset[cpu];
}
#else
int k_install_kvm(void)
{
	return 0;
}

word k_steal_time(unsigned int cpu)
{
	return 0;
}
#endif
