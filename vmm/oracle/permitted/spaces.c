/* SPDX-License-Identifier: GPL-2.0-only */
/* Address spaces, by number and by pgd, and the places in their page tables. */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "oracle/leaves.h"
#include "oracle/permitted/spaces.h"

/* What they weigh, in entries kept. */
#define ENTRY_KEPT 3
#define SPACE_KEPT 4

static void *zalloc(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

struct space *space_of(struct entries *en, uint64_t mm)
{
	uint64_t *at = map_find(&en->by_mm, mm, 0, en->column);
	struct space *space;

	if (at)
		return en->space[*at];
	space = zalloc(sizeof(*space));
	space->mm = mm;
	en->space = grow(en->space, en->nr_spaces, sizeof(struct space *));
	*map_add(&en->by_mm, mm, 0, en->column) = en->nr_spaces;
	en->space[en->nr_spaces++] = space;
	en->column->kept += SPACE_KEPT;
	return space;
}

struct space *space_of_cr3(struct entries *en, uint64_t cr3)
{
	uint64_t pgd = cr3 & PTE_ADDR;

	for (unsigned int i = 0; i < 2; i++) {
		uint64_t *at = map_find(&en->by_pgd, pgd - i * PVTLB_PAGE_SIZE, 0, en->column);

		if (at && en->space[*at]->pgd == pgd - i * PVTLB_PAGE_SIZE)
			return en->space[*at];
	}
	return NULL;
}

void space_begin(struct entries *en, struct space *space, uint64_t pgd)
{
	const uint64_t *at = map_find(&en->by_mm, space->mm, 0, en->column);

	space->pgd = pgd;
	if (!pgd)
		return;
	*map_add(&en->by_pgd, pgd, 0, en->column) = *at;
	memset(space->loaded, 0, sizeof(space->loaded));
	while (space->current)
		version_drop(en, space->current);
	while (space->ended)
		version_drop(en, space->ended);
}

static uint64_t shape(const struct space *space, uint64_t size, bool table)
{
	return space->mm << 7 | (uint64_t)table << 6 | __builtin_ctzll(size);
}

struct entry *entry_find(struct entries *en, const struct space *space, uint64_t addr,
			 uint64_t size, bool table)
{
	uint64_t *at =
		map_find(&en->by_place, addr & ~(size - 1), shape(space, size, table), en->column);

	return at ? en->entry[*at] : NULL;
}

struct entry *entry_at(struct entries *en, struct space *space, uint64_t addr, uint64_t size,
		       bool table)
{
	struct entry *entry = entry_find(en, space, addr, size, table);

	if (entry)
		return entry;
	entry = zalloc(sizeof(*entry));
	*entry = (struct entry){
		.space = space, .start = addr & ~(size - 1), .size = size, .table = table
	};
	en->entry = grow(en->entry, en->nr_entries, sizeof(struct entry *));
	*map_add(&en->by_place, entry->start, shape(space, size, table), en->column) =
		en->nr_entries;
	en->entry[en->nr_entries++] = entry;
	en->column->kept += ENTRY_KEPT;
	if (!table)
		en->sizes |= size;
	return entry;
}

void entries_free(struct entries *en)
{
	for (size_t i = 0; i < en->nr_entries; i++) {
		while (en->entry[i]->newest) {
			struct version *v = en->entry[i]->newest;

			en->entry[i]->newest = v->older;
			free(v);
		}
		free(en->entry[i]);
	}
	for (size_t i = 0; i < en->nr_spaces; i++)
		free(en->space[i]);
	free(en->entry);
	free(en->space);
	map_free(&en->by_mm);
	map_free(&en->by_pgd);
	map_free(&en->by_place);
	map_free(&en->by_page);
}
