/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mmap-lock: who has the mmap_lock as a writer has waited for every reader.
 *
 * The last CPU unmaps a page, as a reader, and is held when it has cleared the entry and not
 * flushed it. CPU 0 changes the same range as a writer: it takes rights away, moves the page,
 * collapses the range. It finds no entry there, so by itself it has nothing to flush; what makes
 * it right to return is that the reader is through. Teaches what the lock is for here: not the
 * entries, which have the page-table lock, but the flush that a reader still owes.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull
#define TO   0x100000200000ull

static struct mm_struct *mm;

static void setup(void)
{
	mm = scn_mm_create();
	scn_fault(mm, TO);
	scn_zap(mm, TO, TO + 4096);
}

static void enter(void)
{
	scn_switch_mm(mm);
}

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void prepare(void)
{
	scn_fault(mm, ADDR);
}

/* Cached first, by all: what the reader owes is to be seen. */
static void unmap(void)
{
	look();
	if (scn_cpu() == scn_nr_cpus() - 1)
		scn_zap(mm, ADDR, ADDR + 4096);
}

static void change(void)
{
	switch (scn_round()) {
	case 0:
		scn_protect(mm, ADDR, ADDR + 4096, false);
		break;
	case 1:
		scn_mremap(mm, ADDR, TO, 4096);
		break;
	default:
		scn_munmap(mm, ADDR, ADDR + 4096, SCN_BATCHED);
	}
	look();
}

static const struct scn_race race = {
	.prepare = prepare,
	.walk = unmap,
	.change = change,
	.after = look,
};

SCENARIO(mmap_lock, {
	.name = "mmap-lock",
	.title = "change, as a writer, what a reader has unmapped and not flushed",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .race = &race, .rounds = 3),
	.hold = { { .cpus = PVTLB_HOLD_LAST, PVTLB_HOLD_AT_ANY(GATHER),
		    PVTLB_HOLD_UNTIL_ANY(TRIAL) } },
});
