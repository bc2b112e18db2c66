/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle: pure functions from a stream of events to what was delivered and what was safe. */
#ifndef VMM_ORACLE_H
#define VMM_ORACLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "events.h"
#include "pv.h"

enum violation_kind {
	VIOLATION_NOT_INTERRUPTED, /* a target of a flush was to be interrupted and was not */
	VIOLATION_INTERRUPTED,	   /* a target was not to be interrupted and was */
	VIOLATION_STALE,	   /* an access used a translation that a flush had ended */
	VIOLATION_KINDS,
};
extern const char *const violation_names[VIOLATION_KINDS];

/* One violation. Events are named by their sequence numbers; trial and step count from 0. */
struct violation {
	enum violation_kind kind;
	unsigned int cpu; /* whose it is */
	uint32_t trial, step;
	uint64_t mm;
	unsigned int initiator;		/* of the flush */
	uint64_t flush_begin, flush_end; /* the flush's two events */

	/* STALE: what was accessed, how, what came of it; the entry in force and its event. */
	uint64_t access, addr, op, outcome, value;
	uint64_t pte, pte_set;
};

#define VIOLATIONS_KEPT 16
struct violations {
	uint64_t total;
	unsigned int kept; /* the first ones, at most VIOLATIONS_KEPT */
	struct violation v[VIOLATIONS_KEPT];
};

/*
 * Which targets of a flush took an interrupt, of any vector, between its begin and its end. A
 * target is a CPU of the flush's mask, other than the initiator, that has the mm loaded all
 * the time as far as its switch_mm events tell.
 */
struct delivered {
	uint64_t flushes, targets, interrupted;
	/*
	 * CPUs in a walk of the mm with IRQs off when one of its tables was unhooked; of these,
	 * the ones that were interrupted before the table was used again.
	 */
	uint64_t walkers, walkers_interrupted;
	struct violations bad; /* against what the backend promises */
};

/*
 * An access that began after the end of a flush that covers it must agree with an entry that
 * was in force when that flush began, or was stored since.
 */
struct safe {
	uint64_t checks;       /* accesses that some flush bears upon */
	uint64_t checks_large; /* of these, through 2 MiB entries */
	uint64_t walk_loads;   /* entries that walks loaded, and that were checked */
	uint64_t bad_large;    /* violations through 2 MiB entries */
	bool gave_up;	       /* more than ORACLE_MAX_WORK or _KEPT: the rest is not checked */
	struct violations bad;
};

struct findings {
	struct delivered delivered;
	struct safe safe;
	uint32_t trials;   /* the highest number that began, plus 1 */
	uint32_t violated; /* of these, with a violation of either kind */
};

/*
 * Judge a stream by the columns that claims (PVTLB_CLAIM_*) names; the others stay empty. Pure.
 * Trials that a hostile stream numbers beyond ORACLE_MAX_TRIALS are not told apart.
 */
#define ORACLE_MAX_TRIALS (1u << 20)
#define ORACLE_MAX_WORK	  (1ull << 31) /* entries looked at; honest runs stay far below */
#define ORACLE_MAX_KEPT	  (1ull << 24) /* entries kept, of 24 bytes */
void oracle(const struct event_stream *stream, uint32_t claims, enum interrupts promise,
	    struct findings *out);

/* The two columns by themselves. hit, when not NULL, is told of each violation. */
typedef void violation_fn(void *ctx, const struct violation *v);
void oracle_delivered(const struct event_stream *stream, enum interrupts promise,
		      struct delivered *out, violation_fn *hit, void *ctx);
void oracle_safe(const struct event_stream *stream, struct safe *out, violation_fn *hit, void *ctx);

/* A violation as a sentence for a bug report; returns buf. */
const char *violation_text(const struct violation *v, char *buf, size_t len);

/* The same at length, with the events of the stream that led to it: several lines. */
void violation_report(FILE *to, const struct event_stream *stream, const struct violation *v);

/* For the columns: count one and keep it if it is among the first. */
void violations_add(struct violations *all, const struct violation *v);

#endif
