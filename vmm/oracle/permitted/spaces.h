/* SPDX-License-Identifier: GPL-2.0-only */
/* Address spaces, by number and by pgd, and the places in their page tables. */
#ifndef VMM_ORACLE_PERMITTED_SPACES_H
#define VMM_ORACLE_PERMITTED_SPACES_H

#include "oracle/permitted/versions.h"

/* The mm's, made if it is new. */
struct space *space_of(struct entries *en, uint64_t mm);
/* The one that has that pgd, or the page behind it; NULL: none that is known. */
struct space *space_of_cr3(struct entries *en, uint64_t cr3);
/* A new mm of that number: what is known of the last one is forgotten. pgd 0: only that it goes. */
void space_begin(struct entries *en, struct space *space, uint64_t pgd);

/* The entry there, NULL: never seen. size: a power of two. */
struct entry *entry_find(struct entries *en, const struct space *space, uint64_t addr,
			 uint64_t size, bool table);
/* The same; it is made. */
struct entry *entry_at(struct entries *en, struct space *space, uint64_t addr, uint64_t size,
		       bool table);

void entries_free(struct entries *en);

#endif
