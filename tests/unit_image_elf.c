/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest images as ELF files: header, segments, symbol tables. */
#include <stdlib.h>
#include <string.h>

#include "image_bed.h"
#include "machine/layout.h"
#include "unit_util.h"

static void elf_header(void)
{
	static const struct poke pokes[] = {
		{ "unchanged", EH(e_version), ADD, 0, NULL },
		{ "magic", EHDR, 0, 1, SET, 0x7e, "not an ELF file" },
		{ "class 32", EHDR, EI_CLASS, 1, SET, ELFCLASS32, "not a" },
		{ "class 0", EHDR, EI_CLASS, 1, SET, 0, "not an ELF file" },
		{ "big endian", EHDR, EI_DATA, 1, SET, ELFDATA2MSB, "not a" },
		{ "i386", EH(e_machine), SET, EM_386, "not a 64-bit x86 executable" },
		{ "arm64", EH(e_machine), SET, EM_AARCH64, "not a 64-bit x86 executable" },
		{ "ET_DYN", EH(e_type), SET, ET_DYN, "not a 64-bit x86 executable" },
		{ "ET_REL", EH(e_type), SET, ET_REL, "not a 64-bit x86 executable" },
		{ "ET_CORE", EH(e_type), SET, ET_CORE, "not a 64-bit x86 executable" },
		{ "entry 8 bytes below", EH(e_entry), SET, 0xffffffff80fffff8, "entry point" },
		{ "entry at the very top", EH(e_entry), SET, UINT64_MAX, "entry point" },
		{ "no program headers", EH(e_phnum), SET, 0, "" },
		{ "too many program headers", EH(e_phnum), SET, 0xfffe, "" },
		{ "PN_XNUM", EH(e_phnum), SET, PN_XNUM, "" },
		{ "program headers beyond", EH(e_phoff), SET, 1ull << 40, "" },
		{ "program headers at the top", EH(e_phoff), SET, UINT64_MAX, "" },
		{ "no section headers", EH(e_shoff), SET, 0, "no symbol table (stripped?)" },
		{ "section headers beyond", EH(e_shoff), SET, 1ull << 40, "its end is missing" },
		{ "section headers at the top", EH(e_shoff), SET, UINT64_MAX,
		  "its end is missing" },
		{ "one section header less in the file", EH(e_shoff), ADD, sizeof(Elf64_Shdr),
		  "its end is missing" },
	};

	image_expect_pokes(pokes, NR_OF(pokes));
}

static void segments(void)
{
	static const struct poke pokes[] = {
		{ "no PT_LOAD before", PH(0, p_type), SET, PT_NOTE, "" },
		{ "data beyond the file", PH(0, p_offset), SET, 1ull << 40, "truncated?" },
		{ "data at the top", PH(0, p_offset), SET, UINT64_MAX, "truncated?" },
		{ "data wraps", PH(0, p_offset), SET, MINUS(0x8000), "truncated?" },
		{ "filesz > memsz", PH(1, p_filesz), ADD, 1, "larger in the file than in memory" },
		{ "filesz huge", PH(0, p_filesz), SET, UINT64_MAX,
		  "larger in the file than in memory" },
		{ "memsz < filesz", PH(0, p_memsz), SET, 1, "larger in the file than in memory" },
		{ "paddr below", PH(0, p_paddr), ADD, MINUS(PVTLB_PAGE_SIZE),
		  "outside 16 to 80 MiB" },
		{ "paddr 0", PH(0, p_paddr), SET, 0, "outside 16 to 80 MiB" },
		{ "paddr at the end", PH(0, p_paddr), SET, IMAGE_GPA_MAX, "outside 16 to 80 MiB" },
		{ "paddr above", PH(1, p_paddr), SET, IMAGE_GPA_MAX + PVTLB_PAGE_SIZE,
		  "outside 16" },
		{ "end above", PH(1, p_paddr), SET, IMAGE_GPA_MAX - 0x6000,
		  "outside 16 to 80 MiB" },
		{ "paddr at the top", PH(0, p_paddr), SET, MINUS(PVTLB_PAGE_SIZE), "outside 16" },
		{ "paddr linked", PH(0, p_paddr), SET, 0xffffffff81000000, "outside 16 to 80 MiB" },
		{ "memsz to the end", PH(1, p_memsz), SET, IMAGE_GPA_MAX - 0x1000000,
		  "outside 16" },
		{ "memsz huge", PH(0, p_memsz), SET, UINT64_MAX, "outside 16 to 80 MiB" },
		{ "memsz wraps paddr", PH(0, p_memsz), SET, MINUS(0x1000000),
		  "outside 16 to 80 MiB" },
		{ "vaddr wraps", PH(0, p_vaddr), SET, MINUS(PVTLB_PAGE_SIZE), "wrap around" },
		{ "vaddr ends at 0", PH(1, p_vaddr), SET, MINUS(0x7000), "wrap around" },
		{ "vaddr not aligned", PH(0, p_vaddr), ADD, 8, "not page aligned" },
		{ "paddr not aligned", PH(0, p_paddr), ADD, 1, "not page aligned" },
		{ "the same paddr", PH(1, p_paddr), SET, 0x1000000, "segments overlap" },
		{ "overlap by a page", PH(1, p_paddr), ADD, MINUS(PVTLB_PAGE_SIZE),
		  "segments overlap" },
		{ "overlap by size", PH(0, p_memsz), ADD, 1, "segments overlap" },
	};

	image_expect_pokes(pokes, NR_OF(pokes));
}

/*
 * The good image with more segments, by a table of program headers at the file's end. Returns
 * the file, to be freed.
 */
static uint8_t *with_segments(const Elf64_Phdr *more, unsigned int nr, size_t *len)
{
	uint8_t *file = image_copy(16 * sizeof(*more));
	size_t at = (image_base.len + 7) & ~7ul;
	Elf64_Ehdr *eh = (Elf64_Ehdr *)file;
	Elf64_Phdr *ph = (Elf64_Phdr *)(file + at);

	memcpy(ph, file + eh->e_phoff, 2 * sizeof(*ph));
	memcpy(ph + 2, more, nr * sizeof(*ph));
	eh->e_phoff = at;
	eh->e_phnum = 2 + nr;
	*len = at + (2 + nr) * sizeof(*ph);
	return file;
}

static void expect_segments(const char *what, const Elf64_Phdr *more, unsigned int nr,
			    const char *want)
{
	size_t len;
	uint8_t *file = with_segments(more, nr, &len);
	bool loaded;

	if (want)
		image_expect_error(what, file, len, want);
	else
		EXPECT(image_sound(file, len, &loaded) && loaded, "%s", what);
	free(file);
}

static void many_segments(void)
{
	Elf64_Phdr more[10];

	for (unsigned int i = 0; i < NR_OF(more); i++)
		more[i] = (Elf64_Phdr){ .p_type = PT_LOAD,
					.p_vaddr = 0xffffffff90000000 + i * 0x1000,
					.p_paddr = 0x2000000 + i * 0x1000,
					.p_memsz = 0x1000 };
	for (unsigned int nr = 5; nr <= NR_OF(more); nr++)
		expect_segments("small ones", more, nr,
				2 + nr <= IMAGE_MAX_SEGMENTS ? NULL : "too many");
}

/*
 * One good image with one segment more, a page at this linked address. The VMM maps segments
 * by their linked addresses: over another one, or over what it has mapped for itself, is not
 * something that a check of gpas finds.
 */
static void segment_addresses(void)
{
	static const struct {
		const char *what;
		gva_t vaddr;
		bool ok;
	} cases[] = {
		{ "behind the image", 0xffffffff82000000, true },
		{ "on the image's first page", 0xffffffff81000000, false },
		{ "on the image's second page", 0xffffffff81001000, false },
		{ "on the per-CPU template", 0, false },
		{ "not canonical", 0x0000ffff82000000, false },
		{ "user space", 0x400000, false },
		{ "in the direct map", 0xffff888000000000, false },
		{ "in the entry area", 0xfffffe0000000000, false },
		{ "on the doorbell", 0xffffffffff5fc000, false },
		{ "on the local APIC", 0xffffffffff5fd000, false },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		const Elf64_Phdr more = { .p_type = PT_LOAD,
					  .p_vaddr = cases[i].vaddr,
					  .p_paddr = 0x2000000,
					  .p_memsz = 0x1000 };

		expect_segments(cases[i].what, &more, 1, cases[i].ok ? NULL : "segment");
	}
}

static void no_segments(void)
{
	uint8_t *file = image_copy(0);
	Elf64_Phdr *ph = (Elf64_Phdr *)(file + sizeof(Elf64_Ehdr));

	ph[0].p_memsz = ph[1].p_memsz = 0;
	image_expect_error("empty segments only", file, image_base.len, "no PT_LOAD segment");
	ph[0].p_type = ph[1].p_type = PT_NULL;
	image_expect_error("no PT_LOAD", file, image_base.len, "no PT_LOAD segment");
	free(file);
}

static Elf64_Shdr *symtab_header(uint8_t *file)
{
	return (Elf64_Shdr *)(file + image_base.symtab_header);
}

/* Symbol tables that are gone, or lie. */
static void symtabs(void)
{
	static const struct {
		const char *what;
		Elf64_Shdr set; /* what is not 0 is set */
		const char *want;
	} cases[] = {
		{ "no SYMTAB", { .sh_type = SHT_PROGBITS }, "no symbol table (stripped?)" },
		{ "size 1", { .sh_size = 1 }, "descriptor" },
		{ "size beyond the file", { .sh_size = 1ull << 40 }, "descriptor" },
		{ "size of everything", { .sh_size = UINT64_MAX }, "descriptor" },
		{ "offset beyond the file", { .sh_offset = 1ull << 40 }, "descriptor" },
		{ "strings in no section", { .sh_link = 0xff00 }, "descriptor" },
		{ "strings in the symbols", { .sh_link = 16 }, "descriptor" },
		{ "entries of one byte", { .sh_entsize = 1 }, "" },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		uint8_t *file = image_copy(0);
		Elf64_Shdr *sh = symtab_header(file);
		bool loaded;

		if (cases[i].set.sh_type)
			sh->sh_type = cases[i].set.sh_type;
		if (cases[i].set.sh_size)
			sh->sh_size = cases[i].set.sh_size;
		if (cases[i].set.sh_offset)
			sh->sh_offset = cases[i].set.sh_offset;
		if (cases[i].set.sh_link)
			sh->sh_link = cases[i].set.sh_link;
		if (cases[i].set.sh_entsize)
			sh->sh_entsize = cases[i].set.sh_entsize;
		if (cases[i].want[0])
			image_expect_error(cases[i].what, file, image_base.len, cases[i].want);
		else
			EXPECT(image_sound(file, image_base.len, &loaded), "%s", cases[i].what);
		free(file);
	}
}

SUITE(unit_image_elf, false, { "ELF header", elf_header }, { "segments", segments },
      { "7 to 12 segments", many_segments },
      { "segments linked where they must not be", segment_addresses },
      { "no segments", no_segments }, { "symbol tables that lie", symtabs });
