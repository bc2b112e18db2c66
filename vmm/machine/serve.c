/* SPDX-License-Identifier: GPL-2.0-only */
/* What every hypervisor side does in the end: flush a set of vCPUs, and say what for. */
#include "base/cpuset.h"
#include "machine/serve.h"
#include "machine/state.h"

void serve_note_at(const struct serve_line *line, struct vcpu *caller,
		   const struct pvtlb_cpuset *cpus, uint64_t start, uint64_t end)
{
	event_log_add(&caller->machine->log,
		      (struct pvtlb_event)PVTLB_EVENT(caller->id, SERVED, start, end, *cpus),
		      line->file, line->nr);
}

/*
 * All first, then wait for all: they come out side by side. A CPU that never ran has nothing
 * cached. Who was out is asked of the vCPUs, and not of the waiting above.
 */
struct pvtlb_cpuset serve_out(struct vcpu *caller, const struct pvtlb_cpuset *cpus)
{
	struct machine *m = caller->machine;
	struct vcpu_token token[PVTLB_MAX_CPUS];
	struct pvtlb_cpuset out = { 0 };
	bool waits = m->fault != PVTLB_FAULT_NOT_WAITED;

	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		if (cpuset_has(cpus, cpu))
			token[cpu] = waits ? vcpu_owe_flush(&m->vcpu[cpu]) :
					     vcpu_leave_flush(&m->vcpu[cpu]);
	for (unsigned int cpu = 0; waits && cpu < m->nr_vcpus; cpu++)
		if (cpuset_has(cpus, cpu))
			vcpu_wait_out(&m->vcpu[cpu], token[cpu]);
	if (!waits)
		atomic_store(&m->fault_applied, true);
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		if (cpuset_has(cpus, cpu) && vcpu_was_out(&m->vcpu[cpu], token[cpu]))
			cpuset_add(&out, cpu);
	return out;
}

/* The host's way to flush a vCPU drops everything; more than asked for is allowed. */
struct pvtlb_cpuset serve_flush_at(const struct serve_line *line, struct vcpu *caller,
				   const struct pvtlb_cpuset *cpus, uint64_t space, uint64_t start,
				   uint64_t end)
{
	struct pvtlb_cpuset done;

	event_log_add(&caller->machine->log,
		      (struct pvtlb_event)PVTLB_EVENT(caller->id, SERVE, space, *cpus), line->file,
		      line->nr);
	done = serve_out(caller, cpus);
	serve_note_at(line, caller, &done, start, end);
	return done;
}

bool serve_refuses(struct vcpu *caller)
{
	struct machine *m = caller->machine;

	if (m->fault != PVTLB_FAULT_REFUSED || atomic_fetch_add(&m->fault_chances, 1) % 2)
		return false;
	atomic_store(&m->fault_applied, true);
	return true;
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
