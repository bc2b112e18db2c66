/* SPDX-License-Identifier: GPL-2.0-only */
/* A machine: memory, vCPUs, and one run of a guest on them. */
#ifndef VMM_MACHINE_H
#define VMM_MACHINE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/config.h"
#include "hold/control.h"
#include "base/error.h"
#include "events/events.h"
#include "kvm/host.h"
#include "machine/image.h"
#include "machine/layout.h"
#include "machine/mem.h"
#include "machine/vcpu.h"

struct machine {
	const struct host *host;
	const struct image *image;
	struct run_config config;
	void *pv_state; /* of the backend's provider, pv->state_size bytes */
	int vm;
	struct guest_mem mem;
	struct layout layout;
	struct vcpu *vcpu;
	unsigned int nr_vcpus;
	struct event_log log;
	struct control control;
	struct preempter *preempter; /* one per CPU; NULL: who is held is not preempted */
	FILE *console; /* what the guest says, and the watchdog; NULL: nowhere */
	atomic_uint console_lines;

	pthread_mutex_t lock;
	pthread_cond_t wake; /* a vCPU was powered on, or the run is over */
	atomic_bool stop;
	atomic_bool fault_applied; /* the configured fault, by the VMM */
	bool done;	  /* the guest said so */
	struct error err; /* why the run was ended otherwise */
};

/* Build a machine for the configuration; on failure there is nothing to destroy. */
int machine_create(struct machine *m, const struct host *host, const struct image *image,
		   const struct run_config *config, struct error *err);
/*
 * Run the guest to its end and collect its events. 0 when the guest said that it was done;
 * else err says what happened, for a hang with a report of every vCPU on the console.
 */
int machine_run(struct machine *m, struct error *err);
void machine_destroy(struct machine *m);

/* How many events the guest has numbered so far. */
uint64_t machine_sequence(const struct machine *m);

/* End the run, from any thread: with a reason, or because the guest is done. */
__attribute__((format(printf, 3, 4))) void machine_fail(struct machine *m, int status,
							const char *fmt, ...);
void machine_done(struct machine *m);

#endif
