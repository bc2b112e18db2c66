/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the author of a scenario includes: how to describe one, and phases, races and rules for
 * holding CPUs. What it can do with memory is in scenario/memory.h, which comes with this.
 *
 * CPU 0 leads. The other CPUs are workers: they wait for CPU 0 to release them into a phase,
 * which is a function, run it, arrive, and wait again.
 */
#ifndef GUEST_SCENARIO_H
#define GUEST_SCENARIO_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <pvtlb/event.h>
#include <pvtlb/image.h>
#include <scenario/memory.h>

/*
 * A scenario is a struct pvtlb_scenario, of which the VMM reads the list of its scenarios: name,
 * title, flags (what a run gives evidence for), how many CPUs it takes, hold rules. What its
 * CPUs do is its program.
 */
#define SCENARIO(ident, ...)                                                                       \
	static const struct pvtlb_scenario scenario_##ident __used __aligned(8)                    \
		__section(".scenarios") = __VA_ARGS__
#define SCN_PROGRAM(...) ((gva_t)(&(const struct scn_program){ __VA_ARGS__ }))

struct scn_race;

/* In this order; each may be missing. One of leader, trial and race is the scenario proper. */
struct scn_program {
	void (*setup)(void);		/* CPU 0, while it is alone */
	void (*enter)(void);		/* the first phase: every CPU */
	void (*leader)(void);		/* CPU 0, once */
	void (*trial)(unsigned int nr); /* CPU 0, scn_trials() times, from 0 */
	const struct scn_race *race;	/* the same with walks that a change meets */
	unsigned int rounds;		/* of a race's trial; 0: 1 */
	const void *variant;		/* where scenarios share code: scn_variant() */
};
const void *scn_variant(void);

/*
 * A phase: every CPU runs what, and all are through when it returns. scn_release() and
 * scn_gather() are its two halves, for a CPU 0 that does something else meanwhile. Between a
 * gather and the next release no worker is interrupted by this machinery: what interrupts one
 * there is a flush, or a sync.
 */
void scn_phase(void (*what)(void));
void scn_release(void (*what)(void));
void scn_gather(void);

unsigned int scn_cpu(void);
unsigned int scn_nr_cpus(void);
unsigned int scn_trials(void);
/* A step of a trial begins; both count from 0. */
void scn_step(unsigned int trial, unsigned int step);
void scn_measure(enum pvtlb_measure what, u64 value);
void scn_relax(void); /* in every spin; the last thing read is what it waits for */
void scn_delay(u32 turns); /* a spin that waits for nothing but time */
void scn_drain(void); /* now and then where a phase makes thousands of events */
u32 scn_random(u32 limit); /* below limit; goes by the run's seed and the CPU */
/* Spin until *word is value or more, letting others run: for a CPU that must stay awake. */
void scn_spin_until(const u32 *word, u32 value);

/*
 * A CPU goes offline in a phase, and is back when that function returns: CPU 0 waits for it to be
 * down, and brings it up, before it gathers. scn_nr_cpus() are those that are online.
 */
void scn_cpu_down(void);
void scn_wait_cpu_down(unsigned int cpu);
void scn_cpu_up(unsigned int cpu);
unsigned int scn_nr_possible_cpus(void);

/*
 * A race. Each trial has so many rounds, and in each one `prepare` sets the tables up, workers
 * `walk`, and while they are held in it, or at a random moment of a free run, CPU 0 does the
 * `change`. Then it begins the next step of the trial, which is what rules wait for; when all
 * are through there is a look `after` it, and `restore`. Only walk and change are needed.
 */
struct scn_race {
	void (*prepare)(void); /* CPU 0 */
	void (*walk)(void);    /* every worker */
	void (*change)(void);  /* CPU 0 */
	void (*after)(void);   /* every CPU, after the walk and the change; a look, say */
	void (*restore)(void); /* CPU 0 */
};
unsigned int scn_round(void); /* of the trial, from 0 */

/*
 * Hold rules. A walker that has loaded an entry of the table through which 2^level bytes are
 * mapped is held, with the pointer it found there, until the trial's next step. One that was
 * let go to take an IPI, and took it, is held again before it goes on with that pointer.
 */
#define HOLD_WALKER_BELOW(who, level)                                                              \
	{                                                                                          \
		.cpus = (who), PVTLB_HOLD_AT(WALK_LOAD, shift, level), PVTLB_HOLD_UNTIL_ANY(TRIAL) \
	}
#define HOLD_WALKERS_BELOW(level) HOLD_WALKER_BELOW(PVTLB_HOLD_WORKERS, level)
#define HOLD_AGAIN_BELOW(level)                                                                    \
	{                                                                                          \
		.cpus = PVTLB_HOLD_WORKERS, PVTLB_HOLD_AT(WALK_NEXT, shift, (level)-9),            \
		PVTLB_HOLD_UNTIL_ANY(TRIAL)                                                        \
	}

/*
 * Holding: the scenario's hold rules are in force, unless the run is a free one. A CPU that is
 * held is as a preempted one: it does not run, and no other CPU can tell.
 */
bool scn_free_running(void);
/* All CPUs that the first rule is about are held. Returns at once in a free run. */
void scn_wait_held(void);
bool scn_held(unsigned int cpu);

/*
 * What a CPU does, with IRQs off, between an injected fault's wrong step and the right one:
 * wait until the harm is possible, and look.
 */
void scn_fault_window(void (*look)(void));

#endif
