/* SPDX-License-Identifier: GPL-2.0-only */
/* TLB flushing: what a flush is, and the state each CPU keeps for it. */
#ifndef _ASM_TLBFLUSH_H
#define _ASM_TLBFLUSH_H

#include <linux/mm_types.h>
#include <linux/percpu.h>

struct mmu_gather;

#define TLB_FLUSH_ALL (~0ull)

/* Beyond this many pages one full flush is cheaper than the pages one by one. */
#define TLB_SINGLE_PAGE_FLUSH_CEILING 33

struct flush_tlb_info {
	/*
	 * end == TLB_FLUSH_ALL: everything. Otherwise pages from start up to end, and new_tlb_gen
	 * is the generation the mm reaches with this flush.
	 */
	struct mm_struct *mm;
	struct mmu_gather *tlb; /* the gather that this flush is of; NULL: none */
	u64 start;
	u64 end;
	u64 new_tlb_gen;
	u32 initiating_cpu;
	u8 stride_shift;
	/* Tables were freed or unshared: CPUs in lazy TLB mode must be interrupted, too. */
	u8 wake_lazy_cpus;
	u8 trim_cpumask;
};

/* A CPU keeps what it has cached of so many mm's, each under an ASID of its own. */
#define TLB_NR_DYN_ASIDS 6

/* What is cached under an ASID: of which mm (ctx_id, 0: nothing), and how new. */
struct tlb_context {
	u64 ctx_id;
	u64 tlb_gen;
};

struct tlb_state {
	struct mm_struct *loaded_mm; /* LOADED_MM_SWITCHING while CR3 changes */
	u16 loaded_mm_asid;	     /* a CPU's own, or the mm's global one */
	u16 next_asid;		     /* which of its own is used again next */
	bool is_lazy;
	bool invalidate_other; /* nothing under an ASID that is not loaded may be used again */
	struct tlb_context ctxs[TLB_NR_DYN_ASIDS];
};
DECLARE_PER_CPU(struct tlb_state, cpu_tlbstate);

/* ASIDs are counted from 0, PCIDs from 1: that of a CPU that has not loaded any is 0. */
static inline u16 kern_pcid(u16 asid)
{
	return asid + 1;
}

static inline bool is_global_asid(u16 asid)
{
	return asid >= TLB_NR_DYN_ASIDS;
}

#define LOADED_MM_SWITCHING ((struct mm_struct *)1ul)

/* Call once per CPU, before it switches to any other mm. */
void initialize_tlbstate(void);
/* An mm is new: what the flush code keeps of it. */
void init_new_context(struct mm_struct *mm);
void switch_mm(struct mm_struct *next);
/* The CPU goes on in kernel code only: lazy until it switches to any mm, the same included. */
void enter_lazy_tlb(void);
/* Unload whatever is loaded. */
void leave_mm(void);

/*
 * Give mm's that are flushed on several CPUs a global ASID, and flush these by INVLPGB. Set by
 * a backend; the CPU must have the instruction, or somebody who does it.
 */
extern bool use_global_asids;

/* The mm moves to a global ASID, or has done so; false where there are none (no INVLPGB). */
bool mm_set_asid_transition(struct mm_struct *mm, bool transition);

/*
 * Flush [start, end) of mm everywhere it may be cached; end TLB_FLUSH_ALL for all of it.
 * When it returns no CPU uses an older translation of that range.
 */
void flush_tlb_mm_range(struct mm_struct *mm, u64 start, u64 end, unsigned int stride_shift,
			bool wake_lazy_cpus);
/* The same for a gather, of which a policy may want to know who has delivered its flushes. */
void flush_tlb_gather_range(struct mmu_gather *tlb, u64 start, u64 end, unsigned int stride_shift,
			    bool wake_lazy_cpus);

/*
 * The same with a mask of the caller's making, whatever the mm's says: for those who want to
 * know what a backend does with one. Flushes nothing on a CPU that is not in it.
 */
void flush_tlb_cpus(struct mm_struct *mm, u64 start, u64 end, unsigned int stride_shift,
		    bool wake_lazy_cpus, const struct cpumask *cpus);

/* Flush these addresses of the kernel's on all CPUs, which all have them. */
void flush_tlb_kernel_range(u64 start, u64 end);

void native_flush_tlb_multi(const struct cpumask *cpumask, const struct flush_tlb_info *info);
void native_flush_tlb_local(void);
/* For a backend whose hypervisor has not done it: native_flush_tlb_multi(), whoever's that is. */
void flush_tlb_multi_natively(const struct cpumask *cpumask, const struct flush_tlb_info *info);
/* Is the CPU in lazy TLB mode? It may leave it at any time. */
bool cpu_is_lazy(unsigned int cpu);
void native_flush_tlb_one_user(unsigned long addr);

void native_pv_tlb_init(void);

#endif
