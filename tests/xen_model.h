/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls of the xen backend made from a string of bytes, and its rules once more, said in
 * another way, that tell what must come out. For the unit tests and for the fuzzer.
 */
#ifndef TESTS_XEN_MODEL_H
#define TESTS_XEN_MODEL_H

#include "xen_guest.h"

/* The rules, once more. */

static inline bool xg_wraps(gva_t addr, uint64_t nr, uint64_t size)
{
	return nr && addr + nr * size - 1 < addr;
}

static inline int64_t xg_op(struct xg *g, gva_t at)
{
	uint8_t raw[24], mask[32] = { 0 };
	struct xg_flush f = { { { 0 } }, 0, ~0ull };
	uint64_t linear, handle, any = 0;
	uint32_t cmd;

	if (!xg_copy(g, at, raw, sizeof(raw), false, false))
		return -14;
	memcpy(&cmd, raw, 4);
	memcpy(&linear, raw + 8, 8);
	memcpy(&handle, raw + 16, 8);
	if (cmd < 6 || cmd > 11)
		return -38;
	/* 6, 7: the caller; 8, 9: a mask of whole 64-bit words; 10, 11: everybody. */
	if (cmd / 2 == 4 &&
	    !xg_copy(g, handle, mask, (g->caller.cpus + 63) / 64 * 8, false, false))
		return -22;
	for (unsigned int n = 0; n < g->caller.cpus; n++) {
		bool in = cmd / 2 == 5 || (cmd / 2 == 3 && n == g->caller.cpu) ||
			  (cmd / 2 == 4 && mask[n / 8] >> (n % 8) & 1);

		f.cpus.bits[n / 64] |= (uint64_t)in << (n % 64);
		any |= in;
	}
	if (cmd % 2) {
		if (linear >= 0x0000800000000000 && linear < 0xffff880000000000)
			return 0;
		f.start = linear >> 12 << 12;
		f.end = f.start + 0x1000 ? f.start + 0x1000 : ~0ull;
	}
	if (any)
		g->flush[g->nr++] = f;
	return 0;
}

static inline int64_t xg_mmuext_op(struct xg *g, const uint64_t args[5])
{
	uint32_t count = args[1] & 0x7fffffff, done = 0, domid = args[3], i;
	int64_t status = 0;

	if (args[1] >> 31 & 1 && args[2])
		xg_copy(g, args[2], &done, 4, false, false);
	if (count > XEN_MAX_OPS)
		return -7;
	if (xg_wraps(args[0], count, 24))
		return -14;
	if (domid != 0x7ff0)
		return domid == 0x7ff1 || domid == 0x7ff2 ? -1 : -3;
	for (i = 0; i < count; i++) {
		status = xg_op(g, args[0] + 24 * i);
		if (status)
			break;
	}
	done += i;
	if (args[2])
		xg_copy(g, args[2], &done, 4, true, false);
	return status;
}

static inline int64_t xg_hypercall(struct xg *g, uint64_t nr, const uint64_t args[5])
{
	if (nr == 26)
		return xg_mmuext_op(g, args);
	if (nr != 13)
		return -38;
	if (args[1] > XEN_MAX_CALLS)
		return -7;
	if (xg_wraps(args[0], args[1], 64))
		return -14;
	for (uint64_t i = 0; i < args[1]; i++) {
		gva_t at = args[0] + 64 * i;
		uint64_t e[8]; /* op, result, args[6] */

		if (!xg_copy(g, at, e, sizeof(e), false, false))
			return -14;
		e[1] = e[0] == 13 ? -22 : xg_hypercall(g, e[0], &e[2]);
		if (!xg_copy(g, at + 8, &e[1], 8, true, false))
			return -14;
	}
	return 0;
}

/* Hypercalls out of bytes: random ones make blocks of which most are mostly right. */

struct xg_bytes {
	const uint8_t *data;
	size_t len;
};

static inline uint64_t xg_take(struct xg_bytes *b, size_t bytes)
{
	uint64_t value = 0;

	if (bytes > b->len)
		bytes = b->len;
	memcpy(&value, b->data, bytes);
	b->data += bytes;
	b->len -= bytes;
	return value;
}

static inline gva_t xg_address(struct xg_bytes *b)
{
	uint8_t how = xg_take(b, 1);
	int64_t near = (int64_t)(xg_take(b, 1) & 0x7f) - 64;

	switch (how % 16) {
	case 0:
		return 0;
	case 1:
		return xg_take(b, 8);
	case 2:
	case 3:
		return xg_areas[xg_take(b, 1) % XG_AREAS].addr + near;
	case 4:
		return xg_areas[xg_take(b, 1) % XG_AREAS].addr + 0x1000 + near;
	default:
		/* The first eight are where ring 3 may write; mostly not across an edge. */
		return XG_BASE + (how / 16 % 4) * 0x1000 + xg_take(b, 1) * 16;
	}
}

static inline void xg_both(struct xg *const g[2], gva_t addr, const void *from, size_t len)
{
	xg_poke(g[0], addr, from, len);
	xg_poke(g[1], addr, from, len);
}

static inline void xg_make_op(struct xg *const g[2], struct xg_bytes *b, gva_t at)
{
	struct {
		uint32_t cmd, pad;
		uint64_t linear, handle;
	} op;
	uint64_t mask[4] = { 0 };

	op.pad = xg_take(b, 1);
	op.cmd = op.pad & 0xf0 ? 6 + op.pad % 6 : xg_take(b, 4);
	op.linear = xg_address(b);
	op.handle = xg_address(b);
	mask[0] = xg_take(b, 2);
	mask[1] = op.pad & 0x10 ? xg_take(b, 8) : 0;
	mask[3] = op.pad & 0x20 ? xg_take(b, 8) : 0;
	xg_both(g, op.handle, mask, sizeof(mask));
	xg_both(g, at, &op, sizeof(op));
}

static inline void xg_make_ops(struct xg *const g[2], struct xg_bytes *b, uint64_t args[5])
{
	uint8_t count = xg_take(b, 1), how = xg_take(b, 1);

	args[0] = xg_address(b);
	args[1] = count & 0xf0 ? count % 4 : xg_take(b, 8);
	if (!(how & 3))
		args[2] = xg_address(b);
	args[3] = 0x7ff0;
	if (!(how & 0x1c))
		args[3] = xg_take(b, 4) & (how & 0x20 ? 0x7fff : 0xffffffff);
	if (!(how & 0xc0))
		args[1] |= 1u << 31;
	for (unsigned int i = 0; i < count % 4; i++)
		xg_make_op(g, b, args[0] + 24 * i);
}

static inline uint64_t xg_make_call(struct xg *const g[2], struct xg_bytes *b, uint64_t args[5],
				    bool nested)
{
	uint8_t how = xg_take(b, 1), count;

	memset(args, 0, 5 * sizeof(args[0]));
	if (how < 8) {
		for (int i = 0; i < 4; i++)
			args[i] = xg_address(b);
		return how & 1 ? xg_take(b, 8) : how & 2 ? 13 : xg_take(b, 1);
	}
	if (nested || how < 96) {
		xg_make_ops(g, b, args);
		return 26;
	}
	count = xg_take(b, 1);
	args[0] = xg_address(b);
	args[1] = count & 0xf0 ? count % 4 : xg_take(b, 8) % (2 * XEN_MAX_CALLS);
	for (unsigned int i = 0; i < count % 4; i++) {
		uint64_t e[8] = { 0 };

		e[0] = xg_make_call(g, b, &e[2], true);
		xg_both(g, args[0] + sizeof(e) * i, e, sizeof(e));
	}
	return 13;
}

static inline bool xg_flush_sane(const struct xg *g, const struct xg_flush *f)
{
	uint64_t any = 0;

	for (unsigned int n = 0; n < 256; n++) {
		uint64_t in = f->cpus.bits[n / 64] >> (n % 64) & 1;

		if (in && n >= g->caller.cpus)
			return false;
		any |= in;
	}
	if (!any || f->start % 0x1000 || f->start >= f->end)
		return false;
	return f->end == ~0ull || f->end - f->start == 0x1000;
}

/* The same RAM in both? Nothing but what ring 3 may write has changed, if the model is right. */
static inline bool xg_same(const struct xg *a, const struct xg *b)
{
	return !memcmp(a->mem.host + XG_PAGES, b->mem.host + XG_PAGES, XG_DIRTY) &&
	       !memcmp(a->mem.host + (2 << 20), b->mem.host + (2 << 20), XG_DIRTY);
}

/*
 * One hypercall made of these bytes, to the backend (g[0]) and to the rules (g[1]). NULL, or
 * what is wrong; *rax is the answer. Memory is as it was afterwards, if all is well.
 */
static inline const char *xg_run(struct xg *const g[2], const uint8_t *data, size_t len,
				 int64_t *rax)
{
	static const unsigned int machines[] = { 4, 1, 2, 63, 64, 65, 128, 254, 255 };
	struct xg_bytes b = { data, len };
	unsigned int cpus = machines[xg_take(&b, 1) % 9];
	unsigned int cpu = xg_take(&b, 1) % cpus;
	uint64_t args[5], nr = xg_make_call(g, &b, args, false);
	const char *wrong = NULL;
	int64_t want;

	/* What is left changes bytes here and there. */
	while (b.len >= 4) {
		gva_t at = XG_BASE + xg_take(&b, 2) % 0x4000;
		uint16_t noise = xg_take(&b, 2);

		xg_both(g, at, &noise, sizeof(noise));
	}
	for (int i = 0; i < 2; i++) {
		g[i]->caller.cpus = cpus;
		g[i]->caller.cpu = cpu;
		g[i]->nr = 0;
	}
	*rax = xen_hypercall(&g[0]->caller, nr, args);
	want = xg_hypercall(g[1], nr, args);
	if (*rax != want)
		wrong = "another answer";
	else if (g[0]->nr != g[1]->nr ||
		 memcmp(g[0]->flush, g[1]->flush, g[0]->nr * sizeof(g[0]->flush[0])))
		wrong = "other flushes";
	else if (!xg_same(g[0], g[1]))
		wrong = "other memory";
	for (unsigned int i = 0; i < g[0]->nr && !wrong; i++)
		if (!xg_flush_sane(g[0], &g[0]->flush[i]))
			wrong = "a flush that cannot be";
	for (int i = 0; i < 2; i++) {
		memset(g[i]->mem.host + XG_PAGES, 0, XG_DIRTY);
		memset(g[i]->mem.host + (2 << 20), 0, 0x1000);
	}
	return wrong;
}

#endif
