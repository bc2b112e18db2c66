/* SPDX-License-Identifier: GPL-2.0-only */
/* The stepped engine's machine, and running one of its vCPUs up to where that stops. */
#ifndef VMM_EXPLORE_KVM_CPU_H
#define VMM_EXPLORE_KVM_CPU_H

#include "base/config.h"
#include "explore/engine.h"
#include "explore/kvm_alarm.h"
#include "explore/record.h"
#include "machine/machine.h"
#include "pvtlb/step.h"

struct stepped_cpu {
	struct vcpu *vcpu;
	volatile struct pvtlb_step *step; /* the guest writes it, too */
	bool on, spins, parked;
	bool sent_to;  /* an interrupt, that its local APIC may still have */
	uint64_t seen; /* what was in the word that it spins on */
	struct step_record record;
};

struct stepped {
	struct machine machine;
	bool built;
	bool over; /* its last trial has been */
	const struct host *host;
	const struct image *image;
	struct run_config config;
	unsigned int cpus;
	struct stepped_cpu cpu[STEP_MAX_CPUS];
	uint32_t stopped; /* enum pvtlb_step_stop; 0: it has not */
	struct kvm_alarm alarm;
	size_t settled, trial_from; /* events */
};

/* Its vCPUs' exit function. */
void stepped_exit(struct vcpu *vcpu);
/* It would take an interrupt as it goes on. */
bool stepped_interrupted(struct stepped_cpu *cpu);
/* CPUs that the guest has turned on by now. */
void stepped_power(struct stepped *s);
/* If the hypervisor has taken it away, it gives it back. */
void stepped_unpark(struct stepped_cpu *cpu);
/* Up to its point number until, or till it stops: s->stopped says why, unless the run is over. */
void stepped_run(struct stepped *s, struct stepped_cpu *cpu, uint32_t until);

#endif
