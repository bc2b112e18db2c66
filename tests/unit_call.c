/* SPDX-License-Identifier: GPL-2.0-only */
/* The checks of what a guest passes in: call header, CPU_ON, TRACEPOINT; every rule from both sides. */
#include <stdlib.h>
#include <string.h>

#include "machine/call.h"
#include "machine/layout.h"
#include "unit_util.h"

#define CPUS 5u

#define BAD   (-PVTLB_EINVAL)
#define RANGE (-PVTLB_ERANGE)

static void addresses(void)
{
	static const struct {
		uint64_t addr;
		bool ok;
	} cases[] = {
		{ 0, true },
		{ 0x00007fffffffffff, true },
		{ 0x0000800000000000, false },
		{ 0x0001000000000000, false },
		{ 0x7fffffffffffffff, false },
		{ 0x8000000000000000, false },
		{ 0xfffe800000000000, false },
		{ 0xffff7fffffffffff, false },
		{ 0xffff800000000000, true },
		{ UINT64_MAX, true },
	};

	for (size_t i = 0; i < NR_OF(cases); i++)
		EXPECT(canonical(cases[i].addr) == cases[i].ok, "%#llx",
		       (unsigned long long)cases[i].addr);
}

#define NOW PVTLB_ABI_VERSION
static void header(void)
{
	static struct pvtlb_call_block block;
	static const struct {
		const char *what;
		uint32_t version, nr, rung, len, reserved0;
		uint64_t reserved[4];
		int64_t want;
	} cases[] = {
		{ "good", NOW, 2, 2, 0, 0, { 0 }, PVTLB_OK },
		{ "full payload", NOW, 2, 2, PVTLB_CALL_PAYLOAD, 0, { 0 }, PVTLB_OK },
		{ "payload + 1", NOW, 2, 2, PVTLB_CALL_PAYLOAD + 1, 0, { 0 }, BAD },
		{ "block size", NOW, 2, 2, PVTLB_CALL_BLOCK_SIZE, 0, { 0 }, BAD },
		{ "largest len", NOW, 2, 2, UINT32_MAX, 0, { 0 }, BAD },
		{ "version 0", 0, 2, 2, 0, 0, { 0 }, BAD },
		{ "the next version", NOW + 1, 2, 2, 0, 0, { 0 }, BAD },
		{ "version with a high bit", NOW | 1u << 31, 2, 2, 0, 0, { 0 }, BAD },
		{ "rung with another number", NOW, 2, 3, 0, 0, { 0 }, BAD },
		{ "rung with its low byte only", NOW, 0x102, 2, 0, 0, { 0 }, BAD },
		{ "any number that agrees", NOW, UINT32_MAX, UINT32_MAX, 0, 0, { 0 }, PVTLB_OK },
		{ "number 0 that agrees", NOW, 0, 0, 0, 0, { 0 }, PVTLB_OK },
		{ "reserved0", NOW, 2, 2, 0, 1, { 0 }, BAD },
		{ "reserved0, high bit", NOW, 2, 2, 0, 1u << 31, { 0 }, BAD },
		{ "reserved[0]", NOW, 2, 2, 0, 0, { 1, 0, 0, 0 }, BAD },
		{ "reserved[1]", NOW, 2, 2, 0, 0, { 0, 1ull << 63, 0, 0 }, BAD },
		{ "reserved[2]", NOW, 2, 2, 0, 0, { 0, 0, 1ull << 32, 0 }, BAD },
		{ "reserved[3]", NOW, 2, 2, 0, 0, { 0, 0, 0, 1 }, BAD },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		/* What the guest finds in the outputs and the payload does not count. */
		memset(&block, 0xff, sizeof(block));
		block.version = cases[i].version;
		block.nr = cases[i].nr;
		block.len = cases[i].len;
		block.reserved0 = cases[i].reserved0;
		memcpy(block.reserved, cases[i].reserved, sizeof(block.reserved));
		EXPECT(call_check(&block, cases[i].rung) == cases[i].want, "%s", cases[i].what);
	}
	CU_ASSERT_EQUAL(sizeof(block), PVTLB_CALL_BLOCK_SIZE);
}

static void cpu_on(void)
{
	static const struct {
		const char *what;
		struct pvtlb_cpu_on on;
		int32_t len_off;
		int64_t want;
	} cases[] = {
		{ "good", { 1, 0, 0x1000, 0x2000, 7 }, 0, PVTLB_OK },
		{ "all zero", { 0, 0, 0, 0, 0 }, 0, PVTLB_OK },
		{ "last CPU", { CPUS - 1, 0, 0x1000, 0x2000, 0 }, 0, PVTLB_OK },
		{ "one beyond", { CPUS, 0, 0x1000, 0x2000, 0 }, 0, RANGE },
		{ "CPU 255", { 255, 0, 0x1000, 0x2000, 0 }, 0, RANGE },
		{ "CPU 256, in 8 bits 0", { 256, 0, 0x1000, 0x2000, 0 }, 0, RANGE },
		{ "CPU -1", { UINT32_MAX, 0, 0x1000, 0x2000, 0 }, 0, RANGE },
		{ "reserved", { 1, 1, 0x1000, 0x2000, 0 }, 0, BAD },
		{ "reserved, high bit", { 1, 1u << 31, 0x1000, 0x2000, 0 }, 0, BAD },
		{ "reserved before range", { CPUS, 1, 0x1000, 0x2000, 0 }, 0, BAD },
		{ "any arg", { 1, 0, 0x1000, 0x2000, UINT64_MAX }, 0, PVTLB_OK },
		{ "entry in the hole", { 1, 0, 1ull << 47, 0x2000, 0 }, 0, BAD },
		{ "entry below it", { 1, 0, (1ull << 47) - 1, 0x2000, 0 }, 0, PVTLB_OK },
		{ "entry at the top", { 1, 0, UINT64_MAX, 0x2000, 0 }, 0, PVTLB_OK },
		{ "stack in the hole", { 1, 0, 0x1000, 1ull << 47, 0 }, 0, BAD },
		{ "stack above it", { 1, 0, 0x1000, 0xffff800000000000, 0 }, 0, PVTLB_OK },
		{ "stack off by 8", { 1, 0, 0x1000, 0x2008, 0 }, 0, BAD },
		{ "stack off by 1", { 1, 0, 0x1000, 0x2001, 0 }, 0, BAD },
		{ "len - 1", { 1, 0, 0x1000, 0x2000, 0 }, -1, BAD },
		{ "len + 1", { 1, 0, 0x1000, 0x2000, 0 }, 1, BAD },
		{ "len 0", { 1, 0, 0x1000, 0x2000, 0 }, -32, BAD },
	};
	struct pvtlb_cpu_on out;

	CU_ASSERT_EQUAL(sizeof(out), 32);
	for (size_t i = 0; i < NR_OF(cases); i++) {
		uint32_t len = sizeof(out) + cases[i].len_off;
		/* Of the size it says and not aligned: ASan and UBSan see what it touches. */
		uint8_t *payload = malloc(len + 1);

		memcpy(payload + 1, &cases[i].on, len < sizeof(out) ? len : sizeof(out));
		EXPECT(call_check_cpu_on(payload + 1, len, CPUS, &out) == cases[i].want, "%s",
		       cases[i].what);
		if (!cases[i].want)
			EXPECT(!memcmp(&out, &cases[i].on, sizeof(out)), "%s: out", cases[i].what);
		free(payload);
	}
}

static void tracepoint(void)
{
#define EV(...) { .seq = 9, .id = PVTLB_EV_WALK_END, .cpu = 3, __VA_ARGS__ }
	static const struct {
		const char *what;
		struct pvtlb_event event;
		int32_t len_off;
		int64_t want;
	} cases[] = {
		{ "good", EV(.walk_end = { 1, 2 }), 0, PVTLB_OK },
		{ "largest arguments", EV(.walk_end = { 3, (1ull << 52) - 1 }), 0, PVTLB_OK },
		{ "no such outcome", EV(.walk_end = { 4, 2 }), 0, BAD },
		{ "no such address", EV(.walk_end = { 1, 1ull << 52 }), 0, BAD },
		{ "last source", EV(.source = 2, .walk_end = { 1 }), 0, PVTLB_OK },
		{ "another CPU's", { 9, PVTLB_EV_IRQ_EXIT, 2 }, 0, BAD },
		{ "CPU 259, in 8 bits 3", { 9, PVTLB_EV_IRQ_EXIT, 259 }, 0, BAD },
		{ "id 0", { 9, PVTLB_EV_NONE, 3 }, 0, BAD },
		{ "first id that is none", { 9, PVTLB_EV_NR, 3 }, 0, BAD },
		{ "largest id", { 9, UINT16_MAX, 3 }, 0, BAD },
		{ "the VMM's own", { 9, PVTLB_EV_HELD, 3 }, 0, BAD },
		{ "not committed", { 0, PVTLB_EV_IRQ_EXIT, 3 }, 0, BAD },
		{ "first source that is none", EV(.source = 3, .walk_end = { 1 }), 0, BAD },
		{ "largest source", EV(.source = UINT32_MAX, .walk_end = { 1 }), 0, BAD },
		{ "an argument it does not have", EV(.walk_load = { .table = 1, .shift = 1 }), 0, BAD },
		{ "len - 1", EV(.walk_end = { 1 }), -1, BAD },
		{ "len + 1", EV(.walk_end = { 1 }), 1, BAD },
		{ "len 0", EV(.walk_end = { 1 }), -64, BAD },
	};
	struct pvtlb_event out;

	for (size_t i = 0; i < NR_OF(cases); i++) {
		uint32_t len = sizeof(out) + cases[i].len_off;
		uint8_t *payload = malloc(len + 1);

		memcpy(payload + 1, &cases[i].event, len < sizeof(out) ? len : sizeof(out));
		EXPECT(call_check_tracepoint(payload + 1, len, 3, 4, 2, &out) == cases[i].want, "%s",
		       cases[i].what);
		if (!cases[i].want)
			EXPECT(!memcmp(&out, &cases[i].event, sizeof(out)), "%s: out",
			       cases[i].what);
		free(payload);
	}
}

/* A block of noise is never a call. */
static void header_random(void)
{
	static struct pvtlb_call_block block;
	struct rnd rng = { 0x63616c6c };
	unsigned int accepted = 0, nonsense = 0;

	for (unsigned int i = 0; i < 50000; i++) {
		uint32_t rung = rnd_below(&rng, 4);

		block.version = rnd_below(&rng, NOW + 2);
		block.nr = rnd_below(&rng, 4);
		block.len =
			rnd_below(&rng, 2) ? rnd_below(&rng, 2 * PVTLB_CALL_PAYLOAD) : rnd(&rng);
		block.reserved0 = rnd_below(&rng, 8) ? 0 : rnd(&rng);
		for (int n = 0; n < 4; n++)
			block.reserved[n] = rnd_below(&rng, 8) ? 0 : 1ull << rnd_below(&rng, 64);
		if (call_check(&block, rung))
			continue;
		accepted++;
		nonsense += block.version != NOW || block.nr != rung || block.len > 4032 ||
			    block.reserved0 || block.reserved[0] || block.reserved[1] ||
			    block.reserved[2] || block.reserved[3];
	}
	CU_ASSERT_EQUAL(nonsense, 0);
	EXPECT(accepted > 100, "%u accepted", accepted);
}

SUITE(unit_call, false, { "canonical", addresses }, { "call header", header },
      { "call header: random", header_random }, { "CPU_ON", cpu_on },
      { "TRACEPOINT", tracepoint });
