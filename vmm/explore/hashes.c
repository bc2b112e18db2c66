/* SPDX-License-Identifier: GPL-2.0-only */
/* A set of hashes: open addressing, at most half full. */
#include <stdlib.h>

#include "explore/hashes.h"

static void put(struct hashes *set, uint64_t hash)
{
	size_t at = hash & (set->room - 1);

	while (set->slot[at])
		at = (at + 1) & (set->room - 1);
	set->slot[at] = hash;
}

static void make_room(struct hashes *set)
{
	struct hashes more = { .room = set->room ? 2 * set->room : 1024 };

	more.slot = calloc(more.room, sizeof(*more.slot));
	if (!more.slot)
		abort();
	for (size_t i = 0; i < set->room; i++)
		if (set->slot[i])
			put(&more, set->slot[i]);
	free(set->slot);
	set->slot = more.slot;
	set->room = more.room;
}

bool hashes_has(const struct hashes *set, uint64_t hash)
{
	if (!hash || !set->room)
		return !hash && set->has_zero;
	for (size_t at = hash & (set->room - 1); set->slot[at]; at = (at + 1) & (set->room - 1))
		if (set->slot[at] == hash)
			return true;
	return false;
}

bool hashes_add(struct hashes *set, uint64_t hash)
{
	if (!hash) {
		const bool is_new = !set->has_zero;

		set->has_zero = true;
		set->nr += is_new;
		return is_new;
	}
	if (2 * set->nr >= set->room)
		make_room(set);
	if (hashes_has(set, hash))
		return false;
	put(set, hash);
	set->nr++;
	return true;
}

void hashes_free(struct hashes *set)
{
	free(set->slot);
	*set = (struct hashes){ 0 };
}
