/* SPDX-License-Identifier: GPL-2.0-only */
/* What a loaded guest image has, and where. */
#include <stdio.h>
#include <string.h>

#include "machine/image_find.h"

const struct pvtlb_scenario *image_scenario(const struct image *image, const char *name)
{
	for (unsigned int i = 0; i < image->nr_scenarios; i++)
		if (!strcmp(image->scenario[i].name, name))
			return &image->scenario[i];
	return NULL;
}

gpa_t image_gpa(const struct image *image, gva_t addr, uint64_t len)
{
	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segment[i];

		if (addr >= s->vaddr && addr - s->vaddr <= s->memsz &&
		    len <= s->memsz - (addr - s->vaddr))
			return s->paddr + (addr - s->vaddr);
	}
	return 0;
}

gpa_t image_end(const struct image *image)
{
	gpa_t end = 0;

	for (unsigned int i = 0; i < image->nr_segments; i++)
		if (image->segment[i].paddr + image->segment[i].memsz > end)
			end = image->segment[i].paddr + image->segment[i].memsz;
	return end;
}

const char *image_symbolize(const struct image *image, gva_t addr, char *buf, size_t len)
{
	const struct symbol *best = NULL;

	/* Assembly's labels have no size: they are good for a page. */
	for (size_t i = 0; i < image->nr_symbols && image->symbol[i].addr <= addr; i++) {
		const struct symbol *sym = &image->symbol[i];

		if (addr - sym->addr < (sym->size ? sym->size : PVTLB_PAGE_SIZE))
			best = sym;
	}
	if (!best)
		snprintf(buf, len, "%#llx", (unsigned long long)addr);
	else if (addr == best->addr)
		snprintf(buf, len, "%s", best->name);
	else
		snprintf(buf, len, "%s+%#llx", best->name, (unsigned long long)(addr - best->addr));
	return buf;
}

gva_t image_symbol(const struct image *image, const char *name)
{
	for (size_t i = 0; i < image->nr_symbols; i++)
		if (!strcmp(image->symbol[i].name, name))
			return image->symbol[i].addr;
	return 0;
}
