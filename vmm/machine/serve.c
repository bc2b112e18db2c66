/* SPDX-License-Identifier: GPL-2.0-only */
/* What every hypervisor side does in the end: flush a set of vCPUs, and say what for. */
#include "base/cpuset.h"
#include "machine/serve.h"
#include "machine/state.h"

void serve_note(struct vcpu *caller, const struct pvtlb_cpuset *cpus, uint64_t start, uint64_t end)
{
	event_log_append(&caller->machine->log, caller->id, SERVED, start, end, *cpus);
}

/*
 * All first, then wait for all: they come out side by side. A CPU that never ran has nothing
 * cached. The host's way to flush a vCPU drops everything; more than asked for is allowed.
 */
void serve_flush(struct vcpu *caller, const struct pvtlb_cpuset *cpus, uint64_t start, uint64_t end)
{
	struct machine *m = caller->machine;
	struct vcpu_token token[PVTLB_MAX_CPUS];

	for (int pass = 0; pass < 2; pass++) {
		for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++) {
			if (!cpuset_has(cpus, cpu))
				continue;
			if (!pass)
				token[cpu] = vcpu_owe_flush(&m->vcpu[cpu]);
			else
				vcpu_wait_out(&m->vcpu[cpu], token[cpu]);
		}
	}
	serve_note(caller, cpus, start, end);
}

void serve_skip_target(struct vcpu *caller, struct pvtlb_cpuset *cpus)
{
	struct machine *m = caller->machine;

	if (m->fault != PVTLB_FAULT_SKIP_TARGET)
		return;
	for (unsigned int cpu = m->nr_vcpus; cpu-- > 0;) {
		if (cpu == caller->id || !cpuset_has(cpus, cpu))
			continue;
		atomic_store(&m->fault_applied, true);
		cpuset_remove(cpus, cpu);
		return;
	}
}
