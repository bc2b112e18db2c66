/* SPDX-License-Identifier: GPL-2.0-only */
/* What a machine consists of. machine/machine.h makes one of it, runs it, and takes it apart. */
#ifndef VMM_STATE_H
#define VMM_STATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "events/events.h"
#include "hold/hold.h"
#include "kvm/host.h"
#include "machine/hypervisor.h"
#include "machine/image.h"
#include "machine/layout.h"
#include "machine/mem.h"
#include "machine/outcome.h"
#include "machine/vcpu.h"
#include "pvtlb/fault.h"

struct machine {
	const struct host *host;
	const struct image *image;
	const struct hypervisor_ops *ops; /* the backend's */
	void *pv_state;			  /* of the backend's, ops->state_size bytes */
	pthread_mutex_t pv_lock;	  /* for what of it several vCPUs write */
	bool pv_created;		  /* so that ops->destroy() has something to do */
	int vm;
	struct guest_mem mem;
	struct layout layout;
	struct vcpu *vcpu;
	unsigned int nr_vcpus;
	struct event_log log;
	struct holds holds;
	struct outcome outcome;
	unsigned int timeout, stress; /* seconds: without an event; that it is to run free */
	double time_left; /* seconds, when the guest has ended; what is made of it has these */
	bool slow_host;		      /* see machine/shared.h */
	bool one_thread;	      /* runs all CPUs, and is all there is */
	enum pvtlb_fault fault;	      /* to be made here or in the guest */
	atomic_bool fault_applied;    /* here */
	atomic_uint fault_chances;    /* so many times it could have been */
	FILE *console;		      /* what the guest says, and the watchdog; NULL: nowhere */
	atomic_uint console_lines;
	struct stops *stops; /* whoever may stop all CPUs (machine/stops.h); NULL: nobody */
};

/* How many events the guest has numbered so far. */
uint64_t machine_sequence(const struct machine *m);
/* What a CPU says that it is doing, in guest memory. */
struct pvtlb_cpu_status *machine_status(const struct machine *m, unsigned int cpu);

#endif
