/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables in a guest image that its descriptor points to. Nothing in them is trusted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "events/events.h"
#include "machine/image_tables.h"

#define MAX_SCENARIOS	 256u
#define DEFAULT_MIN_CPUS 2u /* a flush needs somebody to tell */

/* A copy of the entries, of size bytes each, at most max; NULL: that is no such table. */
static void *copy_table(const void *at, uint64_t len, size_t size, unsigned int max,
			unsigned int *nr)
{
	void *copy;

	*nr = 0;
	if (!at || len % size || len / size > max)
		return NULL;
	copy = malloc(len + 1);
	if (!copy)
		return NULL;
	memcpy(copy, at, len);
	*nr = len / size;
	return copy;
}

#define SCENARIO_FLAGS                                                                             \
	(PVTLB_CLAIMS | PVTLB_SCENARIO_DIAGNOSTIC | PVTLB_SCENARIO_NEEDS_SYNC |                    \
	 PVTLB_SCENARIO_CONTROL | PVTLB_SCENARIO_WALKS | PVTLB_SCENARIO_ONE_OFFLINE |                \
	 PVTLB_SCENARIO_RANDOM | PVTLB_SCENARIO_SLOW_HOST)

/*
 * An event that a rule may name, by an argument it has or by none. Some are never reported: an
 * upcall emits IRQ_PEND and IRQ_REPEAT, perhaps while the CPU's call block is in use, and HELD
 * and RESUMED are our own.
 */
static bool hold_event(uint32_t event, uint32_t arg)
{
	if (event <= PVTLB_EV_NONE || event >= PVTLB_EV_NR || event == PVTLB_EV_IRQ_PEND ||
	    event == PVTLB_EV_IRQ_REPEAT || event == PVTLB_EV_HELD || event == PVTLB_EV_RESUMED ||
	    event == PVTLB_EV_SERVED)
		return false;
	return arg == PVTLB_HOLD_ANY || event_arg_at(event, arg);
}

static bool holds_valid(const struct pvtlb_scenario *s)
{
	for (unsigned int i = 0; i < PVTLB_HOLDS; i++) {
		const struct pvtlb_hold *h = &s->hold[i];

		if (h->cpus >= PVTLB_HOLD_NR || h->reserved ||
		    (h->cpus &&
		     (!hold_event(h->at, h->at_arg) || !hold_event(h->until, h->until_arg))))
			return false;
	}
	return true;
}

/* Which member of an entry is broken, and how; NULL: none. */
static const char *broken_member(const struct pvtlb_scenario *s)
{
	if (!s->name[0] || !printable_name(s->name, sizeof(s->name)))
		return ".name is empty, too long, or has what a name may not have";
	if (!printable(s->title, sizeof(s->title)))
		return ".title is no one line of printable text, or too long";
	if (s->reserved)
		return ".reserved is not 0";
	if (s->flags & ~SCENARIO_FLAGS)
		return ".flags has a bit that is no flag";
	if (s->max_cpus > PVTLB_MAX_CPUS)
		return ".max_cpus is more than there can be";
	if (s->min_cpus > s->max_cpus)
		return ".min_cpus (left out: 2) is more than .max_cpus";
	if (!holds_valid(s))
		return ".hold has a rule of no such CPUs, or with an event that cannot be held at";
	return NULL;
}

/* That it is, by name; one without a name by its place. Returns buf. */
static const char *say_broken(const struct pvtlb_scenario *s, unsigned int place,
			      const char *member, char *buf, size_t size)
{
	char name[sizeof(s->name)];

	if (s->name[0] && printable_name(s->name, sizeof(s->name)))
		snprintf(name, sizeof(name), "%s", s->name);
	else
		snprintf(name, sizeof(name), "number %u in the table", place + 1);
	snprintf(buf, size, "a scenario's description is broken: %s: %s", name, member);
	return buf;
}

/* What is wrong with an entry that is sound by itself: what it says, or that its name is taken. */
static const char *unusable(const struct pvtlb_scenario *table, const struct pvtlb_scenario *s)
{
	if (!(s->flags & (PVTLB_CLAIMS | PVTLB_SCENARIO_DIAGNOSTIC)))
		return "a scenario claims nothing and is no diagnostic, see its .flags";
	for (const struct pvtlb_scenario *other = table; other < s; other++)
		if (!strcmp(other->name, s->name))
			return "two scenarios have the same name";
	return NULL;
}

static int in_order(const void *a, const void *b)
{
	const struct pvtlb_scenario *x = a, *y = b;

	return strcmp(x->name, y->name);
}

const char *image_scenarios(const void *at, uint64_t len, struct pvtlb_scenario **out,
			    unsigned int *nr, char *buf, size_t size)
{
	const char *wrong;

	*out = copy_table(at, len, sizeof(**out), MAX_SCENARIOS, nr);
	if (!*out)
		return "the scenario table is broken";
	for (unsigned int i = 0; i < *nr; i++) {
		struct pvtlb_scenario *s = &(*out)[i];

		s->min_cpus = s->min_cpus ? s->min_cpus : DEFAULT_MIN_CPUS;
		s->max_cpus = s->max_cpus ? s->max_cpus : PVTLB_MAX_CPUS;
		wrong = broken_member(s);
		if (wrong)
			return say_broken(s, i, wrong, buf, size);
		wrong = unusable(*out, s);
		if (wrong) {
			snprintf(buf, size, "%s: %s", wrong, s->name);
			return buf;
		}
	}
	/* Which order they are linked in is nobody's decision. */
	qsort(*out, *nr, sizeof(**out), in_order);
	return NULL;
}

const char *image_sources(const void *at, uint64_t len, struct pvtlb_source **out, unsigned int *nr)
{
	*out = copy_table(at, len, sizeof(**out), SOURCES_MAX / 2, nr);
	if (!*out)
		return "the table of sources is broken";
	for (unsigned int i = 0; i < *nr; i++)
		if (!source_valid(&(*out)[i]))
			return "a line in the table of sources is broken";
	return NULL;
}
