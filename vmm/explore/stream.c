/* SPDX-License-Identifier: GPL-2.0-only */
/* A hash of a trial's events, in which names are what they are called first. */
#include "events/described.h"
#include "explore/stream.h"

/* Values that are names for something are told apart by what they name. */
enum naming { AS_IT_IS, ADDRESS, ENTRY, COUNTER, PLACE, NOTHING };

static const uint8_t naming_of[PVTLB_KIND_NR] = {
	[PVTLB_KIND_GPA] = ADDRESS, [PVTLB_KIND_TABLE] = ADDRESS, [PVTLB_KIND_SPACE] = ADDRESS,
	[PVTLB_KIND_HEX] = ENTRY,   [PVTLB_KIND_PTE] = ENTRY,	  [PVTLB_KIND_COUNT] = COUNTER,
	[PVTLB_KIND_SEQ] = PLACE,
};

#define NAMES_ROOM 8192u
static struct {
	uint32_t run, nr;
	struct {
		uint64_t value;
		uint32_t run, name;
		uint8_t naming;
	} slot[NAMES_ROOM];
} names;

/* When it first occurred, counted from 1. Where the table is full all are 0. */
static uint64_t name(uint64_t value, enum naming naming)
{
	uint64_t at = (value + naming) * 0x9e3779b97f4a7c15ull >> 51;

	for (unsigned int tried = 0; tried < NAMES_ROOM; tried++, at++) {
		typeof(names.slot[0]) *slot = &names.slot[at % NAMES_ROOM];

		if (slot->run == names.run && slot->value == value && slot->naming == naming)
			return slot->name;
		if (slot->run == names.run)
			continue;
		slot->run = names.run;
		slot->value = value;
		slot->naming = naming;
		return slot->name = ++names.nr;
	}
	return 0;
}

#define PAGE_BITS     0xfffull
#define ENTRY_ADDRESS 0x000ffffffffff000ull

static uint64_t canonical(uint64_t value, enum naming naming, uint64_t first)
{
	switch (naming) {
	case AS_IT_IS:
		return value;
	case ADDRESS:
	case COUNTER:
		return value ? name(value, naming) : 0;
	case ENTRY:
		return value & ENTRY_ADDRESS ? (value & ~ENTRY_ADDRESS) |
						       name(value & ENTRY_ADDRESS, naming) << 12
					     : value;
	case PLACE:
		return value >= first ? value - first + 1 : name(value, naming);
	case NOTHING:
		break;
	}
	return 0;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0xff51afd7ed558ccdull;
	return hash ^ hash >> 32;
}

/* What differs where nothing else does: how often a thread was out of the guest, what was timed. */
static bool is_measured(unsigned int id)
{
	return id == PVTLB_EV_FLUSHED || id == PVTLB_EV_MEASURE;
}

uint64_t stream_hash(const struct event_stream *stream, size_t from)
{
	const uint64_t first = from < stream->nr ? stream->event[from].seq : 0;
	uint64_t hash = 0x9ae16a3b2f90404full;

	names.run++;
	names.nr = 0;
	for (size_t i = from; i < stream->nr; i++) {
		const struct pvtlb_event *e = &stream->event[i];
		const struct event_arg *arg = event_args[e->id];
		unsigned int word = 0;

		hash = mix(hash, (uint64_t)e->id << 32 | e->cpu);
		for (; !is_measured(e->id) && arg->name; arg++) {
			for (unsigned int k = 0; k < arg->words; k++)
				hash = mix(hash, canonical(e->arg[word + k], naming_of[arg->kind],
							   first));
			word += arg->words;
		}
	}
	return hash;
}
