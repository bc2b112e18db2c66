/* SPDX-License-Identifier: GPL-2.0-only */
/* MSRs, ports, addresses without memory, the local APIC, control registers: what KVM emulates. */
#include <asm/gate.h>
#include <linux/kernel.h>
#include <scenario.h>

#include "hostile.h"

#define TIMES	       300u
#define APIC_ICR       0x300
#define APIC_ICR2      0x310
#define KVM_STEAL_TIME 0x4b564d03u
#define HYPERV_MSRS    0x40000000u
#define KVM_MSRS       0x4b564d00u

extern const u8 skip_with_code[], skip_without_code[], skip_nothing[];

static void set_gate(unsigned int vector, const u8 *stub)
{
	u64 *gate = (u64 *)area(AREA_IDT).at + 2 * vector, to = (u64)stub;

	gate[0] = (to & 0xffff) | 0x10ull << 16 | 0xeeull << 40 | (to >> 16 & 0xffff) << 48;
	gate[1] = to >> 32;
}

void traps_are_skipped(void)
{
	set_gate(2, skip_nothing);
	set_gate(6, skip_without_code);
	set_gate(13, skip_with_code);
}

static const u32 msr_ranges[] = { 0,	     0x10,	     0x1b,	 0x174,	     0x1a0,
				  0x200,     0x277,	     0x345,	 0x38d,	     0x480,
				  0x6e0,     0x800,	     0x830,	 0xda0,	     HYPERV_MSRS,
				  KVM_MSRS,  KVM_STEAL_TIME, 0xc0000080, 0xc0000100, 0xc0010000,
				  0xc0010114 };

static u64 some_value(void)
{
	switch (rnd_below(5)) {
	case 0:
		return ram_size() + 4096 - rnd_below(3) * 4096;
	case 4:
		return rnd();
	case 1:
		return rnd() % (2 * ram_size());
	case 2:
		return 1ull << rnd_below(64);
	default:
		return rnd_below(256);
	}
}

void msr_random(u64 write)
{
	traps_are_skipped();
	for (unsigned int i = 0; i < TIMES; i++) {
		u32 msr = msr_ranges[rnd_below(ARRAY_SIZE(msr_ranges))] + rnd_below(16);

		if (write)
			gate(GATE_WRMSR, msr, some_value());
		else
			gate(GATE_RDMSR, msr, 0);
	}
}

void msr_hypervisor(u64 arg)
{
	(void)arg;
	traps_are_skipped();
	for (unsigned int i = 0; i < TIMES; i++) {
		u32 msr = (rnd_below(2) ? HYPERV_MSRS : KVM_MSRS) + rnd_below(272) - 8;

		if (rnd_below(2))
			gate(GATE_WRMSR, msr, some_value());
		else
			gate(GATE_RDMSR, msr, 0);
	}
}

/* Over RAM, at its edges, out of it; on and off. */
void steal_time_moves(u64 arg)
{
	static const u64 edge[] = {
		0, 0x40, 0x1000, 0xfffffffffffff000ull, 0xd0000000, 0xfee00000
	};

	(void)arg;
	traps_are_skipped();
	for (unsigned int i = 0; i < TIMES; i++) {
		u64 at = rnd_below(2) ? rnd() % ram_size() : edge[rnd_below(ARRAY_SIZE(edge))];

		if (!rnd_below(4))
			at = ram_size() + 64 - rnd_below(3) * 64;
		gate(GATE_WRMSR, KVM_STEAL_TIME, (at & ~63ull) | rnd_below(64));
	}
}

/* Guest OS id, hypercall page (Hyper-V); the page of Xen's MSR. */
void hypercall_page_moves(u64 arg)
{
	(void)arg;
	traps_are_skipped();
	for (unsigned int i = 0; i < TIMES; i++) {
		u64 at = rnd_below(2) ? rnd() % (2 * ram_size()) : rnd();

		if (!rnd_below(3))
			at = ram_size() + 4096 - rnd_below(3) * 4096;
		gate(GATE_WRMSR, HYPERV_MSRS, rnd_below(3) ? 1 : 0);
		gate(GATE_WRMSR, HYPERV_MSRS + 1, (at & ~4095ull) | rnd_below(4));
		gate(GATE_WRMSR, HYPERV_MSRS, at);
	}
}

void ports(u64 arg)
{
	(void)arg;
	traps_are_skipped();
	for (unsigned int i = 0; i < TIMES; i++) {
		u16 port = rnd_below(2) ? rnd() : rnd_below(0x100);
		u32 value = rnd();

		__asm__ volatile("outb %%al, %%dx; nop" : : "a"(value), "d"(port));
		__asm__ volatile("inl %%dx, %%eax; nop" : "+a"(value) : "d"(port));
	}
}

void mmio_sizes(u64 arg)
{
	static const u16 at[] = { 0, 1, 2, 4, 0x7fc, 0x7ff, 0x800, 0x804, 0xff8, 0xfff };
	u64 where = DOORBELL + at[rnd_below(ARRAY_SIZE(at))];

	(void)arg;
	switch (rnd_below(6)) {
	case 0:
		*(volatile u8 *)where = 1;
		break;
	case 1:
		*(volatile u16 *)where = 1;
		break;
	case 2:
		*(volatile u64 *)where = 1;
		break;
	case 3:
		(void)*(volatile u8 *)where;
		break;
	case 4:
		(void)*(volatile u32 *)where;
		break;
	default:
		(void)*(volatile u64 *)where;
	}
}

/* An entry of the direct map that leads out of memory: 2 MiB at a time. */
static u64 *direct_entry(u64 gpa)
{
	u64 cr3 = gate(GATE_READ_CR3, 0, 0), at = DIRECT_MAP + gpa;
	u64 *table = (u64 *)(DIRECT_MAP + (cr3 & 0xffffffffff000ull));

	for (unsigned int level = 39; level > 21; level -= 9)
		table = (u64 *)(DIRECT_MAP + (table[at >> level & 511] & 0xffffffffff000ull));
	return &table[at >> 21 & 511];
}

void mmio_beyond(u64 arg)
{
	u64 free = (u64)area(AREA_FREE).at - DIRECT_MAP, gpa = (free + (8ull << 21)) & ~0x1fffffull;
	u64 *entry = direct_entry(gpa);

	(void)arg;
	*entry = (*entry & 0xfff) |
		 ((ram_size() + (rnd() & 0xffffffe00000ull)) & 0xfffffffe00000ull);
	gate(GATE_INVLPG, DIRECT_MAP + gpa, 0);
	*(volatile u64 *)(DIRECT_MAP + gpa + rnd_below(4096)) = rnd();
	panic("there is memory beyond memory", gpa);
}

void mmio_executed(u64 arg)
{
	(void)arg;
	/* NX at ring 3; and where it is not, there is nothing to be fetched. */
	((void (*)(void))(DOORBELL + 16))();
	panic("the doorbell has code", 0);
}

static void apic(u32 reg, u32 value)
{
	*(volatile u32 *)(LAPIC + reg) = value;
}

void apic_random(u64 arg)
{
	(void)arg;
	traps_are_skipped();
	for (unsigned int i = 0; i < TIMES; i++) {
		u32 reg = rnd_below(0x40) * 0x10;

		if (rnd_below(3))
			apic(reg, rnd_below(2) ? rnd() : rnd_below(0x100));
		else
			(void)*(volatile u32 *)(LAPIC + reg + rnd_below(4) * 4);
	}
}

/* To one CPU, to all, to all others, to itself: in that delivery mode. */
void ipi_storm(u64 mode)
{
	traps_are_skipped();
	for (unsigned int i = 0; i < TIMES; i++) {
		apic(APIC_ICR2, rnd_below(scn_nr_cpus() + 1) << 24);
		apic(APIC_ICR,
		     rnd_below(256) | mode << 8 | rnd_below(2) << 14 | rnd_below(4) << 18);
	}
}

void control_registers(u64 arg)
{
	(void)arg;
	traps_are_skipped();
	for (unsigned int i = 0; i < TIMES; i++)
		gate(GATE_SET_CR4, 1ull << rnd_below(64), 0);
}

/* A page of random entries as the table of everything. */
void tables_anywhere(u64 arg)
{
	struct area a = area(AREA_FREE);
	u64 *table = (u64 *)((u64)(a.at + 0x3fffff) & ~0xfffull);

	(void)arg;
	for (unsigned int i = 0; i < 512; i++)
		table[i] = rnd();
	gate(GATE_WRITE_CR3, rnd_below(2) ? (u64)table - DIRECT_MAP : rnd(), 0);
}
