/* SPDX-License-Identifier: GPL-2.0-only */
/* The xen backend's hypercalls, without a VM. */
#include <stddef.h>

#include "unit_util.h"
#include "xen_model.h"

#define OPS  (XG_BASE + 0x100)
#define MASK (XG_BASE + 0x800)
#define DONE (XG_BASE + 0x900)
#define LIST (XG_BASE + 0x2000)
#define ALL  (~0ull)
#define RO   (XG_BASE + 0x4000)
#define HOLE (XG_BASE + 0x6000)

#define SELF DOMID_SELF
#define MMUEXT __HYPERVISOR_mmuext_op

static struct mmuext_op op_of(unsigned int cmd, uint64_t linear, gva_t mask)
{
	struct mmuext_op op;

	memset(&op, 0xee, sizeof(op)); /* the padding does not count */
	op.cmd = cmd;
	op.arg1.linear_addr = linear;
	memcpy(&op.arg2.vcpumask, &mask, sizeof(mask));
	return op;
}

static int64_t call_op(struct xg *g, unsigned int cmd, uint64_t linear, gva_t mask)
{
	struct mmuext_op op = op_of(cmd, linear, mask);

	xg_poke(g, OPS, &op, sizeof(op));
	g->nr = 0;
	return xen_hypercall(&g->caller, MMUEXT, (uint64_t[5]){ OPS, 1, 0, SELF });
}

/* 4 CPUs, CPU 2 calls; the mask in memory is 0b1011. */
static void one_op(void)
{
	static const struct {
		const char *what;
		unsigned int cmd;
		uint64_t linear;
		gva_t mask;
		int64_t want;
		uint64_t cpus, start, end; /* cpus 0: no flush */
	} cases[] = {
		{ "flush, caller", 6, 0, 0, 0, 1 << 2, 0, ALL },
		{ "page, caller", 7, 0x5000, 0, 0, 1 << 2, 0x5000, 0x6000 },
		{ "flush, mask", 8, 0x5000, MASK, 0, 0xb, 0, ALL },
		{ "page, mask", 9, 0x5000, MASK, 0, 0xb, 0x5000, 0x6000 },
		{ "flush, all", 10, 0x5000, HOLE, 0, 0xf, 0, ALL },
		{ "page, all", 11, 0x5000, HOLE, 0, 0xf, 0x5000, 0x6000 },
		{ "an address within a page", 9, 0x5fff, MASK, 0, 0xb, 0x5000, 0x6000 },
		{ "page 0", 9, 0, MASK, 0, 0xb, 0, 0x1000 },
		{ "last below the hole", 9, 0x7fffffffffff, MASK, 0, 0xb, 0x7ffffffff000,
		  1ull << 47 },
		{ "first of the hole", 9, 1ull << 47, MASK, 0, 0, 0, 0 },
		{ "last of the hole", 11, 0xffff7fffffffffff, 0, 0, 0, 0, 0 },
		{ "Xen's own", 9, 0xffff800000000000, MASK, 0, 0, 0, 0 },
		{ "the last of these", 7, 0xffff87ffffffffff, 0, 0, 0, 0, 0 },
		{ "behind them", 9, 0xffff880000000000, MASK, 0, 0xb, 0xffff880000000000,
		  0xffff880000001000 },
		{ "the last page", 9, ALL, MASK, 0, 0xb, -0x1000ull, ALL },
		{ "the last but one", 9, -0x1001ull, MASK, 0, 0xb, -0x2000ull, -0x1000ull },
		{ "mask 0", 8, 0, 0, -XEN_EINVAL, 0, 0, 0 },
		{ "mask not mapped", 9, 0x5000, HOLE, -XEN_EINVAL, 0, 0, 0 },
		{ "mask not mapped, address bad", 9, 1ull << 47, HOLE, -XEN_EINVAL, 0, 0, 0 },
		{ "mask for ring 0", 8, 0, XG_BASE + 0x5000, -XEN_EINVAL, 0, 0, 0 },
		{ "mask not canonical", 8, 0, 1ull << 63, -XEN_EINVAL, 0, 0, 0 },
		{ "mask across the end", 8, 0, ALL - 6, -XEN_EINVAL, 0, 0, 0 },
		{ "mask read-only, empty", 8, 0, RO, 0, 0, 0, 0 },
		{ "pin", 0, 0, 0, -XEN_ENOSYS, 0, 0, 0 },
		{ "new base", 5, 0, 0, -XEN_ENOSYS, 0, 0, 0 },
		{ "cache", 12, 0, 0, -XEN_ENOSYS, 0, 0, 0 },
		{ "no such command", 14, 0, 0, -XEN_ENOSYS, 0, 0, 0 },
		{ "the largest", ~0u, 0, 0, -XEN_ENOSYS, 0, 0, 0 },
		{ "8 in 8 bits", 0x108, 0, MASK, -XEN_ENOSYS, 0, 0, 0 },
		{ "8 with the sign", 1u << 31 | 8, 0, MASK, -XEN_ENOSYS, 0, 0, 0 },
	};
	struct xg *g = xg_new();

	g->caller.cpu = 2;
	xg_poke(g, MASK, &(uint64_t){ 0xb }, 8);
	for (size_t i = 0; i < NR_OF(cases); i++) {
		int64_t got = call_op(g, cases[i].cmd, cases[i].linear, cases[i].mask);

		EXPECT(got == cases[i].want, "%s: %lld", cases[i].what, (long long)got);
		if (!EXPECT(g->nr == !!cases[i].cpus, "%s: %u flushes", cases[i].what, g->nr) ||
		    !g->nr)
			continue;
		EXPECT(g->flush[0].cpus.bits[0] == cases[i].cpus, "%s: CPUs", cases[i].what);
		EXPECT(g->flush[0].start == cases[i].start && g->flush[0].end == cases[i].end,
		       "%s: %#llx to %#llx", cases[i].what,
		       (unsigned long long)g->flush[0].start, (unsigned long long)g->flush[0].end);
	}
	xg_free(g);
}

/* A bit at a time. Those of CPUs that are not there are ignored, an empty mask is nobody. */
static void masks(void)
{
	static const unsigned int machines[] = { 1, 2, 63, 64, 65, 128, 129, 254, 255 };
	struct xg *g = xg_new();

	for (size_t m = 0; m < NR_OF(machines); m++) {
		unsigned int cpus = g->caller.cpus = machines[m];
		unsigned int words = (cpus + 63) / 64;

		for (unsigned int n = 0; n <= 256; n++) {
			struct pvtlb_cpuset set = { { 0 } };
			int64_t got;

			if (n < 256)
				set.bits[n / 64] = 1ull << (n % 64);
			xg_poke(g, MASK, &set, sizeof(set));
			got = call_op(g, MMUEXT_TLB_FLUSH_MULTI, 0, MASK);
			EXPECT(!got && g->nr == (n < cpus), "CPU %u of %u: %lld, %u", n, cpus,
			       (long long)got, g->nr);
			if (g->nr)
				EXPECT(!memcmp(&g->flush[0].cpus, &set, sizeof(set)),
				       "CPU %u of %u: another", n, cpus);
		}
		/* As many words as there are CPUs for, up to where it is not mapped; no more. */
		EXPECT(!call_op(g, MMUEXT_TLB_FLUSH_MULTI, 0, XG_BASE + 0x5000 - 8 * words),
		       "%u CPUs, to the edge", cpus);
		EXPECT(call_op(g, MMUEXT_TLB_FLUSH_MULTI, 0, XG_BASE + 0x5000 - 8 * words + 1) ==
			       -XEN_EINVAL,
		       "%u CPUs, one byte more", cpus);
		EXPECT(!call_op(g, MMUEXT_TLB_FLUSH_ALL, 0, 0) && g->nr == 1, "all of %u", cpus);
		for (unsigned int n = 0; n < 256; n++)
			EXPECT((g->flush[0].cpus.bits[n / 64] >> (n % 64) & 1) == (n < cpus),
			       "all of %u: %u", cpus, n);
	}
	xg_free(g);
}

/* Three ops, the middle one as the case wants it. */
static void many_ops(void)
{
	static const struct {
		const char *what;
		unsigned int middle;
		gva_t ops;
		uint64_t count;
		gva_t pdone;
		uint32_t before;
		uint64_t domid;
		int64_t want;
		unsigned int flushes;
		uint32_t done;
	} cases[] = {
		{ "three", 6, OPS, 3, DONE, 9, SELF, 0, 3, 3 },
		{ "none", 6, OPS, 0, DONE, 9, SELF, 0, 0, 0 },
		{ "none, at no address", 6, 0, 0, DONE, 9, SELF, 0, 0, 0 },
		{ "the second fails", 99, OPS, 3, DONE, 9, SELF, -XEN_ENOSYS, 1, 1 },
		{ "nobody asks how many", 99, OPS, 3, 0, 9, SELF, -XEN_ENOSYS, 1, 9 },
		{ "nobody can be told", 6, OPS, 3, RO, 9, SELF, 0, 3, 9 },
		{ "goes on", 6, OPS, 1u << 31 | 3, DONE, 9, SELF, 0, 3, 12 },
		{ "goes on and fails", 99, OPS, 1u << 31 | 3, DONE, 9, SELF, -XEN_ENOSYS, 1, 10 },
		{ "goes on past all numbers", 6, OPS, 1u << 31 | 3, DONE, ~0u, SELF, 0, 3, 2 },
		{ "count in 32 bits", 6, OPS, 7ull << 32 | 3, DONE, 9, SELF, 0, 3, 3 },
		{ "not mapped", 6, HOLE, 3, DONE, 9, SELF, -XEN_EFAULT, 0, 0 },
		{ "not mapped after two", 6, RO + 0xfd0, 3, DONE, 9, SELF, -XEN_EFAULT, 2, 2 },
		{ "across pages", 6, XG_BASE + 0xffc, 3, DONE, 9, SELF, 0, 3, 3 },
		{ "around the end", 6, -24ull, 2, DONE, 9, SELF, -XEN_EFAULT, 0, 9 },
		{ "at the end", 6, -72ull, 3, DONE, 9, SELF, 0, 3, 3 },
		{ "one too many", 6, OPS, XEN_MAX_OPS + 1, DONE, 9, SELF, -XEN_E2BIG, 0, 9 },
		{ "far too many", 6, OPS, INT32_MAX, DONE, 9, SELF, -XEN_E2BIG, 0, 9 },
		{ "domain 0", 6, OPS, 3, DONE, 9, 0, -XEN_ESRCH, 0, 9 },
		{ "domain 1", 6, OPS, 3, DONE, 9, 1, -XEN_ESRCH, 0, 9 },
		{ "DOMID_IO", 6, OPS, 3, DONE, 9, DOMID_IO, -XEN_EPERM, 0, 9 },
		{ "DOMID_XEN", 6, OPS, 3, DONE, 9, DOMID_XEN, -XEN_EPERM, 0, 9 },
		{ "DOMID_COW", 6, OPS, 3, DONE, 9, DOMID_COW, -XEN_ESRCH, 0, 9 },
		{ "DOMID_INVALID", 6, OPS, 3, DONE, 9, DOMID_INVALID, -XEN_ESRCH, 0, 9 },
		{ "self in 16 bits", 6, OPS, 3, DONE, 9, 1 << 16 | SELF, -XEN_ESRCH, 0, 9 },
		{ "self in 32 bits", 6, OPS, 3, DONE, 9, 1ull << 32 | SELF, 0, 3, 3 },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		uint64_t args[5] = { cases[i].ops, cases[i].count, cases[i].pdone, cases[i].domid };
		struct mmuext_op op[3] = { op_of(6, 0, 0), op_of(cases[i].middle, 0, 0),
					   op_of(10, 0, 0) };
		struct xg *g = xg_new();
		uint32_t done = 0;
		int64_t got;

		xg_poke(g, cases[i].ops, op, sizeof(op));
		xg_poke(g, cases[i].ops, op, 48);
		xg_poke(g, DONE, &cases[i].before, 4);
		got = xen_hypercall(&g->caller, MMUEXT, args);
		xg_copy(g, DONE, &done, 4, false, false);
		EXPECT(got == cases[i].want, "%s: %lld", cases[i].what, (long long)got);
		EXPECT(g->nr == cases[i].flushes, "%s: %u flushes", cases[i].what, g->nr);
		EXPECT(done == cases[i].done, "%s: done %u", cases[i].what, done);
		xg_free(g);
	}
}

static void multicalls(void)
{
	static const struct {
		const char *what;
		gva_t list;
		uint64_t nr;
		int64_t want;
		int64_t result[4]; /* 7: untouched */
	} cases[] = {
		{ "four", LIST, 4, 0, { 0, -XEN_EINVAL, -XEN_ENOSYS, -XEN_ESRCH } },
		{ "two of them", LIST, 2, 0, { 0, -XEN_EINVAL, 7, 7 } },
		{ "none", LIST, 0, 0, { 7, 7, 7, 7 } },
		{ "across pages", XG_BASE + 0xfc8, 4, 0,
		  { 0, -XEN_EINVAL, -XEN_ENOSYS, -XEN_ESRCH } },
		{ "read-only", RO, 4, -XEN_EFAULT, { 7, 7, 7, 7 } },
		{ "read-only after two", RO - 128, 4, -XEN_EFAULT, { 0, -XEN_EINVAL, 7, 7 } },
		{ "at the end", -256ull, 4, 0, { 0, -XEN_EINVAL, -XEN_ENOSYS, -XEN_ESRCH } },
		{ "around the end", -256ull, 5, -XEN_EFAULT, { 7, 7, 7, 7 } },
		{ "one too many", LIST, XEN_MAX_CALLS + 1, -XEN_E2BIG, { 7, 7, 7, 7 } },
		{ "as bytes a few", LIST, 1ull << 58, -XEN_E2BIG, { 7, 7, 7, 7 } },
		{ "the largest", LIST, ALL, -XEN_E2BIG, { 7, 7, 7, 7 } },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct mmuext_op op = op_of(MMUEXT_TLB_FLUSH_ALL, 0, 0);
		struct multicall_entry e[4] = {
			{ MMUEXT, 7, { OPS, 1, 0, SELF } },
			{ __HYPERVISOR_multicall, 7, { LIST, 1 } },
			{ 1ull << 32 | MMUEXT, 7, { OPS, 1, 0, SELF } },
			{ MMUEXT, 7, { OPS, 1, 0, 5 } },
		}, out[4];
		struct xg *g = xg_new();
		int64_t got;

		xg_poke(g, OPS, &op, sizeof(op));
		xg_poke(g, cases[i].list, e, sizeof(e));
		got = xen_hypercall(&g->caller, __HYPERVISOR_multicall,
				    (uint64_t[5]){ cases[i].list, cases[i].nr });
		EXPECT(got == cases[i].want, "%s: %lld", cases[i].what, (long long)got);
		xg_copy(g, cases[i].list, out, sizeof(out), false, true);
		for (int n = 0; n < 4; n++) {
			EXPECT((int64_t)out[n].result == cases[i].result[n], "%s: entry %d: %lld",
			       cases[i].what, n, (long long)out[n].result);
			/* Nothing else of it is written. */
			out[n].result = 7;
			EXPECT(!memcmp(&out[n], &e[n], sizeof(e[n])), "%s: entry %d changed",
			       cases[i].what, n);
		}
		xg_free(g);
	}
}

static void numbers(void)
{
	struct xg *g = xg_new();

	for (uint64_t nr = 0; nr < 128; nr++)
		if (nr != __HYPERVISOR_multicall && nr != MMUEXT)
			EXPECT(xen_hypercall(&g->caller, nr, (uint64_t[5]){ 0 }) == -XEN_ENOSYS,
			       "number %llu", (unsigned long long)nr);
	CU_ASSERT_EQUAL(xen_hypercall(&g->caller, ALL, (uint64_t[5]){ 0 }), -XEN_ENOSYS);
	CU_ASSERT_EQUAL(xen_hypercall(&g->caller, 1ull << 32 | MMUEXT, (uint64_t[5]){ 0 }),
			-XEN_ENOSYS);
	xg_free(g);
}

/* Blocks at random, of which most are mostly right, and such with a few bytes changed. */
#define BLOCKS 1000000u

static void random_blocks(void)
{
	struct xg *g[2] = { xg_new(), xg_new() };
	unsigned int wrong = 0, accepted = 0, flushed = 0, refused = 0;
	struct rnd rng = { 0x78656e };
	uint64_t word[24];

	for (unsigned int i = 0; i < BLOCKS && wrong < 5; i++) {
		const char *what;
		size_t len = i & 1 ? sizeof(word) : 1 + rnd_below(&rng, sizeof(word));
		int64_t rax;

		if (i % 4)
			((uint8_t *)word)[rnd_below(&rng, sizeof(word))] = rnd(&rng);
		else
			for (size_t w = 0; w < NR_OF(word); w++)
				word[w] = rnd(&rng);
		what = xg_run(g, (const uint8_t *)word, len, &rax);
		wrong += !EXPECT(!what, "block %u: %s, rax %lld", i, what, (long long)rax);
		accepted += !rax;
		refused += rax < 0;
		flushed += g[0]->nr > 0;
	}
	test_say("%u blocks: %u accepted, %u flushed something, %u refused", BLOCKS, accepted,
	       flushed, refused);
	/* A generator that makes nothing of a kind tests nothing of it. */
	CU_ASSERT_TRUE(accepted > BLOCKS / 10);
	CU_ASSERT_TRUE(flushed > BLOCKS / 10);
	CU_ASSERT_TRUE(refused > BLOCKS / 10);
	/* Nor has anything been written where it is not compared each time. */
	CU_ASSERT_EQUAL(memcmp(g[0]->mem.host, g[1]->mem.host, XG_RAM), 0);
	xg_free(g[0]);
	xg_free(g[1]);
}

SUITE(unit_xen, false, { "each command of mmuext_op", one_op }, { "masks, bit by bit", masks },
      { "several ops, done, the domain", many_ops }, { "multicalls", multicalls },
      { "numbers", numbers }, { "a million blocks against the rules", random_blocks });
