/* SPDX-License-Identifier: GPL-2.0-only */
/* What each CPU has loaded and is doing, as far as its events tell: both columns follow it. */
#ifndef VMM_ORACLE_CPUS_H
#define VMM_ORACLE_CPUS_H

#include "oracle/column.h"
#include "oracle/map.h"

/* The mm a CPU has loaded, before its first switch_mm event: any. */
#define ANY_MM (~0ull)
/* One that is not up, where others have said that they are. */
#define NO_MM (~1ull)

/* The flush a CPU is in. */
struct flush {
	bool open;
	bool tables; /* it is for page tables that were unhooked, too */
	uint64_t begin, mm, start, end;
};

/* A flush that is over, by its two events; end 0: none. */
struct flushed {
	uint64_t begin, end, mm;
	uint16_t initiator;
	bool tables;
};

/* The lockless walk a CPU is in. */
struct walk {
	bool open;
	uint64_t begin, mm, addr, kind;
};

struct cpu {
	uint64_t loaded;
	bool lazy;
	uint64_t lazy_until; /* the event that ended lazy TLB mode last */
	uint64_t sync;	     /* the last SYNC */
	bool sync_skipped;
	struct flush flush;
	struct flushed flushed; /* the last one */
	struct walk walk;
};

struct cpus {
	struct cpu cpu[CPUS];
	bool any_up; /* CPUs say when they come up */
	/* (mm, CPU): has it unhooked a table of the mm since the end of its last flush of it? */
	struct map unhooked;
	struct column *column;
};

void cpus_init(struct cpus *cpus, struct column *column);
/* Follow an event. What it ends, a flush or a walk, is still open for those who look before. */
void cpus_event(struct cpus *cpus, const struct pvtlb_event *e);
void cpus_free(struct cpus *cpus);

/* The flush, ended by e. */
struct flushed flush_ended(const struct flush *flush, const struct pvtlb_event *e);
/* Name it in a violation, as the flush that it is about. */
void violation_set_flush(struct violation *v, const struct flushed *flush);
/* Does [start, end) of the flush reach into the size bytes from start? */
bool flush_reaches(const struct flush *flush, uint64_t mm, uint64_t start, uint64_t size);

#endif
