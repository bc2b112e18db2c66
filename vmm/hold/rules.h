/* SPDX-License-Identifier: GPL-2.0-only */
/* What a scenario's rules say (struct pvtlb_hold): whom they hold, until what. Pure. */
#ifndef VMM_HOLD_RULES_H
#define VMM_HOLD_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "pvtlb/event.h"
#include "pvtlb/image.h"

/* Does it hold the CPU that emitted the event, of so many? */
bool hold_catches(const struct pvtlb_hold *rule, const struct pvtlb_event *event,
		  unsigned int cpus);
/* Does the event, another CPU's, let a CPU go that is held by the rule? */
bool hold_ends(const struct pvtlb_hold *rule, unsigned int cpu, const struct pvtlb_event *event);
/* Is it the event that the rule holds until? */
bool hold_is_until(const struct pvtlb_hold *rule, const struct pvtlb_event *event);
/* The events that have to be reported for that; false: none. rules may be NULL. */
bool hold_stops(const struct pvtlb_hold *rules, struct pvtlb_event_set *stops);

#endif
