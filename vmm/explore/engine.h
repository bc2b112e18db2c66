/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An engine runs the guest one CPU at a time, from one scheduling point to another: on /dev/kvm in
 * stepped mode, or as code of this process over a model machine. The search knows this much of it.
 *
 * A point is a place before an access to what CPUs share (guest/include/linux/step.h). A CPU that
 * was stopped stands before an access that it has not made. Points are counted for each CPU from
 * the trial's start.
 *
 * A trial begins with all CPUs where they are when the guest says so: CPU 0 at the trial's mark,
 * the others each in the wait where they ended up. It ends with CPU 0's next mark.
 */
#ifndef VMM_EXPLORE_ENGINE_H
#define VMM_EXPLORE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "events/events.h"

#define STEP_MAX_CPUS 8

/* What a store is to other CPUs: there at once, or behind a store buffer of the CPU's. */
enum memory_model { MEMORY_SC, MEMORY_TSO };

enum step_kind { STEP_READ, STEP_WRITE, STEP_RMW };

enum step_stop {
	STEP_STOP_POINT,  /* it was to go no further: it stands before its next access */
	STEP_STOP_SPIN,	  /* it waits for a word to change, or for an interrupt */
	STEP_STOP_TRIAL,  /* CPU 0: the trial is over */
	STEP_STOP_FAILED, /* the guest gave up (a panic); the engine's err says why */
};

/* An access, by its 8-byte word: two touch the same memory if their words are equal. */
struct step_access {
	uint64_t word;
	uint8_t shift; /* 3, or more: so many bytes from there on, and two touch if these do */
	enum step_kind kind;
};

struct step_result {
	enum step_stop stop;
	uint32_t passed;	 /* points passed in this turn */
	uint32_t sent;		 /* the CPUs that it sent interrupts to, a bit each */
	bool took_irq;		 /* it took an interrupt in this turn */
	bool irqs_on;		 /* it would take an interrupt where it stands now */
	struct step_access next; /* STEP_STOP_POINT, STEP_STOP_SPIN: what it stands before */
};

/*
 * A turn: let cpu run until it has passed `until` points, at the latest: it stands before the next
 * access then. If it has passed as many already, it takes an interrupt that is pending, or goes up
 * to its next point, and no further.
 */
struct step_turn {
	uint32_t cpu;
	uint32_t until; /* its own points, from the trial's start; STEP_NO_END: till it stops */
	bool park;	/* after that the hypervisor takes the CPU away, till its next turn */
	bool hold_irqs; /* an interrupt that is pending is not taken yet, in this turn */
	bool still;	/* nothing but this: it stays where it is, and may be parked there */
	bool drain; /* nothing but this: its oldest buffered store reaches memory (MEMORY_TSO) */
};
#define STEP_NO_END UINT32_MAX

struct engine;

struct engine_ops {
	/*
	 * To the start of a trial. In the host process it is always the same one, to the byte. On
	 * KVM it is the machine's next one, or with fresh the first one of a new machine.
	 */
	int (*begin)(struct engine *engine, bool fresh, struct error *err);
	/* 0, or -1 when the engine itself could not go on. */
	int (*run)(struct engine *engine, const struct step_turn *turn, struct step_result *result,
		   struct error *err);
	/* It does not spin on a word that has not changed, or an interrupt is there to take. */
	bool (*can_run)(struct engine *engine, unsigned int cpu);
	/* An interrupt is pending that the CPU would take at the beginning of its next turn. */
	bool (*irq_pending)(struct engine *engine, unsigned int cpu);
	/* What cpu stands before, and what it has passed in its trial: entry 0 is its first point.
	 */
	const struct step_access *(*passed)(struct engine *engine, unsigned int cpu, uint32_t *nr);
	/* The word by which the guest can tell that the CPU is parked; 0, or NULL: there is none.
	 */
	uint64_t (*parked_word)(struct engine *engine, unsigned int cpu);
	/* Is what happens now what the scenario is about, or its preparing and clearing away? */
	bool (*in_window)(struct engine *engine);
	/* What a spinning CPU waits for: the word, and the CPU that the guest says it waits for. */
	bool (*waits)(struct engine *engine, unsigned int cpu, uint64_t *word, uint32_t *for_cpu);
	/*
	 * How many stores of cpu's have not reached memory yet, and which is the oldest. NULL: the
	 * engine has no store buffers.
	 */
	uint32_t (*buffered)(struct engine *engine, unsigned int cpu, struct step_access *oldest);
	/*
	 * All events from the boot on, in order; *trial_from: the index of this trial's first one.
	 * After the trial's end CPUs run on until each of them waits (the engine sees to it).
	 */
	int (*events)(struct engine *engine, struct event_stream *stream, size_t *trial_from,
		      struct error *err);
	void (*close)(struct engine *engine);
};

struct engine {
	const struct engine_ops *ops;
	unsigned int cpus;
	bool can_hold_irqs; /* by turns that say so */
	bool can_park;	    /* the backend looks at whether a CPU is preempted */
	bool spoilt; /* what comes behind this trial cannot be judged: begin() makes a new machine
		      */
	char failure[256]; /* STEP_STOP_FAILED: what the guest said */
	void *own;
};

#endif
