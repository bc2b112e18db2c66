/* SPDX-License-Identifier: GPL-2.0-only */
/* Evidence: sites' bytes decoded, and read out of an image made up here. */
#include <stdlib.h>
#include <string.h>

#include "judge/evidence.h"
#include "machine/image.h"
#include "machine/layout.h"
#include "machine/mem.h"
#include "unit_util.h"

#define CODE 0xffffffff81001000ull

/* --- site_decode() --- */

static const struct {
	const char *what;
	uint8_t bytes[PVTLB_INSN_MAX];
	int64_t target; /* of the table entry, from the site */
	unsigned int len;
	enum site_insn insn;
	bool target_bad;
} sites[] = {
	{ "nop2", { 0x66, 0x90, 0xcc, 0xcc, 0xcc }, 64, 2, SITE_NOP, false },
	{ "nop5", { 0x0f, 0x1f, 0x44, 0x00, 0x00 }, 64, 5, SITE_NOP, false },
	{ "jmp8", { 0xeb, 62, 0xcc, 0xcc, 0xcc }, 64, 2, SITE_JMP, false },
	{ "jmp8 backwards", { 0xeb, 0x80, 0, 0, 0 }, -126, 2, SITE_JMP, false },
	{ "jmp8 furthest", { 0xeb, 0x7f, 0xff, 0xff, 0xff }, 129, 2, SITE_JMP, false },
	{ "jmp8 to itself", { 0xeb, 0xfe, 0, 0, 0 }, 0, 2, SITE_JMP, false },
	{ "jmp8 elsewhere", { 0xeb, 63, 0, 0, 0 }, 64, 2, SITE_JMP, true },
	{ "jmp8 counted from its start", { 0xeb, 64, 0, 0, 0 }, 64, 2, SITE_JMP, true },
	{ "jmp8 taken for unsigned", { 0xeb, 0x80, 0, 0, 0 }, 130, 2, SITE_JMP, true },
	{ "jmp32", { 0xe9, 59, 0, 0, 0 }, 64, 5, SITE_JMP, false },
	{ "jmp32 backwards", { 0xe9, 0xfb, 0xff, 0xff, 0xff }, 0, 5, SITE_JMP, false },
	{ "jmp32 far", { 0xe9, 0, 0, 1, 0 }, 0x10005, 5, SITE_JMP, false },
	{ "jmp32 furthest back", { 0xe9, 0, 0, 0, 0x80 }, 5 - 0x80000000ll, 5, SITE_JMP, false },
	{ "jmp32 elsewhere", { 0xe9, 59, 0, 1, 0 }, 64, 5, SITE_JMP, true },
	{ "jmp32, high byte elsewhere", { 0xe9, 59, 0, 0, 1 }, 64, 5, SITE_JMP, true },
	{ "zeroes", { 0, 0, 0, 0, 0 }, 64, 0, SITE_UNKNOWN, false },
	{ "int3", { 0xcc, 0xcc, 0xcc, 0xcc, 0xcc }, 64, 0, SITE_UNKNOWN, false },
	{ "int3 in a jmp32 being patched", { 0xcc, 59, 0, 0, 0 }, 64, 0, SITE_UNKNOWN, false },
	{ "half a nop2", { 0x66, 0x91, 0, 0, 0 }, 64, 0, SITE_UNKNOWN, false },
	{ "nop5 with another end", { 0x0f, 0x1f, 0x44, 0, 1 }, 64, 0, SITE_UNKNOWN, false },
	{ "nop5's first half", { 0x0f, 0x1f, 0x44, 0x66, 0x90 }, 64, 0, SITE_UNKNOWN, false },
	{ "another 5-byte nop", { 0x66, 0x66, 0x66, 0x66, 0x90 }, 64, 0, SITE_UNKNOWN, false },
	{ "one-byte nops", { 0x90, 0x90, 0x90, 0x90, 0x90 }, 64, 0, SITE_UNKNOWN, false },
	{ "call", { 0xe8, 59, 0, 0, 0 }, 64, 0, SITE_UNKNOWN, false },
	{ "jcc", { 0x75, 62, 0, 0, 0 }, 64, 0, SITE_UNKNOWN, false },
};

static void decode(void)
{
	for (size_t i = 0; i < NR_OF(sites); i++) {
		for (int likely = 0; likely < 2; likely++) {
			const struct pvtlb_jump_entry entry = { CODE, CODE + sites[i].target,
								0x1000 | likely };
			bool jmp = sites[i].insn == SITE_JMP, nop = sites[i].insn == SITE_NOP;
			struct key_site s = { 0 };
			/* Of the exact size, so that ASan sees a look at a sixth byte. */
			uint8_t *bytes = malloc(PVTLB_INSN_MAX);

			memcpy(bytes, sites[i].bytes, PVTLB_INSN_MAX);
			site_decode(&entry, bytes, &s);
			free(bytes);
			EXPECT(s.insn == sites[i].insn, "%s: insn %d", sites[i].what, s.insn);
			EXPECT(s.len == sites[i].len, "%s: len %u", sites[i].what, s.len);
			EXPECT(s.target_bad == sites[i].target_bad, "%s: target", sites[i].what);
			EXPECT(s.likely == likely, "%s: likely", sites[i].what);
			/* likely: laid out for on, so a nop is on */
			EXPECT(s.key_on == (likely ? nop : jmp), "%s, likely %d: key_on",
			       sites[i].what, likely);
			EXPECT(s.address == CODE, "%s: address", sites[i].what);
			EXPECT(!memcmp(s.bytes, sites[i].bytes, PVTLB_INSN_MAX), "%s: bytes",
			       sites[i].what);
		}
	}
}

/* A site that was decoded before does not keep what it was. */
static void decode_again(void)
{
	static const uint8_t jmp[] = { 0xeb, 62, 0, 0, 0 }, garbage[PVTLB_INSN_MAX];
	const struct pvtlb_jump_entry entry = { CODE, CODE + 64, 0x1000 };
	struct key_site site = { 0 };

	site_decode(&entry, jmp, &site);
	CU_ASSERT_EQUAL(site.len, 2);
	site_decode(&entry, garbage, &site);
	CU_ASSERT_EQUAL(site.len, 0);
	CU_ASSERT_EQUAL(site.insn, SITE_UNKNOWN);
}

static void agrees(void)
{
	static const struct {
		const char *what;
		bool value;
		unsigned int nr;
		struct key_site site[3];
		bool agrees;
	} cases[] = {
		{ "no site", false, 0, { { 0 } }, false },
		{ "no site, on", true, 0, { { 0 } }, false },
		{ "off", false, 2, { { .len = 2 }, { .len = 5 } }, true },
		{ "on",
		  true,
		  2,
		  { { .len = 2, .key_on = true }, { .len = 5, .key_on = true } },
		  true },
		{ "one is on", false, 2, { { .len = 2 }, { .len = 5, .key_on = true } }, false },
		{ "first is on", false, 2, { { .len = 2, .key_on = true }, { .len = 5 } }, false },
		{ "last is off", true, 2, { { .len = 2, .key_on = true }, { .len = 5 } }, false },
		{ "none of them", true, 2, { { .len = 2 }, { .len = 5 } }, false },
		{ "one is garbage", false, 2, { { .len = 2 }, { .len = 0 } }, false },
		{ "one jumps elsewhere",
		  true,
		  1,
		  { { .len = 2, .key_on = true, .target_bad = true } },
		  false },
		{ "not counted", false, 1, { { .len = 2 }, { .len = 5, .key_on = true } }, true },
	};
	static struct key_evidence evidence;

	for (size_t i = 0; i < NR_OF(cases); i++) {
		evidence =
			(struct key_evidence){ .value = cases[i].value, .nr_sites = cases[i].nr };
		memcpy(evidence.site, cases[i].site, sizeof(cases[i].site));
		EXPECT(evidence_agrees(&evidence) == cases[i].agrees, "%s", cases[i].what);
	}
}

/* --- evidence_read(), from an image made up here --- */

#define GVA   0xffffffff81000000ull
#define GPA   IMAGE_GPA_MIN
#define SPAN  0x4000u
#define TABLE 0x1000u
#define SLOT  0x3000u
#define ON    0x3008u
#define KEY   (GVA + ON - 8)
#define FUNC  (GVA + 0x800)

static struct image made_up;
static struct guest_mem guest;

static uint8_t *at(uint64_t offset)
{
	return guest.host + GPA + offset;
}

static void make_up(unsigned int entries)
{
	struct error err = { 0 };

	made_up = (struct image){
		.segment = { { .vaddr = GVA, .paddr = GPA, .memsz = SPAN } },
		.nr_segments = 1,
		.desc = { .key = KEY,
			  .key_enabled = GVA + ON,
			  .jump_table_start = GVA + TABLE,
			  .jump_table_end = GVA + TABLE + entries * sizeof(struct pvtlb_jump_entry),
			  .flush_tlb_multi_slot = GVA + SLOT,
			  .native_flush_tlb_multi = FUNC },
	};
	CU_ASSERT_FATAL(!mem_create(&guest, GPA + SPAN, &err));
}

static void put_entry(unsigned int i, gva_t code, uint64_t key)
{
	const struct pvtlb_jump_entry entry = { code, code + 0x100, key };

	memcpy(at(TABLE + i * sizeof(entry)), &entry, sizeof(entry));
}

static void put_u64(uint64_t offset, uint64_t value)
{
	memcpy(at(offset), &value, sizeof(value));
}

static void read_all(void)
{
	static const uint8_t jmp[] = { 0xe9, 0xfb, 0, 0, 0 }, nop[] = { PVTLB_NOP2 };
	static struct key_evidence e;

	make_up(4);
	put_entry(0, GVA + 0x10, KEY);
	put_entry(1, GVA + 0x20, KEY + 64); /* of another key: it must not count */
	put_entry(2, GVA + 0x30, KEY | PVTLB_JUMP_LIKELY);
	put_entry(3, GVA + SPAN - 2, KEY); /* not all of it in the image */
	memcpy(at(0x10), jmp, sizeof(jmp));
	memcpy(at(0x30), nop, sizeof(nop));
	at(ON)[0] = 1;
	put_u64(SLOT, FUNC);

	evidence_read(&guest, &made_up, &e);
	CU_ASSERT_TRUE(e.value);
	CU_ASSERT_EQUAL(e.nr_sites, 3);
	CU_ASSERT_EQUAL(e.site[0].insn, SITE_JMP);
	CU_ASSERT_TRUE(e.site[0].key_on);
	CU_ASSERT_FALSE(e.site[0].target_bad);
	CU_ASSERT_STRING_EQUAL(e.site[0].symbol, "0xffffffff81000010");
	CU_ASSERT_EQUAL(e.site[1].insn, SITE_NOP);
	CU_ASSERT_TRUE(e.site[1].key_on);
	CU_ASSERT_EQUAL(e.site[2].len, 0);
	CU_ASSERT_TRUE(e.has_pv_ops);
	CU_ASSERT_TRUE(e.native);
	CU_ASSERT_FALSE(evidence_agrees(&e));

	/* The same without the broken one: the table ends before it. */
	made_up.desc.jump_table_end -= sizeof(struct pvtlb_jump_entry);
	evidence_read(&guest, &made_up, &e);
	CU_ASSERT_EQUAL(e.nr_sites, 2);
	CU_ASSERT_TRUE(evidence_agrees(&e));
	put_u64(SLOT, FUNC + 1);
	at(ON)[0] = 0;
	evidence_read(&guest, &made_up, &e);
	CU_ASSERT_FALSE(e.native);
	CU_ASSERT_EQUAL(e.flush_tlb_multi, FUNC + 1);
	CU_ASSERT_FALSE(evidence_agrees(&e));

	/* No pv_ops is native. */
	made_up.desc.flush_tlb_multi_slot = 0;
	evidence_read(&guest, &made_up, &e);
	CU_ASSERT_FALSE(e.has_pv_ops);
	CU_ASSERT_TRUE(e.native);
	mem_destroy(&guest);
}

/* A site behind the MAX_KEY_SITES-th says the opposite: that must not be "they agree". */
static void too_many_sites(void)
{
	static const uint8_t nop[] = { PVTLB_NOP5 }, jmp[] = { 0xe9, 0xfb, 0, 0, 0 };
	static struct key_evidence e;

	make_up(MAX_KEY_SITES + 1);
	for (unsigned int i = 0; i <= MAX_KEY_SITES; i++) {
		put_entry(i, GVA + 16 * i, KEY);
		memcpy(at(16 * i), i < MAX_KEY_SITES ? nop : jmp, sizeof(nop));
	}
	evidence_read(&guest, &made_up, &e);
	CU_ASSERT(e.nr_sites <= MAX_KEY_SITES);
	CU_ASSERT_FALSE(evidence_agrees(&e));
	mem_destroy(&guest);
}

SUITE(unit_evidence, false, { "site_decode: every form", decode },
      { "site_decode: a site decoded before", decode_again }, { "evidence_agrees", agrees },
      { "evidence_read", read_all }, { "evidence_read: too many sites", too_many_sites });
