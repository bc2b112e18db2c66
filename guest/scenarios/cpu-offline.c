/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cpu-offline, offline-reuse, offline-kernel: the last CPU goes offline and comes back, and flushes are made
 * meanwhile.
 *
 * It has the mm loaded and its page cached, and leaves: its hypervisor is told first, the mm is
 * unloaded, its bit is taken out of every mask, and then it is online no more. From then on no
 * flush is for it: a page is replaced, a table freed. When it is back it must find neither. Teaches
 * that what takes a CPU out of every mask has to empty its TLB, too: there is nobody who would
 * tell it later.
 *
 * In offline-reuse memory is allocated while it is away, for pages and for a table, and back
 * again the first thing it does is a flush. What belonged to it before, and was given back, may
 * be that memory now: it must not write to it. Teaches that what a CPU got when it came up, an
 * input page for hypercalls, say, goes with it and is got anew, or stays allocated.
 *
 * In offline-kernel it has a page of the kernel's own cached, under the tag of the mm that it goes
 * down with and comes back with. While it is away the page is replaced. Teaches that "the same mm
 * as before" is no reason to keep anything.
 */
#include <scenario.h>

#define ADDR   0x100000000000ull
#define SIZE   (1ull << SCN_2M)
#define FREED  (ADDR + SIZE)	 /* in a table of its own */
#define REUSED (ADDR + 2 * SIZE) /* the same; the first of PAGES */
#define PAGES  8

static struct mm_struct *mm;
static u64 kernel_addr, kernel_page[2];
static unsigned int mapped;

static void enter(void)
{
	scn_switch_mm(mm);
}

static void look(void)
{
	scn_access(mm, ADDR, PVTLB_ACCESS_READ);
	scn_access(mm, FREED, PVTLB_ACCESS_READ);
}

static unsigned int last(void)
{
	return scn_nr_possible_cpus() - 1;
}

static void leave(void)
{
	if (scn_cpu() != last())
		return;
	scn_cpu_down();
	/* Back. */
	enter();
	look();
}

static void replace(void)
{
	scn_zap(mm, ADDR, ADDR + 4096);
	scn_fault(mm, ADDR);
	scn_munmap(mm, FREED, FREED + SIZE, SCN_BATCHED);
	scn_rcu_barrier();
	scn_fault(mm, FREED);
}

static void trial(unsigned int nr)
{
	scn_step(nr, 0);
	scn_phase(look);
	scn_release(leave);
	scn_wait_cpu_down(last());
	replace();
	scn_cpu_up(last());
	scn_gather();
	scn_phase(look);
	/* It is one of them again. */
	scn_step(nr, 1);
	replace();
	scn_phase(look);
}

static void look_at_reused(void)
{
	look();
	for (u64 i = 0; i < PAGES; i++)
		scn_access(mm, REUSED + i * 4096, PVTLB_ACCESS_READ);
}

static void leave_then_flush(void)
{
	if (scn_cpu() != last())
		return;
	scn_cpu_down();
	/* Back. */
	enter();
	scn_zap(mm, ADDR, ADDR + 4096);
	scn_fault(mm, ADDR);
}

static void trial_reuse(unsigned int nr)
{
	scn_step(nr, 0);
	scn_phase(look);
	scn_release(leave_then_flush);
	scn_wait_cpu_down(last());
	for (u64 i = 0; i < PAGES; i++)
		scn_fault(mm, REUSED + i * 4096);
	scn_cpu_up(last());
	scn_gather();
	scn_phase(look_at_reused);
	scn_munmap(mm, REUSED, REUSED + SIZE, SCN_BATCHED);
	scn_rcu_barrier();
}

static void look_at_kernel(void)
{
	scn_access(NULL, kernel_addr, PVTLB_ACCESS_READ);
}

static void leave_with_kernel(void)
{
	if (scn_cpu() != last())
		return;
	scn_switch_mm(NULL);
	look_at_kernel();
	scn_cpu_down();
	/* Back. */
	look_at_kernel();
	enter();
}

static void trial_kernel(unsigned int nr)
{
	scn_step(nr, 0);
	scn_phase(look_at_kernel);
	scn_release(leave_with_kernel);
	scn_wait_cpu_down(last());
	mapped ^= 1;
	scn_vmap(kernel_addr, kernel_page[mapped]);
	scn_flush_kernel(kernel_addr, kernel_addr + 4096);
	scn_cpu_up(last());
	scn_gather();
	scn_phase(look_at_kernel);
}

static void setup_kernel(void)
{
	kernel_addr = scn_vmalloc();
	mm = scn_mm_create();
	kernel_page[0] = scn_page_alloc(SCN_4K);
	kernel_page[1] = scn_page_alloc(SCN_4K);
	scn_vmap(kernel_addr, kernel_page[0]);
}

static void setup(void)
{
	mm = scn_mm_create();
	scn_fault(mm, ADDR);
	scn_fault(mm, FREED);
}

SCENARIO(cpu_offline, {
	.name = "cpu-offline",
	.title = "a CPU goes offline, flushes are made without it, and it comes back",
	.flags = PVTLB_CLAIMS,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial),
});

SCENARIO(offline_reuse, {
	.name = "offline-reuse",
	.title = "a CPU goes offline, memory is allocated, it comes back and flushes",
	.flags = PVTLB_CLAIMS,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial_reuse),
});

SCENARIO(offline_kernel, {
	.name = "offline-kernel",
	.title = "a CPU goes offline, a page of the kernel's own is replaced, and it comes back",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
	.program = SCN_PROGRAM(.setup = setup_kernel, .enter = enter, .trial = trial_kernel),
});
