/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gen-stored-late: a second flush begins while a CPU has done its part of the first one, and has
 * not yet stored how far it came.
 *
 * CPU 0 has flushed page X here, and is held. CPU 1 replaces page Y, bumps the generation, and
 * lets CPU 0 go. What CPU 0 then notes as its generation must be from before its flush: with the
 * one it could read by now, CPU 1's request would find it up to date, and Y would stay. Teaches why
 * flush_tlb_func() reads the mm's generation before it flushes, and not when it is through.
 */
#include <scenario.h>

#define PAGE_X 0x100000000000ull
#define PAGE_Y (PAGE_X + 4096)

static struct mm_struct *mm;
static u64 page[2];
static unsigned int mapped;
static u32 flushed;

static void look(void)
{
	scn_access(mm, PAGE_X, PVTLB_ACCESS_READ);
	scn_access(mm, PAGE_Y, PVTLB_ACCESS_READ);
}

static void enter(void)
{
	scn_switch_mm(mm);
	look();
}

static void prepare(void)
{
	WRITE_ONCE(flushed, 0);
}

static void walk(void)
{
	if (scn_cpu() != 1)
		return;
	while (!scn_held(0) && !READ_ONCE(flushed))
		scn_relax();
	scn_map(mm, PAGE_Y, page[mapped ^ 1], true, SCN_4K);
	scn_flush(mm, PAGE_Y, PAGE_Y + 4096, SCN_4K, false);
}

static void change(void)
{
	scn_map(mm, PAGE_X, page[mapped ^ 1], true, SCN_4K);
	scn_flush(mm, PAGE_X, PAGE_X + 4096, SCN_4K, false);
	WRITE_ONCE(flushed, 1);
}

static void restore(void)
{
	mapped ^= 1;
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
	mm = scn_mm_create();
	page[0] = scn_page_alloc(SCN_4K);
	page[1] = scn_page_alloc(SCN_4K);
	scn_map(mm, PAGE_X, page[0], true, SCN_4K);
	scn_map(mm, PAGE_Y, page[0], true, SCN_4K);
}

SCENARIO(gen_stored_late, {
	.name = "gen-stored-late",
	.title = "a flush begins while a CPU has flushed and not yet noted its generation",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .race = &race),
	.hold = { { .cpus = PVTLB_HOLD_LEADER, PVTLB_HOLD_AT(FLUSH_FUNC, initiator, 0),
		    PVTLB_HOLD_UNTIL_ANY(FLUSH_MULTI) } },
});
