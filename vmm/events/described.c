/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of events as data: names, documentation, arguments. */
#include "events/described.h"

const char *const event_names[PVTLB_EV_NR] = {
#define X(id, name, ...) [PVTLB_EV_##id] = #name,
	PVTLB_EVENTS(X, )
#undef X
};

const char *const event_docs[PVTLB_EV_NR] = {
#define X(id, name, doc, ...) [PVTLB_EV_##id] = doc,
	PVTLB_EVENTS(X, )
#undef X
};

/* The names of arguments are not expanded, whatever macros there are. */
#define F(kind, arg) { #arg, PVTLB_KIND_##kind, sizeof(pvtlb_kind_##kind) / sizeof(uint64_t) },
const struct event_arg event_args[PVTLB_EV_NR][PVTLB_EVENT_ARGS + 1] = {
#define X(id, name, doc, ...) [PVTLB_EV_##id] = { __VA_ARGS__ },
	PVTLB_EVENTS(X, F)
#undef X
};
#undef F

const struct event_arg *event_arg_at(unsigned int id, unsigned int word)
{
	for (const struct event_arg *arg = event_args[id]; arg->name; word -= arg->words, arg++)
		if (word < arg->words)
			return word ? NULL : arg;
	return NULL;
}

unsigned int event_words(unsigned int id)
{
	static const uint8_t words[PVTLB_EV_NR] = {
#define X(ev, name, ...) [PVTLB_EV_##ev] = sizeof(struct ev_##name) / sizeof(uint64_t),
		PVTLB_EVENTS(X, )
#undef X
	};

	return words[id];
}

bool event_is_ours(unsigned int id)
{
	switch (id) {
	case PVTLB_EV_HELD:
	case PVTLB_EV_RESUMED:
	case PVTLB_EV_SERVE:
	case PVTLB_EV_SERVED:
	case PVTLB_EV_DEFERRED:
	case PVTLB_EV_FLUSHED:
		return true;
	default:
		return false;
	}
}
