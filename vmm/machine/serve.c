/* SPDX-License-Identifier: GPL-2.0-only */
/* What every hypervisor side does in the end: flush a set of vCPUs, and say what for. */
#include "base/cpuset.h"
#include "machine/serve.h"
#include "machine/state.h"

void serve_note(struct vcpu *caller, const struct pvtlb_cpuset *cpus, uint64_t start, uint64_t end)
{
	event_log_append(&caller->machine->log, caller->id, SERVED, start, end, *cpus);
}

struct pvtlb_cpuset serve_were_out(struct vcpu *caller, const struct pvtlb_cpuset *cpus,
				   const struct vcpu_token *token)
{
	struct machine *m = caller->machine;
	struct pvtlb_cpuset out = { 0 };

	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		if (cpuset_has(cpus, cpu) && vcpu_was_out(&m->vcpu[cpu], token[cpu]))
			cpuset_add(&out, cpu);
	return out;
}

/*
 * All first, then wait for all: they come out side by side. A CPU that never ran has nothing
 * cached. The host's way to flush a vCPU drops everything; more than asked for is allowed.
 */
struct pvtlb_cpuset serve_flush(struct vcpu *caller, const struct pvtlb_cpuset *cpus,
				uint64_t space, uint64_t start, uint64_t end)
{
	struct machine *m = caller->machine;
	struct vcpu_token token[PVTLB_MAX_CPUS];
	struct pvtlb_cpuset done;

	event_log_append(&m->log, caller->id, SERVE, space, *cpus);
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
	done = serve_were_out(caller, cpus, token);
	serve_note(caller, &done, start, end);
	return done;
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
