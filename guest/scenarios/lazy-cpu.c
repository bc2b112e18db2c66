/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lazy-cpu, lazy-collapse, lazy-missed: flushes that find CPUs in lazy TLB mode.
 *
 * Workers look at two pages and go lazy. A flush without freed tables leaves them alone; they
 * catch up when they come back, by their tlb_gen. One with freed, and one with unshared tables
 * must not: lazy CPUs still walk, speculatively, through what is about to be something else.
 * A peek at the page while lazy stands for such a walk. In lazy-collapse the table is one that a
 * huge page takes the place of: it is put aside, then freed, and becomes another mm's. Teaches
 * what wake_lazy_cpus is for.
 *
 * In lazy-missed the second flush, which does not leave lazy CPUs alone, is of another page than
 * the first one, which did. A hypervisor flushes that page, and that does not make up for the
 * first one. Teaches that a CPU may be noted to be as far as a flush only by what has flushed all
 * up to there: itself, in flush_tlb_func() or when it switches.
 */
#include <scenario.h>

#define ADDR	  0x100000000000ull
#define SIZE	  (1ull << SCN_2M)
#define SMALL	  ADDR
#define FREED	  (ADDR + SIZE)		/* in a page table of its own */
#define UNSHARED  (ADDR + (1ull << 30)) /* in a PMD table of its own */

static struct mm_struct *mm, *sharer, *other;
static u64 page[2], huge;
static unsigned int mapped;

static void enter(void)
{
	scn_switch_mm(mm);
}

static void look(void)
{
	scn_access(mm, SMALL, PVTLB_ACCESS_READ);
	scn_access(mm, FREED, PVTLB_ACCESS_READ);
	scn_access(mm, UNSHARED, PVTLB_ACCESS_READ);
}

static void look_and_go_lazy(void)
{
	look();
	if (scn_cpu())
		scn_enter_lazy();
}

/* CPU 0 is not lazy, and the others are or have been made to leave the mm. */
static void come_back(void)
{
	scn_switch_mm(mm);
	look();
}

static void change_small(void)
{
	mapped ^= 1;
	scn_map(mm, SMALL, page[mapped], true, SCN_4K);
	scn_flush(mm, SMALL, SMALL + 4096, SCN_4K, false);
}

static void free_table(void)
{
	scn_munmap(mm, FREED, FREED + SIZE, SCN_BATCHED);
	scn_rcu_barrier();
	scn_map(mm, FREED, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void unshare_table(void)
{
	scn_unshare_pmd(mm, UNSHARED);
}

static void collapse(void)
{
	scn_collapse(mm, FREED, scn_page_alloc(SCN_2M), true);
}

/* Not the range that was missed, and small enough not to be all pages. */
static void miss_one_be_woken_for_next(void)
{
	change_small();
	scn_zap(mm, FREED, FREED + 4096);
	scn_fault(mm, FREED);
	scn_flush(mm, FREED, FREED + 4096, SCN_4K, true);
}

static void reuse_table(void)
{
	scn_zap_huge(mm, FREED);
	scn_fault(other, FREED);
	scn_fault(mm, FREED);
	scn_munmap(other, FREED, FREED + SIZE, SCN_BATCHED);
	scn_rcu_barrier();
}

struct variant {
	void (*change[3])(void);
	unsigned int nr;
};
static const struct variant tables = { { change_small, free_table, unshare_table }, 3 };
static const struct variant collapsed = { { collapse, reuse_table }, 2 };
static const struct variant missed = { { miss_one_be_woken_for_next }, 1 };
static const struct variant *variant;

static void setup(void)
{
	variant = scn_variant();
	mm = scn_mm_create();
	sharer = scn_mm_create();
	page[0] = scn_page_alloc(SCN_4K);
	page[1] = scn_page_alloc(SCN_4K);
	huge = scn_page_alloc(SCN_2M);
	scn_map(mm, SMALL, page[0], true, SCN_4K);
	scn_map(mm, FREED, scn_page_alloc(SCN_4K), true, SCN_4K);
	scn_map(sharer, UNSHARED, huge, true, SCN_2M);
	other = scn_mm_create();
}

static void trial(unsigned int nr)
{
	if (variant == &tables)
		scn_share_pmd(sharer, mm, UNSHARED);
	for (unsigned int i = 0; i < variant->nr; i++) {
		scn_step(nr, i);
		scn_phase(look_and_go_lazy);
		variant->change[i]();
		scn_phase(look);
		scn_phase(come_back);
	}
}

SCENARIO(lazy_cpu, {
	.name = "lazy-cpu",
	.title = "flush, free and unshare tables while the other CPUs are in lazy TLB mode",
	.flags = PVTLB_CLAIMS,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial, .variant = &tables),
});

SCENARIO(lazy_collapse, {
	.name = "lazy-collapse",
	.title = "collapse a huge page while the other CPUs are in lazy TLB mode",
	.flags = PVTLB_CLAIMS,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial,
			       .variant = &collapsed),
});

SCENARIO(lazy_missed, {
	.name = "lazy-missed",
	.title = "CPUs in lazy TLB mode miss a flush, and are woken for the next one",
	.flags = PVTLB_CLAIMS,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial, .variant = &missed),
});
