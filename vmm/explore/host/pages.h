/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is in the model machine's 2 MiB pages. Only the accesses of scenarios and what clears and
 * marks a page come to them: what that was is enough, and 2 MiB need not be written each time.
 */
#ifndef VMM_EXPLORE_PAGES_H
#define VMM_EXPLORE_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "pvtlb/types.h"

#define PAGES_LARGE  24
#define PAGES_STORES 32

struct pages {
	unsigned int nr;
	struct large_page {
		gpa_t gpa;
		bool marked; /* each 4 KiB begins with its own address */
		unsigned int nr;
		struct {
			gpa_t gpa;
			uint64_t value;
		} store[PAGES_STORES]; /* since then */
	} page[PAGES_LARGE];
};

/* 2^shift bytes are cleared, or marked. false: that is no large page, or there are too many. */
bool pages_clear(struct pages *pages, gpa_t gpa, unsigned int shift);
bool pages_mark(struct pages *pages, gpa_t gpa, unsigned int shift);
/* 8 bytes, aligned. false: not in a large page, or (store) too much is in it already. */
bool pages_load(const struct pages *pages, gpa_t gpa, uint64_t *value);
bool pages_store(struct pages *pages, gpa_t gpa, uint64_t value);

#endif
