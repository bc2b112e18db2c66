/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls to the VMM and to hypervisors, as no kernel makes them. */
#include <asm/gate.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <pvtlb/flush.h>
#include <scenario.h>
#include <scenario/diagnostic.h>

#include "hostile.h"

#define TIMES 300u

void never_arrives(u64 arg)
{
	(void)arg;
	if (scn_cpu() == scn_nr_cpus() - 1)
		scn_spin_forever();
}

void for_ever(u64 nr)
{
	for (;;)
		vmm_call(nr, NULL, 0);
}

void call_bare(u64 nr)
{
	vmm_call(nr, NULL, 0);
}

static void ring_bell(u32 nr)
{
	*(volatile u32 *)DOORBELL = nr;
}

/* Not a whole call: whatever stands in the block. DONE and PANIC are left out, as they end it. */
static u32 some_number(void)
{
	static const u32 few[] = { 0, 1, 2, 3, 6, 7, 8, 0xff, 0x100, 0x101, 0x200, 0x300, ~0u };

	return few[rnd_below(ARRAY_SIZE(few))];
}

void doorbell_storm(u64 arg)
{
	(void)arg;
	for (unsigned int i = 0; i < TIMES; i++)
		ring_bell(some_number());
}

static void fill(struct pvtlb_call_block *block, u32 nr)
{
	for (unsigned int i = 0; i < 32; i++)
		((u64 *)block->payload)[i] = rnd_below(2) ? rnd() : rnd_below(300);
	block->len = rnd_below(4) ? rnd_below(300) : rnd();
	block->nr = nr;
	if (!rnd_below(8))
		block->version = rnd();
	if (!rnd_below(8))
		block->reserved[rnd_below(4)] = rnd();
}

/* The pvtlb backend's flush: right but for one thing, mostly. */
static void fill_flush(struct pvtlb_call_block *block)
{
	struct pvtlb_flush f = { .flags = rnd_below(4) };
	struct pvtlb_flush_range *range = (void *)(block->payload + sizeof(f));
	const u32 nr = f.flags & 2 ? 0 : 1 + rnd_below(64);

	f.nr_ranges = nr;
	f.space = f.flags & 1 ? 0 : gate(GATE_READ_CR3, 0, 0) & ~0xfffull;
	f.vcpus.bits[0] = rnd_below(8);
	for (unsigned int i = 0; i < nr; i++)
		range[i] = (struct pvtlb_flush_range){ i << 20, (i << 20) + 4096 };
	switch (rnd_below(6)) {
	case 0:
		f.nr_ranges = rnd();
		break;
	case 1:
		f.vcpus.bits[rnd_below(4)] = rnd();
		break;
	case 2:
		f.space = rnd() & ~0xfffull;
		break;
	case 3:
		range[0].end = rnd();
		break;
	case 4:
		f.flags = rnd();
		break;
	}
	block->len = sizeof(f) + nr * sizeof(*range);
	__builtin_memcpy(block->payload, &f, sizeof(f));
}

void call_random(u64 from)
{
	for (unsigned int i = 0; i < TIMES; i++) {
		u32 nr = from ? from + rnd_below(3) : some_number();
		struct pvtlb_call_block *block;
		bool flags;

		local_irq_save(flags);
		block = vmm_call_block();
		fill(block, nr);
		if (from && rnd_below(4))
			fill_flush(block);
		vmm_call_ring(block, nr);
		local_irq_restore(flags);
	}
}

/* The last CPU changes the others' blocks while these call. */
void call_fetched_twice(u64 arg)
{
	struct area a = area(AREA_CALL_BLOCKS);

	if (scn_cpu() != scn_nr_cpus() - 1) {
		call_random(arg);
		return;
	}
	for (unsigned int i = 0; i < TIMES * 100; i++) {
		struct pvtlb_call_block *block =
			(void *)(a.at + rnd_below(scn_nr_cpus()) * 4096ull);

		WRITE_ONCE(block->len, rnd_below(2) ? rnd() : rnd_below(64));
		WRITE_ONCE(block->nr, some_number());
		block->payload[rnd_below(64)] = rnd();
	}
}

void console_flood(u64 arg)
{
	u64 text[64];

	(void)arg;
	for (unsigned int i = 0; i < TIMES * 8; i++) {
		for (unsigned int k = 0; k < ARRAY_SIZE(text); k++)
			text[k] = rnd();
		vmm_call(PVTLB_CALL_CONSOLE, text, rnd_below(sizeof(text) + 1));
	}
}

/* Reports of events that may never have been: well formed now and then. */
void tracepoint_flood(u64 arg)
{
	(void)arg;
	for (unsigned int i = 0; i < TIMES; i++) {
		struct pvtlb_event e = { .seq = rnd_below(1000),
					 .id = rnd_below(64),
					 .cpu = scn_cpu(),
					 .source = rnd_below(10) };

		for (unsigned int k = 0; k < PVTLB_EVENT_ARGS; k++)
			e.arg[k] = rnd_below(2) ? rnd_below(48) : rnd();
		if (!rnd_below(4))
			e.cpu = rnd();
		vmm_call(PVTLB_CALL_TRACEPOINT, &e, sizeof(e));
	}
}

void drain_flood(u64 arg)
{
	(void)arg;
	for (unsigned int i = 0; i < TIMES; i++)
		vmm_call(PVTLB_CALL_DRAIN, NULL, 0);
}

void cpu_on_flood(u64 arg)
{
	(void)arg;
	for (unsigned int i = 0; i < TIMES; i++) {
		/* All is right but the CPU; and nothing is. */
		struct pvtlb_cpu_on on = { .cpu = rnd_below(8) ? rnd_below(300) : rnd(),
					   .entry = (u64)cpu_on_flood,
					   .stack = (u64)&on & ~15ull };

		if (!rnd_below(4))
			on = (struct pvtlb_cpu_on){ rnd(), rnd_below(2), rnd(), rnd(), rnd() };

		vmm_call(PVTLB_CALL_CPU_ON, &on, sizeof(on));
	}
}

void panic_odd(u64 arg)
{
	struct {
		struct pvtlb_panic panic;
		u8 text[1000];
	} odd = { .panic = { .value = rnd(), .rip = rnd() } };

	(void)arg;
	for (unsigned int i = 0; i < sizeof(odd.text); i++)
		odd.text[i] = rnd();
	vmm_call(PVTLB_CALL_PANIC, &odd, rnd_below(sizeof(odd)));
	vmm_call(PVTLB_CALL_PANIC, &odd, sizeof(odd));
}

static u64 some_address(void)
{
	switch (rnd_below(6)) {
	case 0:
		return rnd();
	case 1:
		return DIRECT_MAP + rnd() % (ram_size() + 8192);
	case 2:
		return (u64)area(AREA_FREE).at + rnd_below(65536);
	case 3:
		return rnd() % (ram_size() + 8192);
	case 4:
		return ram_size() - rnd_below(64);
	default:
		return rnd_below(4096);
	}
}

/* By the page, where a hypervisor has filled it: else traps, which are skipped. */
void hypercall_random(u64 tables)
{
	traps_are_skipped();
	for (unsigned int i = 0; i < TIMES; i++) {
		u32 nr = rnd_below(4) ? 24 + rnd_below(8) : rnd_below(128);
		struct gate_regs regs = { .di = some_address(),
					  .si = some_address(),
					  .dx = some_address(),
					  .cx = rnd_below(64) | rnd() << 32,
					  .r8 = some_address(),
					  .r10 = some_address() };
		const u8 *at = hypercall_page;

		if (tables)
			for (unsigned int k = 0; k < 64; k++)
				((u64 *)area(AREA_FREE).at)[k] = some_address();
		/* Of Xen's slots 26 is mmuext_op, 13 multicall; Hyper-V's calls are in rcx. */
		if (*(volatile u32 *)area(AREA_HYPERCALL_PAGE).at == 0xcccccccc)
			return;
		if (((const u8 *)area(AREA_HYPERCALL_PAGE).at)[32] != 0xcc)
			at += (rnd_below(3) ? 26 : nr) * 32;
		else
			regs.cx = (rnd_below(2) ? 2 : 3) | (rnd() & 0xfff00000000ull);
		gate_call(at, &regs);
	}
}
