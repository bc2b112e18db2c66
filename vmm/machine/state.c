/* SPDX-License-Identifier: GPL-2.0-only */
/* What a machine consists of: words of it that lie in guest memory. */
#include "machine/state.h"

uint64_t machine_sequence(const struct machine *m)
{
	return __atomic_load_n((uint64_t *)mem_own(&m->mem, m->layout.sequence, 8),
			       __ATOMIC_ACQUIRE);
}

struct pvtlb_cpu_status *machine_status(const struct machine *m, unsigned int cpu)
{
	struct pvtlb_cpu_status *status;

	return mem_own(&m->mem, m->layout.status + cpu * sizeof(*status), sizeof(*status));
}
