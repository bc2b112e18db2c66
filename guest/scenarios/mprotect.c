/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mprotect: pages are made read-only, and writable again.
 *
 * Every CPU writes to them. When mprotect has taken the right to do so it must not return before
 * no CPU can write any more; when it gives the right back nobody is told, and whoever has the old
 * entry cached takes a fault that needs nothing but another look. Teaches which of the two costs a
 * flush. Then the same with pages that nobody has accessed, by their entries: ageing clears that bit
 * and flushes nothing, so it says nothing of what is cached.
 */
#include <scenario.h>

#define ADDR  0x100000000000ull
#define PAGES 3
#define END   (ADDR + PAGES * 4096)

static struct mm_struct *mm;

static void enter(void)
{
	scn_switch_mm(mm);
}

static void write(void)
{
	for (u64 addr = ADDR; addr < END; addr += 4096)
		scn_access(mm, addr, PVTLB_ACCESS_WRITE);
}

static void age(void)
{
	for (u64 addr = ADDR; addr < END; addr += 4096)
		scn_test_clear_accessed(mm, addr, SCN_4K);
}

static void take_and_give(unsigned int nr, unsigned int step)
{
	scn_step(nr, step);
	scn_protect(mm, ADDR, END, false);
	scn_phase(write);
	scn_step(nr, step + 1);
	scn_protect(mm, ADDR, END, true);
	scn_phase(write);
}

static void trial(unsigned int nr)
{
	scn_phase(write);
	take_and_give(nr, 0);
	age();
	take_and_give(nr, 2);
}

static void setup(void)
{
	mm = scn_mm_create();
	for (u64 addr = ADDR; addr < END; addr += 4096)
		scn_fault(mm, addr);
}

SCENARIO(mprotect, {
	.name = "mprotect",
	.title = "make pages read-only, and writable again",
	.flags = PVTLB_CLAIMS,
	.min_cpus = 1,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial),
});
