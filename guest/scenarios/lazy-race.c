/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lazy-race: a CPU leaves lazy TLB mode in the middle of the flush that has passed it by.
 *
 * CPU 0 has found CPU 1 lazy, and flushed itself; there it is held until CPU 1 has come back.
 * CPU 1 has to see by the mm's tlb_gen that it missed something, so the generation must have
 * been bumped before anybody was asked whether he is lazy. Teaches why inc_mm_tlb_gen() comes
 * first in flush_tlb_mm_range(), and is a full barrier.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm;
static u64 page[2];
static u32 lazy, flushed;

static void prepare(void)
{
	mm = scn_mm_create();
	scn_map(mm, ADDR, page[0], true, SCN_4K);
	WRITE_ONCE(lazy, 0);
	WRITE_ONCE(flushed, 0);
	scn_switch_mm(mm);
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void walk(void)
{
	if (scn_cpu() != 1)
		return;
	scn_switch_mm(mm);
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
	scn_enter_lazy();
	WRITE_ONCE(lazy, 1);
	while (!scn_held(0) && !READ_ONCE(flushed))
		scn_relax();
	/* The task is back. Its look lets CPU 0 go. */
	scn_switch_mm(mm);
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
	/* A flush that is refused is made by IPIs, and CPU 0 held once more. */
	while (!READ_ONCE(flushed)) {
		if (scn_held(0))
			scn_access(mm, ADDR, PVTLB_ACCESS_READ);
		/* What was read last is what is waited for. */
		if (!READ_ONCE(flushed))
			scn_relax();
	}
}

static void change(void)
{
	scn_spin_until(&lazy, 1);
	scn_map(mm, ADDR, page[1], true, SCN_4K);
	scn_flush(mm, ADDR, ADDR + 4096, SCN_4K, false);
	WRITE_ONCE(flushed, 1);
}

static void look(void)
{
	if (scn_cpu() <= 1)
		scn_access(mm, ADDR, PVTLB_ACCESS_READ);
	scn_switch_mm(NULL);
}

static void restore(void)
{
	scn_mm_destroy(mm);
}

static const struct scn_race race = {
	.prepare = prepare,
	.walk = walk,
	.change = change,
	.after = look,
	.restore = restore,
};

static void setup(void)
{
	page[0] = scn_page_alloc(SCN_4K);
	page[1] = scn_page_alloc(SCN_4K);
}

SCENARIO(lazy_race, {
	.name = "lazy-race",
	.title = "a CPU leaves lazy TLB mode during the flush that left it out",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = SCN_PROGRAM(.setup = setup, .race = &race),
	/*
	 * At its own part of the first flush of a new mm: everybody else has been told, or not. Or
	 * where a backend says that it has left out a lazy CPU; Xen's knows of none.
	 */
	.hold = { { .cpus = PVTLB_HOLD_LEADER, PVTLB_HOLD_AT(FLUSH_FUNC, tlb_gen, 2),
		    PVTLB_HOLD_UNTIL_ANY(ACCESS) },
		  { .cpus = PVTLB_HOLD_LEADER, PVTLB_HOLD_AT(ELIDED, why, PVTLB_ELIDED_LAZY),
		    PVTLB_HOLD_UNTIL_ANY(ACCESS) } },
});
