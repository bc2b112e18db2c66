/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flush-list: a range that is long in bytes and short in pages, on some of the CPUs.
 *
 * 33 large pages are the most that is not a flush of everything, and 66 MiB. A hypercall that
 * takes a list of ranges of at most 16 MiB each (Hyper-V's) needs five of them. The last CPU
 * never loads the mm, so that "all CPUs" is not the answer either, and workers are awake, lazy,
 * or lazy and to be woken all the same. One flush of everything is for comparison. Teaches that
 * a flush has to reach all of the range, on all of the CPUs that it is for: the ends of the 16
 * MiB pieces are looked at.
 */
#include <scenario.h>

#define ADDR  0x100000000000ull
#define SIZE  (1ull << SCN_2M)
#define PAGES 33

static const unsigned int ends[] = { 0, 7, 8, 15, 16, 23, 24, 31, 32 };

static struct mm_struct *mm;
static u64 page[2];
static unsigned int mapped;

/* With two CPUs there would be nobody left to flush. */
static bool outside(void)
{
	return scn_nr_cpus() > 2 && scn_cpu() == scn_nr_cpus() - 1;
}

static void enter(void)
{
	if (!outside())
		scn_switch_mm(mm);
}

static void look(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(ends) && !outside(); i++)
		scn_access(mm, ADDR + ends[i] * SIZE, PVTLB_ACCESS_READ);
}

static void look_and_go_lazy(void)
{
	look();
	/* CPU 0 is never lazy: it has the flush to do. */
	if (scn_cpu() && !outside())
		scn_enter_lazy();
}

static void come_back(void)
{
	enter();
	look();
}

/* A trial's steps: what each CPU does before the flush; what the flush is like. */
static const struct step {
	void (*before)(void);
	bool wake_lazy, everything;
} steps[] = {
	{ look, false, false },
	{ look_and_go_lazy, false, false },
	{ look_and_go_lazy, true, false },
	{ look, false, true },
};

static void flush(const struct step *step)
{
	mapped ^= 1;
	for (unsigned int i = 0; i < PAGES; i++)
		scn_map(mm, ADDR + i * SIZE, page[mapped], true, SCN_2M);
	scn_flush(mm, ADDR, step->everything ? 0 : ADDR + PAGES * SIZE, SCN_2M, step->wake_lazy);
}

static void trial(unsigned int nr)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(steps); i++) {
		scn_step(nr, i);
		scn_phase(steps[i].before);
		flush(&steps[i]);
		scn_phase(look);
		scn_phase(come_back);
	}
}

static void setup(void)
{
	mm = scn_mm_create();
	page[0] = scn_page_alloc(SCN_2M);
	page[1] = scn_page_alloc(SCN_2M);
	for (unsigned int i = 0; i < PAGES; i++)
		scn_map(mm, ADDR + i * SIZE, page[0], true, SCN_2M);
}

SCENARIO(flush_list, {
	.name = "flush-list",
	.title = "flush 66 MiB of large pages on all CPUs but one: awake, lazy, lazy and woken",
	.flags = PVTLB_CLAIMS,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial),
});
