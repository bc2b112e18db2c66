/* SPDX-License-Identifier: GPL-2.0-only */
/* INVLPGB done by hand: which operands are #GP, and what the others name. */
#include <string.h>

#include "machine/layout.h"
#include "pv/invlpgb.h"
#include "machine/serve.h"
#include "unit_util.h"

#define VA    0x100000000000ull
#define ALL   SERVE_ALL
#define TWO_M (1ull << 21)

static void operands(void)
{
	static const struct {
		const char *what;
		struct pvtlb_invlpgb op;
		int64_t status;
		uint64_t start, end;
		bool no_pcide;
	} cases[] = {
		{ "everything", { 0, 0, 0 }, PVTLB_OK, 0, ALL },
		{ "a PCID", { INVLPGB_PCID_VALID, 0, 1 << 16 }, PVTLB_OK, 0, ALL },
		{ "one page", { VA | INVLPGB_VA_VALID, 0, 0 }, PVTLB_OK, VA, VA + 4096 },
		{ "a PCID, and none is on", { INVLPGB_PCID_VALID, 0, 1 << 16 }, -PVTLB_EINVAL,
		  .no_pcide = true },
		{ "PCID 0, and none is on", { INVLPGB_PCID_VALID, 0, 0 }, PVTLB_OK, 0, ALL, true },
		{ "a PCID that does not count", { 0, 0, 0xfff << 16 }, PVTLB_OK, 0, ALL, true },
		{ "the highest PCID", { INVLPGB_PCID_VALID, 0, 0xfff << 16 }, PVTLB_OK, 0, ALL },
		{ "the ASID there is", { INVLPGB_ASID_VALID, 0, 0 }, PVTLB_OK, 0, ALL },
		{ "an ASID too many", { INVLPGB_ASID_VALID, 0, 1 }, -PVTLB_EINVAL, 0, 0 },
		{ "an ASID that does not count", { 0, 0, 0xffff }, PVTLB_OK, 0, ALL },
		{ "flags", { VA | 0x1f, 0, 0 }, PVTLB_OK, VA, VA + 4096 },
		{ "nested translations", { VA | 0x21, 0, 0 }, -PVTLB_EINVAL, 0, 0 },
		{ "eight pages", { VA | 1, 7, 0 }, PVTLB_OK, VA, VA + 8 * 4096 },
		{ "one too many", { VA | 1, 8, 0 }, -PVTLB_EINVAL, 0, 0 },
		{ "far too many", { VA | 1, 0xffff, 0 }, -PVTLB_EINVAL, 0, 0 },
		{ "2 MiB apart", { VA | 1, INVLPGB_STRIDE_2M | 2, 0 }, PVTLB_OK, VA, VA + 3 * TWO_M },
		{ "2 MiB, from within", { (VA + 4096) | 1, INVLPGB_STRIDE_2M, 0 }, PVTLB_OK, VA,
		  VA + TWO_M },
		{ "rAX bit 6", { VA | 0x41, 0, 0 }, -PVTLB_EINVAL, 0, 0 },
		{ "rAX bit 11", { 0x800, 0, 0 }, -PVTLB_EINVAL, 0, 0 },
		{ "ECX bit 16", { VA | 1, 1u << 16, 0 }, -PVTLB_EINVAL, 0, 0 },
		{ "ECX bit 30", { VA | 1, 1u << 30, 0 }, -PVTLB_EINVAL, 0, 0 },
		{ "EDX bit 28", { VA | 1, 0, 1u << 28 }, -PVTLB_EINVAL, 0, 0 },
		{ "not canonical", { 1ull << 47 | 1, 0, 0 }, -PVTLB_EINVAL, 0, 0 },
		{ "last canonical page", { ((1ull << 47) - 4096) | 1, 0, 0 }, PVTLB_OK,
		  (1ull << 47) - 4096, 1ull << 47 },
		{ "into the hole", { ((1ull << 47) - 4096) | 1, 1, 0 }, -PVTLB_EINVAL, 0, 0 },
		{ "to the top and round", { -4096ull | 1, 0, 0 }, -PVTLB_EINVAL, 0, 0 },
		{ "no address, so any", { 1ull << 47, 0, 0 }, PVTLB_OK, 0, ALL },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		uint64_t start = 0, end = 0;
		int64_t status = invlpgb_check(&cases[i].op, sizeof(cases[i].op), !cases[i].no_pcide, &start, &end);

		EXPECT(status == cases[i].status, "%s: %lld", cases[i].what, (long long)status);
		EXPECT(status || (start == cases[i].start && end == cases[i].end), "%s: %llx to %llx",
		       cases[i].what, (unsigned long long)start, (unsigned long long)end);
	}
}

static void lengths(void)
{
	struct pvtlb_invlpgb op[2] = { 0 };
	uint64_t start, end;

	for (uint32_t len = 0; len <= sizeof(op); len++)
		CU_ASSERT_EQUAL(invlpgb_check(op, len, true, &start, &end),
				len == sizeof(op[0]) ? PVTLB_OK : -PVTLB_EINVAL);
}

/* What is accepted names pages, canonical ones, not more than the count allows. */
static void noise(void)
{
	struct rnd rng = { 0x1b1b };
	unsigned int good = 0;

	for (unsigned int i = 0; i < 1000000; i++) {
		struct pvtlb_invlpgb op = { rnd(&rng), rnd(&rng), rnd(&rng) };
		uint64_t start, end;

		if (i % 2)
			op = (struct pvtlb_invlpgb){ op.rax & 0xffff80000000003full ? op.rax & 0x7ffffffff03full :
										      op.rax & 0x3f,
						     op.ecx & (INVLPGB_STRIDE_2M | 0xf), op.edx & 0x0fffffff };
		if (invlpgb_check(&op, sizeof(op), i & 4, &start, &end))
			continue;
		good++;
		EXPECT(start < end && (end == ALL || (!(start % 4096) && !(end % 4096) &&
						       end - start <= (INVLPGB_COUNT_MAX + 1) * TWO_M &&
						       canonical(start) && canonical(end - 1))),
		       "%llx %x %x", (unsigned long long)op.rax, op.ecx, op.edx);
	}
	CU_ASSERT(good > 1000);
}

static void cr4(void)
{
	static const struct {
		const char *what;
		uint64_t value, cr4, cr3;
		int64_t status;
	} cases[] = {
		{ "as it is", 0x620, 0x620, 0x1000, PVTLB_OK },
		{ "PCIDs on", 0x20620, 0x620, 0x1000, PVTLB_OK },
		{ "on already", 0x20620, 0x20620, 0x1001, PVTLB_OK },
		{ "off", 0x620, 0x20620, 0x1001, PVTLB_OK },
		{ "on, with a PCID loaded", 0x20620, 0x620, 0x1001, -PVTLB_EINVAL },
		{ "on, with another bit", 0x20630, 0x620, 0x1000, -PVTLB_EINVAL },
		{ "on, without one", 0x20600, 0x620, 0x1000, -PVTLB_EINVAL },
	};

	for (size_t i = 0; i < NR_OF(cases); i++)
		EXPECT(invlpgb_check_cr4(cases[i].value, cases[i].cr4, cases[i].cr3) ==
			       cases[i].status,
		       "%s", cases[i].what);
}

SUITE(unit_invlpgb, false, { "CR4", cr4 }, { "operands", operands }, { "lengths", lengths },
      { "a million at random", noise });
