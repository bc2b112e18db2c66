/* SPDX-License-Identifier: GPL-2.0-only */
/* What a vCPU finds when it starts: descriptor tables, page tables, registers. */
#include <string.h>

#include "kvm/roles.h"
#include "machine/boot.h"
#include "machine/image.h"
#include "machine/layout.h"
#include "machine/mem.h"

/* Linux's GDT layout. */
#define SEL_KERNEL_CODE 0x10
#define SEL_KERNEL_DATA 0x18
#define SEL_USER_DATA	0x2b
#define SEL_USER_CODE	0x33
#define SEL_TSS		0x40
#define GDT_ENTRIES	10
#define IDT_ENTRIES	256

#define TSS_SIZE	 128 /* 104 are used; none crosses a page */
#define TSS_LIMIT	 0x67
#define TSS_RSP0	 4
#define TSS_IOMAP_BASE	 102
#define RING0_STACK_SIZE 1024

#define PTE_P	(1ull << 0)
#define PTE_W	(1ull << 1)
#define PTE_U	(1ull << 2)
#define PTE_PCD (1ull << 4)
#define PTE_A	(1ull << 5)
#define PTE_D	(1ull << 6)
#define PTE_PS	(1ull << 7)
#define PTE_NX	(1ull << 63)
#define PTE_ADDR 0x000ffffffffff000ull
#define PTE_LEAF (PTE_P | PTE_A | PTE_D)
#define SIZE_2M	 (1ull << 21)

#define CR0_START  0x80010033ull
#define CR4_START  0x620ull
#define EFER_START 0xd01ull

static gva_t entry_area(gpa_t gpa)
{
	return GVA_ENTRY_AREA + gpa;
}

static uint64_t *table(struct guest_mem *mem, gpa_t gpa)
{
	return mem_own(mem, gpa & PTE_ADDR, PVTLB_PAGE_SIZE);
}

/* Map one page of 1 << shift bytes. Tables allow all; the leaf says what is allowed. */
static void map(struct guest_mem *mem, gpa_t pgd, gva_t addr, uint64_t pte, unsigned int shift)
{
	gpa_t at = pgd;

	for (unsigned int level = 39; level > shift; level -= 9) {
		uint64_t *entry = &table(mem, at)[addr >> level & 511];

		if (!(*entry & PTE_P))
			*entry = mem_alloc(mem, PVTLB_PAGE_SIZE, PVTLB_PAGE_SIZE) | PTE_P | PTE_W |
				 PTE_U | PTE_A;
		at = *entry;
	}
	if (shift == 21)
		pte |= PTE_PS;
	table(mem, at)[addr >> shift & 511] = pte;
}

/*
 * An image's pages are writable and executable at ring 3, as code is patched in place; its
 * ring-0 pages are for ring 0 only. The per-CPU template is a template: it is not mapped.
 */
static void map_image(struct guest_mem *mem, gpa_t pgd, const struct image *image)
{
	const struct pvtlb_image *d = &image->desc;

	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segment[i];

		if (s->vaddr == d->percpu_start)
			continue;
		for (uint64_t off = 0; off < s->memsz; off += PVTLB_PAGE_SIZE) {
			gva_t addr = s->vaddr + off;
			uint64_t pte = (s->paddr + off) | PTE_LEAF;

			if (addr < d->ring0_start || addr >= d->ring0_end)
				pte |= PTE_W | PTE_U;
			map(mem, pgd, addr, pte, PVTLB_PAGE_SHIFT);
		}
	}
}

static void build_page_tables(struct guest_mem *mem, struct layout *layout,
			      const struct image *image)
{
	gpa_t pgd = layout->pgd = mem_alloc(mem, PVTLB_PAGE_SIZE, PVTLB_PAGE_SIZE);

	for (gpa_t gpa = 0; gpa < mem->size; gpa += SIZE_2M)
		map(mem, pgd, GVA_DIRECT_MAP + gpa, gpa | PTE_LEAF | PTE_W | PTE_U | PTE_NX, 21);
	for (gpa_t gpa = 0; gpa < IMAGE_GPA_MIN; gpa += SIZE_2M)
		map(mem, pgd, entry_area(gpa), gpa | PTE_LEAF | PTE_W | PTE_NX, 21);
	map(mem, pgd, GVA_LAPIC, GPA_LAPIC | PTE_LEAF | PTE_W | PTE_U | PTE_NX | PTE_PCD, 12);
	map(mem, pgd, GVA_DOORBELL, GPA_DOORBELL | PTE_LEAF | PTE_W | PTE_U | PTE_NX | PTE_PCD, 12);
	map_image(mem, pgd, image);
}

/* Descriptor and gate formats: Intel SDM vol. 3, 3.4.5 and 6.14.1. */
static void build_gdt(struct guest_mem *mem, struct layout *layout)
{
	uint64_t *gdt;

	layout->gdt = mem_alloc(mem, PVTLB_PAGE_SIZE, PVTLB_PAGE_SIZE);
	gdt = table(mem, layout->gdt);
	gdt[SEL_KERNEL_CODE / 8] = 0x00af9b000000ffffull;
	gdt[SEL_KERNEL_DATA / 8] = 0x00cf93000000ffffull;
	gdt[SEL_USER_DATA / 8] = 0x00cff3000000ffffull;
	gdt[SEL_USER_CODE / 8] = 0x00affb000000ffffull;
}

void boot_gate(const struct guest_mem *mem, const struct layout *layout, uint8_t vector, gva_t stub)
{
	uint64_t *gate = (uint64_t *)mem_own(mem, layout->idt, PVTLB_PAGE_SIZE) + 2 * vector;

	/* Present, DPL 3, 64-bit interrupt gate. */
	gate[0] = (stub & 0xffff) | SEL_KERNEL_CODE << 16 | 0xeeull << 40 |
		  (stub >> 16 & 0xffff) << 48;
	gate[1] = stub >> 32;
}

static void build_idt(struct guest_mem *mem, struct layout *layout, gva_t stubs)
{
	layout->idt = mem_alloc(mem, PVTLB_PAGE_SIZE, PVTLB_PAGE_SIZE);
	for (unsigned int i = 0; i < IDT_ENTRIES; i++)
		boot_gate(mem, layout, i, stubs + i * PVTLB_IDT_STUB_STRIDE);
}

/* The frame at its top: ss, rsp, rflags, cs, rip. */
uint64_t *boot_saved_flags(const struct guest_mem *mem, const struct layout *layout,
			   unsigned int cpu)
{
	gpa_t top = layout->ring0_stacks + (cpu + 1) * RING0_STACK_SIZE;

	return mem_own(mem, top - 3 * sizeof(uint64_t), sizeof(uint64_t));
}

void boot_map_ring0(struct guest_mem *mem, const struct layout *layout, gva_t addr, gpa_t gpa,
		    bool code)
{
	map(mem, layout->pgd, addr, gpa | PTE_LEAF | (code ? 0 : PTE_W | PTE_NX | PTE_PCD),
	    PVTLB_PAGE_SHIFT);
}

static void build_tss(struct guest_mem *mem, struct layout *layout, unsigned int cpus)
{
	layout->tss = mem_alloc(mem, cpus * TSS_SIZE, PVTLB_PAGE_SIZE);
	layout->ring0_stacks = mem_alloc(mem, cpus * RING0_STACK_SIZE, PVTLB_PAGE_SIZE);
	for (unsigned int cpu = 0; cpu < cpus; cpu++) {
		uint8_t *tss = mem_own(mem, layout->tss + cpu * TSS_SIZE, TSS_SIZE);
		gva_t top = entry_area(layout->ring0_stacks + (cpu + 1) * RING0_STACK_SIZE);
		uint16_t no_iomap = TSS_LIMIT + 1;

		memcpy(tss + TSS_RSP0, &top, sizeof(top));
		memcpy(tss + TSS_IOMAP_BASE, &no_iomap, sizeof(no_iomap));
	}
}

void boot_build(struct guest_mem *mem, struct layout *layout, const struct image *image,
		unsigned int cpus)
{
	build_gdt(mem, layout);
	build_idt(mem, layout, image->desc.idt_stubs);
	build_tss(mem, layout, cpus);
	build_page_tables(mem, layout, image);
}

void boot_ring3(struct kvm_sregs *sregs)
{
	sregs->cs = (struct kvm_segment){ .limit = ~0u, .selector = SEL_USER_CODE, .type = 11,
					  .present = 1, .dpl = 3, .s = 1, .l = 1, .g = 1 };
	sregs->ss = (struct kvm_segment){ .limit = ~0u, .selector = SEL_USER_DATA, .type = 3,
					  .present = 1, .dpl = 3, .s = 1, .db = 1, .g = 1 };
}

void boot_sregs(struct kvm_sregs *sregs, const struct layout *layout, unsigned int cpu,
		const struct mmu_role *role)
{
	struct kvm_segment tss = { .limit = TSS_LIMIT, .selector = SEL_TSS, .type = 11,
				   .present = 1 };
	gva_t percpu = GVA_DIRECT_MAP + layout->percpu + cpu * layout->percpu_stride;

	boot_ring3(sregs);
	sregs->ds = sregs->es = sregs->ss;
	/* FS as well: objects built with a stack protector look for the canary at fs:0x28. */
	sregs->fs = sregs->gs = sregs->ss;
	sregs->fs.selector = sregs->gs.selector = 0;
	sregs->fs.base = sregs->gs.base = percpu;
	tss.base = entry_area(layout->tss + cpu * TSS_SIZE);
	sregs->tr = tss;
	sregs->gdt.base = entry_area(layout->gdt);
	sregs->gdt.limit = GDT_ENTRIES * 8 - 1;
	sregs->idt.base = entry_area(layout->idt);
	sregs->idt.limit = IDT_ENTRIES * 16 - 1;
	sregs->cr0 = CR0_START & ~role->cr0_clear;
	sregs->cr3 = layout->pgd;
	sregs->cr4 = CR4_START | role->cr4_set;
	sregs->efer = EFER_START;
}
