/* SPDX-License-Identifier: GPL-2.0-only */
/* What tests of guest images share: a good one, and what has to be said of one that is not. */
#include <stdlib.h>
#include <string.h>

#include "image_bed.h"
#include "machine/layout.h"
#include "unit_util.h"

struct image_base image_base;

static void die(const char *what)
{
	fprintf(stderr, "unit_image: %s: %s; is the guest built?\n", test_image_pv, what);
	CU_FAIL_FATAL("no good image to start from");
}

static void read_base(void)
{
	FILE *f = fopen(test_image_pv, "rb");

	if (!f || fseek(f, 0, SEEK_END))
		die("cannot read");
	image_base.len = ftell(f);
	rewind(f);
	image_base.file = malloc(image_base.len);
	if (!image_base.file || fread(image_base.file, 1, image_base.len, f) != image_base.len)
		die("cannot read");
	fclose(f);
}

/* Place in the file of a linked address. */
static size_t image_offset(const struct image *image, gva_t addr)
{
	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segment[i];

		if (addr >= s->vaddr && addr < s->vaddr + s->filesz)
			return s->data - image->file + (addr - s->vaddr);
	}
	die("an address is in no segment");
	return 0;
}

static void find_symtab(void)
{
	const Elf64_Ehdr *eh = (const Elf64_Ehdr *)image_base.file;

	for (unsigned int i = 0; i < eh->e_shnum; i++) {
		size_t at = eh->e_shoff + i * sizeof(Elf64_Shdr);
		const Elf64_Shdr *sh = (const Elf64_Shdr *)(image_base.file + at);

		if (sh->sh_type != SHT_SYMTAB)
			continue;
		image_base.symtab = sh->sh_offset;
		image_base.symtab_len = sh->sh_size;
		image_base.symtab_header = at;
		image_base.strtab =
			((const Elf64_Shdr *)(image_base.file + eh->e_shoff))[sh->sh_link]
				.sh_offset;
	}
}

/* There is no end to clean up at, so it stays reachable. */
void image_base_need(void)
{
	struct error err = { 0 };
	struct image image;

	if (image_base.desc)
		return;
	free(image_base.file);
	read_base();
	if (load_image_mem(&image, test_image_pv, image_base.file, image_base.len, &err))
		die(err.text);
	image_base.d = image.desc;
	image_base.nr_scenarios = image.nr_scenarios;
	image_base.nr_sources = image.nr_sources;
	image_base.sources = image_offset(&image, image.desc.sources_start);
	image_base.policies = image_offset(&image, image.desc.policies_start);
	image_base.scenarios = image_offset(&image, image.desc.scenarios_start);
	find_symtab();
	image_base.desc = image_offset(&image, image_symbol(&image, PVTLB_IMAGE_SYMBOL));
	free_image(&image);
}

static bool segments_hold(const struct image *image)
{
	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segment[i];
		size_t at = s->data - image->file;

		if (s->filesz > s->memsz || at > image->file_len ||
		    s->filesz > image->file_len - at)
			return false;
		if (s->paddr < IMAGE_GPA_MIN || s->paddr + s->memsz > IMAGE_GPA_MAX ||
		    (s->paddr | s->vaddr) & 0xfff)
			return false;
		for (unsigned int k = 0; k < i; k++)
			if (image->segment[k].paddr < s->paddr + s->memsz &&
			    s->paddr < image->segment[k].paddr + image->segment[k].memsz)
				return false;
	}
	return image->nr_segments >= 1 && image->nr_segments <= IMAGE_MAX_SEGMENTS;
}

static bool scenarios_hold(const struct image *image)
{
	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		const struct pvtlb_scenario *s = &image->scenario[i];

		if (!s->name[0] || strnlen(s->name, 32) == 32 || strnlen(s->title, 96) == 96)
			return false;
		if (s->min_cpus < 1 || s->min_cpus > s->max_cpus || s->max_cpus > 255 ||
		    s->reserved)
			return false;
	}
	return true;
}

/* The VMM copies the template from where the image says that it is. */
static bool percpu_holds(const struct image *image)
{
	const struct pvtlb_image *d = &image->desc;

	return d->percpu_load >= IMAGE_GPA_MIN && d->percpu_load < IMAGE_GPA_MAX &&
	       image_gpa(image, d->percpu_start, d->percpu_end - d->percpu_start) ==
		       d->percpu_load &&
	       d->percpu_end - d->percpu_start <= 1u << 20;
}

/* Every stub in pages that are for ring 0 only. */
static bool stubs_hold(const struct image *image)
{
	const struct pvtlb_image *d = &image->desc;

	return d->ring0_start <= d->idt_stubs &&
	       d->ring0_end - d->idt_stubs >= 256 * PVTLB_IDT_STUB_STRIDE &&
	       image_gpa(image, d->idt_stubs, 256 * PVTLB_IDT_STUB_STRIDE);
}

bool image_use(const struct image *image)
{
	char text[64];
	gva_t sum = image_end(image);

	for (size_t i = 0; i < image->nr_symbols; i += 16) {
		gva_t addr = image->symbol[i].addr;

		if (image_symbolize(image, addr + 1, text, sizeof(text)) != text || !text[0])
			return false;
		sum += image_symbol(image, image->symbol[i].name);
	}
	for (unsigned int i = 0; i < image->nr_scenarios; i++)
		if (!image_scenario(image, image->scenario[i].name))
			return false;
	return sum && !image_scenario(image, "") && image_end(image) <= IMAGE_GPA_MAX;
}

bool image_sound(const void *file, size_t len, bool *loaded)
{
	struct error err = { 0 };
	struct image image;
	bool ok;

	*loaded = !load_image_mem(&image, NAME, file, len, &err);
	if (!*loaded)
		return err.status == STATUS_FAIL &&
		       !strncmp(err.text, NAME ": ", strlen(NAME) + 2) &&
		       strlen(err.text) > strlen(NAME) + 10 && !strchr(err.text, '\n');
	ok = !err.status && segments_hold(&image) && scenarios_hold(&image) &&
	     percpu_holds(&image) && stubs_hold(&image) && image_use(&image);
	free_image(&image);
	return ok;
}

uint8_t *image_copy(size_t room)
{
	uint8_t *file;

	image_base_need();
	file = calloc(1, image_base.len + room);
	memcpy(file, image_base.file, image_base.len);
	return file;
}

void image_expect_error(const char *what, const void *file, size_t len, const char *want)
{
	struct error err = { 0 };
	struct image image;

	if (!EXPECT(load_image_mem(&image, NAME, file, len, &err) == -1, "%s: loaded", what)) {
		free_image(&image);
		return;
	}
	EXPECT(err.status == STATUS_FAIL, "%s: status %d", what, err.status);
	EXPECT(!strncmp(err.text, NAME ": ", strlen(NAME) + 2), "%s: %s", what, err.text);
	EXPECT(strstr(err.text, want), "%s: %s", what, err.text);
}

static size_t place(enum part part)
{
	const Elf64_Ehdr *eh = (const Elf64_Ehdr *)image_base.file;

	switch (part) {
	case EHDR:
		return 0;
	case DESC:
		return image_base.desc;
	case SCENARIO0:
		return image_base.scenarios;
	case SCENARIO_LAST:
		return image_base.scenarios +
		       (image_base.nr_scenarios - 1) * sizeof(struct pvtlb_scenario);
	case SOURCE0:
		return image_base.sources;
	case SOURCE_LAST:
		return image_base.sources +
		       (image_base.nr_sources - 1) * sizeof(struct pvtlb_source);
	default:
		return eh->e_phoff + (part - PHDR0) * sizeof(Elf64_Phdr);
	}
}

void image_poke(uint8_t *file, const struct poke *p)
{
	uint8_t *at = file + place(p->part) + p->offset;
	size_t size = p->size < sizeof(uint64_t) ? p->size : sizeof(uint64_t);
	uint64_t value = 0;

	memcpy(&value, at, size);
	value = p->add ? value + p->value : p->value;
	memcpy(at, &value, size);
}

void image_expect_pokes(const struct poke *pokes, size_t nr)
{
	image_base_need();
	for (size_t i = 0; i < nr; i++) {
		uint8_t *file = image_copy(0);

		image_poke(file, &pokes[i]);
		if (pokes[i].want) {
			image_expect_error(pokes[i].what, file, image_base.len, pokes[i].want);
		} else {
			bool loaded;

			EXPECT(image_sound(file, image_base.len, &loaded) && loaded,
			       "%s: does not load", pokes[i].what);
		}
		free(file);
	}
}
