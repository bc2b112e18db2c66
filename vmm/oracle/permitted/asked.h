/* SPDX-License-Identifier: GPL-2.0-only */
/* What a hypervisor was asked for a flush, and what it has served. */
#ifndef VMM_ORACLE_PERMITTED_ASKED_H
#define VMM_ORACLE_PERMITTED_ASKED_H

#include "oracle/permitted/removal.h"
#include "oracle/served.h"

/* The flush that a CPU is in. */
struct flushing {
	bool open, only;
	uint64_t begin, mm, start, end, tlb_gen, wake_lazy;
	uint64_t cpus[WORDS]; /* with only: whom it is for; without: whom it goes to */
	bool called;	      /* a hypercall came to success */
	/* What a VMM has served since the last ASK, for the space that was asked for. */
	struct served served;
	bool serves_space;
	uint64_t told[WORDS]; /* CPUs that asked-wrong or served-short told of */
};

struct asked {
	struct column *column;
	struct removal *removal;
	bool serves; /* a VMM that says what it does plays the hypervisor */
	struct flushing cpu[CPUS];
};

void asked_free(struct asked *a);
/* Follow flushes, ASK, SERVE, SERVED and HYPERCALL; asked-wrong and served-short at FLUSH_END. */
void asked_event(struct asked *a, const struct pvtlb_event *e);
/* The flush is over, and judged. */
void asked_over(struct asked *a, const struct pvtlb_event *e);

#endif
