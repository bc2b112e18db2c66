/* SPDX-License-Identifier: GPL-2.0-only */
/* What a scenario's rules say (struct pvtlb_hold): whom they hold, until what. Pure. */
#include <stddef.h>

#include "hold/rules.h"

_Static_assert(PVTLB_EV_NR <= 64, "an event is a bit of the stops");

static bool names(uint32_t id, uint32_t arg, uint64_t value, const struct pvtlb_event *event)
{
	return event->id == id && (arg >= PVTLB_EVENT_ARGS || event->arg[arg] == value);
}

bool hold_catches(const struct pvtlb_hold *rule, const struct pvtlb_event *event, unsigned int cpus)
{
	return pvtlb_hold_is_about(rule->cpus, event->cpu, cpus) &&
	       names(rule->at, rule->at_arg, rule->at_value, event);
}

bool hold_is_until(const struct pvtlb_hold *rule, const struct pvtlb_event *event)
{
	return names(rule->until, rule->until_arg, rule->until_value, event);
}

bool hold_ends(const struct pvtlb_hold *rule, unsigned int cpu, const struct pvtlb_event *event)
{
	return hold_is_until(rule, event) ||
	       (event->id == PVTLB_EV_WAIT && event->wait.cpu == cpu && !event->wait.over);
}

uint64_t hold_stops(const struct pvtlb_hold *rules)
{
	uint64_t stops = 0;

	for (unsigned int i = 0; rules && i < PVTLB_HOLDS; i++)
		if (rules[i].cpus)
			stops |= 1ull << rules[i].at | 1ull << rules[i].until |
				 1ull << PVTLB_EV_WAIT;
	return stops;
}
