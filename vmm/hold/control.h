/* SPDX-License-Identifier: GPL-2.0-only */
/* Control: vCPUs held at tracepoints by the scenario's rules (struct pvtlb_hold). */
#ifndef VMM_CONTROL_H
#define VMM_CONTROL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "pvtlb/event.h"
#include "pvtlb/image.h"

struct machine;
struct vcpu;

/* One CPU, as long as it is held; kept when the end of the run was what let it go. */
struct held {
	const struct pvtlb_hold *rule; /* NULL: not held */
	struct pvtlb_event at;
	uint64_t by; /* the event that released it last */
	bool preempts; /* by preemption, not by parking its thread */
};

/* Whom a CPU has said that it waits for: until the word, in guest memory, is 0. */
struct waits {
	bool on;
	unsigned int cpu;
	gpa_t word;
};

struct control {
	pthread_mutex_t lock; /* nothing but the event log's is taken inside */
	pthread_cond_t change;
	const struct pvtlb_hold *rules; /* PVTLB_HOLDS of them; NULL: none, the run is free */
	uint64_t ended[PVTLB_HOLDS];	/* by rule: the last event that ends its holds */
	struct held *held;		/* one per CPU */
	struct waits *waits;		/* one per CPU */
};

/* rules: the scenario's, or NULL. Those that hold nobody are as good as none. */
void control_init(struct control *control, const struct pvtlb_hold *rules, unsigned int cpus);
void control_destroy(struct control *control);

/*
 * A CPU reports an event it has just emitted, checked by call_check_tracepoint(): others that
 * were held until then go on, and the caller returns when no rule holds it any more, or the
 * run is over; at once, if it is to spin until then (PVTLB_PARKED_SPINS). One that is waited
 * for is not held. On its own thread, outside of guest mode.
 */
void control_tracepoint(struct vcpu *vcpu, const struct pvtlb_event *event);
/* The machine has stopped: all go on. */
void control_stop(struct control *control);

/* What rules say, pure. Does it hold the CPU that emitted the event, of so many? */
bool hold_catches(const struct pvtlb_hold *rule, const struct pvtlb_event *event,
		  unsigned int cpus);
/* Does the event, another CPU's, let a CPU go that is held by the rule? */
bool hold_ends(const struct pvtlb_hold *rule, unsigned int cpu, const struct pvtlb_event *event);
/* The events that have to be reported for that, event n as bit n; rules may be NULL. */
uint64_t hold_stops(const struct pvtlb_hold *rules);

/* "held by the VMM at walk_load #123 until trial step=1 or a wait for it" */
void held_print(FILE *to, const struct held *held);

#endif
