/* SPDX-License-Identifier: GPL-2.0-only */
/* A stretch of events as a picture has it: spans on CPUs' lanes, arrows between them, bars. */
#ifndef VMM_SHOW_LANES_H
#define VMM_SHOW_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "show/bars.h"

enum span_kind { SPAN_WALK, SPAN_LEVEL, SPAN_HELD, SPAN_FLUSH, SPAN_IRQ,
		 SPAN_WAKE, SPAN_LAZY, SPAN_KINDS };
extern const char *const span_names[SPAN_KINDS];

enum arrow_kind {
	ARROW_IPI,
	ARROW_WAKE, /* an IPI that only ends a CPU's sleep */
	ARROW_CALL, /* a hypercall's work, and no interrupt */
	ARROW_KINDS
};
extern const char *const arrow_names[ARROW_KINDS];

#define LANE_LABEL 48u

/* Places are those of the stream, both within the stretch; open at an end: that of the stretch. */
struct span {
	unsigned int cpu;
	enum span_kind kind;
	size_t from, to;
	bool irqs_off; /* of a walk */
	char label[LANE_LABEL];
};

/* What one CPU's event brings about on another: an IPI taken, a flush by the hypervisor. */
struct arrow {
	size_t from, to;
	enum arrow_kind kind;
};

struct lanes {
	size_t from, until; /* the stretch, until is behind the last */
	unsigned int cpus;
	struct span *span;
	size_t nr_spans;
	struct arrow *arrow;
	size_t nr_arrows;
	struct bars bars;
};

/* Of the events from one place to before another. Its memory is for lanes_free(). */
void lanes_make(struct lanes *l, const struct shown *s, size_t from, size_t until);
void lanes_free(struct lanes *l);

#endif
