/* SPDX-License-Identifier: GPL-2.0-only */
/* What a scenario's rules say (struct pvtlb_hold): whom they hold, until what. Pure. */
#include <stddef.h>

#include "hold/rules.h"

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

static void add(struct pvtlb_event_set *set, unsigned int id)
{
	set->bits[id / 64] |= 1ull << (id % 64);
}

bool hold_stops(const struct pvtlb_hold *rules, struct pvtlb_event_set *stops)
{
	bool any = false;

	*stops = (struct pvtlb_event_set){ 0 };
	for (unsigned int i = 0; rules && i < PVTLB_HOLDS; i++) {
		if (!rules[i].cpus)
			continue;
		add(stops, rules[i].at);
		add(stops, rules[i].until);
		add(stops, PVTLB_EV_WAIT);
		any = true;
	}
	return any;
}
