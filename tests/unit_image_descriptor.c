/* SPDX-License-Identifier: GPL-2.0-only */
/* What a guest image says of itself: its descriptor. */
#include <stdlib.h>
#include <string.h>

#include "image_bed.h"
#include "machine/layout.h"
#include "unit_util.h"

static void descriptor(void)
{
	static const struct poke pokes[] = {
		{ "magic", D(magic), ADD, 1, "has no magic" },
		{ "magic's high byte", D(magic), ADD, 1ull << 56, "has no magic" },
		{ "version 0", D(version), SET, 0, "another version" },
		{ "version 1", D(version), SET, PVTLB_ABI_VERSION - 1, "another version" },
		{ "flag 1", D(flags), SET, 3, "unknown flags" },
		{ "flag 31", D(flags), SET, 1u << 31, "unknown flags" },
		{ "stubs nowhere", D(idt_stubs), SET, 0, "ring-0 pages" },
		{ "stubs beyond", D(idt_stubs), ADD, 0x100000, "ring-0 pages" },
		{ "stubs at the top", D(idt_stubs), SET, MINUS(16), "ring-0 pages" },
		{ "stubs before ring 0", D(idt_stubs), SET, 0xffffffff81000000, "ring-0 pages" },
		{ "ring 0 not aligned", D(ring0_start), ADD, 16, "ring-0 pages" },
		{ "ring 0's end not aligned", D(ring0_end), ADD, 16, "ring-0 pages" },
		{ "ring 0 backwards", D(ring0_end), ADD, MINUS(0x10000), "ring-0 pages" },
		{ "ring 0 to the top", D(ring0_end), SET, MINUS(PVTLB_PAGE_SIZE), "ring-0 pages" },
		{ "ring 0 from nowhere", D(ring0_start), SET, 0, "ring-0 pages" },
		{ "per-CPU backwards", D(percpu_start), SET, 0x8000, "per-CPU" },
		{ "per-CPU huge", D(percpu_end), SET, UINT64_MAX, "per-CPU" },
		{ "per-CPU too long", D(percpu_end), ADD, 1, "per-CPU" },
		{ "per-CPU load wrong", D(percpu_load), ADD, PVTLB_PAGE_SIZE, "per-CPU" },
		{ "per-CPU load 0", D(percpu_load), SET, 0, "per-CPU" },
		{ "table backwards", D(jump_table_end), ADD, MINUS(0x10000), "evidence" },
		{ "table beyond", D(jump_table_end), ADD, 0x1000000, "evidence" },
		{ "table from nowhere", D(jump_table_start), SET, 0xffff000000000000, "evidence" },
		{ "key nowhere", D(key), SET, 0xffff000000000000, "evidence" },
		{ "key's variable nowhere", D(key_enabled), SET, UINT64_MAX, "evidence" },
		{ "key's variable half out", D(key_enabled), SET, 0xffffffff80fffffe, "evidence" },
		{ "native nowhere", D(native_flush_tlb_multi), SET, UINT64_MAX, "evidence" },
		{ "slot nowhere", D(flush_tlb_multi_slot), SET, 1ull << 63, "evidence" },
		{ "slot half out", D(flush_tlb_multi_slot), SET, 0xffffffff80fffffc, "evidence" },
		{ "scenarios backwards", D(scenarios_end), ADD, MINUS(0x10000), "scenario table" },
		{ "scenarios huge", D(scenarios_end), SET, UINT64_MAX, "scenario table" },
		{ "scenarios nowhere", D(scenarios_start), SET, UINT64_MAX, "scenario table" },
		{ "part of a scenario", D(scenarios_end), ADD, MINUS(8), "scenario table" },
		{ "part of one more", D(scenarios_end), ADD, 8, "scenario table" },
		{ "policies backwards", D(policies_end), ADD, MINUS(0x10000), "policy table" },
		{ "policies huge", D(policies_end), SET, UINT64_MAX, "policy table" },
		{ "policies nowhere", D(policies_start), SET, UINT64_MAX, "policy table" },
		{ "part of a policy", D(policies_end), ADD, MINUS(8), "policy table" },
	};

	image_expect_pokes(pokes, NR_OF(pokes));
}

/* A template is copied for each CPU: it has a limit of its own. */
static void percpu_large(void)
{
	static const struct {
		uint64_t end;
		bool ok;
	} cases[] = { { 0x100000, true }, { 0x100001, false }, { 0x200000, false } };

	image_base_need();
	for (size_t i = 0; i < NR_OF(cases); i++) {
		const struct poke pokes[] = {
			{ "memsz", PH(1, p_memsz), SET, 0x200000, "" },
			{ "end", D(percpu_end), SET, cases[i].end, "" },
		};
		uint8_t *file = image_copy(0);
		bool loaded;

		image_poke(file, &pokes[0]);
		image_poke(file, &pokes[1]);
		EXPECT(image_sound(file, image_base.len, &loaded) && loaded == cases[i].ok, "end %#llx",
		       (unsigned long long)cases[i].end);
		free(file);
	}
}

/* The template outside of every segment with its load address 0, which is "no segment". */
static void percpu_nowhere(void)
{
	static const struct poke pokes[] = {
		{ "start", D(percpu_start), SET, 0xffff000000000000, "" },
		{ "end", D(percpu_end), SET, 0xffff000000001000, "" },
		{ "load", D(percpu_load), SET, 0, "" },
	};
	uint8_t *file = image_copy(0);

	for (size_t i = 0; i < NR_OF(pokes); i++)
		image_poke(file, &pokes[i]);
	image_expect_error("template in no segment", file, image_base.len, "per-CPU");
	free(file);
}

/* The last stubs in pages that ring 3 may use. */
static void stubs_outside(void)
{
	struct poke p = { "stubs", D(idt_stubs), SET, 0, "" };
	uint8_t *file = image_copy(0);

	p.value = image_base.d.ring0_end - 16;
	image_poke(file, &p);
	image_expect_error("stubs end behind the ring-0 pages", file, image_base.len, "ring-0 pages");
	free(file);
}

/* What a policy does has to be somewhere in the image. */
static void policy_ops(void)
{
	uint8_t *file = image_copy(0);
	size_t at = image_base.policies + offsetof(struct pvtlb_policy, ops);

	memset(file + at, 0, sizeof(gva_t));
	image_expect_error("a policy without ops", file, image_base.len, "a policy does nothing");
	memset(file + at, 0xff, sizeof(gva_t));
	image_expect_error("a policy's ops nowhere", file, image_base.len, "a policy does nothing");
	free(file);
}

/*
 * The symbol of the descriptor is gone: that, and nothing else, is what is to be said. (The
 * per-CPU segment is linked at 0: the address of "no symbol" has bytes.)
 */
static void no_descriptor(void)
{
	for (int undefined = 0; undefined < 2; undefined++) {
		uint8_t *file = image_copy(0);
		Elf64_Sym *sym = (Elf64_Sym *)(file + image_base.symtab);
		size_t nr = image_base.symtab_len / sizeof(*sym);

		while (nr &&
		       strcmp((char *)file + image_base.strtab + sym->st_name, PVTLB_IMAGE_SYMBOL)) {
			sym++;
			nr--;
		}
		CU_ASSERT_FATAL(nr > 0);
		if (undefined)
			sym->st_shndx = SHN_UNDEF;
		else
			sym->st_name = 0;
		image_expect_error("no descriptor", file, image_base.len,
			     "no " PVTLB_IMAGE_SYMBOL " descriptor in it");
		free(file);
	}
}

SUITE(unit_image_descriptor, false, { "descriptor", descriptor },
      { "per-CPU template too large", percpu_large },
      { "per-CPU template nowhere", percpu_nowhere },
      { "interrupt stubs behind the ring-0 pages", stubs_outside },
      { "policy ops", policy_ops }, { "no descriptor", no_descriptor });
