/* SPDX-License-Identifier: GPL-2.0-only */
/* A hash map from a pair of numbers to a number: open addressing, at most half full. */
#include <stdlib.h>

#include "oracle/map.h"

static size_t home(const struct map *m, uint64_t a, uint64_t b)
{
	uint64_t h = (a ^ (b * 0x9e3779b97f4a7c15ull)) * 0xd6e8feb86659fd93ull;

	return (h ^ h >> 32) & (m->size - 1);
}

/* The pair's slot, or the free one where it belongs. */
static struct map_slot *slot_of(const struct map *m, uint64_t a, uint64_t b, struct column *c)
{
	size_t i = home(m, a, b);

	for (; m->slot[i].used; i = (i + 1) & (m->size - 1), c->work++)
		if (m->slot[i].a == a && m->slot[i].b == b)
			break;
	return &m->slot[i];
}

static void enlarge(struct map *m, struct column *c)
{
	struct map bigger = { .nr = m->nr, .size = m->size ? 2 * m->size : 16 };

	bigger.slot = calloc(bigger.size, sizeof(*bigger.slot));
	if (!bigger.slot)
		abort();
	for (size_t i = 0; i < m->size; i++)
		if (m->slot[i].used)
			*slot_of(&bigger, m->slot[i].a, m->slot[i].b, c) = m->slot[i];
	free(m->slot);
	*m = bigger;
}

uint64_t *map_find(const struct map *m, uint64_t a, uint64_t b, struct column *c)
{
	struct map_slot *slot = m->nr ? slot_of(m, a, b, c) : NULL;

	return slot && slot->used ? &slot->value : NULL;
}

uint64_t *map_add(struct map *m, uint64_t a, uint64_t b, struct column *c)
{
	struct map_slot *slot;

	if (2 * m->nr >= m->size)
		enlarge(m, c);
	slot = slot_of(m, a, b, c);
	if (!slot->used) {
		*slot = (struct map_slot){ .a = a, .b = b, .used = true };
		m->nr++;
		c->kept += 2;
	}
	return &slot->value;
}

void map_free(struct map *m)
{
	free(m->slot);
	*m = (struct map){ 0 };
}
