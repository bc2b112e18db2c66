/* SPDX-License-Identifier: GPL-2.0-only */
/* Running a scenario that measures, and reading what it says. */
#include <string.h>
#include <time.h>

#include "base/backend.h"
#include "base/settings.h"
#include "bench/measure.h"
#include "kvm/tsc.h"
#include "machine/hypervisor.h"
#include "machine/machine.h"

#define TIMEOUT 600 /* seconds: a guest that is quiet for long is not one that hangs */

double bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

struct samples *measures_of(struct measures *m, uint64_t step)
{
	for (unsigned int i = 0; i < m->nr_steps; i++)
		if (m->step[i] == step)
			return &m->ns[i];
	return NULL;
}

static struct samples *of_step(struct measures *m, uint64_t step)
{
	struct samples *s = measures_of(m, step);

	if (s || m->nr_steps == MEASURE_STEPS)
		return s;
	m->step[m->nr_steps] = step;
	return &m->ns[m->nr_steps++];
}

/* The guest is ours, and its values are numbers; where they go is checked. */
static void read_events(struct measures *m, const struct event_log *log)
{
	uint64_t step = 0;

	for (const struct pvtlb_event *e = log->event; e < log->event + log->nr; e++) {
		struct samples *to;

		if (e->id == PVTLB_EV_TRIAL)
			step = e->trial.step;
		if (e->id != PVTLB_EV_MEASURE ||
		    e->measure.what >= sizeof(m->last) / sizeof(m->last[0]))
			continue;
		m->last[e->measure.what] = e->measure.value;
		to = e->measure.what == PVTLB_MEASURE_CYCLES ? of_step(m, step) : NULL;
		if (to)
			samples_add(to, e->measure.value / m->khz * 1e6);
	}
}

void measures_free(struct measures *m)
{
	for (unsigned int i = 0; i < m->nr_steps; i++)
		samples_free(&m->ns[i]);
}

static int run_and_read(struct machine *m, struct measures *to, struct error *err)
{
	if (machine_run(m, err))
		return -1;
	if (m->log.lost || m->log.malformed)
		return fail(err, STATUS_FAIL,
			    "%llu events were lost: what is measured is not whole",
			    (unsigned long long)(m->log.lost + m->log.malformed));
	to->khz = tsc_khz(m->vcpu[0].fd);
	read_events(to, &m->log);
	return 0;
}

int measure(const struct bench_run *run, const struct measured *what, struct measures *to,
	    struct error *err)
{
	struct run_config config = settings_unasked();
	const char *missing;
	struct machine m;
	double start;
	int ret;

	memset(to, 0, sizeof(*to));
	config.scenario = what->scenario;
	config.backend = backend_named(what->backend ? what->backend : "native");
	config.policy.name = what->policy;
	config.paravirt = true;
	config.cpus = what->cpus;
	config.trials = what->trials;
	config.timeout = TIMEOUT;
	missing = hypervisor_missing(config.backend, run->host);
	if (missing)
		return fail(err, STATUS_SKIP, "%s", missing);
	start = bench_now();
	if (machine_create(&m, run->host, &run->image[1], &config, err))
		return -1;
	ret = run_and_read(&m, to, err);
	machine_destroy(&m);
	to->seconds = bench_now() - start;
	if (ret)
		measures_free(to);
	return ret;
}
