/* SPDX-License-Identifier: GPL-2.0-only */
/* The model machine: what its files share among themselves. */
#ifndef VMM_EXPLORE_HOSTED_H
#define VMM_EXPLORE_HOSTED_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/engine.h"
#include "explore/host/buffer.h"
#include "explore/host/lapic.h"
#include "explore/host/pages.h"
#include "explore/host/tlb.h"
#include "explore/record.h"
#include "machine/image.h"
#include "machine/state.h"
#include "pvtlb/step.h"

/* Guest addresses in per-CPU data, as offsets in it, and elsewhere, as they are here. */
struct hosted_symbols {
	uint64_t irq_vector, irq_rip, irq_flags, irq_upcall, soft_irqs_on, irq_pending;
	uint64_t exc_vector, exc_error, exc_rip, exc_flags, exc_cr2, exc_upcall, probe_error;
};

/* All of a CPU that is not in RAM. */
struct hosted_cpu_state {
	uint64_t sp, ip; /* where it goes on */
	uint64_t cr3, cr4;
	bool if_on;
	bool spins; /* until the word at `last` is no longer `seen`, or for an interrupt */
	uint64_t seen;
	bool parked;
	bool on, owed, failed;
	uint64_t exits;
	unsigned int shared_turns, shared_late;
	struct lapic lapic;
	struct buffer buffer;
	struct tlb tlb;
};

struct hosted_cpu {
	struct hosted_cpu_state now, was;
	struct vcpu *vcpu;
	struct pvtlb_step *step;
	uint64_t percpu;
	struct step_record record;
};

struct hosted {
	struct machine machine;
	struct image image;
	struct host host;
	struct run_config config;
	struct hosted_symbols symbol;
	struct hosted_cpu cpu[STEP_MAX_CPUS];
	struct pages pages, pages_was;
	void *pv_was;  /* the backend's state */
	int64_t moved; /* from where the image is linked */
	bool pcid, tso;
	unsigned int stopped; /* enum pvtlb_step_stop, 0: runs */
	bool hold_irqs;
	struct hosted_cpu *running;
	/* Events up to the trial; then the trial's. */
	struct pvtlb_event *event;
	size_t nr_boot, nr_events, room;
	uint64_t boot_seq;
	uint64_t *tails;
};

int hosted_machine_create(struct hosted *h, const struct image *image,
			  const struct run_config *config, const struct host *like,
			  struct error *err);
void hosted_machine_destroy(struct hosted *h);

/* Let it run until it stops: h->stopped, or the outcome is over. */
void hosted_cpu_run(struct hosted *h, struct hosted_cpu *cpu);
/* It starts there when it is run for the first time. */
void hosted_cpu_start(struct hosted *h, struct hosted_cpu *cpu, gva_t entry, gva_t stack,
		      uint64_t arg);
/* An interrupt is there, and nothing but the guest's own flag keeps it from being taken. */
bool hosted_cpu_interrupted(const struct hosted_cpu *cpu);

/* What it has come out for is done: gate services (kernel/entry.S), and all others. */
struct switch_frame;
void hosted_gate(struct hosted *h, struct hosted_cpu *cpu, struct switch_frame *frame);

/* Faults of the guest's code are its own, and first stores to pages are nobody's. */
int hosted_signals(struct hosted *h, struct error *err);
void hosted_signals_off(struct hosted *h);

/* Reset, and what it puts back. */
int hosted_snapshot(struct hosted *h, struct error *err);
void hosted_reset(struct hosted *h);

/* Events, in order, from the boot on. */
void hosted_events_begin(struct hosted *h);
void hosted_events_take(struct hosted *h, struct event_stream *stream, size_t *trial_from);

static inline void *hosted_percpu(const struct hosted_cpu *cpu, uint64_t symbol)
{
	return (void *)(uintptr_t)(cpu->percpu + symbol);
}

#endif
