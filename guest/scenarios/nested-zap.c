/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nested-zap, nested-later: unmapping what another CPU is just unmapping.
 *
 * CPU 0 has cleared the entry and is held before its flush. CPU 1 unmaps the same page, finds
 * nothing mapped, and yet must not return before everybody's TLB agrees: mm_tlb_flush_nested()
 * makes its mmu_gather flush everything. Teaches why tlb_finish_mmu() asks who else is at it.
 * Only CPU 1 looks, and only then: without its own flush there would be nothing to check.
 * In nested-later CPU 1 was first: it has begun, and is held, before CPU 0 comes to its flush. So
 * it is at the end that it has to ask.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm;
static u32 flushed;
static const bool first = false, second = true;
static bool later;

static void enter(void)
{
	scn_switch_mm(mm);
}

static void prepare(void)
{
	WRITE_ONCE(flushed, 0);
	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
}

static void walk(void)
{
	if (scn_cpu() != 1)
		return;
	while (!later && !scn_held(0) && !READ_ONCE(flushed))
		scn_relax();
	scn_zap(mm, ADDR, ADDR + 4096);
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
	scn_step(0, 1); /* lets CPU 0 go */
}

static void change(void)
{
	scn_zap(mm, ADDR, ADDR + 4096);
	WRITE_ONCE(flushed, 1);
}

static const struct scn_race race = {
	.prepare = prepare,
	.walk = walk,
	.change = change,
};

static void setup(void)
{
	mm = scn_mm_create();
	later = *(const bool *)scn_variant();
}

#define PROGRAM(which)                                                                             \
	SCN_PROGRAM(.setup = setup, .enter = enter, .race = &race, .variant = &(which))
#define HOLD_BEFORE_FLUSH                                                                          \
	{                                                                                          \
		.cpus = PVTLB_HOLD_LEADER, PVTLB_HOLD_AT_ANY(GATHER), PVTLB_HOLD_UNTIL_ANY(TRIAL)  \
	}

SCENARIO(nested_zap,
	 {
		 .name = "nested-zap",
		 .title = "unmap a page that another CPU has unmapped and not yet flushed",
		 .flags = PVTLB_CLAIMS,
		 .program = PROGRAM(first),
		 .hold = { HOLD_BEFORE_FLUSH },
	 });

SCENARIO(nested_later, {
			       .name = "nested-later",
			       .title = "as nested-zap, of a CPU that has begun to unmap before",
			       .flags = PVTLB_CLAIMS,
			       .program = PROGRAM(second),
			       .hold = { { .cpus = PVTLB_HOLD_FIRST,
					   PVTLB_HOLD_AT(GATHERING, over, 0),
					   PVTLB_HOLD_UNTIL_ANY(GATHER) },
					 HOLD_BEFORE_FLUSH },
		       });
