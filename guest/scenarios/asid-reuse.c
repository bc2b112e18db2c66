/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * asid-reuse, asid-kept: what is cached under an ASID that is not loaded.
 *
 * A CPU keeps what it has cached of 6 mm's. In asid-reuse every CPU goes through 8 of them, each
 * with a page of its own at the same address, twice: an ASID that goes to another mm must be
 * emptied. In asid-kept CPUs come back to an mm that they have under an ASID still, and whose page
 * was replaced meanwhile, with a flush that passed them by: they must see by its generation that
 * what they have is old. Then they leave, and the mm is made anew: what has its number now is
 * another mm, and the ASID must be emptied, too. Teaches what ctxs[] is for, and why it has both a
 * ctx_id and a tlb_gen.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull
#define MMS  8

static struct mm_struct *mm[MMS];

static void use(unsigned int i)
{
	scn_switch_mm(mm[i]);
	scn_access(mm[i], ADDR, PVTLB_ACCESS_READ);
}

static void go_round(void)
{
	for (unsigned int i = 0; i < 2 * MMS; i++)
		use(i % MMS);
}

static void leave(void)
{
	scn_switch_mm(NULL);
}

static void make_anew(unsigned int i)
{
	if (mm[i])
		scn_mm_destroy(mm[i]);
	mm[i] = scn_mm_create();
	scn_fault(mm[i], ADDR);
}

/* A flush of each: what is right to be seen is known then. */
static void replace(unsigned int i)
{
	scn_zap(mm[i], ADDR, ADDR + 4096);
	scn_fault(mm[i], ADDR);
}

static void trial_reuse(unsigned int nr)
{
	scn_step(nr, 0);
	scn_phase(go_round);
	for (unsigned int i = 0; i < MMS; i++)
		replace(i);
	scn_phase(go_round);
	scn_phase(leave);
}

static void use_first(void)
{
	use(0);
}

static void use_other(void)
{
	if (scn_cpu())
		use(1);
}

static void trial_kept(unsigned int nr)
{
	scn_step(nr, 0);
	scn_phase(use_first);
	scn_phase(use_other);
	replace(0);
	scn_phase(use_first);
	scn_step(nr, 1);
	scn_phase(leave);
	make_anew(0);
	replace(0);
	scn_phase(use_first);
}

static void setup(void)
{
	for (unsigned int i = 0; i < MMS; i++)
		make_anew(i);
}

SCENARIO(asid_reuse, {
	.name = "asid-reuse",
	.title = "CPUs go through more mm's than they have ASIDs for",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.min_cpus = 1,
	.program = SCN_PROGRAM(.setup = setup, .trial = trial_reuse),
});

SCENARIO(asid_kept, {
	.name = "asid-kept",
	.title = "CPUs come back to an mm that was flushed while they had it under an ASID not loaded",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = SCN_PROGRAM(.setup = setup, .trial = trial_kept),
});
