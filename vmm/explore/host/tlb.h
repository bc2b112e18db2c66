/* SPDX-License-Identifier: GPL-2.0-only */
/* The model CPU's TLB: it keeps what it has loaded until it is told to drop it. */
#ifndef VMM_EXPLORE_TLB_H
#define VMM_EXPLORE_TLB_H

#include <stdbool.h>
#include <stdint.h>

#include "pvtlb/types.h"

struct guest_mem;

#define TLB_ENTRIES 64

struct tlb {
	struct tlb_entry {
		gva_t addr; /* of the first byte it maps */
		gpa_t gpa;
		uint16_t tag; /* PCID */
		uint8_t shift;
		bool write, dirty;
	} entry[TLB_ENTRIES];
	unsigned int nr, next; /* next: to make room, when all are in use */
	bool small_only;       /* keeps nothing of large pages, which is always allowed */
};

/* Bits of a page fault's error code (Intel SDM vol. 3, 4.7). */
#define TLB_FAULT_PROT	1u
#define TLB_FAULT_WRITE 2u
#define TLB_FAULT_USER	4u

/*
 * Where ring 3 finds a byte, with that CR3: in the TLB, else by the tables, whose accessed and
 * dirty bits are set; then it is in the TLB. true, or false with the error code of the fault. What
 * forbids is looked at in the tables again, as CPUs do.
 */
bool tlb_translate(struct tlb *tlb, const struct guest_mem *mem, uint64_t cr3, uint16_t tag,
		   gva_t addr, bool write, gpa_t *gpa, uint64_t *error);
void tlb_drop_page(struct tlb *tlb, gva_t addr);
void tlb_drop_tag(struct tlb *tlb, uint16_t tag);
void tlb_drop_all(struct tlb *tlb);

#endif
