/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * batched-unmap, batch-then-unmap, batch-between: reclaim unmaps pages of two mm's and flushes once for all.
 *
 * Half of the workers have mm A loaded, the others B. CPU 0 unmaps pages of both; a batch knows
 * only on which CPUs they may be cached, and ends with one flush of these, of everything. Only
 * then are the pages free. In batch-then-unmap CPU 1 unmaps, or protects, or moves a page of A that
 * the batch has unmapped already, and not flushed: it finds nothing mapped there, and must not
 * return before all have lost it, although the batch began with a page of B. Teaches what
 * flush_tlb_batched_pending() is for, and that each mm has to be told that a batch is about it.
 *
 * In batch-between it is the other way round: CPU 1 changes the page, and is held when it has asked
 * for batches and found none. CPU 0 is to reclaim the page just then. It has to wait: CPU 1 asks with
 * the page-table lock in its hand, and looks at the entry before it lets go of it.
 */
#include <scenario.h>

#define ADDR  0x100000000000ull
#define PAGES 3
#define END   (ADDR + PAGES * 4096)
#define MOVED (ADDR + (1ull << SCN_2M))

static struct mm_struct *mm[2];
static u32 unmapped;

static struct mm_struct *own(void)
{
	return mm[scn_cpu() % 2];
}

static void enter(void)
{
	scn_switch_mm(own());
}

static void look(void)
{
	for (u64 addr = ADDR; addr < END; addr += 4096)
		scn_access(own(), addr, PVTLB_ACCESS_READ);
}

static void fill(void)
{
	for (int i = 0; i < 2; i++)
		for (u64 addr = ADDR; addr < END; addr += 4096)
			scn_fault(mm[i], addr);
}

static void trial(unsigned int nr)
{
	scn_step(nr, 0);
	fill();
	scn_phase(look);
	scn_reclaim(mm[0], ADDR, ADDR + 4096);
	scn_reclaim(mm[1], ADDR, END);
	scn_reclaim_flush();
	scn_phase(look);
	/* What is left, and a flush that every CPU can be held to. */
	for (int i = 0; i < 2; i++)
		scn_zap(mm[i], ADDR, END);
	scn_phase(look);
}

static void zap(void)
{
	scn_zap(mm[0], ADDR, ADDR + 4096);
}

static void protect(void)
{
	scn_protect(mm[0], ADDR, ADDR + 4096, false);
}

static void move(void)
{
	scn_mremap(mm[0], ADDR, MOVED, 4096);
}

static void (*const calls[])(void) = { zap, protect, move };
static void (*call)(void);

/* CPU 1's part: after CPU 0 has unmapped the first page, and before it flushes. */
static void call_then(void)
{
	look();
	if (scn_cpu() != 1)
		return;
	scn_spin_until(&unmapped, 1);
	call();
	WRITE_ONCE(unmapped, 2);
}

static void batch_then_call(void)
{
	fill();
	look();
	WRITE_ONCE(unmapped, 0);
	scn_release(call_then);
	scn_reclaim(mm[1], ADDR, ADDR + 4096);
	scn_reclaim(mm[0], ADDR, ADDR + 4096);
	WRITE_ONCE(unmapped, 1);
	scn_spin_until(&unmapped, 2);
	scn_reclaim_flush();
	scn_gather();
	for (int i = 0; i < 2; i++)
		scn_zap(mm[i], ADDR, END);
	scn_phase(look);
}

static void trial_nested(unsigned int nr)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(calls); i++) {
		scn_step(nr, i);
		call = calls[i];
		batch_then_call();
	}
}

/* CPU 1 goes on when the page is gone, or when CPU 0 waits for it to let go of the lock. */
static void call_between(void)
{
	look();
	if (scn_cpu() != 1)
		return;
	call();
	WRITE_ONCE(unmapped, 1);
}

static void call_and_batch(unsigned int nr, unsigned int step)
{
	fill();
	look();
	WRITE_ONCE(unmapped, 0);
	scn_release(call_between);
	while (!scn_held(1) && !READ_ONCE(unmapped))
		scn_relax();
	scn_reclaim(mm[0], ADDR, ADDR + 4096);
	scn_step(nr, step);
	scn_spin_until(&unmapped, 1);
	scn_reclaim_flush();
	scn_gather();
	for (int i = 0; i < 2; i++)
		scn_zap(mm[i], ADDR, END);
	scn_zap(mm[0], MOVED, MOVED + 4096);
	scn_phase(look);
}

static void trial_between(unsigned int nr)
{
	scn_step(nr, 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(calls); i++) {
		call = calls[i];
		call_and_batch(nr, i + 1);
	}
}

static void setup(void)
{
	mm[0] = scn_mm_create();
	mm[1] = scn_mm_create();
}

SCENARIO(batched_unmap, {
	.name = "batched-unmap",
	.title = "reclaim pages of two mm's, and flush once for all of them",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial),
});

SCENARIO(batch_then_unmap, {
	.name = "batch-then-unmap",
	.title = "change a page that a batch has unmapped, and not flushed yet",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial_nested),
});

SCENARIO(batch_between, {
	.name = "batch-between",
	.title = "change a page that another CPU reclaims meanwhile, in a batch",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial_between),
	.hold = { { .cpus = PVTLB_HOLD_FIRST, PVTLB_HOLD_AT_ANY(PENDING),
		    PVTLB_HOLD_UNTIL_ANY(TRIAL) } },
});
