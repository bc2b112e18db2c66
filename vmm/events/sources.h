/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines of source that emit events, by number: from 1, in the order of a table; 0 is unknown. */
#ifndef VMM_SOURCES_H
#define VMM_SOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "pvtlb/event.h"

#define SOURCES_MAX 1024u /* in a table */

struct sources {
	struct pvtlb_source *at; /* number n is at[n - 1]; NULL as long as there is none */
	uint32_t nr;
	uint16_t *bucket; /* numbers of those that were added, by the hash of their text */
};

/* A file's name that is safe to print and to read back, and a line. */
bool source_valid(const struct pvtlb_source *source);

/* Begin with a copy of these, which are valid: at most SOURCES_MAX / 2. sources_free() is due. */
void sources_init(struct sources *sources, const struct pvtlb_source *first, uint32_t nr);
void sources_free(struct sources *sources);
/*
 * The number of the line in the file, whose name is len bytes, added if it is new. 0: that is
 * not valid, or there are SOURCES_MAX of others.
 */
uint32_t sources_number(struct sources *sources, const char *file, size_t len, uint32_t line);

/* "guest/mm/gup.c:37", or "" if the number is nobody's: in buf, which is returned. */
#define SOURCE_TEXT_MAX 80u
const char *source_text(const struct sources *sources, uint32_t number, char buf[SOURCE_TEXT_MAX]);

#endif
