/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel-range-asids, offline-asids: what the kernel has mapped for itself is cached under each
 * ASID.
 *
 * The kernel's addresses are in every mm, and here they are not global: every CPU has used one
 * under each of its ASIDs. The page there is replaced, and flushed by its address, and then with so
 * many others that all is flushed: either takes what the CPU has under the ASID that it has loaded.
 * The other ones must not be loaded again without a flush. Teaches what invalidate_other is
 * for, and that it is for all of them. In offline-asids the last CPU is away when the page is
 * replaced, and nobody tells it: back again it may use nothing that it had.
 */
#include <scenario.h>

#define ASIDS 6	 /* a CPU's own ones */
#define MANY  40 /* pages, of which one is mapped: more than are flushed one by one */

static struct mm_struct *mm[ASIDS];
static u64 addr, page[2];
static unsigned int mapped;

static void look_in(unsigned int mms)
{
	for (unsigned int i = 0; i < mms; i++) {
		scn_switch_mm(mm[i]);
		scn_access(NULL, addr, PVTLB_ACCESS_READ);
	}
}

static void look(void)
{
	look_in(ASIDS);
}

/* Who goes offline needs an ASID for the kernel's own mm. */
static void look_offline(void)
{
	look_in(ASIDS - 1);
}

static void trial(unsigned int nr)
{
	static const unsigned int pages[] = { 1, MANY };

	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++) {
		scn_step(nr, i);
		scn_phase(look);
		mapped ^= 1;
		scn_vmap(addr, page[mapped]);
		scn_flush_kernel(addr, addr + pages[i] * 4096);
		scn_phase(look);
	}
}

static unsigned int last(void)
{
	return scn_nr_possible_cpus() - 1;
}

static void leave(void)
{
	if (scn_cpu() == last())
		scn_cpu_down();
}

static void trial_offline(unsigned int nr)
{
	scn_step(nr, 0);
	scn_phase(look_offline);
	scn_release(leave);
	scn_wait_cpu_down(last());
	mapped ^= 1;
	scn_vmap(addr, page[mapped]);
	scn_flush_kernel(addr, addr + 4096);
	scn_cpu_up(last());
	scn_gather();
	scn_phase(look_offline);
}

static void setup(void)
{
	addr = scn_vmalloc();
	for (unsigned int i = 0; i < ARRAY_SIZE(mm); i++)
		mm[i] = scn_mm_create();
	page[0] = scn_page_alloc(SCN_4K);
	page[1] = scn_page_alloc(SCN_4K);
	scn_vmap(addr, page[0]);
}

SCENARIO(kernel_range_asids, {
				     .name = "kernel-range-asids",
				     .title = "replace a page that the kernel has mapped for "
					      "itself, cached under all ASIDs",
				     .flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
				     .program = SCN_PROGRAM(.setup = setup, .trial = trial),
			     });

SCENARIO(offline_asids,
	 {
		 .name = "offline-asids",
		 .title = "replace a page that an offline CPU has had under all ASIDs",
		 .flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
		 .program = SCN_PROGRAM(.setup = setup, .trial = trial_offline),
	 });
