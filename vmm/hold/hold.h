/* SPDX-License-Identifier: GPL-2.0-only */
/* Holding CPUs: which are held at this moment, by the scenario's rules (hold/rules.h). */
#ifndef VMM_HOLD_H
#define VMM_HOLD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "events/events.h"
#include "pvtlb/image.h"

struct preempter;

/* One CPU, as long as it is held; kept when the end of the run was what let it go. */
struct held {
	const struct pvtlb_hold *rule; /* NULL: not held */
	struct pvtlb_event at;
	uint64_t by;   /* the event that released it last */
	bool preempts; /* by preemption, not by keeping its thread */
};

/* Whom a CPU has said that it waits for: until the word, in guest memory, is 0. */
struct waits {
	bool on;
	unsigned int cpu;
	gpa_t word;
};

/*
 * What holding takes from those whose the CPUs are. cpu is one of them. tell() and flags() are
 * called on the CPU's own thread, all of them under the lock: they must not block.
 */
struct hold_ops {
	/* The word in which the guest sees whether the CPU is held: enum pvtlb_held. */
	uint32_t *(*shown)(void *ctx, unsigned int cpu);
	/* The CPU is held outside of guest mode, or goes on: its backend may want to know. */
	void (*tell)(void *ctx, unsigned int cpu, bool held);
	/* Where KVM shows the CPU's guest KVM_VCPU_PREEMPTED; NULL: nowhere. */
	const uint8_t *(*flags)(void *ctx, unsigned int cpu);
	/* The 32-bit word at that gpa, which may be any number; NULL: there is none. */
	const uint32_t *(*word)(void *ctx, gpa_t gpa);
};

struct holds {
	pthread_mutex_t lock; /* nothing but the event log's is taken inside */
	pthread_cond_t change;
	const struct pvtlb_hold *rules; /* PVTLB_HOLDS of them; NULL: none, the run is free */
	uint64_t ended[PVTLB_HOLDS];	/* by rule: the last event that ends its holds */
	bool matched[PVTLB_HOLDS];	/* by rule: was there an event that it is for? */
	unsigned int cpus;
	struct held *held;   /* one per CPU */
	struct waits *waits; /* one per CPU */
	atomic_bool over;    /* nobody is held any more */
	struct event_log *log;
	const struct hold_ops *ops;
	void *ctx;
	struct preempter *preempter; /* NULL: who is held is not preempted */
};

/* rules: the scenario's, or NULL. Those that hold nobody are as good as none. */
void holds_init(struct holds *holds, const struct pvtlb_hold *rules, unsigned int cpus,
		struct event_log *log, const struct hold_ops *ops, void *ctx);
void holds_destroy(struct holds *holds);
/*
 * From now on who is to be held is preempted for real, where ops->flags() says how to see that.
 * 0, or -1: that cannot be had here (hold/preempt.h). Before the first CPU runs.
 */
int holds_preempt(struct holds *holds);

/*
 * A CPU reports an event it has just emitted, well formed: others that were held until then go
 * on, and the caller returns when no rule holds it any more, or the run is over; at once, if
 * it is to spin until then (PVTLB_HELD_SPINS). One that is waited for is not held. On its
 * own thread, outside of guest mode.
 */
void hold_tracepoint(struct holds *holds, unsigned int cpu, const struct pvtlb_event *event);
/* Is the CPU's thread kept in hold_tracepoint()? By any thread. */
bool hold_keeps(struct holds *holds, unsigned int cpu);
/* The run is over: all go on. By any thread, and more than once. */
void holds_stop(struct holds *holds);

/* "held by the VMM at walk_load #123 until trial step=1 or a wait for it" */
void held_print(FILE *to, const struct held *held);
/*
 * For each rule about that CPU, whose number is the guest's, that no event has matched, a line:
 * head, and "no event matched this rule: hold CPU 3 at walk_load shift=2 MiB".
 */
void holds_print_unmatched(FILE *to, const char *head, const struct holds *holds, uint32_t cpu);

#endif
