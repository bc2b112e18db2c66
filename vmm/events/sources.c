/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines of source that emit events, by number. */
#include <stdlib.h>
#include <string.h>

#include "events/sources.h"

#define BUCKETS (2 * SOURCES_MAX) /* a power of two, never full */

static bool in_a_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("/._-+", c));
}

bool source_valid(const struct pvtlb_source *source)
{
	size_t len = 0;

	while (len < sizeof(source->file) && in_a_name(source->file[len]))
		len++;
	return len && len < sizeof(source->file) && !source->file[len] && source->line;
}

/* All the room there may ever be: a table that is read stays where it is. */
static void make_room(struct sources *sources)
{
	if (sources->at)
		return;
	sources->at = calloc(SOURCES_MAX, sizeof(*sources->at));
	sources->bucket = calloc(BUCKETS, sizeof(*sources->bucket));
	if (!sources->at || !sources->bucket)
		abort();
}

void sources_init(struct sources *sources, const struct pvtlb_source *first, uint32_t nr)
{
	*sources = (struct sources){ 0 };
	if (!nr)
		return;
	if (nr > SOURCES_MAX / 2)
		abort();
	make_room(sources);
	memcpy(sources->at, first, nr * sizeof(*first));
	sources->nr = nr;
}

void sources_free(struct sources *sources)
{
	free(sources->at);
	free(sources->bucket);
	*sources = (struct sources){ 0 };
}

/* FNV-1a. */
static uint32_t hash(const struct pvtlb_source *source)
{
	uint32_t h = 0x811c9dc5;

	for (const char *c = source->file; *c; c++)
		h = (h ^ (uint8_t)*c) * 0x01000193;
	return (h ^ source->line) * 0x01000193;
}

uint32_t sources_number(struct sources *sources, const char *file, size_t len, uint32_t line)
{
	struct pvtlb_source wanted = { .line = line };
	uint32_t i;

	if (len >= sizeof(wanted.file))
		return 0;
	memcpy(wanted.file, file, len);
	if (!source_valid(&wanted))
		return 0;
	make_room(sources);
	for (i = hash(&wanted) % BUCKETS; sources->bucket[i]; i = (i + 1) % BUCKETS)
		if (!memcmp(&sources->at[sources->bucket[i] - 1], &wanted, sizeof(wanted)))
			return sources->bucket[i];
	if (sources->nr == SOURCES_MAX)
		return 0;
	sources->at[sources->nr++] = wanted;
	sources->bucket[i] = sources->nr;
	return sources->nr;
}

const char *source_text(const struct sources *sources, uint32_t number, char buf[SOURCE_TEXT_MAX])
{
	const struct pvtlb_source *source;

	buf[0] = 0;
	if (!sources || !number || number > sources->nr)
		return buf;
	source = &sources->at[number - 1];
	snprintf(buf, SOURCE_TEXT_MAX, "%s:%u", source->file, source->line);
	return buf;
}
