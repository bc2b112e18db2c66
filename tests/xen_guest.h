/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest's memory for the xen backend, without a VM: page tables with every kind of mapping. */
#ifndef TESTS_XEN_GUEST_H
#define TESTS_XEN_GUEST_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pv/xen.h"

#define XG_RAM	 (4ull << 20)
#define XG_BASE	 0x40000000ull /* four pages, one after the other, that are in disorder in RAM */
#define XG_BIG	 0x80000000ull /* a page of 2 MiB */
#define XG_PAGES 0x100000ull   /* where pages of 4 KiB are in RAM */
#define XG_DIRTY 0x10000ull    /* bytes from there on, and from XG_BIG's start, that are compared */
#define XG_FLUSHES (XEN_MAX_CALLS * XEN_MAX_OPS)

enum { XG_P = 1, XG_W = 2, XG_U = 4, XG_PS = 0x80, XG_RWU = 7, XG_RU = 5 };

/*
 * What is mapped. table: flags of all entries above the leaf. read and write: is ring 3 allowed
 * to? That is written down here, and not computed.
 */
static const struct xg_area {
	gva_t addr;
	gpa_t gpa;
	uint32_t leaf, table, shift;
	bool read, write;
} xg_areas[] = {
	{ XG_BASE + 0x0000, XG_PAGES + 0x5000, XG_RWU, XG_RWU, 12, true, true },
	{ XG_BASE + 0x1000, XG_PAGES + 0x1000, XG_RWU, XG_RWU, 12, true, true },
	{ XG_BASE + 0x2000, XG_PAGES + 0x7000, XG_RWU, XG_RWU, 12, true, true },
	{ XG_BASE + 0x3000, XG_PAGES + 0x3000, XG_RWU, XG_RWU, 12, true, true },
	{ XG_BASE + 0x4000, XG_PAGES + 0x9000, XG_RU, XG_RWU, 12, true, false },
	{ XG_BASE + 0x5000, XG_PAGES + 0xa000, XG_P | XG_W, XG_RWU, 12, false, false },
	{ XG_BASE + 0x6000, XG_PAGES + 0xb000, XG_W | XG_U, XG_RWU, 12, false, false },
	{ XG_BASE + 0x7000, XG_RAM, XG_RWU, XG_RWU, 12, false, false },
	{ XG_BASE + 0x8000, -0x1000ull & 0xfffffffffffffull, XG_RWU, XG_RWU, 12, false, false },
	/* Where addresses end. */
	{ 0x00007ffffffff000, XG_PAGES + 0xc000, XG_RWU, XG_RWU, 12, true, true },
	{ 0xffff800000000000, XG_PAGES + 0xd000, XG_RWU, XG_RWU, 12, true, true },
	{ 0xfffffffffffff000, XG_PAGES + 0xe000, XG_RWU, XG_RWU, 12, true, true },
	/* Large pages, the second with a reserved bit. */
	{ XG_BIG, 2ull << 20, XG_RWU | XG_PS, XG_RWU, 21, true, true },
	{ XG_BIG + (2 << 20), 2ull << 20 | 0x2000, XG_RWU | XG_PS, XG_RWU, 21, false, false },
	{ XG_BIG + (4 << 20), 2ull << 20, XG_RU | XG_PS, XG_RWU, 21, true, false },
	{ XG_BIG + (6 << 20), XG_RAM, XG_RWU | XG_PS, XG_RWU, 21, false, false },
	/* Tables that allow less than the leaf does, each below a pgd entry of its own. */
	{ 0x010000000000, XG_PAGES + 0xf000, XG_RWU, XG_P | XG_W, 12, false, false },
	{ 0x018000000000, XG_PAGES + 0xf000, XG_RWU, XG_P | XG_U, 12, true, false },
	{ 0x020000000000, XG_PAGES + 0xf000, XG_RWU, XG_W | XG_U, 12, false, false },
};
#define XG_AREAS (sizeof(xg_areas) / sizeof(xg_areas[0]))

struct xg_flush {
	struct pvtlb_cpuset cpus;
	uint64_t start, end;
};

/* One guest; the model has another one, with the same in it. */
struct xg {
	struct guest_mem mem;
	struct xen_caller caller;
	gpa_t tables; /* next free */
	unsigned int nr;
	struct xg_flush flush[XG_FLUSHES];
};

static inline int64_t xg_record(void *ctx, const struct pvtlb_cpuset *cpus, uint64_t start,
			     uint64_t end)
{
	struct xg *g = ctx;

	if (g->nr >= XG_FLUSHES)
		abort();
	g->flush[g->nr++] = (struct xg_flush){ *cpus, start, end };
	return 0;
}

static inline void xg_map(struct xg *g, gva_t addr, uint64_t leaf, uint64_t table,
			  unsigned int shift)
{
	gpa_t at = 0x1000;

	for (unsigned int s = 39;; s -= 9) {
		uint64_t *entry = (uint64_t *)(g->mem.host + at) + (addr >> s & 511);

		if (s == shift) {
			*entry = leaf;
			return;
		}
		if (!*entry) {
			*entry = g->tables | table;
			g->tables += 0x1000;
		}
		at = *entry & 0x000ffffffffff000ull;
	}
}

/* On the heap, so that a sanitizer sees what is just outside. */
static inline struct xg *xg_new(void)
{
	struct xg *g = calloc(1, sizeof(*g));

	g->mem.host = aligned_alloc(4096, XG_RAM);
	g->mem.size = XG_RAM;
	memset(g->mem.host, 0, XG_RAM);
	g->tables = 0x2000;
	for (size_t i = 0; i < XG_AREAS; i++)
		xg_map(g, xg_areas[i].addr, xg_areas[i].gpa | xg_areas[i].leaf, xg_areas[i].table,
		       xg_areas[i].shift);
	/* A gigabyte, of which little is RAM; a pgd entry cannot be a leaf; no table at all. */
	xg_map(g, 0x028000000000, XG_RU | XG_PS, XG_RWU, 30);
	xg_map(g, 0x030000000000, 0x2000 | XG_RWU | XG_PS, 0, 39);
	xg_map(g, 0x038000000000, XG_RAM | XG_RWU, 0, 39);
	xg_map(g, 0x040000000000, (-0x1000ull & 0xfffffffffffffull) | XG_RWU, 0, 39);
	if (g->tables > XG_PAGES)
		abort();
	g->caller = (struct xen_caller){
		/* Bits of CR3 that are not of the address do not count: PCID, PWT, PCD. */
		.space = { &g->mem, 0x1000 | 0x18 },
		.cpus = 4,
		.flush = xg_record,
		.ctx = g,
	};
	return g;
}

static inline void xg_free(struct xg *g)
{
	free(g->mem.host);
	free(g);
}

/* What is at addr, by the table: so many bytes from there on, of which the host has these. */
static inline uint8_t *xg_at(struct xg *g, gva_t addr, bool write, bool any, size_t *len)
{
	for (size_t i = 0; i < XG_AREAS; i++) {
		const struct xg_area *a = &xg_areas[i];
		uint64_t off = addr - a->addr, size = 1ull << a->shift;

		if (off >= size || !(any ? a->gpa < XG_RAM : write ? a->write : a->read))
			continue;
		if (*len > size - off)
			*len = size - off;
		return g->mem.host + (a->gpa & -size) + off;
	}
	return NULL;
}

/* In or out, or for the test's own purposes (any); all or, of what is written, nothing. */
static inline bool xg_copy(struct xg *g, gva_t addr, void *buf, size_t len, bool write, bool any)
{
	for (int pass = !write || any; pass < 2; pass++) {
		size_t done = 0, part;

		for (; done < len; done += part) {
			uint8_t *at;

			part = len - done;
			if (addr + done < addr)
				return false;
			at = xg_at(g, addr + done, write, any, &part);
			if (!at)
				return false;
			if (pass && write)
				memcpy(at, (uint8_t *)buf + done, part);
			else if (pass)
				memcpy((uint8_t *)buf + done, at, part);
		}
	}
	return true;
}

/* Put something where the guest has it, whatever ring 3 may do there. */
static inline void xg_poke(struct xg *g, gva_t addr, const void *from, size_t len)
{
	xg_copy(g, addr, (void *)from, len, true, true);
}

#endif
