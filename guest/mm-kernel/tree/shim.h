/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files that are compiled with the tree's headers share. */
#ifndef GUEST_MM_KERNEL_SHIM_H
#define GUEST_MM_KERNEL_SHIM_H

#include <linux/version.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/page_ref.h>
#include <linux/smp.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/cpumask.h>
#include <linux/jump_label.h>
#include <linux/swap.h>
#include <asm/mmu_context.h>
#include <asm/paravirt.h>
#include <asm/processor.h>
#include <asm/smp.h>
#include <asm/tlb.h>
#include <asm/tlbflush.h>
#include "../bridge.h"

#define SINCE(major, minor) (LINUX_VERSION_CODE >= KERNEL_VERSION(major, minor, 0))

/* A hooked function that has not returned. */
struct call {
	unsigned int what; /* enum hooked */
	unsigned long ret; /* where it returns to */
	unsigned long arg;
	int how; /* flush_tlb_func(): what it is going to find; 0: to flush */
};
#define CALLS 16

/* Of each CPU. walking is the first, for hooks.S. */
struct hook_state {
	unsigned int walking; /* enum walking */
	unsigned int depth;
	struct call call[CALLS];

	/* The flush that this CPU has begun, and not told of yet: who is told, tells. */
	struct flush {
		bool open, told;
		unsigned long id, start, end, tlb_gen;
		bool wake;
		unsigned int shift;
	} flush;
	struct mmu_gather *gather;     /* the one whose functions are running; NULL: none */
	bool syncs;		       /* in a sync that has sent nothing yet */
	unsigned long mask[CPU_WORDS]; /* of the backend's flush_tlb_multi() */
	struct {		       /* of hyperv_flush_tlb_multi(): its mask, as it is now */
		const struct cpumask *cpus;
		bool told; /* somebody is, by a call or natively */
	} hyperv;
	unsigned long one, all;	       /* local flushes, counted */

	/* switch_mm_irqs_off() */
	unsigned int from, to;
	bool switching, was_lazy, loaded;

	unsigned long cr3; /* as it was written */

	/* WAIT: whom this CPU waits for, by which word; 0: nobody. */
	unsigned int waits_for;
	unsigned long wait_word;

	/* The walk: see gup.c. */
	struct {
		unsigned long addr, table, entry, since;
		unsigned int shift;
		struct page **page;
		bool grabbed, holds, lost;
		unsigned long load, ip; /* what is about to be read, and where; ip 0: nothing */
		int load_reg;
	} walk;
};
DECLARE_PER_CPU(struct hook_state, hook);
#define THIS_HOOK this_cpu_ptr(&hook)

enum walking { WALK_NOT, WALK_WANTED, WALK_GOES, WALK_ENDS }; /* hooks.S has them, too */

extern unsigned long vmemmap_bytes; /* of struct pages, from vmemmap_base on */

struct mm_struct *mm_of(unsigned int id);
unsigned int id_of(const struct mm_struct *mm);
unsigned int loaded_id(void);

void mask_to_words(unsigned long words[CPU_WORDS], const struct cpumask *mask);
void words_to_mask(struct cpumask *mask, const unsigned long words[CPU_WORDS]);

/* The series renames the bit. */
#ifdef HAVE_WAKE_LAZY
#define wake_of(info) ((info)->wake_lazy_cpus)
#else
#define wake_of(info) ((info)->freed_tables)
#endif

/* The backend whose functions the tree has, in text of their own. */
extern void kvm_flush_tlb_multi(const struct cpumask *cpus, const struct flush_tlb_info *info);
extern void hyperv_flush_tlb_multi(const struct cpumask *cpus, const struct flush_tlb_info *info);
extern void xen_flush_tlb_multi(const struct cpumask *cpus, const struct flush_tlb_info *info);
extern void k_model_flush_tlb_multi(const struct cpumask *cpus, const struct flush_tlb_info *info);
extern void flush_tlb_func(void *info);

/* hyperv_flush_tlb_multi() is entered; calls the native one; returns. */
void hyperv_begins(struct hook_state *h, const struct cpumask *cpus);
void hyperv_goes_native(struct hook_state *h);
void hyperv_ends(struct hook_state *h);

/* Which mm a flush is of; G_ALL_MMS: whatever a CPU has loaded. */
unsigned long flushed_id(const struct flush_tlb_info *info);

/* What the tree's code has to leave as it found it (contracts.c). */
struct kept {
	int rcu, preempt, irqs, hooked;
};
struct kept kept_now(void);
void kept_check(struct kept found);

void hooks_init(void);
void preempted_init(void);
void keys_init(void);
/* FLUSH_BEGIN, unless it was told. */
void flush_told(unsigned long tlb_gen);
void flush_opens(unsigned long id, unsigned long start, unsigned long end, bool wake,
		 unsigned int shift);
void flush_closes(void);
/* What this CPU waited for is over. */
void wait_over(void);

#endif
