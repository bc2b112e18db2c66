/* SPDX-License-Identifier: GPL-2.0-only */
/* One run as a saved trace holds it. */
#ifndef VMM_TRACE_RUN_H
#define VMM_TRACE_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "base/error.h"
#include "events/events.h"
#include "pvtlb/image.h"

#define TRACE_NAME_MAX (sizeof(((struct pvtlb_scenario *)0)->name) - 1)

/* The key's variable; unread: the run did not come to its end. */
enum trace_key { TRACE_KEY_UNREAD, TRACE_KEY_OFF, TRACE_KEY_ON, TRACE_KEYS };

struct trace_run {
	/* Its head, first. Of the configuration, what a judgement takes into account. */
	struct run_config config;
	uint32_t claims; /* PVTLB_CLAIM_* */
	enum trace_key key;
	bool fault_applied;

	struct pvtlb_event *event;
	size_t nr;
	struct sources sources; /* of the events */

	/* Its end line; failed: why the run did not come to its end, "" if it did. */
	bool complete; /* there was an end line */
	uint64_t events, last, lost, unused, malformed;
	char failed[sizeof(((struct error *)0)->text)];

	/* Of a run that was read: the names that its configuration points to; and its lines. */
	char name[4][CONFIG_MM_MAX + 1];
	unsigned int nr_names;
	unsigned long first_line, last_line; /* where it was read; the last whole one */
};

#endif
