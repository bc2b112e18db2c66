/* SPDX-License-Identifier: GPL-2.0-only */
/* The model CPU's TLB: it keeps what it has loaded until it is told to drop it. */
#include "explore/host/tlb.h"
#include "machine/layout.h"
#include "machine/mem.h"

#define PTE_P	 (1ull << 0)
#define PTE_W	 (1ull << 1)
#define PTE_U	 (1ull << 2)
#define PTE_A	 (1ull << 5)
#define PTE_D	 (1ull << 6)
#define PTE_PS	 (1ull << 7)
#define PTE_ADDR 0x000ffffffffff000ull

#define PGD_SHIFT 39
#define PUD_SHIFT 30

static bool covers(const struct tlb_entry *e, gva_t addr)
{
	return addr >> e->shift == e->addr >> e->shift;
}

static void drop(struct tlb *tlb, unsigned int i)
{
	tlb->entry[i] = tlb->entry[--tlb->nr];
}

void tlb_drop_page(struct tlb *tlb, gva_t addr)
{
	for (unsigned int i = tlb->nr; i-- > 0;)
		if (covers(&tlb->entry[i], addr))
			drop(tlb, i);
}

void tlb_drop_tag(struct tlb *tlb, uint16_t tag)
{
	for (unsigned int i = tlb->nr; i-- > 0;)
		if (tlb->entry[i].tag == tag)
			drop(tlb, i);
}

void tlb_drop_all(struct tlb *tlb)
{
	tlb->nr = 0;
}

static struct tlb_entry *find(struct tlb *tlb, gva_t addr, uint16_t tag)
{
	for (unsigned int i = 0; i < tlb->nr; i++)
		if (tlb->entry[i].tag == tag && covers(&tlb->entry[i], addr))
			return &tlb->entry[i];
	return NULL;
}

static struct tlb_entry *add(struct tlb *tlb)
{
	if (tlb->nr < TLB_ENTRIES)
		return &tlb->entry[tlb->nr++];
	return &tlb->entry[tlb->next++ % TLB_ENTRIES];
}

/* By the tables: false with an error code. The bits are set where the access is allowed. */
static bool walk(const struct guest_mem *mem, uint64_t cr3, gva_t addr, bool write,
		 struct tlb_entry *e, uint64_t *error)
{
	uint64_t need = PTE_U | (write ? PTE_W : 0), rights = PTE_U | PTE_W;
	uint64_t *path[4];
	gpa_t table = cr3 & PTE_ADDR;
	unsigned int levels = 0, shift = PGD_SHIFT;

	*error = TLB_FAULT_USER | (write ? TLB_FAULT_WRITE : 0);
	if (!canonical(addr))
		return false;
	for (;; shift -= 9) {
		uint64_t *slot = guest_mem(mem, table + (addr >> shift & 511) * sizeof(*slot),
					   sizeof(*slot));

		if (!slot || !(*slot & PTE_P))
			return false;
		path[levels++] = slot;
		rights &= *slot;
		if (shift == PVTLB_PAGE_SHIFT || (shift <= PUD_SHIFT && *slot & PTE_PS))
			break;
		table = *slot & PTE_ADDR;
	}
	if ((rights & need) != need) {
		*error |= TLB_FAULT_PROT;
		return false;
	}
	/* Only where that changes something: it is a store to memory. */
	for (unsigned int i = 0; i < levels; i++)
		if (!(*path[i] & PTE_A))
			*path[i] |= PTE_A;
	if (write && !(*path[levels - 1] & PTE_D))
		*path[levels - 1] |= PTE_D;
	e->shift = shift;
	e->addr = addr >> shift << shift;
	e->gpa = *path[levels - 1] & PTE_ADDR & -(1ull << shift);
	e->write = rights & PTE_W;
	e->dirty = *path[levels - 1] & PTE_D;
	return true;
}

bool tlb_translate(struct tlb *tlb, const struct guest_mem *mem, uint64_t cr3, uint16_t tag,
		   gva_t addr, bool write, gpa_t *gpa, uint64_t *error)
{
	struct tlb_entry *e = find(tlb, addr, tag), fresh = { .tag = tag };

	if (e && write && (!e->write || !e->dirty)) {
		drop(tlb, e - tlb->entry);
		e = NULL;
	}
	if (!e) {
		if (!walk(mem, cr3, addr, write, &fresh, error))
			return false;
		e = tlb->small_only && fresh.shift > PVTLB_PAGE_SHIFT ? &fresh : add(tlb);
		*e = fresh;
	}
	*gpa = e->gpa + (addr & ((1ull << e->shift) - 1));
	return true;
}
