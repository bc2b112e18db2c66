/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle: pure functions from a stream of events to what was delivered and what was safe. */
#ifndef VMM_ORACLE_H
#define VMM_ORACLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "events/events.h"
#include "oracle/counts.h"
#include "base/backend.h"

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

/*
 * Which targets of a flush took an interrupt, of any vector, between its begin and its end. A
 * target is a CPU of the flush's mask, other than the initiator, that has the mm loaded all
 * the time as far as its events tell; a lazy one only if the flush is for page tables, too.
 * All of the mask are while the mm is in transition to a global ASID.
 *
 * A walker is a CPU that was in a walk of an mm, with IRQs off, when a table of it was
 * unhooked. Before the table is freed, deposited or owned it has to be interrupted or to have
 * left that walk by itself.
 */
struct delivered {
	uint64_t flushes, targets, interrupted;
	/*
	 * CPUs in a walk of the mm with IRQs off when one of its tables was unhooked; of these,
	 * the ones that were interrupted before the table was used again.
	 */
	uint64_t walkers, walkers_interrupted;
	bool gave_up;	       /* as in struct safe */
	struct violations bad; /* against what the backend promises */
};

/*
 * An access that began after the end of a flush that covers it must agree with an entry that
 * was in force when that flush began, or was stored since. On a lazy CPU: of a flush that was
 * for page tables, too.
 *
 * A walk must not go through a table that was released since it got the pointer, and must end
 * at a page that was mapped there meanwhile. A table must not be released before a flush.
 */
struct safe {
	uint64_t checks;       /* accesses that some flush bears upon */
	uint64_t checks_large; /* of these, through 2 MiB entries */
	uint64_t bad_large;    /* violations through 2 MiB entries */
	uint64_t walk_loads;   /* from tables, by walks, that were checked */
	bool gave_up;	       /* more than ORACLE_MAX_WORK or _KEPT: the rest is not checked */
	struct violations bad;
};

struct findings {
	struct delivered delivered;
	struct safe safe;
	struct counts counts; /* whatever is claimed */
	uint32_t trials;   /* the highest number that began, plus 1 */
	uint32_t violated; /* of these, with a violation of either kind */
};

/*
 * Judge a stream by the columns that claims (PVTLB_CLAIM_*) names; the others stay empty. Pure.
 * Counts are of every stream.
 * Trials that a hostile stream numbers beyond ORACLE_MAX_TRIALS are not told apart.
 */
#define ORACLE_MAX_TRIALS (1u << 20)
#define ORACLE_MAX_WORK	  (1ull << 31) /* entries looked at; honest runs stay far below */
#define ORACLE_MAX_KEPT	  (1ull << 24) /* entries kept, of about 32 bytes */
void oracle(const struct event_stream *stream, uint32_t claims, enum interrupts promise,
	    struct findings *out);

/* The two columns by themselves. hit, when not NULL, is told of each violation. */
typedef void violation_fn(void *ctx, const struct violation *v);
void oracle_delivered(const struct event_stream *stream, enum interrupts promise,
		      struct delivered *out, violation_fn *hit, void *ctx);
void oracle_safe(const struct event_stream *stream, struct safe *out, violation_fn *hit, void *ctx);

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
