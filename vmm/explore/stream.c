/* SPDX-License-Identifier: GPL-2.0-only */
/* What a trial's events say, whichever pages and numbers it was given: a hash to compare by. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "explore/stream.h"

#define PAGE_BITS 0x000ffffffffff000ull
#define FNV_BASIS 0xcbf29ce484222325ull /* Fowler, Noll, Vo: FNV-1a, 64 bits */
#define FNV_PRIME 0x100000001b3ull

/* What is renamed, each for itself. */
enum names { NO_NAMES, PAGES, MMS, TABLE_GENS, TLB_GENS, ASIDS };

/* 0 names: the slot is free. */
struct slot {
	uint32_t names, name; /* name: from 1 */
	uint64_t owner, value;
};

struct renaming {
	struct slot *slot;
	size_t mask;
	uint32_t next;
	uint64_t first_seq;
};

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * FNV_PRIME;
	return (hash ^ hash >> 32) * FNV_PRIME;
}

static uint64_t name_of(struct renaming *r, enum names names, uint64_t owner, uint64_t value)
{
	size_t at = mix(mix(mix(FNV_BASIS, names), owner), value) & r->mask;
	struct slot *s;

	if (!value)
		return 0;
	for (;; at = (at + 1) & r->mask) {
		s = &r->slot[at];
		if (!s->names)
			break;
		if (s->names == names && s->owner == owner && s->value == value)
			return s->name;
	}
	*s = (struct slot){ names, ++r->next, owner, value };
	return s->name;
}

/* A page's name, and the bits of the word that are not the page's address. */
static uint64_t name_page(struct renaming *r, uint64_t word)
{
	return name_of(r, PAGES, 0, word & PAGE_BITS) << 12 ^ (word & ~PAGE_BITS);
}

/* How a plain number is to be taken, by what it is called. */
static const struct {
	const char *arg;
	enum names names;
	bool owned; /* by the table, or the mm, that the event has named before */
} counts[] = {
	{ "tlb_gen", TLB_GENS, true }, { "gen", TABLE_GENS, true },  { "tag", ASIDS, false },
	{ "asid", ASIDS, false },      { "exits", NO_NAMES, false }, { "trial", NO_NAMES, false },
	{ "value", NO_NAMES, false },
};

static uint64_t count(struct renaming *r, const char *arg, uint64_t owner, uint64_t word)
{
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (strcmp(counts[i].arg, arg))
			continue;
		if (!counts[i].names)
			return 0;
		return name_of(r, counts[i].names, counts[i].owned ? owner : 0, word);
	}
	return word;
}

static uint64_t word_of(struct renaming *r, const struct event_arg *arg, uint64_t *owner,
			uint64_t word)
{
	switch (arg->kind) {
	case PVTLB_KIND_SEQ:
		return word < r->first_seq ? 0 : word - r->first_seq + 1;
	case PVTLB_KIND_MM:
		return *owner = word == ~0ull ? word : name_of(r, MMS, 0, word);
	case PVTLB_KIND_TABLE:
		return *owner = name_page(r, word);
	case PVTLB_KIND_GPA:
	case PVTLB_KIND_PTE:
		return name_page(r, word);
	case PVTLB_KIND_SPACE:
		return word == ~0ull ? word : name_page(r, word);
	case PVTLB_KIND_COUNT:
		return count(r, arg->name, *owner, word);
	case PVTLB_KIND_HEX:
		if (!strcmp(arg->name, "cr3"))
			return name_page(r, word & ~0xfffull);
		/* INVLPGB's, which has a PCID in its upper half. */
		if (!strcmp(arg->name, "edx"))
			return name_of(r, ASIDS, 0, word >> 16);
		return word;
	default:
		return word;
	}
}

static uint64_t add(struct renaming *r, uint64_t hash, const struct pvtlb_event *event)
{
	uint64_t owner = 0;

	hash = mix(mix(hash, event->id), event->cpu);
	for (unsigned int i = 0; i < event_words(event->id);) {
		const struct event_arg *arg = event_arg_at(event->id, i);

		for (unsigned int w = 0; w < arg->words; w++, i++)
			hash = mix(hash, word_of(r, arg, &owner, event->arg[i]));
	}
	return hash;
}

uint64_t stream_hash(const struct pvtlb_event *event, size_t nr)
{
	struct renaming r = { .first_seq = nr ? event[0].seq : 0 };
	uint64_t hash = FNV_BASIS;
	size_t room = 16;

	while (room <= nr * PVTLB_EVENT_ARGS)
		room *= 2;
	r.slot = calloc(room, sizeof(*r.slot));
	if (!r.slot)
		abort();
	r.mask = room - 1;
	for (size_t i = 0; i < nr; i++)
		hash = add(&r, hash, &event[i]);
	free(r.slot);
	return hash;
}
