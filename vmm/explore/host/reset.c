/* SPDX-License-Identifier: GPL-2.0-only */
/* The model machine as it was when its trial began: RAM, CPUs, the hypervisor's state, events. */
#include <stdlib.h>
#include <string.h>

#include "explore/host/hosted.h"
#include "explore/host/memory.h"

static void keep_cpu(struct hosted_cpu *cpu)
{
	cpu->now.owed = atomic_load(&cpu->vcpu->flush_owed);
	cpu->now.exits = atomic_load(&cpu->vcpu->exits);
	cpu->now.shared_turns = cpu->vcpu->shared_turns;
	cpu->now.shared_late = cpu->vcpu->shared_late;
	cpu->was = cpu->now;
}

static void restore_cpu(struct hosted_cpu *cpu)
{
	cpu->now = cpu->was;
	atomic_store(&cpu->vcpu->flush_owed, cpu->was.owed);
	atomic_store(&cpu->vcpu->exits, cpu->was.exits);
	cpu->vcpu->shared_turns = cpu->was.shared_turns;
	cpu->vcpu->shared_late = cpu->was.shared_late;
	cpu->vcpu->on = cpu->was.on;
	cpu->vcpu->sregs.cr3 = cpu->was.cr3;
	cpu->vcpu->sregs.cr4 = cpu->was.cr4;
	cpu->record.nr = 0;
}

int hosted_snapshot(struct hosted *h, struct error *err)
{
	struct machine *m = &h->machine;

	hosted_events_begin(h);
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++) {
		h->cpu[cpu].step->passed = 0;
		h->cpu[cpu].step->sent = 0;
		keep_cpu(&h->cpu[cpu]);
	}
	h->pages_was = h->pages;
	memcpy(h->pv_was, m->pv_state, m->ops->state_size);
	return memory_snapshot(&m->mem, err);
}

/* Between two trials nobody holds a lock, and nobody waits: what is in one is as it was. */
void hosted_reset(struct hosted *h)
{
	struct machine *m = &h->machine;

	memory_reset(&m->mem);
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++) {
		restore_cpu(&h->cpu[cpu]);
		m->log.ring[cpu].tail = h->tails[cpu];
	}
	h->pages = h->pages_was;
	memcpy(m->pv_state, h->pv_was, m->ops->state_size);
	m->log.nr = 0;
	m->log.lost = m->log.malformed = 0;
	atomic_store(&m->fault_applied, false);
	atomic_store(&m->fault_chances, 0);
	atomic_store(&m->outcome.over, false);
	m->outcome.done = false;
	m->outcome.err = (struct error){ 0 };
}
