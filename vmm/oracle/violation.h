/* SPDX-License-Identifier: GPL-2.0-only */
/* A violation: which rule, by whom, and the events that show it. */
#ifndef VMM_ORACLE_VIOLATION_H
#define VMM_ORACLE_VIOLATION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "events/events.h"

/* A column gives up at a stream that asks for more than that. */
#define ORACLE_MAX_WORK	  (1ull << 31) /* entries looked at; honest runs stay far below */
#define ORACLE_MAX_KEPT	  (1ull << 24) /* entries kept, of about 32 bytes */

enum violation_kind {
	/* of the delivered column */
	VIOLATION_NOT_INTERRUPTED, /* a target of a flush was to be interrupted and was not */
	VIOLATION_INTERRUPTED,	   /* a target was not to be interrupted and was */
	VIOLATION_ACK_EARLY,	   /* a flush returned before a CPU had done its part */
	VIOLATION_NOT_SERVED, /* the hypervisor has not flushed a target for the whole range */
	VIOLATION_OVER_SERVED, /* it has flushed a CPU that the flush was not for */
	/* a table was released under a walk that nothing had waited for */
	VIOLATION_WALKER_NOT_INTERRUPTED,
	/* of the safe column */
	VIOLATION_STALE, /* an access used a translation that a flush had ended */
	/* a walk went through a table that had been freed, deposited, owned by another mm */
	VIOLATION_USE_AFTER_FREE,
	VIOLATION_USE_AFTER_DEPOSIT,
	VIOLATION_USE_AFTER_UNSHARE,
	VIOLATION_WRONG_PAGE,	    /* a walk took a page that was not mapped there meanwhile */
	VIOLATION_WALK_INTERRUPTED, /* a walk with IRQs off was interrupted */
	VIOLATION_NOT_FLUSHED,	    /* a table was released that hardware may still walk through */
	VIOLATION_KINDS,
};
extern const char *const violation_names[VIOLATION_KINDS];

/*
 * One violation. Events are named by their sequence numbers, 0: there is none; trial and step
 * count from 0.
 */
struct violation {
	enum violation_kind kind;
	unsigned int cpu; /* whose it is */
	uint32_t trial, step;
	uint64_t mm;
	unsigned int initiator;		 /* of the flush */
	uint64_t flush_begin, flush_end; /* the flush's two events */
	bool flush_tables;		 /* it was for page tables, too */

	/* STALE: what was accessed, how, what came of it; the entry in force and its event. */
	uint64_t access, addr, op, outcome, value;
	uint64_t pte, pte_set;

	/*
	 * Walks and tables. cpu, mm and addr are the walk's, value is the entry read, the page
	 * reached or the vector taken; the flush is that between unhook and release, if any.
	 */
	uint64_t walk;	     /* its WALK_BEGIN */
	uint64_t table, gen; /* gen: when it was released */
	uint64_t pointer;    /* what brought the pointer to it: a WALK_LOAD, or the WALK_BEGIN */
	uint64_t use;	     /* what it came to: a WALK_LOAD, WALK_END or IRQ_ENTRY */
	uint64_t unhook, release;
	uint16_t released_as; /* PVTLB_EV_TABLE_FREE, _DEPOSIT or _OWN */
	uint16_t released_by; /* which CPU */
	bool sync_skipped;
	uint64_t sync;	/* its last SYNC between the two */
	uint64_t enter; /* ACK_EARLY: the FLUSH_ENTER */
};

#define VIOLATIONS_KEPT 16
struct violations {
	uint64_t total;
	unsigned int kept; /* the first ones, at most VIOLATIONS_KEPT */
	struct violation v[VIOLATIONS_KEPT];
};

/* Told of each violation that a column finds. */
typedef void violation_fn(void *ctx, const struct violation *v);

/* A violation as a sentence for a bug report; returns buf. */
const char *violation_text(const struct violation *v, char *buf, size_t len);

/*
 * A violation as a bug report of several lines, the events that led up to it among them. All
 * of it comes from the violation and from the stream in which it was found.
 */
void violation_report(FILE *to, const struct event_stream *stream, const struct violation *v);

/* For the columns: count one and keep it if it is among the first. */
void violations_add(struct violations *all, const struct violation *v);

#endif
