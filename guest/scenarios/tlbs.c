/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tlbs: which CPUs share a TLB, as far as a test can tell.
 *
 * Every CPU caches a page, CPU 0 maps another one in its place and tells nobody; in trial n
 * CPU n alone reloads CR3. Whoever sees the new page then shares what CPU n has flushed. On
 * a KVM that shadows page tables CPUs of the same MMU role do, and a missing IPI between two
 * of them cannot be seen: `pvtlb doctor` runs this.
 */
#include <scenario.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm;
static u64 page_a, page_b;
static u32 turn; /* whose trial it is */

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void reload(void)
{
	if (scn_cpu() != READ_ONCE(turn))
		return;
	scn_switch_mm(NULL);
	scn_switch_mm(mm);
}

static void setup(void)
{
	mm = scn_mm_create();
	page_a = scn_page_alloc(SCN_4K);
	page_b = scn_page_alloc(SCN_4K);
}

static void enter(void)
{
	scn_switch_mm(mm);
}

static void leader(void)
{
	for (unsigned int cpu = 0; cpu < scn_nr_cpus(); cpu++) {
		scn_step(cpu, 0);
		scn_map(mm, ADDR, page_a, true, SCN_4K);
		scn_flush(mm, ADDR, ADDR + 4096, SCN_4K, false);
		WRITE_ONCE(turn, cpu);
		scn_phase(look);
		scn_map(mm, ADDR, page_b, true, SCN_4K);
		scn_phase(reload);
		scn_step(cpu, 1);
		scn_phase(look);
	}
}

SCENARIO(tlbs, {
	.name = "tlbs",
	.title = "which CPUs share a TLB, as far as a test can tell",
	.flags = PVTLB_SCENARIO_DIAGNOSTIC,
	.min_cpus = 1,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .leader = leader),
});
