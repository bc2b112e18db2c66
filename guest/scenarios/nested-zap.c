/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nested-zap, nested-later, nested-tables: unmapping what another CPU is just unmapping.
 *
 * CPU 0 has cleared the entry and is held before its flush. CPU 1 unmaps the same page, finds
 * nothing mapped, and yet must not return before everybody's TLB agrees: mm_tlb_flush_nested()
 * makes its mmu_gather flush everything. Teaches why tlb_finish_mmu() asks who else is at it.
 * Only CPU 1 looks, and only then: without its own flush there would be nothing to check.
 * In nested-later CPU 1 was first: it has begun, and is held, before CPU 0 comes to its flush. So
 * it is at the end that it has to ask.
 *
 * In nested-tables CPU 1, which was first again, unmaps another range, with its page table, and the
 * CPUs from 2 on are lazy. It flushes everything because of CPU 0; that must not make it forget
 * that it frees a table, for then lazy CPUs are to be woken.
 */
#include <scenario.h>

#define ADDR  0x100000000000ull
#define SIZE  (1ull << SCN_2M)
#define FREED (ADDR + SIZE) /* in a table of its own */

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

/* Whoever is lazy has walked through the table before. */
static void back_and_lazy(void)
{
	enter();
	scn_access(mm, FREED, PVTLB_ACCESS_READ);
	if (scn_cpu() > 1)
		scn_enter_lazy();
}

static const struct scn_race race = {
	.prepare = prepare,
	.walk = walk,
	.change = change,
};

static void prepare_tables(void)
{
	prepare();
	scn_fault(mm, FREED);
	scn_phase(back_and_lazy);
}

static void free_table(void)
{
	if (scn_cpu() != 1)
		return;
	scn_munmap(mm, FREED, FREED + SIZE, SCN_BATCHED);
	scn_step(0, 1); /* lets CPU 0 go */
	scn_rcu_barrier();
}

static void back(void)
{
	enter();
	scn_access(mm, FREED, PVTLB_ACCESS_READ);
}

static const struct scn_race with_tables = {
	.prepare = prepare_tables,
	.walk = free_table,
	.change = change,
	.after = back,
};

static void setup_tables(void)
{
	mm = scn_mm_create();
}

static void setup(void)
{
	mm = scn_mm_create();
	later = *(const bool *)scn_variant();
}

#define PROGRAM(which)                                                                             \
	SCN_PROGRAM(.setup = setup, .enter = enter, .race = &race, .variant = &(which))
#define HOLD_BEGUN                                                                                 \
	{                                                                                          \
		.cpus = PVTLB_HOLD_FIRST, PVTLB_HOLD_AT(GATHERING, over, 0),                       \
		PVTLB_HOLD_UNTIL_ANY(GATHER)                                                       \
	}
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
			       .hold = { HOLD_BEGUN, HOLD_BEFORE_FLUSH },
		       });

SCENARIO(nested_tables,
	 {
		 .name = "nested-tables",
		 .title = "free a page table that lazy CPUs have, while another CPU unmaps",
		 .flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
		 .min_cpus = 3,
		 .program = SCN_PROGRAM(.setup = setup_tables, .enter = enter,
					.race = &with_tables),
		 .hold = { HOLD_BEGUN, HOLD_BEFORE_FLUSH },
	 });
