/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * held-asking: a CPU is preempted when it has filled in what it is about to ask its hypervisor.
 *
 * CPU 0 has said in memory which CPUs to flush, and for which page, and is held before it makes
 * the call. CPU 1 unmaps another page meanwhile, with a request of its own, and uses the first one,
 * which lets CPU 0 go: what was filled in has to stand there still, and is to be served. Teaches that an input block is its caller's from the
 * first word on until the status is read, whatever happens to the CPU in between. Backends
 * without a hypercall ask nobody, and CPU 0 is not held.
 */
#include <scenario.h>

#define ADDR  0x100000000000ull
#define OTHER (ADDR + 16 * 4096)

static struct mm_struct *mm;
static u32 flushed;

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
	scn_access(mm, OTHER, PVTLB_ACCESS_READ);
}

static void enter(void)
{
	scn_switch_mm(mm);
	look();
}

static void prepare(void)
{
	WRITE_ONCE(flushed, 0);
	scn_fault(mm, OTHER);
}

static void use(void)
{
	if (scn_cpu() != 1)
		return;
	while (!scn_held(0) && !READ_ONCE(flushed))
		scn_relax();
	scn_zap(mm, OTHER, OTHER + 4096);
	while (!READ_ONCE(flushed)) {
		if (scn_held(0))
			look();
		/* What was read last is what is waited for. */
		if (!READ_ONCE(flushed))
			scn_relax();
	}
}

static void change(void)
{
	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), true, SCN_4K);
	scn_flush(mm, ADDR, ADDR + 4096, SCN_4K, false);
	WRITE_ONCE(flushed, 1);
}

static const struct scn_race race = {
	.prepare = prepare,
	.walk = use,
	.change = change,
	.after = look,
};

static void setup(void)
{
	mm = scn_mm_create();
	scn_fault(mm, ADDR);
}

SCENARIO(held_asking, {
	.name = "held-asking",
	.title = "a CPU is held between filling in a flush hypercall and making it",
	.flags = PVTLB_CLAIMS,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .race = &race),
	.hold = { { .cpus = PVTLB_HOLD_LEADER, PVTLB_HOLD_AT_ANY(ASK),
		    PVTLB_HOLD_UNTIL_ANY(ACCESS) } },
});
