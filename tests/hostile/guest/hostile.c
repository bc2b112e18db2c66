/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hostile: a flush that is as it should be, and beside it a guest that means harm.
 *
 * All CPUs touch pages of one mm, CPU 0 changes and flushes them, all look again, as in
 * shootdown. In between somebody does what the run's seed says: its lowest byte is the mode.
 */
#include <linux/kernel.h>
#include <scenario.h>

#include "../../../guest/scenarios/run/start.h"
#include "../modes.h"
#include "hostile.h"

#define BASE  0x100000000000ull
#define PAGES 4u

extern struct scenario_config scenario_run;

static const struct mode {
	enum hostile_when when;
	hostile_fn *fn;
	u64 arg;
} modes[] = {
#define M(name, when, may, fn, arg) { when, fn, (u64)(arg) },
	HOSTILE_MODES(M)
#undef M
};

static struct mm_struct *mm;
static u64 page[2][PAGES];
static const struct mode *mode;

/* A CPU's own stream; no state that a mode could share. */
static u64 state[PVTLB_MAX_CPUS];

u64 rnd(void)
{
	u64 *s = &state[scn_cpu()];

	if (!*s)
		*s = (scenario_run.seed ^ (scn_cpu() + 1) * 0x9e3779b97f4a7c15ull) | 1;
	*s ^= *s >> 12;
	*s ^= *s << 25;
	*s ^= *s >> 27;
	return *s * 0x2545f4914f6cdd1dull;
}

u32 rnd_below(u32 n)
{
	return (rnd() >> 32) % n;
}

static u64 addr(unsigned int i)
{
	return BASE + i * 4096ull;
}

static void setup(void)
{
	areas_find();
	mode = &modes[(scenario_run.seed & 0xff) % ARRAY_SIZE(modes)];
	mm = scn_mm_create();
	for (unsigned int i = 0; i < PAGES; i++) {
		page[0][i] = scn_page_alloc(SCN_4K);
		page[1][i] = scn_page_alloc(SCN_4K);
		scn_map(mm, addr(i), page[0][i], true, SCN_4K);
	}
}

static void enter(void)
{
	scn_switch_mm(mm);
}

static void touch(void)
{
	for (unsigned int i = 0; i < PAGES; i++)
		scn_access(mm, addr(i), PVTLB_ACCESS_READ);
}

static void harm(void)
{
	mode->fn(mode->arg);
}

static void trial(unsigned int nr)
{
	scn_step(nr, 0);
	scn_phase(touch);
	if (mode->when == ALL)
		scn_phase(harm);
	if (mode->when == BEFORE)
		harm();
	if (mode->when == BESIDE)
		scn_release(harm);
	for (unsigned int i = 0; i < PAGES; i++)
		scn_map(mm, addr(i), page[(nr + 1) % 2][i], true, SCN_4K);
	scn_flush(mm, addr(0), addr(PAGES), SCN_4K, false);
	if (mode->when == BESIDE)
		scn_gather();
	scn_step(nr, 1);
	scn_phase(touch);
}

SCENARIO(hostile, {
			  .name = "hostile",
			  .title = "a flush, and somebody who means harm",
			  .flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_DELIVERED | PVTLB_CLAIM_SAFE,
			  .program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial),
		  });
