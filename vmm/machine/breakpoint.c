/* SPDX-License-Identifier: GPL-2.0-only */
/* Breakpoints in the guest's code: instructions that lead to us (machine/trap.h). */
#include "machine/breakpoint.h"
#include "machine/image.h"
#include "machine/mem.h"
#include "machine/trap.h"

static struct breakpoint *find(const struct breakpoints *b, gva_t addr)
{
	for (unsigned int i = 0; i < b->nr; i++)
		if (b->at[i].addr == addr)
			return (struct breakpoint *)&b->at[i];
	return NULL;
}

bool breakpoint_at(const struct breakpoints *b, gva_t addr)
{
	return find(b, addr);
}

/* An image's code for ring 3 is what lies below its ring-0 pages, in one segment (guest.lds). */
static gpa_t code_gpa(const struct image *image, gva_t addr)
{
	const gva_t end = image->desc.ring0_start;

	return addr < end && image_gpa(image, addr, end - addr) ? image_gpa(image, addr, 1) : 0;
}

enum breakpoint_error breakpoint_insert(struct breakpoints *b, const struct guest_mem *mem,
					const struct image *image, gva_t addr)
{
	gpa_t gpa = code_gpa(image, addr);
	uint8_t *at;

	if (find(b, addr))
		return BREAKPOINT_OK;
	if (!gpa)
		return BREAKPOINT_NO_CODE;
	if (b->nr == BREAKPOINTS_MAX)
		return BREAKPOINT_FULL;
	at = mem_own(mem, gpa, 1);
	b->at[b->nr++] = (struct breakpoint){ .addr = addr, .gpa = gpa, .was = *at };
	*at = TRAP_INSN;
	return BREAKPOINT_OK;
}

static void put_back(const struct breakpoint *bp, const struct guest_mem *mem)
{
	uint8_t *at = mem_own(mem, bp->gpa, 1);

	if (*at == TRAP_INSN)
		*at = bp->was;
}

void breakpoint_remove(struct breakpoints *b, const struct guest_mem *mem, gva_t addr)
{
	struct breakpoint *bp = find(b, addr);

	if (!bp)
		return;
	put_back(bp, mem);
	*bp = b->at[--b->nr];
}

void breakpoint_remove_all(struct breakpoints *b, const struct guest_mem *mem)
{
	while (b->nr)
		put_back(&b->at[--b->nr], mem);
}

void breakpoint_hide(const struct breakpoints *b, gva_t addr, uint8_t *bytes, size_t len)
{
	for (unsigned int i = 0; i < b->nr; i++) {
		uint64_t off = b->at[i].addr - addr;

		if (off < len && bytes[off] == TRAP_INSN)
			bytes[off] = b->at[i].was;
	}
}

bool breakpoint_within(const struct breakpoints *b, gva_t addr, size_t len)
{
	for (unsigned int i = 0; i < b->nr; i++)
		if (b->at[i].addr - addr < len)
			return true;
	return false;
}
