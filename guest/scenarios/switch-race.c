/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * switch-begins, switch-loads, switch-ends, switch-batch, lazy-leaves, lazy-return: a flush meets a CPU that is
 * just coming into the mm.
 *
 * CPU 1 is in another mm and switches; CPU 0 replaces a page and flushes while it is held in the
 * middle of that: before it has said anything, when it is about to load CR3, and when it has. As of
 * the load it may have any translation cached, and what it has under the mm's old ASID it may go on
 * to use. So whoever flushes must see a bit that was set before, and must not trust a loaded_mm
 * that says SWITCHING; and CPU 1 must read the generation only when both can be seen
 * (CVE-2025-40174): in switch-begins its bit was there all the time. In switch-batch the page goes
 * in a batch, which is for no mm and has no generation: CPU 1 is about to load CR3 and keep what it
 * has, and is to be told all the same. In lazy-return CPU 1 has never left the mm and comes back to
 * it: that it is not lazy any more must be seen before it looks whether it has missed something. In
 * lazy-leaves it has not said yet that it is not lazy, and the flush passes it by: it must look
 * later.
 * Teaches the order of switch_mm_irqs_off(), store by store.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

/* The first mm that is made: rules can name it. */
#define MM_ID 1

static struct mm_struct *mm, *elsewhere;

struct variant {
	bool lazy;     /* CPU 1 has never left the mm */
	bool bit_goes; /* it has left, and taken its bit out of the mask */
	bool batch;    /* the page is reclaimed */
};
static const struct variant with_bit = { 0 }, without_bit = { .bit_goes = true };
static const struct variant in_lazy = { .lazy = true }, in_batch = { .batch = true };
static const struct variant *variant;

static void setup(void)
{
	variant = scn_variant();
	mm = scn_mm_create();
	elsewhere = scn_mm_create();
	scn_fault(mm, ADDR);
}

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void come(void)
{
	scn_switch_mm(mm);
	look();
}

static void leave(void)
{
	if (scn_cpu() != 1)
		return;
	if (variant->lazy)
		scn_enter_lazy();
	else
		scn_switch_mm(elsewhere);
}

/* Whoever has left the mm is asked to take its bit out of the mask, where it is asked at all. */
static void prepare(void)
{
	scn_phase(come);
	scn_phase(leave);
	if (variant->bit_goes)
		scn_flush(mm, 0, 0, SCN_4K, true);
}

static void walk(void)
{
	if (scn_cpu() == 1)
		come();
}

static void change(void)
{
	if (variant->batch) {
		scn_reclaim(mm, ADDR, ADDR + 4096);
		scn_reclaim_flush();
		return;
	}
	scn_zap(mm, ADDR, ADDR + 4096);
	scn_fault(mm, ADDR);
}

/* What was reclaimed comes back; and a flush of the mm, which CPUs can be held to at a look. */
static void restore(void)
{
	if (!variant->batch)
		return;
	scn_zap(mm, ADDR, ADDR + 4096);
	scn_fault(mm, ADDR);
	scn_phase(look);
}

static const struct scn_race race = {
	.prepare = prepare,
	.walk = walk,
	.change = change,
	.after = look,
	.restore = restore,
};

#define PROGRAM(which) SCN_PROGRAM(.setup = setup, .race = &race, .variant = &(which))
#define HOLD(...)                                                                                  \
	{                                                                                          \
		.cpus = PVTLB_HOLD_FIRST, __VA_ARGS__, PVTLB_HOLD_UNTIL_ANY(FLUSH_END)             \
	}

SCENARIO(switch_begins, {
	.name = "switch-begins",
	.title = "flush an mm that a CPU is about to switch to, and has not said so",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = PROGRAM(with_bit),
	.hold = { HOLD(PVTLB_HOLD_AT(SWITCH_BEGIN, mm, MM_ID)) },
});

SCENARIO(switch_loads, {
	.name = "switch-loads",
	.title = "flush an mm that a CPU is switching to, about to load CR3",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = PROGRAM(without_bit),
	.hold = { HOLD(PVTLB_HOLD_AT_ANY(CR3)) },
});

SCENARIO(switch_ends, {
	.name = "switch-ends",
	.title = "flush an mm that a CPU has in CR3, and has not said so",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = PROGRAM(without_bit),
	.hold = { HOLD(PVTLB_HOLD_AT(SWITCH_MM, mm, MM_ID)) },
});

SCENARIO(switch_batch, {
	.name = "switch-batch",
	.title = "flush a batch with a page of an mm that a CPU is "
	"switching to, about to load CR3",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = PROGRAM(in_batch),
	.hold = { HOLD(PVTLB_HOLD_AT_ANY(CR3)) },
});

SCENARIO(lazy_return, {
	.name = "lazy-return",
	.title = "flush an mm to which a lazy CPU comes back, just when it "
	"finds nothing missed",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = PROGRAM(in_lazy),
	.hold = { HOLD(PVTLB_HOLD_AT(SWITCH_MM, mm, MM_ID)) },
});

SCENARIO(lazy_leaves, {
	.name = "lazy-leaves",
	.title = "flush an mm to which a lazy CPU is about to come back",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = PROGRAM(in_lazy),
	.hold = { HOLD(PVTLB_HOLD_AT(LAZY_OVER, mm, MM_ID)) },
});
