/* SPDX-License-Identifier: GPL-2.0-only */
/* Events as sentences for people. */
#ifndef VMM_SHOW_SENTENCE_H
#define VMM_SHOW_SENTENCE_H

#include <stddef.h>

#include "pvtlb/event.h"

#define SENTENCE_MAX 200u

/* How much of a story an event is. */
enum weight {
	WEIGHT_NOTHING, /* of what goes on around it */
	WEIGHT_DETAIL,	/* it tells how */
	WEIGHT_STEP,	/* without it the rest cannot be understood */
};

/* What the event's CPU does, without a subject: "loads an entry of ..."; in buf, returned. */
const char *event_clause(const struct pvtlb_event *e, char *buf, size_t len);
/* The same with its subject: "CPU 3 loads an entry of ...". */
const char *event_sentence(const struct pvtlb_event *e, char *buf, size_t len);
enum weight event_weight(const struct pvtlb_event *e);

#endif
