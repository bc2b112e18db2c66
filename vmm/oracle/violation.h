/* SPDX-License-Identifier: GPL-2.0-only */
/* A violation: which rule, by whom, and the events that show it. */
#ifndef VMM_ORACLE_VIOLATION_H
#define VMM_ORACLE_VIOLATION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "events/events.h"
#include "oracle/violation_table.h"

/* A column gives up at a stream that asks for more than that. */
#define ORACLE_MAX_WORK (1ull << 31) /* entries looked at; honest runs stay far below */
#define ORACLE_MAX_KEPT (1ull << 24) /* entries kept, of about 32 bytes */

enum violation_kind {
#define V(id, ...) VIOLATION_##id,
	VIOLATIONS(V)
#undef V
		VIOLATION_KINDS,
};
extern const char *const violation_names[VIOLATION_KINDS];

enum release {
#define R(id, value, name) id = value,
	VIOLATION_RELEASES(R)
#undef R
};

enum said_what {
#define S(id, value, name) id = value,
	VIOLATION_SAID(S)
#undef S
};

enum part_id {
#define P(id, ...) PART_##id,
	VIOLATION_PARTS(P, )
#undef P
		PARTS,
};

#define K(id, type) typedef type pvtlb_kind_##id;
VIOLATION_FIELD_KINDS(K)
#undef K

#define F(kind, field) pvtlb_kind_##kind field;
#define P(id, part, label, line, ...)                                                              \
	struct part_##part {                                                                       \
		__VA_ARGS__                                                                        \
	};
VIOLATION_PARTS(P, F)
#undef P

/* One violation: what all have, and the shape that its kind has. */
struct violation {
	enum violation_kind kind;
	VIOLATION_HEAD(F)
	union {
#define P(id, part) struct part_##part part;
#define S(shape, ...)                                                                              \
	struct {                                                                                   \
		__VA_ARGS__                                                                        \
	} shape;
		VIOLATION_SHAPES(S, P)
#undef S
#undef P
	};
};
#undef F

#define VIOLATIONS_KEPT 16
struct violations {
	uint64_t total;
	unsigned int kept; /* the first ones, at most VIOLATIONS_KEPT */
	struct violation v[VIOLATIONS_KEPT];
};

/* Told of each violation that a column finds: as the column knows it, not yet completed. */
typedef void violation_fn(void *ctx, const struct violation *v);

/* A violation as a sentence for a bug report; returns buf. */
const char *violation_text(const struct violation *v, char *buf, size_t len);

/*
 * A violation as a bug report of several lines, the events that led up to it among them: those
 * of the stream in which it was found. skipped_by: who skips syncs in that run; NULL: not known.
 */
void violation_report(FILE *to, const struct event_stream *stream, const struct violation *v,
		      const char *skipped_by);

/* For the columns: count one and keep it if it is among the first. */
void violations_add(struct violations *all, const struct violation *v);
/* The event by which it was found. */
uint64_t violation_found(const struct violation *v);
/* Fill in what the stream tells of the events that each names. */
void violations_complete(struct violations *all, const struct event_stream *stream);

#endif
