/* SPDX-License-Identifier: GPL-2.0-only */
/* One run of a guest: a thread for each vCPU, and this one, which waits for the end. */
#include <string.h>

#include "base/patience.h"
#include "base/signals.h"
#include "machine/exit.h"
#include "machine/machine.h"
#include "machine/stops.h"
#include "machine/watchdog.h"

#define TICK_MS 50u

static void start(struct machine *m)
{
	const struct pvtlb_cpu_on boot = {
		.entry = m->image->entry,
		.arg = GVA_DIRECT_MAP + m->layout.fdt,
	};
	sigset_t old;
	int ret = 0;

	signals_to_main(&old);
	for (unsigned int cpu = 0; cpu < m->nr_vcpus && !ret; cpu++)
		ret = vcpu_start(&m->vcpu[cpu], exit_handle);
	signals_restore(&old);
	if (ret)
		outcome_errno(&m->outcome, ret, "cannot start a thread for each CPU");
	/* Only now may a guest run: it can ask for any CPU, and any CPU may have to be kicked. */
	vcpu_power_on(&m->vcpu[0], &boot);
}

int machine_run(struct machine *m, struct error *err)
{
	struct watchdog dog;

	start(m);
	watchdog_start(&dog, m->timeout, m->stress, seconds_now());
	while (outcome_wait(&m->outcome, TICK_MS)) {
		int sig = signals_caught();

		if (sig)
			outcome_fail(&m->outcome, STATUS_FAIL, "ended by signal %d (%s)", sig,
				     strsignal(sig));
		if (m->stops && stops_any(m->stops))
			watchdog_wait(&dog, seconds_now());
		watchdog_tick(&dog, m, seconds_now());
	}
	m->time_left = dog.end - dog.last;
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		vcpu_join(&m->vcpu[cpu]);
	event_log_finish(&m->log, machine_sequence(m));
	if (m->outcome.done)
		return 0;
	if (m->outcome.err.status == STATUS_HANG && m->console)
		watchdog_report(m, m->console);
	*err = m->outcome.err;
	return -1;
}
