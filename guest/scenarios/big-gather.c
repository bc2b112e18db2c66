/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * big-gather, full-table-batch: more pages, and more tables, than one batch of a gather has room
 * for.
 *
 * A gather holds 8 pages by itself and some 500 in each further page that it can get; where it
 * gets none it flushes and frees what it has, and goes on. Tables fill a batch of their own, at
 * whose end they are flushed for and left to RCU. Every CPU has the first and the last pages
 * cached. In full-table-batch CPU 1 unmaps, and is held when its first batch of tables is full and
 * the next one has begun; CPU 0 waits for what RCU has got, and so frees the first batch. Teaches
 * that an munmap may flush many times, and that each time what is freed is what was flushed for.
 */
#include <scenario.h>

#define ADDR   0x100000000000ull
#define SIZE   (1ull << SCN_2M)
#define DENSE  20  /* pages in one table: more than 8 */
#define TABLES 520 /* each with a page: more than a batch of tables, or of pages */

static struct mm_struct *mm;

static void enter(void)
{
	scn_switch_mm(mm);
}

static void look(void)
{
	for (unsigned int i = 0; i < DENSE; i++)
		scn_access(mm, ADDR + i * 4096, PVTLB_ACCESS_READ);
	scn_access(mm, ADDR + SIZE, PVTLB_ACCESS_READ);
	scn_access(mm, ADDR + TABLES * SIZE, PVTLB_ACCESS_READ);
}

static void unmap(u64 end, enum scn_freeing how)
{
	scn_phase(look);
	scn_munmap(mm, ADDR, end, how);
	scn_phase(look);
	scn_rcu_barrier();
}

/* The tables of a page each. */
static void fill(void)
{
	for (unsigned int i = 0; i <= TABLES; i++) {
		scn_fault(mm, ADDR + i * SIZE);
		scn_drain();
	}
}

static void trial(unsigned int nr)
{
	static const enum scn_freeing how[] = { SCN_BATCHED, SCN_ONE_BY_RCU, SCN_ONE_SYNCED };

	for (unsigned int i = 0; i < ARRAY_SIZE(how); i++) {
		scn_step(nr, i);
		for (unsigned int j = 0; j < DENSE; j++)
			scn_fault(mm, ADDR + j * 4096);
		unmap(ADDR + SIZE, how[i]);
	}
	scn_step(nr, ARRAY_SIZE(how));
	fill();
	unmap(ADDR + (TABLES + 1) * SIZE, SCN_BATCHED);
}

static void unmap_there(void)
{
	if (scn_cpu() == 1)
		scn_munmap(mm, ADDR, ADDR + (TABLES + 1) * SIZE, SCN_BATCHED);
}

static void trial_full_batch(unsigned int nr)
{
	scn_step(nr, 0);
	fill();
	scn_phase(look);
	scn_release(unmap_there);
	scn_wait_held();
	scn_rcu_barrier();
	scn_gather();
	scn_phase(look);
	scn_rcu_barrier();
}

static void setup(void)
{
	mm = scn_mm_create();
}

SCENARIO(big_gather, {
	.name = "big-gather",
	.title = "unmap more pages and more tables than one batch of a gather holds",
	.flags = PVTLB_CLAIMS,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial),
});

/* Twice: a grace period may interrupt CPU 1, and lets it go for that. */
#define HOLD_AT_TABLE(i)                                                                           \
	{                                                                                          \
		.cpus = PVTLB_HOLD_FIRST, PVTLB_HOLD_AT(TABLE_UNHOOK, addr, ADDR + (i)*SIZE),      \
		PVTLB_HOLD_UNTIL_ANY(TABLE_FREE)                                                   \
	}

SCENARIO(full_table_batch, {
	.name = "full-table-batch",
	.title = "a batch of tables is full and freed, while its gather goes on",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial_full_batch),
	.hold = { HOLD_AT_TABLE(TABLES - 5), HOLD_AT_TABLE(TABLES - 1) },
});
