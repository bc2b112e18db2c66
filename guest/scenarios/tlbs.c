/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tlbs: which CPUs share a TLB, as far as a test can tell.
 *
 * Every CPU caches a page, CPU 0 maps another one in its place and tells nobody; in trial n
 * CPU n alone reloads CR3. Whoever sees the new page then shares what CPU n has flushed. On
 * a KVM that shadows page tables CPUs of the same MMU role do, and a missing IPI between two
 * of them cannot be seen: `pvtlb doctor` runs this.
 */
#include <seam.h>

#define ADDR 0x100000000000ull

static struct mm_struct *mm;
static u64 page_a, page_b;
static u32 turn; /* whose trial it is */
static u32 over;

static void look(void)
{
	seam_access(mm, ADDR, PVTLB_ACCESS_READ);
}

static void reload(void)
{
	if (seam_cpu() != READ_ONCE(turn))
		return;
	seam_switch_mm(NULL);
	seam_switch_mm(mm);
}

static void setup(void)
{
	mm = seam_mm_create();
	page_a = seam_page_alloc(SEAM_4K);
	page_b = seam_page_alloc(SEAM_4K);
}

static void load(void)
{
	seam_switch_mm(mm);
}

static void leader(void)
{
	seam_phase(load);
	for (unsigned int cpu = 0; cpu < seam_nr_cpus(); cpu++) {
		seam_step(cpu, 0);
		seam_map(mm, ADDR, page_a, true, SEAM_4K);
		seam_flush(mm, ADDR, ADDR + 4096, SEAM_4K, false);
		WRITE_ONCE(turn, cpu);
		seam_phase(look);
		seam_map(mm, ADDR, page_b, true, SEAM_4K);
		seam_phase(reload);
		seam_step(cpu, 1);
		seam_phase(look);
	}
	WRITE_ONCE(over, 1);
	seam_release();
	seam_gather();
}

static void worker(void)
{
	static void (*const phases[])(void) = { look, reload, look };
	unsigned int next = 0;

	seam_wait_release();
	load();
	seam_arrive();
	for (;;) {
		seam_wait_release();
		if (READ_ONCE(over))
			break;
		phases[next++ % ARRAY_SIZE(phases)]();
		seam_arrive();
	}
	seam_arrive();
}

SCENARIO(tlbs, {
	.name = "tlbs",
	.title = "which CPUs share a TLB, as far as a test can tell",
	.flags = PVTLB_SCENARIO_DIAGNOSTIC,
	.min_cpus = 1,
	.max_cpus = PVTLB_MAX_CPUS,
	.setup = SCENARIO_FN(setup),
	.role = { SCENARIO_FN(leader), SCENARIO_FN(worker) },
});
