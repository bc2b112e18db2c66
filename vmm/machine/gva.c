/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest-virtual addresses, by the guest's own page tables. */
#include <string.h>

#include "machine/gva.h"
#include "machine/layout.h"

#define PTE_P	 (1ull << 0)
#define PTE_W	 (1ull << 1)
#define PTE_U	 (1ull << 2)
#define PTE_PS	 (1ull << 7)
#define PTE_PAT  (1ull << 12) /* of a large page */
#define PTE_ADDR 0x000ffffffffff000ull

#define PGD_SHIFT 39
#define PUD_SHIFT 30

/* An entry that maps 1 << shift bytes itself. Bits of its address below that are reserved. */
static bool leaf(uint64_t pte, unsigned int shift, gva_t addr, gpa_t *gpa)
{
	uint64_t within = (1ull << shift) - 1;

	if (shift > PVTLB_PAGE_SHIFT && pte & PTE_ADDR & within & ~PTE_PAT)
		return false;
	*gpa = (pte & PTE_ADDR & ~within) | (addr & within);
	return true;
}

/* Four loads at most, each of an entry that guest_mem() has found to be in RAM. */
bool gva_translate(const struct gva_space *space, gva_t addr, bool write, gpa_t *gpa)
{
	uint64_t need = PTE_P | (space->ring0 ? 0 : PTE_U) | (write ? PTE_W : 0);
	gpa_t table = space->cr3 & PTE_ADDR;

	if (space->mem->direct && addr - space->mem->direct < space->mem->size) {
		*gpa = addr - space->mem->direct;
		return true;
	}
	if (!canonical(addr))
		return false;
	for (unsigned int shift = PGD_SHIFT;; shift -= 9) {
		gpa_t at = table + (addr >> shift & 511) * sizeof(uint64_t);
		const uint64_t *entry = guest_mem(space->mem, at, sizeof(*entry));
		uint64_t pte;

		if (!entry)
			return false;
		/* Once: the guest's other CPUs may be changing it. */
		pte = __atomic_load_n(entry, __ATOMIC_RELAXED);
		if ((pte & need) != need)
			return false;
		if (shift == PVTLB_PAGE_SHIFT || (shift <= PUD_SHIFT && pte & PTE_PS))
			return leaf(pte, shift, addr, gpa);
		if (pte & PTE_PS)
			return false;
		table = pte & PTE_ADDR;
	}
}

/* What to do with each piece that lies in one page. */
typedef void piece_fn(uint8_t *guest, void *host, size_t len);

static void piece_read(uint8_t *guest, void *host, size_t len)
{
	memcpy(host, guest, len);
}

static void piece_write(uint8_t *guest, void *host, size_t len)
{
	memcpy(guest, host, len);
}

static bool each_piece(const struct gva_space *space, gva_t addr, void *host, size_t len,
		       bool write, piece_fn *fn)
{
	size_t done = 0, part;

	if (len && addr > UINT64_MAX - (len - 1))
		return false;
	for (; done < len; done += part, addr += part) {
		uint8_t *guest;
		gpa_t gpa;

		part = PVTLB_PAGE_SIZE - addr % PVTLB_PAGE_SIZE;
		if (part > len - done)
			part = len - done;
		if (!gva_translate(space, addr, write, &gpa))
			return false;
		guest = guest_mem(space->mem, gpa, part);
		if (!guest)
			return false;
		if (fn)
			fn(guest, (uint8_t *)host + done, part);
	}
	return true;
}

bool gva_read(const struct gva_space *space, gva_t addr, void *to, size_t len)
{
	return each_piece(space, addr, to, len, false, piece_read);
}

bool gva_write(const struct gva_space *space, gva_t addr, const void *from, size_t len)
{
	return each_piece(space, addr, NULL, len, true, NULL) &&
	       each_piece(space, addr, (void *)from, len, true, piece_write);
}
