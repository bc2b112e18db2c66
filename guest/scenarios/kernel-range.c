/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel-range: what is mapped at an address of the kernel's own is replaced.
 *
 * Every CPU has such an address, whatever mm it has loaded: some are in one, some are lazy, some
 * have none. There is no mask to go by and nobody to be left out, so flush_tlb_kernel_range()
 * tells all CPUs, and not by a backend's flush_tlb_multi(). Teaches that being lazy is an excuse
 * for user space only.
 */
#include <scenario.h>

static struct mm_struct *mm;
static u64 addr, page[2];
static unsigned int mapped;

static void enter(void)
{
	if (scn_cpu() % 3 == 0)
		return;
	scn_switch_mm(mm);
	if (scn_cpu() % 3 == 1)
		scn_enter_lazy();
}

static void look(void)
{
	scn_access(NULL, addr, PVTLB_ACCESS_READ);
}

static void trial(unsigned int nr)
{
	scn_step(nr, 0);
	scn_phase(look);
	mapped ^= 1;
	scn_vmap(addr, page[mapped]);
	scn_flush_kernel(addr, addr + 4096);
	scn_phase(look);
}

static void setup(void)
{
	addr = scn_vmalloc();
	mm = scn_mm_create();
	page[0] = scn_page_alloc(SCN_4K);
	page[1] = scn_page_alloc(SCN_4K);
	scn_vmap(addr, page[0]);
}

SCENARIO(kernel_range, {
	.name = "kernel-range",
	.title = "replace a page that the kernel has mapped for itself, on every CPU",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial),
});
