/* SPDX-License-Identifier: GPL-2.0-only */
/* Stopping all CPUs of a machine from outside, stepping one, and letting them go on. */
#ifndef VMM_STOPS_H
#define VMM_STOPS_H

#include <pthread.h>
#include <stdbool.h>

#include "base/error.h"
#include "machine/breakpoint.h"
#include "machine/step.h"

struct machine;
struct vcpu;

enum stop_why { STOP_ASKED, STOP_BREAKPOINT, STOP_STEPPED };

/* Why all CPUs are stopped: what one of them has come to. */
struct stop {
	enum stop_why why;
	unsigned int cpu; /* STOP_ASKED: none in particular */
};

struct stops {
	struct machine *machine;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t changed;
	bool *parked;	   /* by CPU: its thread waits in stops_enter() */
	bool *fresh;	   /* by CPU: has not trapped since it was */
	struct step *step; /* by CPU */
	struct upcalls upcalls;
	struct stop stop;
	struct breakpoints breakpoints;
	int wake; /* an eventfd: readable when a CPU has come to something, or the run is over */
};

/*
 * Make the machine one whose CPUs can be stopped; they are, from before their first instruction
 * on. After machine_create(), before machine_run(). machine_destroy() undoes it.
 */
int stops_create(struct machine *m, struct error *err);
void stops_destroy(struct machine *m);

/* For the machine. A vCPU is about to enter guest mode: wait while it is to be stopped. */
void stops_enter(struct vcpu *vcpu);
/* An exit: false when it is no trap of ours. */
bool stops_trapped(struct vcpu *vcpu);
/* Is any CPU asked to stop? Then time does not count. By any thread. */
bool stops_any(const struct stops *stops);
/* The run is over: nobody waits any more. By any thread, and more than once. */
void stops_over(struct stops *stops);

/* For one thread that is no vCPU's. Ask all CPUs to stop; returns at once. */
void stops_ask(struct stops *stops);
/*
 * When stops->wake is readable, or after stops_ask(): wait until all are out of guest mode and
 * will stay so, and say why. false: the run is over, or nobody is stopped: it was a false alarm.
 */
bool stops_settle(struct stops *stops, struct stop *stop);
/* Has stops_settle() found it so that its registers may be written: parked, and not held or off? */
bool stops_parked(struct stops *stops, unsigned int cpu);

/* What each CPU is to do from stops_go() on. */
struct stop_go {
	enum { GO_STAY, GO_RUN, GO_STEP } how;
	gva_t start, end; /* GO_STEP: until it is out of there; both 0: one instruction */
};
void stops_go(struct stops *stops, const struct stop_go *go);

#endif
