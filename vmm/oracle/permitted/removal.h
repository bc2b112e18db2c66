/* SPDX-License-Identifier: GPL-2.0-only */
/* What removes entries from TLBs: instructions, and a hypervisor's work. */
#ifndef VMM_ORACLE_PERMITTED_REMOVAL_H
#define VMM_ORACLE_PERMITTED_REMOVAL_H

#include "oracle/permitted/tlbs.h"

struct range {
	uint64_t start, end;
};

/* An INVLPGB that has not been waited for. */
struct invlpgb {
	uint64_t seq, rax;
	uint32_t ecx, edx;
};
#define INVLPGBS 64

/* What a CPU is having done. */
struct removing {
	struct invlpgb op[INVLPGBS];
	unsigned int nr_ops;
	/* CPUs that the VMM, in the place of all CPUs, has flushed for these. */
	uint64_t op_done[WORDS];
	bool op_played;

	bool serving; /* a SERVE: for the space, or for all */
	uint64_t serve;
	struct space *space;
	bool all_spaces;

	/* Its last ASK, as to how far it is believed. */
	bool asking;
	uint64_t ask, ask_space, ask_cpus[WORDS];
	struct range *ask_range;
	size_t nr_ranges;

	uint64_t flush; /* the FLUSH_BEGIN of the flush that it is in; 0: none */
};

struct removal {
	struct tlbs *tlbs;
	struct removing cpu[CPUS];
	/* The hypervisor is the host's, of which there are no events: what it is asked, it does. */
	bool believed;
	/* A flush laid upon the CPU, by the event that was before; done with its FLUSHED. 0: none.
	 */
	uint64_t owed[CPUS], flushed[CPUS];
};

void removal_free(struct removal *r);
/*
 * Follow INVLPG, INVLPGB, TLBSYNC, SERVE, SERVED, DEFERRED, FLUSHED, ASK, ASK_RANGE, HYPERCALL,
 * ELIDED and the begin and end of flushes.
 */
void removal_event(struct removal *r, const struct pvtlb_event *e);

#endif
