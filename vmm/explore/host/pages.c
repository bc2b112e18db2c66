/* SPDX-License-Identifier: GPL-2.0-only */
/* What is in the model machine's 2 MiB pages. */
#include <stddef.h>

#include "explore/host/pages.h"

#define LARGE_SHIFT 21

static struct large_page *find(const struct pages *pages, gpa_t gpa)
{
	for (unsigned int i = 0; i < pages->nr; i++)
		if (gpa >> LARGE_SHIFT == pages->page[i].gpa >> LARGE_SHIFT)
			return (struct large_page *)&pages->page[i];
	return NULL;
}

static bool fill(struct pages *pages, gpa_t gpa, unsigned int shift, bool marked)
{
	struct large_page *page = find(pages, gpa);

	if (shift != LARGE_SHIFT)
		return false;
	if (!page && pages->nr == PAGES_LARGE)
		return false;
	if (!page)
		page = &pages->page[pages->nr++];
	page->gpa = gpa;
	page->marked = marked;
	page->nr = 0;
	return true;
}

bool pages_clear(struct pages *pages, gpa_t gpa, unsigned int shift)
{
	return fill(pages, gpa, shift, false);
}

bool pages_mark(struct pages *pages, gpa_t gpa, unsigned int shift)
{
	return fill(pages, gpa, shift, true);
}

bool pages_load(const struct pages *pages, gpa_t gpa, uint64_t *value)
{
	const struct large_page *page = find(pages, gpa);

	if (!page)
		return false;
	*value = page->marked && !(gpa % PVTLB_PAGE_SIZE) ? gpa : 0;
	for (unsigned int i = 0; i < page->nr; i++)
		if (page->store[i].gpa == gpa)
			*value = page->store[i].value;
	return true;
}

bool pages_store(struct pages *pages, gpa_t gpa, uint64_t value)
{
	struct large_page *page = find(pages, gpa);
	unsigned int i = 0;

	while (page && i < page->nr && page->store[i].gpa != gpa)
		i++;
	if (!page || i == PAGES_STORES)
		return false;
	page->store[i].gpa = gpa;
	page->store[i].value = value;
	if (i == page->nr)
		page->nr++;
	return true;
}
