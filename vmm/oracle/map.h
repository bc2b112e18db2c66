/* SPDX-License-Identifier: GPL-2.0-only */
/* A hash map from a pair of numbers to a number. */
#ifndef VMM_ORACLE_MAP_H
#define VMM_ORACLE_MAP_H

#include "oracle/column.h"

struct map_slot {
	uint64_t a, b, value;
	bool used;
};

struct map {
	struct map_slot *slot;
	size_t nr, size; /* size: 0 or a power of two, more than nr */
};

/* The pair's value, or NULL. What is looked at is counted as the column's work. */
uint64_t *map_find(const struct map *m, uint64_t a, uint64_t b, struct column *c);
/* The pair's value; a new pair has 0. */
uint64_t *map_add(struct map *m, uint64_t a, uint64_t b, struct column *c);
void map_free(struct map *m);

#endif
