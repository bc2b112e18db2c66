/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree's world: the data that its objects expect others to define, the CPUs, the mm's and
 * struct pages. Compiled with the tree's own headers and flags: no offset is written down here.
 */
#include "shim.h"

/* Per-CPU data. Who is current changes with the mm that is loaded, and with nothing else. */
#if SINCE(6, 3)
DEFINE_PER_CPU_ALIGNED(struct pcpu_hot, pcpu_hot) = { .preempt_count = INIT_PREEMPT_COUNT };
#define set_current(cpu, task)                                                                     \
	(per_cpu(pcpu_hot.cpu_number, cpu) = (cpu), per_cpu(pcpu_hot.current_task, cpu) = (task))
#else
DEFINE_PER_CPU(struct task_struct *, current_task);
DEFINE_PER_CPU_READ_MOSTLY(int, cpu_number);
DEFINE_PER_CPU(int, __preempt_count) = INIT_PREEMPT_COUNT;
#define set_current(cpu, task)                                                                     \
	(per_cpu(cpu_number, cpu) = (cpu), per_cpu(current_task, cpu) = (task))
#endif
DEFINE_PER_CPU_READ_MOSTLY(unsigned long, this_cpu_off);
DEFINE_PER_CPU_ALIGNED(struct tlb_state, cpu_tlbstate) = { .loaded_mm = &init_mm, .next_asid = 1 };
DEFINE_PER_CPU_SHARED_ALIGNED(irq_cpustat_t, irq_stat);
DEFINE_PER_CPU_READ_MOSTLY(struct cpuinfo_x86, cpu_info);
DEFINE_PER_CPU(int, numa_node);
DEFINE_PER_CPU(struct hook_state, hook);

unsigned long __per_cpu_offset[NR_CPUS];
struct cpumask __cpu_possible_mask, __cpu_online_mask, __cpu_present_mask;
atomic_t __num_online_cpus;
struct cpuinfo_x86 boot_cpu_data;
unsigned long page_offset_base, phys_base, vmemmap_base, vmalloc_base;
unsigned long vmemmap_bytes;
unsigned int pgdir_shift = 39, ptrs_per_p4d = 1;
u64 sme_me_mask, physical_mask = (1ull << 46) - 1, x86_pred_cmd;
unsigned long volatile jiffies;
int oops_in_progress;
struct mm_struct init_mm = { .mm_count = ATOMIC_INIT(2), .mm_users = ATOMIC_INIT(2) };

/* Mitigations: all off. Nothing here speculates about what is judged. */
DEFINE_STATIC_KEY_FALSE(switch_mm_always_ibpb);
DEFINE_STATIC_KEY_FALSE(switch_mm_cond_ibpb);
DEFINE_STATIC_KEY_FALSE(switch_mm_cond_l1d_flush);
DEFINE_STATIC_KEY_FALSE(rdpmc_never_available_key);
DEFINE_STATIC_KEY_FALSE(rdpmc_always_available_key);
DEFINE_STATIC_KEY_FALSE(init_on_free);
DEFINE_STATIC_KEY_FALSE(hugetlb_optimize_vmemmap_key);

/* The mm's, by number, as many as the guest has (guest/mm/mm.c). */
#define MMS 129
static char mms[MMS][sizeof(struct mm_struct) + sizeof(struct cpumask)] __aligned(64);
static struct task_struct tasks[NR_CPUS < 256 ? NR_CPUS : 256];

struct mm_struct *mm_of(unsigned int id)
{
	if (id >= MMS)
		g_panic("the shim has no room for mm", id);
	return id ? (struct mm_struct *)mms[id] : &init_mm;
}

unsigned int id_of(const struct mm_struct *mm)
{
	unsigned long at = (unsigned long)mm - (unsigned long)mms;

	return at < sizeof(mms) ? at / sizeof(mms[0]) : 0;
}

unsigned int loaded_id(void)
{
	const struct mm_struct *mm = this_cpu_read(cpu_tlbstate.loaded_mm);

	return mm == LOADED_MM_SWITCHING ? 0 : id_of(mm);
}

void mask_to_words(unsigned long words[CPU_WORDS], const struct cpumask *mask)
{
	int i;

	for (i = 0; i < CPU_WORDS; i++)
		words[i] = i * BITS_PER_LONG < NR_CPUS ? cpumask_bits(mask)[i] : 0;
}

void words_to_mask(struct cpumask *mask, const unsigned long words[CPU_WORDS])
{
	int i;

	cpumask_clear(mask);
	for (i = 0; i < CPU_WORDS && i * BITS_PER_LONG < NR_CPUS; i++)
		cpumask_bits(mask)[i] = words[i];
}

/*
 * The CPU has PCIDs, whether or not it has: what a tree counts on is then judged everywhere, and
 * a CPU without drops more than it must. The guest maps its own pages without the G bit; a kernel
 * does so with PTI, and flushes them under the other PCIDs, too.
 */
static void set_features(void)
{
	unsigned long *caps = (unsigned long *)boot_cpu_data.x86_capability;

	set_bit(X86_FEATURE_PCID, caps);
	set_bit(X86_FEATURE_PTI, caps);
	set_bit(X86_FEATURE_PGE, caps);
}

extern int smpcfd_prepare_cpu(unsigned int cpu);

void k_boot(const struct k_machine *machine)
{
	unsigned int cpu;

	if (machine->cpus > NR_CPUS)
		g_panic("more CPUs than the tree's CONFIG_NR_CPUS", NR_CPUS);
	page_offset_base = machine->direct_map;
	vmemmap_base = machine->pages;
	vmemmap_bytes = k_page_bytes(machine->frames);
	nr_cpu_ids = machine->cpus;
	set_features();
	for (cpu = 0; cpu < machine->cpus; cpu++) {
		__per_cpu_offset[cpu] = machine->percpu + cpu * machine->percpu_stride;
		per_cpu(this_cpu_off, cpu) = __per_cpu_offset[cpu];
		set_current(cpu, &tasks[cpu]);
		per_cpu(hook, cpu).cr3 = __pa(machine->pgd);
		cpumask_set_cpu(cpu, &__cpu_possible_mask);
		cpumask_set_cpu(cpu, &__cpu_present_mask);
	}
	init_mm.pgd = (pgd_t *)machine->pgd;
	init_mm.context.ctx_id = 1;
	atomic64_set(&init_mm.context.tlb_gen, 1);
	atomic64_set(&last_mm_ctx_id, 1);
	hooks_init();
	keys_init();
	for (cpu = 0; cpu < machine->cpus; cpu++)
		smpcfd_prepare_cpu(cpu);
}

/* As initialize_tlbstate_and_flush() leaves it. */
void k_cpu_up(unsigned int cpu)
{
	int asid;

	this_cpu_write(cpu_tlbstate.loaded_mm, &init_mm);
	this_cpu_write(cpu_tlbstate.loaded_mm_asid, 0);
	this_cpu_write(cpu_tlbstate.next_asid, 1);
	this_cpu_write(cpu_tlbstate.ctxs[0].ctx_id, init_mm.context.ctx_id);
	this_cpu_write(cpu_tlbstate.ctxs[0].tlb_gen, atomic64_read(&init_mm.context.tlb_gen));
	for (asid = 1; asid < TLB_NR_DYN_ASIDS; asid++)
		this_cpu_write(cpu_tlbstate.ctxs[asid].ctx_id, 0);
	if (!cpumask_test_and_set_cpu(cpu, &__cpu_online_mask))
		atomic_inc(&__num_online_cpus);
}

void k_mm_init(unsigned int id, word pgd)
{
	struct mm_struct *mm = mm_of(id);

	memset(mm, 0, sizeof(mms[0]));
	mm->pgd = (pgd_t *)pgd;
	mm->context.ctx_id = atomic64_inc_return(&last_mm_ctx_id);
	atomic64_set(&mm->context.tlb_gen, 1);
#ifdef HAVE_TRIM
	mm->context.next_trim_cpumask = jiffies + HZ;
#endif
	cpumask_clear(mm_cpumask(mm));
	atomic_set(&mm->mm_users, 1);
}

/* struct pages. */

word k_page_bytes(word frames)
{
	return frames * sizeof(struct page);
}

static struct page *page_of(word page)
{
	return pfn_to_page(page >> PAGE_SHIFT);
}

/* Anonymous memory, and if it is huge one folio: its references are the first page's. */
void k_page_init(word page, unsigned int shift)
{
	struct page *head = page_of(page);
	unsigned long i, nr = 1ul << (shift - PAGE_SHIFT);

	for (i = 0; i < nr; i++) {
		struct page *p = head + i;

		memset(p, 0, sizeof(*p));
		p->mapping = (void *)PAGE_MAPPING_ANON;
		__SetPageUptodate(p);
		if (i)
			set_compound_head(p, head);
	}
	if (nr > 1)
		__SetPageHead(head);
	set_page_count(head, 1);
}

unsigned int *k_page_ref(word page)
{
	return vmemmap_base ? (unsigned int *)&page_of(page)->_refcount.counter : NULL;
}
