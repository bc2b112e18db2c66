/* SPDX-License-Identifier: GPL-2.0-only */
/* What tests of holding share: rules in few letters, and CPUs to hold without a machine. */
#ifndef TESTS_HOLD_H
#define TESTS_HOLD_H

#include <pthread.h>

#include "hold/hold.h"

#define CPUS 4u

#define RULE(who, ...)                                                                             \
	{                                                                                          \
		.cpus = PVTLB_HOLD_##who, __VA_ARGS__                                              \
	}
#define AT(id)	  PVTLB_HOLD_AT_ANY(id)
#define UNTIL(id) PVTLB_HOLD_UNTIL_ANY(id)
#define AT_2M	  PVTLB_HOLD_AT(WALK_LOAD, shift, 21)
#define UNTIL_1	  PVTLB_HOLD_UNTIL(TRIAL, step, 1)

#define WORD 0x3000

/* CPUs without a machine: what holding takes from one, and what it did with it. */
struct bed {
	struct holds holds;
	struct event_log log;
	uint64_t sequence;
	uint32_t shown[CPUS];
	uint32_t word;		    /* at WORD; there is no other */
	unsigned int told[CPUS][2]; /* of each CPU: that it goes on, that it is held */
};

void bed_start(struct bed *m, const struct pvtlb_hold *rules);
void bed_stop(struct bed *m);
/* The guest emits an event, which has a number of its own, and reports it. Returns the number. */
uint64_t bed_report(struct bed *m, unsigned int cpu, unsigned int id, uint64_t arg0, uint64_t arg1);
bool bed_is_held(struct bed *m, unsigned int cpu);
/* It will be; not to be is fatal. */
void bed_wait_held(struct bed *m, unsigned int cpu);

/* A CPU that walks, each time it may. */
struct walker {
	struct bed *m;
	unsigned int cpu, walks, done;
	uint64_t seq; /* of the last report */
	pthread_t thread;
};
void walker_start(struct walker *w, struct bed *m, unsigned int cpu, unsigned int walks);
void walker_end(struct walker *w);

#endif
