/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest-virtual addresses by the guest's own tables: translated, read, written. */
#include <stdlib.h>
#include <string.h>

#include "unit_util.h"
#include "xen_guest.h"

#define RO   (XG_BASE + 0x4000)
#define HOLE (XG_BASE + 0x6000)

static void translation(void)
{
	static const struct {
		const char *what;
		gva_t addr;
		bool write, ok;
		gpa_t gpa;
	} cases[] = {
		{ "a page", XG_BASE + 0x123, true, true, XG_PAGES + 0x5123 },
		{ "its last byte", XG_BASE + 0xfff, true, true, XG_PAGES + 0x5fff },
		{ "the next page, elsewhere", XG_BASE + 0x1000, true, true, XG_PAGES + 0x1000 },
		{ "read-only, read", RO, false, true, XG_PAGES + 0x9000 },
		{ "read-only, write", RO, true, false, 0 },
		{ "for ring 0", XG_BASE + 0x5000, false, false, 0 },
		{ "not present", HOLE, false, false, 0 },
		{ "beyond RAM", XG_BASE + 0x7000, true, true, XG_RAM },
		{ "no table", 0x50000000, false, false, 0 },
		{ "address 0", 0, false, false, 0 },
		{ "last of the lower half", 0x00007fffffffffff, true, true, XG_PAGES + 0xcfff },
		{ "the hole's first", 0x0000800000000000, false, false, 0 },
		{ "the hole's last", 0xffff7fffffffffff, false, false, 0 },
		{ "48 bits that are mapped, not canonical", 0x0001000040000000, false, false, 0 },
		{ "first of the upper half", 0xffff800000000000, true, true, XG_PAGES + 0xd000 },
		{ "the last byte", UINT64_MAX, true, true, XG_PAGES + 0xefff },
		{ "2 MiB", XG_BIG, true, true, 2 << 20 },
		{ "2 MiB, last byte", XG_BIG + 0x1fffff, true, true, (4 << 20) - 1 },
		{ "2 MiB, reserved bit", XG_BIG + (2 << 20), false, false, 0 },
		{ "2 MiB, read-only, write", XG_BIG + (4 << 20), true, false, 0 },
		{ "1 GiB", 0x02803fffffff, false, true, 0x3fffffff },
		{ "1 GiB, read-only, write", 0x028000000000, true, false, 0 },
		{ "a leaf in the pgd", 0x030000000000, false, false, 0 },
		{ "a table beyond RAM", 0x038000000000, false, false, 0 },
		{ "a table at the end of all", 0x040000000000, false, false, 0 },
		{ "tables for ring 0", 0x010000000000, false, false, 0 },
		{ "read-only tables, read", 0x018000000000, false, true, XG_PAGES + 0xf000 },
		{ "read-only tables, write", 0x018000000000, true, false, 0 },
		{ "tables not present", 0x020000000000, false, false, 0 },
	};
	struct xg *g = xg_new();

	for (size_t i = 0; i < NR_OF(cases); i++) {
		gpa_t gpa = 0;
		bool ok = gva_translate(&g->caller.space, cases[i].addr, cases[i].write, &gpa);

		EXPECT(ok == cases[i].ok && (!ok || gpa == cases[i].gpa), "%s: %d, %#llx",
		       cases[i].what, ok, (unsigned long long)gpa);
	}
	/* What ring 3 may not read, ring 0 may. */
	g->caller.space.ring0 = true;
	EXPECT(gva_translate(&g->caller.space, XG_BASE + 0x5000, false, &(gpa_t){ 0 }), "ring 0");
	EXPECT(!gva_translate(&g->caller.space, RO, true, &(gpa_t){ 0 }), "ring 0, read-only");
	g->caller.space.ring0 = false;
	/* Wherever CR3 points. */
	g->caller.space.cr3 = XG_RAM;
	CU_ASSERT_FALSE(gva_read(&g->caller.space, XG_BASE, &(char){ 0 }, 1));
	g->caller.space.cr3 = UINT64_MAX;
	CU_ASSERT_FALSE(gva_read(&g->caller.space, XG_BASE, &(char){ 0 }, 1));
	xg_free(g);
}

/* Tables that lead back to themselves: four loads, then it is a page. */
static void loops(void)
{
	struct xg *g = xg_new();
	uint64_t *pgd = (uint64_t *)(g->mem.host + 0x1000);
	gpa_t gpa = 0;

	pgd[0x1ff] = 0x1000 | XG_RWU;
	CU_ASSERT_TRUE(gva_translate(&g->caller.space, 0xfffffffffffff008, true, &gpa));
	CU_ASSERT_EQUAL(gpa, 0x1008);
	xg_free(g);
}

static void copying(void)
{
	static const struct {
		const char *what;
		gva_t addr;
		size_t len;
		bool read, write;
	} cases[] = {
		{ "nothing, anywhere", HOLE, 0, true, true },
		{ "within a page", XG_BASE + 1, 64, true, true },
		{ "to its end", XG_BASE + 0xfc0, 64, true, true },
		{ "across", XG_BASE + 0xfff, 64, true, true },
		{ "three pages", XG_BASE + 0xfff, 0x1002, true, true },
		{ "four pages", XG_BASE, 0x4000, true, true },
		{ "into read-only", XG_BASE + 0x3fff, 2, true, false },
		{ "into ring 0's", XG_BASE + 0x4fff, 2, false, false },
		{ "beyond RAM", XG_BASE + 0x7000, 1, false, false },
		{ "far beyond RAM", XG_BASE + 0x8ff8, 8, false, false },
		{ "into the hole", 0x00007fffffffffff, 2, false, false },
		{ "up to the hole", 0x00007fffffffffc0, 64, true, true },
		{ "the last bytes", -64ull, 64, true, true },
		{ "wraps", -64ull, 65, false, false },
		{ "wraps to where it is mapped", -1ull, XG_BASE + 2, false, false },
		{ "2 MiB", XG_BIG + 0xfff, 0x1002, true, true },
	};
	struct xg *g = xg_new();
	uint8_t *buf = malloc(0x4000), *back = malloc(0x4000);

	for (size_t i = 0; i < NR_OF(cases); i++) {
		size_t len = cases[i].len < 0x4000 ? cases[i].len : 0x4000;
		bool wrote, read;

		memset(buf, 0x11 + i, 0x4000);
		memset(back, 0, 0x4000);
		/* A length that big fails before anything is touched. */
		wrote = gva_write(&g->caller.space, cases[i].addr, buf, cases[i].len);
		read = gva_read(&g->caller.space, cases[i].addr, back, cases[i].len);
		EXPECT(wrote == cases[i].write, "%s: write", cases[i].what);
		EXPECT(read == cases[i].read, "%s: read", cases[i].what);
		if (wrote && read)
			EXPECT(!memcmp(buf, back, len), "%s: other bytes", cases[i].what);
		/* A write that fails on its second page has not begun on its first. */
		if (!wrote && len == 2)
			EXPECT(back[0] != 0x11 + i, "%s: written in part", cases[i].what);
	}
	free(back);
	free(buf);
	xg_free(g);
}

SUITE(unit_gva, false, { "what an address is by the guest's tables", translation },
      { "tables in a circle", loops }, { "copies, page by page", copying });
