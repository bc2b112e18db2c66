/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a hostile guest finds what it scribbles over. */
#include <asm/gate.h>
#include <libfdt.h>
#include <linux/percpu.h>
#include <pvtlb/fdt.h>
#include <pvtlb/image.h>
#include <scenario.h>

#include "hostile.h"

#define PAGE	 4096u
#define LOW_END	 0x1000000ull
#define FDT_ROOM 65536u

extern u8 __start_scenarios[], __stop_scenarios[], __start___jump_table[], __stop___jump_table[];
extern u8 __start_policies[], __stop_policies[], __start_event_sources[], __stop_event_sources[];
extern const struct pvtlb_image pvtlb_image;

static u8 *fdt;
static int node;
static u64 ram;

static u64 number(const char *name, int index)
{
	const fdt64_t *value = fdt_getprop(fdt, node, name, NULL);

	return value ? fdt64_ld(&value[index]) : 0;
}

static u8 *direct(u64 gpa)
{
	return (u8 *)(DIRECT_MAP + gpa);
}

static u64 calls, status, steal, sequence, rings, stride;

void areas_find(void)
{
	for (u64 gpa = PAGE; gpa < LOW_END && !fdt; gpa += PAGE)
		if (!fdt_check_header(direct(gpa)))
			fdt = direct(gpa);
	node = fdt_path_offset(fdt, "/memory");
	ram = number("reg", 1);
	node = fdt_path_offset(fdt, FDT_PVTLB);
	calls = number(FDT_CALL_BLOCKS, 0);
	status = number(FDT_STATUS, 0);
	sequence = number(FDT_SEQUENCE, 0);
	rings = number(FDT_RINGS, 0);
	stride = number(FDT_RINGS, 1);
	/* Between these two, by themselves. */
	steal = sequence - PAGE;
}

u64 ram_size(void)
{
	return ram;
}

struct pvtlb_ring *own_ring(void)
{
	return (struct pvtlb_ring *)direct(rings + scn_cpu() * stride);
}

u64 *sequence_word(void)
{
	return (u64 *)direct(sequence);
}

struct area area(enum area_nr nr)
{
	const u64 cpus = scn_nr_possible_cpus();

	switch (nr) {
	case AREA_RING_HEADS:
		return (struct area){ (u8 *)own_ring(), sizeof(struct pvtlb_ring) };
	case AREA_RING_SLOTS:
		return (struct area){ (u8 *)own_ring()->slot, stride - sizeof(struct pvtlb_ring) };
	case AREA_SEQUENCE:
		return (struct area){ direct(sequence), 8 };
	case AREA_STATUS:
		return (struct area){ direct(status), cpus * sizeof(struct pvtlb_cpu_status) };
	case AREA_CALL_BLOCKS:
		return (struct area){ direct(calls), cpus * PVTLB_CALL_BLOCK_SIZE };
	case AREA_STEAL:
		return (struct area){ direct(steal), PAGE };
	case AREA_FDT:
		return (struct area){ fdt, FDT_ROOM };
	/* vmm/machine/boot.c puts these first, in this order. */
	case AREA_GDT:
		return (struct area){ direct(PAGE), 80 };
	case AREA_IDT:
		return (struct area){ direct(2 * PAGE), PAGE };
	case AREA_TSS:
		return (struct area){ direct(3 * PAGE), cpus * 128 };
	case AREA_BOOT_TABLES:
		return (struct area){ direct(4 * PAGE), calls - 4 * PAGE };
	case AREA_LOW:
		return (struct area){ direct(0), sequence + PAGE };
	case AREA_SCENARIOS:
		return (struct area){ __start_scenarios, __stop_scenarios - __start_scenarios };
	case AREA_JUMPS:
		return (struct area){ __start___jump_table,
				      __stop___jump_table - __start___jump_table };
	case AREA_POLICIES:
		return (struct area){ __start_policies, __stop_policies - __start_policies };
	case AREA_SOURCES:
		return (struct area){ __start_event_sources,
				      __stop_event_sources - __start_event_sources };
	case AREA_DESC:
		return (struct area){ (u8 *)&pvtlb_image, sizeof(pvtlb_image) };
	case AREA_HYPERCALL_PAGE:
		return (struct area){ direct((u64)hypercall_page - LINKED), PAGE };
	case AREA_PERCPU:
		return (struct area){ (u8 *)per_cpu_base, cpus * per_cpu_stride };
	case AREA_FREE:
		return (struct area){ direct(rings + cpus * stride), ram - rings - cpus * stride };
	}
	return (struct area){ 0 };
}
