/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest image where it is not linked: its relocations, done once more (System V psABI, 4.4). */
#include <gelf.h>
#include <stdbool.h>
#include <string.h>

#include "explore/host/relocate.h"
#include "machine/image.h"

/* What is linked below it is no place in the image: per-CPU data, guest-physical addresses. */
#define LINKED_MIN 0xffffffff80000000ull

static uint8_t *field(const struct image *image, gva_t addr, uint64_t len)
{
	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segment[i];

		if (addr >= s->vaddr && addr - s->vaddr <= s->filesz &&
		    len <= s->filesz - (addr - s->vaddr))
			return image->file + (s->data - image->file) + (addr - s->vaddr);
	}
	return NULL;
}

static int no(const struct image *image, const char *why, gva_t at, struct error *err)
{
	return fail(err, STATUS_FAIL, "%s: cannot be moved: %s at %#llx", image->path, why,
		    (unsigned long long)at);
}

/* An address that is stored: of 8 bytes, or of 4, sign-extended. */
static int absolute(const struct image *image, const GElf_Rela *rela, int64_t delta,
		    struct error *err)
{
	bool wide = GELF_R_TYPE(rela->r_info) == R_X86_64_64;
	uint8_t *at = field(image, rela->r_offset, wide ? 8 : 4);
	int64_t value;
	int32_t narrow;

	if (!at)
		return no(image, "a relocation outside of it", rela->r_offset, err);
	memcpy(&value, at, wide ? 8 : 4);
	memcpy(&narrow, at, sizeof(narrow));
	if (!wide)
		value = narrow;
	if ((uint64_t)value < LINKED_MIN)
		return 0;
	value += delta;
	narrow = value;
	if (!wide && narrow != value)
		return no(image, "an address that does not fit", rela->r_offset, err);
	memcpy(at, &value, wide ? 8 : 4);
	return 0;
}

/* A distance: it changes to what does not move. */
static int relative(const struct image *image, const GElf_Rela *rela, uint64_t target,
		    int64_t delta, struct error *err)
{
	uint8_t *at = field(image, rela->r_offset, 4);
	int32_t value;

	if (!at)
		return no(image, "a relocation outside of it", rela->r_offset, err);
	if (target >= LINKED_MIN)
		return 0;
	memcpy(&value, at, sizeof(value));
	value -= delta;
	memcpy(at, &value, sizeof(value));
	return 0;
}

static int relocate_one(const struct image *image, const GElf_Rela *rela, Elf_Data *symbols,
			int64_t delta, struct error *err)
{
	GElf_Sym sym;

	if (!gelf_getsym(symbols, GELF_R_SYM(rela->r_info), &sym))
		return no(image, "a relocation without a symbol", rela->r_offset, err);
	switch (GELF_R_TYPE(rela->r_info)) {
	case R_X86_64_NONE:
		return 0;
	case R_X86_64_64:
	case R_X86_64_32S:
		return absolute(image, rela, delta, err);
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
		return relative(image, rela, sym.st_value, delta, err);
	}
	return no(image, "an unknown relocation", rela->r_offset, err);
}

static int relocate_section(const struct image *image, Elf_Scn *scn, const GElf_Shdr *sh,
			    int64_t delta, struct error *err)
{
	Elf_Scn *names = elf_getscn(image->elf, sh->sh_link);
	Elf_Data *data = elf_getdata(scn, NULL), *symbols = names ? elf_getdata(names, NULL) : NULL;
	GElf_Rela rela;

	if (!data || !symbols)
		return no(image, "broken relocations", sh->sh_addr, err);
	for (int i = 0; gelf_getrela(data, i, &rela); i++)
		if (relocate_one(image, &rela, symbols, delta, err))
			return -1;
	return 0;
}

int image_relocate(struct image *image, int64_t delta, struct error *err)
{
	GElf_Shdr sh, target;
	Elf_Scn *scn = NULL;
	bool any = false;

	while ((scn = elf_nextscn(image->elf, scn))) {
		if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_RELA)
			continue;
		/* Those of debugging information are for nobody here. */
		if (!gelf_getshdr(elf_getscn(image->elf, sh.sh_info), &target) ||
		    !(target.sh_flags & SHF_ALLOC))
			continue;
		if (relocate_section(image, scn, &sh, delta, err))
			return -1;
		any = true;
	}
	return any ? 0 : no(image, "it has no relocations", 0, err);
}
