/* SPDX-License-Identifier: GPL-2.0-only */
/* What each CPU may have cached: of which address spaces, under which tags, older than what. */
#ifndef VMM_ORACLE_PERMITTED_TLBS_H
#define VMM_ORACLE_PERMITTED_TLBS_H

#include "oracle/permitted/versions.h"

/* Tags that a CPU keeps apart; of more than that, the one loaded longest ago is forgotten. */
#define TAGS 32

/* What is cached of a space under a tag. space NULL: one of which nothing is known. */
struct cached {
	struct space *space;
	uint64_t tag;
	uint64_t loaded; /* the last event that loaded it */
	uint64_t left;	 /* an event by which it was no longer in use; while it is, of no meaning */
	/* What was done by then has gone: all of it, and what is cached of upper levels. */
	uint64_t flushed, flushed_upper;
	/* Of the kernel's addresses: the last event that removed any of them one by one. */
	uint64_t picked;
	/* When it was in use: from..to, to 0: still; and the time before that. */
	struct span {
		uint64_t from, to;
	} used, used_before;
};

struct tlb {
	bool known; /* a CR3 load has been seen: nothing is said of others */
	struct cached tag[TAGS];
	unsigned int nr, now; /* now: the one that is loaded */
	/* The one that CR3 is being loaded in place of, until the CPU is heard of again. */
	int leaving;	   /* -1: none */
	bool leaving_goes; /* the load removes it */
	bool lazy;
	bool away;	  /* held by the VMM, and not heard of since */
	bool down;	  /* off: it runs nothing, and nobody tells it */
	uint64_t removed; /* the last event that removed something here */
};

struct tlbs {
	struct entries *en;
	struct tlb cpu[CPUS];
	bool any_known;
	struct space *kernel; /* its addresses are in every mm, and under every tag */
};

/* Follow CR3, LAZY, SWITCH_MM, HELD, CPU_DOWN and CPU_UP. Any event of a CPU's own says that CR3 is
 * loaded. */
void tlbs_init(struct tlbs *t, struct entries *en);
void tlbs_event(struct tlbs *t, const struct pvtlb_event *e);
/* A new mm: who had the last one of that number cached may have it still, under its tag. */
void tlbs_forget(struct tlbs *t, const struct space *space);

/* What is loaded; NULL: nothing that is known. */
const struct cached *tlb_now(const struct tlb *tlb);

enum holding {
	HOLDS_NOT,
	HOLDS_ASIDE, /* under a tag that is not loaded: it can use it when it loads that again */
	HOLDS,
};
enum holding tlb_holds(struct tlbs *t, unsigned int cpu, const struct version *v);

#endif
