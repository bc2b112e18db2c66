/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shootdown: what flush_tlb_mm_range() promises.
 *
 * All CPUs load one mm and touch its pages, so that each has the translations cached. CPU 0
 * changes them and flushes; after the flush has returned every CPU looks again. Teaches what
 * "flushed" means and, by the events in between, whether it took an interrupt to get there.
 */
#include <scenario.h>

#define BASE	  0x100000000000ull
#define MAX_PAGES 40

enum change { REMAP, UNMAP, PROTECT, NR_CHANGES };

/* How much is changed, and what the flush is told: pages, their size, or everything. */
static const struct extent {
	unsigned int pages;
	enum scn_size size;
	bool full;
} extents[] = {
	{ 1, SCN_4K, false },	       /* one page */
	{ 8, SCN_4K, false },	       /* a range */
	{ MAX_PAGES, SCN_4K, false }, /* above the ceiling */
	{ 4, SCN_4K, true },	       /* everything */
	{ 1, SCN_2M, false },	       /* a large page */
};

#define NR_STEPS (ARRAY_SIZE(extents) * NR_CHANGES)

static struct mm_struct *mm;
static u64 page_a[MAX_PAGES], page_b[MAX_PAGES], large_a, large_b;

/* The step that CPU 0 has released the others into. */
static const struct extent *extent;
static enum change change;
static u32 flushing; /* CPU 0, right now */

/* Each size of page in a region of its own: a table's place is never taken by a large page. */
static u64 addr_of(const struct extent *e, unsigned int i)
{
	return BASE + ((u64)e->size << 30) + ((u64)i << e->size);
}

static void touch_all(enum pvtlb_access_op op)
{
	for (unsigned int i = 0; i < extent->pages; i++)
		scn_access(mm, addr_of(extent, i), op);
}

/* What each CPU does before the flush: reads do not tell a write-protected page from others. */
static void before(void)
{
	touch_all(change == PROTECT ? PVTLB_ACCESS_WRITE : PVTLB_ACCESS_READ);
}

static void after(void)
{
	bool odd = scn_cpu() & 1;

	if (change == PROTECT || (change == UNMAP && odd))
		touch_all(PVTLB_ACCESS_WRITE);
	else
		touch_all(PVTLB_ACCESS_READ);
}

/* An injected fault's wrong moment: the flush has returned and this CPU has not done it. */
static void window(void)
{
	while (READ_ONCE(flushing))
		scn_relax();
	after();
}

static void map_page(unsigned int i)
{
	u64 page = extent->size == SCN_2M ? large_a : page_a[i];

	scn_map(mm, addr_of(extent, i), page, true, extent->size);
}

static void change_page(unsigned int i)
{
	u64 addr = addr_of(extent, i);
	u64 from = extent->size == SCN_2M ? large_a : page_a[i];
	u64 to = extent->size == SCN_2M ? large_b : page_b[i];

	switch (change) {
	case REMAP:
		scn_map(mm, addr, to, true, extent->size);
		break;
	case UNMAP:
		scn_unmap(mm, addr, extent->size);
		break;
	default:
		scn_map(mm, addr, from, false, extent->size);
	}
}

static void flush(void)
{
	u64 start = addr_of(extent, 0), end = addr_of(extent, extent->pages);

	WRITE_ONCE(flushing, 1);
	scn_flush(mm, start, extent->full ? 0 : end, extent->size, false);
	WRITE_ONCE(flushing, 0);
}

static void step(void)
{
	/* The pages come back as they were; flushed, so that no step lives off the last one. */
	for (unsigned int i = 0; i < extent->pages; i++)
		map_page(i);
	flush();

	scn_phase(before);

	for (unsigned int i = 0; i < extent->pages; i++)
		change_page(i);
	flush();

	scn_phase(after);
}

static void setup(void)
{
	mm = scn_mm_create();
	for (unsigned int i = 0; i < MAX_PAGES; i++) {
		page_a[i] = scn_page_alloc(SCN_4K);
		page_b[i] = scn_page_alloc(SCN_4K);
	}
	large_a = scn_page_alloc(SCN_2M);
	large_b = scn_page_alloc(SCN_2M);
	scn_fault_window(window);
}

static void enter(void)
{
	scn_switch_mm(mm);
}

static void trial(unsigned int nr)
{
	for (unsigned int i = 0; i < NR_STEPS; i++) {
		extent = &extents[i / NR_CHANGES];
		change = i % NR_CHANGES;
		scn_step(nr, i);
		step();
	}
}

SCENARIO(shootdown, {
	.name = "shootdown",
	.title = "remap, unmap and write-protect pages that every CPU has cached",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_DELIVERED | PVTLB_CLAIM_SAFE,
	.min_cpus = 1,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial),
});
