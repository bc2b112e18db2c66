/* SPDX-License-Identifier: GPL-2.0-only */
/* asm/tlbflush.h, asm/tlbbatch.h and linux/smp.h of the guest, done by the tree's objects. */
#include <asm/apic.h>
#include <asm/paravirt.h>
#include <asm/pgtable.h>
#include <asm/special_insns.h>
#include <asm/tlb.h>
#include <asm/tlb_policy.h>
#include <asm/tlbbatch.h>
#include <linux/fault.h>
#include <linux/irq.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>

#include "../kernel/traps.h"
#include "../mm/internal.h"
#include "bridge.h"
#include "glue.h"

/* Who looks at it, looks at loaded_mm alone. */
DEFINE_PER_CPU(struct tlb_state, cpu_tlbstate);

#define MM_IDS 129
static struct mm_struct *mms[MM_IDS] = { &init_mm };

struct mm_struct *mm_of_id(unsigned int id)
{
	return mms[id];
}

void init_new_context(struct mm_struct *mm)
{
	if (mm->id >= MM_IDS)
		panic("more mm's than the bridge has numbers for", mm->id);
	mms[mm->id] = mm;
	k_mm_init(mm->id, (word)mm->pgd);
}

void g_loaded(unsigned int id)
{
	this_cpu_write(cpu_tlbstate.loaded_mm, mms[id]);
}

/* Memory for the tree's struct pages, in 2 MiB pages: they come from the top down, in a row. */
static word page_structs(word frames)
{
	word bytes = k_page_bytes(frames), at = 0;

	for (word have = 0; have < bytes; have += PMD_SIZE)
		at = page_alloc(PMD_SHIFT);
	return (word)__va(at);
}

static void boot(void)
{
	struct k_machine machine = {
		.cpus = nr_cpu_ids,
		.percpu = per_cpu_base,
		.percpu_stride = per_cpu_stride,
		.direct_map = page_offset_base,
		.frames = memory_bytes() >> PAGE_SHIFT,
	};

	init_mm.pgd = __va(read_cr3_pa());
	machine.pgd = (word)init_mm.pgd;
	machine.pages = page_structs(machine.frames);
	debug_entry = (u64)k_step_entry;
	address_name = k_undefined;
	k_boot(&machine);
}

void initialize_tlbstate(void)
{
	setup_pcid();
	if (!init_mm.pgd)
		boot();
	this_cpu_write(cpu_tlbstate.loaded_mm, &init_mm);
	k_cpu_up(smp_processor_id());
}

void switch_mm(struct mm_struct *next)
{
	k_switch_mm(next->id);
}

void switch_mm_irqs_off(struct mm_struct *next)
{
	k_switch_mm(next->id);
}

void enter_lazy_tlb(void)
{
	k_lazy();
}

void leave_mm(void)
{
	if (this_cpu_read(cpu_tlbstate.loaded_mm) != &init_mm)
		switch_mm(&init_mm);
}

/* No tree that is taken has global ASIDs yet. */
bool use_global_asids;

bool mm_set_asid_transition(struct mm_struct *mm, bool transition)
{
	(void)mm, (void)transition;
	return false;
}

void flush_tlb_mm_range(struct mm_struct *mm, u64 start, u64 end, unsigned int stride_shift,
			bool wake_lazy_cpus)
{
	k_flush_mm_range(mm->id, start, end, stride_shift, wake_lazy_cpus);
}

/* Of no gather of the tree's: what it is told of, it is told by the functions in gather.c. */
void flush_tlb_gather_range(struct mmu_gather *tlb, u64 start, u64 end, unsigned int stride_shift,
			    bool wake_lazy_cpus)
{
	flush_tlb_mm_range(tlb->mm, start, end, stride_shift, wake_lazy_cpus);
}

void flush_tlb_cpus(struct mm_struct *mm, u64 start, u64 end, unsigned int stride_shift,
		    bool wake_lazy_cpus, const struct cpumask *cpus)
{
	k_flush_cpus(mm->id, start, end, stride_shift, wake_lazy_cpus,
		     (const word *)cpus->set.bits);
}

void flush_tlb_kernel_range(u64 start, u64 end)
{
	k_flush_kernel_range(start, end);
}

/* Faults that are injected into the model's code have no place in the tree's. */
void native_flush_tlb_local(void)
{
	panic("a fault was injected that the tree's objects have no place for", 0);
}

/* Reclaim. */

bool arch_tlbbatch_should_defer(struct mm_struct *mm)
{
	return k_other_cpus_have(mm->id);
}

void arch_tlbbatch_add_pending(struct arch_tlbflush_unmap_batch *batch, struct mm_struct *mm,
			       u64 start, u64 end)
{
	k_batch_add((word *)batch->cpumask.set.bits, mm->id, start, end);
	batch->unmapped_pages = true;
}

void arch_tlbbatch_flush(struct arch_tlbflush_unmap_batch *batch)
{
	k_batch_flush((word *)batch->cpumask.set.bits);
	*batch = (struct arch_tlbflush_unmap_batch){ 0 };
}

/* A backend of the model's, and what it asks for. */

void pv_ops_filled(void)
{
	if (pv_ops.mmu.flush_tlb_multi)
		k_install_model();
}

void g_flush_by_model(const word cpus[CPU_WORDS], word id, word start, word end, word tlb_gen,
		      unsigned int initiator, unsigned int shift, int wake)
{
	const struct flush_tlb_info info = {
		.mm = id == G_ALL_MMS ? NULL : mm_of_id(id),
		.start = start,
		.end = end,
		.new_tlb_gen = tlb_gen,
		.initiating_cpu = initiator,
		.stride_shift = shift,
		.wake_lazy_cpus = wake,
	};
	struct cpumask mask;

	__builtin_memcpy(&mask, cpus, sizeof(mask));
	pv_ops.mmu.flush_tlb_multi(&mask, &info);
}

void flush_tlb_multi_natively(const struct cpumask *cpumask, const struct flush_tlb_info *info)
{
	(void)cpumask, (void)info;
	k_flush_multi_natively();
}

bool cpu_is_lazy(unsigned int cpu)
{
	return k_is_lazy(cpu);
}

/* Calls. */

void smp_call_function(smp_call_func_t func, void *info, bool wait)
{
	k_call_function(func, info, wait);
}

void contracts_check(void)
{
	k_contracts();
}

IRQ_HANDLER(CALL_FUNCTION_VECTOR, k_call_interrupt);

/* The key, which is the tree's own if it has one. */

void g_key_set(int on)
{
	if (on)
		static_branch_enable(&tlb_ipi_broadcast_key);
	else
		static_branch_disable(&tlb_ipi_broadcast_key);
}

/* Its sites, in the guest's jump table: room for those that keys_init() finds. */
#define MAX_SITES 32
static struct pvtlb_jump_entry sites[MAX_SITES] __aligned(8) __used __section("__jump_table");

void g_key_site(word code, word target, int likely)
{
	static unsigned int nr;

	if (nr == MAX_SITES)
		panic("the tree has too many sites of tlb_ipi_broadcast_key", nr);
	sites[nr++] = (struct pvtlb_jump_entry){
		code, target, (u64)&tlb_ipi_broadcast_key | (likely ? PVTLB_JUMP_LIKELY : 0)
	};
}

void native_pv_tlb_init(void)
{
	k_pv_tlb_init();
	trace_tree("native_pv_tlb_init", KEY, k_flush_tlb_multi(), (u64)native_flush_tlb_multi,
		   cpu_feature_enabled(X86_FEATURE_INVLPGB),
		   static_key_enabled(&tlb_ipi_broadcast_key));
}

/* The tree has its own: that of a backend of the model's. */
struct paravirt_patch_template pv_ops;

void g_panic(const char *why, word value)
{
	panic_at(why, value, (u64)__builtin_return_address(0) - 1);
}

/* mm/gup.c's gup_fast(), by the tree's. */

u64 gup_fast(u64 addr)
{
	return k_gup(addr);
}

void g_walk_window(void)
{
	walk_window();
}

int g_is_table(word page)
{
	return page < memory_bytes() && table_gen(page);
}
