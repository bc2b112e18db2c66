/* SPDX-License-Identifier: GPL-2.0-only */
/* A set of hashes, which grows. */
#ifndef VMM_EXPLORE_HASHES_H
#define VMM_EXPLORE_HASHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hashes {
	uint64_t *slot; /* 0: empty */
	size_t room, nr;
	bool has_zero;
};

/* True when it was not there. */
bool hashes_add(struct hashes *set, uint64_t hash);
bool hashes_has(const struct hashes *set, uint64_t hash);
void hashes_free(struct hashes *set);

#endif
