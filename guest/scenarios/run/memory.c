/* SPDX-License-Identifier: GPL-2.0-only */
/* What a scenario may do with memory, on this model: mm, mapping, flushing, access. */
#include <asm/pgtable.h>
#include <asm/tlb.h>
#include <asm/tlbflush.h>
#include <asm/tsc.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/trace.h>
#include <scenario/memory.h>

#include "../../kernel/traps.h"
#include "../../mm/internal.h"

struct mm_struct *scn_mm_create(void)
{
	return mm_alloc();
}

void scn_mm_destroy(struct mm_struct *mm)
{
	mm_free(mm);
}

void scn_switch_mm(struct mm_struct *mm)
{
	switch_mm(mm ? mm : &init_mm);
}

u64 scn_page_alloc(enum scn_size size)
{
	u64 page = page_alloc(size);

	page_mark(page, size);
	return page;
}

void scn_table_free(u64 table)
{
	table_free(table);
}

static u64 leaf_entry(u64 page, bool writable, enum scn_size size)
{
	u64 pte = page | _PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY;

	if (writable)
		pte |= _PAGE_RW;
	if (size == SCN_2M)
		pte |= _PAGE_PSE;
	return pte;
}

void scn_map(struct mm_struct *mm, u64 addr, u64 page, bool writable, enum scn_size size)
{
	mmap_read_lock(mm);
	spin_lock(&mm->page_table_lock);
	set_leaf(mm, addr, leaf_entry(page, writable, size), size);
	spin_unlock(&mm->page_table_lock);
	mmap_read_unlock(mm);
}

void scn_fault(struct mm_struct *mm, u64 addr)
{
	u64 page = scn_page_alloc(SCN_4K);
	const u64 *slot;

	mmap_read_lock(mm);
	spin_lock(&mm->page_table_lock);
	slot = lookup_entry(mm, addr, PMD_SHIFT);
	if (slot && *slot & _PAGE_PRESENT && !(*slot & _PAGE_PSE))
		slot = lookup_entry(mm, addr, PAGE_SHIFT);
	if (!slot || !(*slot & _PAGE_PRESENT)) {
		set_leaf(mm, addr, leaf_entry(page, true, SCN_4K), SCN_4K);
		page = 0;
	}
	spin_unlock(&mm->page_table_lock);
	mmap_read_unlock(mm);
	if (page)
		put_page(page);
}

u64 scn_swap_table(struct mm_struct *mm, u64 addr, u64 page, bool writable)
{
	u64 old;

	spin_lock(&mm->page_table_lock);
	old = swap_table(mm, addr, leaf_entry(page, writable, SCN_4K));
	spin_unlock(&mm->page_table_lock);
	return old;
}

void scn_unmap(struct mm_struct *mm, u64 addr, enum scn_size size)
{
	spin_lock(&mm->page_table_lock);
	set_leaf(mm, addr, 0, size);
	spin_unlock(&mm->page_table_lock);
}

u64 scn_unmap_page(struct mm_struct *mm, u64 addr)
{
	u64 pte = *lookup_entry(mm, addr, PAGE_SHIFT);

	scn_unmap(mm, addr, SCN_4K);
	return pte & PTE_PFN_MASK;
}

void scn_flush(struct mm_struct *mm, u64 start, u64 end, enum scn_size size, bool wake_lazy)
{
	u64 since = trace_sequence();

	start = end ? start : 0;
	end = end ? end : TLB_FLUSH_ALL;
	flush_tlb_mm_range(mm, start, end, size, wake_lazy);
	trace(RETURNS, mm->id, PVTLB_MM_FLUSH, start, end, since);
}

void scn_flush_cpus(struct mm_struct *mm, u64 start, u64 end, enum scn_size size, bool wake_lazy,
		    const struct pvtlb_cpuset *cpus)
{
	struct cpumask mask = { *cpus };

	flush_tlb_cpus(mm, end ? start : 0, end ? end : TLB_FLUSH_ALL, size, wake_lazy, &mask);
}

u64 scn_vmalloc(void)
{
	return vmalloc_page();
}

void scn_vmap(u64 addr, u64 page)
{
	vmap_page(addr, leaf_entry(page, true, SCN_4K));
}

void scn_flush_kernel(u64 start, u64 end)
{
	flush_tlb_kernel_range(start, end);
}

bool scn_test_clear_accessed(struct mm_struct *mm, u64 addr, enum scn_size size)
{
	u64 *slot = lookup_entry(mm, addr, size);

	return slot && atomic_fetch_and(slot, ~_PAGE_ACCESSED) & _PAGE_ACCESSED;
}

void scn_munmap(struct mm_struct *mm, u64 start, u64 end, enum scn_freeing how)
{
	static const enum table_freeing freeing[] = {
		[SCN_BATCHED] = FREE_BATCHED,
		[SCN_ONE_BY_RCU] = FREE_ONE_BY_RCU,
		[SCN_ONE_SYNCED] = FREE_ONE_SYNCED,
	};

	do_munmap(mm, start, end, freeing[how]);
}

void scn_munmap_begin(struct mm_struct *mm, u64 start, u64 end)
{
	munmap_begin(mm, start, end);
}

void scn_munmap_end(u64 start, u64 end)
{
	munmap_end(start, end);
}

void scn_zap(struct mm_struct *mm, u64 start, u64 end)
{
	zap_page_range(mm, start, end);
}

void scn_protect(struct mm_struct *mm, u64 start, u64 end, bool writable)
{
	change_protection(mm, start, end, writable);
}

void scn_mremap(struct mm_struct *mm, u64 from, u64 to, u64 len)
{
	move_page_tables(mm, from, to, len);
}

void scn_reclaim(struct mm_struct *mm, u64 start, u64 end)
{
	try_to_unmap(mm, start, end);
}

void scn_reclaim_flush(void)
{
	try_to_unmap_flush();
}

void scn_rcu_barrier(void)
{
	rcu_barrier();
}

void scn_collapse(struct mm_struct *mm, u64 addr, u64 huge, bool flush)
{
	collapse_huge_page(mm, addr, huge, flush);
}

void scn_zap_huge(struct mm_struct *mm, u64 addr)
{
	zap_huge_pmd(mm, addr);
}

void scn_share_pmd(struct mm_struct *from, struct mm_struct *to, u64 addr)
{
	huge_pmd_share(from, to, addr);
}

void scn_unshare_pmd(struct mm_struct *mm, u64 addr)
{
	huge_pmd_unshare(mm, addr);
}

void scn_gup(u64 addr)
{
	u64 page = gup_fast(addr);

	if (page)
		put_page(page);
}

void scn_rcu_walk(u64 addr)
{
	lockless_pte_lookup(addr, false);
}

void scn_rcu_walk_nested(u64 addr)
{
	lockless_pte_lookup(addr, true);
}

void scn_leave_mm(void)
{
	leave_mm();
}

void scn_trim_due(struct mm_struct *mm)
{
	WRITE_ONCE(mm->next_trim_cpumask, get_cycles());
}

void scn_enter_lazy(void)
{
	enter_lazy_tlb();
}

bool scn_asid_transition(struct mm_struct *mm, bool transition)
{
	return mm_set_asid_transition(mm, transition);
}

void scn_sync_one(void)
{
	tlb_remove_table_sync_one(NULL);
}

void scn_sync_rcu(void)
{
	tlb_remove_table_sync_rcu(NULL);
}

bool scn_key(void)
{
	return tlb_table_flush_implies_ipi_broadcast();
}

static enum pvtlb_access_outcome outcome(int faulted)
{
	if (!faulted)
		return PVTLB_ACCESS_OK;
	return this_cpu_read(probe_error) & PF_PROT ? PVTLB_ACCESS_PROTECTED
						    : PVTLB_ACCESS_NOT_PRESENT;
}

/* In stepped mode, before a look through the hardware: what it depends on most is the leaf entry. */
static void point_before_look(struct mm_struct *mm, u64 addr)
{
	const u64 *slot = lookup_entry(mm, addr, PAGE_SHIFT);

	if (!slot)
		slot = lookup_entry(mm, addr, PMD_SHIFT);
	if (!slot)
		slot = lookup_entry(mm, addr, PGD_SHIFT);
	step_look(slot);
}

void scn_access(struct mm_struct *mm, u64 addr, enum pvtlb_access_op op)
{
	u64 since, value = 0;
	int faulted;

	if (step_on())
		point_before_look(mm ? mm : &init_mm, addr);
	since = trace_sequence();
	/* A lazy CPU may have been made to leave it: then nothing here leads to it any more. */
	if (mm && this_cpu_read(cpu_tlbstate.loaded_mm) != mm)
		return;
	if (op == PVTLB_ACCESS_READ) {
		faulted = probe_load(addr, &value);
	} else {
		/* The word behind the page's address: what is written there says nothing. */
		faulted = probe_store(addr + 8, since);
		/* Through the same translation: which page did the store go to? */
		if (!faulted && probe_load(addr, &value))
			value = 0;
	}
	trace(ACCESS, mm ? mm->id : 0, addr, op, outcome(faulted), value, since);
}
