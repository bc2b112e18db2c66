/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mremap, mremap-late: a page is moved, and given away at the new place.
 *
 * Every CPU has the page cached at its old address. CPU 0 moves it, and is held before it flushes
 * the old place, and when it is through. CPU 1 unmaps the page where it finds it, at the new
 * address, where nobody has it cached, so that its flush ends nothing; with that the page is free,
 * and the next mm's. In mremap it has to wait for the lock until the old place is flushed. In
 * mremap-late the flush comes when the locks are let go of, as it did before CVE-2018-18281: CPUs
 * write through their old translations into a page that is somebody else's. Teaches that a page
 * must not be given away while there is any translation to it, and that a flush can be somebody
 * else's debt.
 */
#include <scenario.h>

#define FROM  0x100000000000ull
#define TO    0x100000200000ull
#define OTHER 0x100040000000ull

static struct mm_struct *mm, *other;
static u32 moved, given;

static void enter(void)
{
	scn_switch_mm(mm);
}

/*
 * Tables are there, so that nothing else is allocated when the page is free. Where there are global
 * ASIDs all CPUs have the mm's after two flushes: to adopt one empties a TLB.
 */
static void prepare(void)
{
	scn_fault(mm, TO);
	scn_fault(other, OTHER);
	scn_zap(mm, TO, TO + 4096);
	scn_zap(other, OTHER, OTHER + 4096);
	scn_flush(mm, 0, 0, SCN_4K, false);
	scn_fault(mm, FROM);
	scn_access(mm, FROM, PVTLB_ACCESS_READ);
	WRITE_ONCE(moved, 0);
	WRITE_ONCE(given, 0);
}

/* The page at the new place is unmapped, and is another mm's in the same breath. */
static void give_away(void)
{
	scn_zap(mm, TO, TO + 4096);
	scn_fault(other, OTHER);
}

static void walk(void)
{
	scn_access(mm, FROM, PVTLB_ACCESS_WRITE);
	if (scn_cpu() != 1)
		return;
	while (!scn_held(0) && !READ_ONCE(moved))
		scn_relax();
	give_away();
	WRITE_ONCE(given, 1);
	scn_step(0, 1); /* lets CPU 0 go, if nobody has waited for it */
}

/* And the page behind it, where nothing is mapped: that must not make up for the first one. */
static void move(void)
{
	scn_mremap(mm, FROM, TO, 2 * 4096);
	WRITE_ONCE(moved, 1);
}

/* As move_ptes() was: the lock is let go of between these. */
static void move_late(void)
{
	u64 page = scn_unmap_page(mm, FROM);

	scn_map(mm, TO, page, true, SCN_4K);
	WRITE_ONCE(moved, 1);
	scn_spin_until(&given, 1);
	scn_flush(mm, FROM, FROM + 4096, SCN_4K, true);
}

/* The process writes through what it should no longer have. */
static void look(void)
{
	scn_access(mm, FROM, PVTLB_ACCESS_WRITE);
}

static void restore(void)
{
	scn_zap(other, OTHER, OTHER + 4096);
}

static const struct scn_race in_time = {
	.prepare = prepare,
	.walk = walk,
	.change = move,
	.after = look,
	.restore = restore,
};
static const struct scn_race late = {
	.prepare = prepare,
	.walk = walk,
	.change = move_late,
	.after = look,
	.restore = restore,
};

static void setup(void)
{
	mm = scn_mm_create();
	other = scn_mm_create();
}

#define PROGRAM(which) SCN_PROGRAM(.setup = setup, .enter = enter, .race = &(which))
SCENARIO(mremap, {
	.name = "mremap",
	.title = "a page is moved, and unmapped at the new place by another CPU",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = PROGRAM(in_time),
	.hold = { { .cpus = PVTLB_HOLD_LEADER, PVTLB_HOLD_AT(FLUSH_BEGIN, start, FROM),
		    PVTLB_HOLD_UNTIL_ANY(TRIAL) },
		  { .cpus = PVTLB_HOLD_LEADER, PVTLB_HOLD_AT_ANY(MMAP_UNLOCK),
		    PVTLB_HOLD_UNTIL_ANY(TRIAL) } },
});

SCENARIO(mremap_late, {
	.name = "mremap-late",
	.title = "CVE-2018-18281: the page is somebody else's before its old place is flushed",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE | PVTLB_SCENARIO_CONTROL,
	.program = PROGRAM(late),
});
