/* SPDX-License-Identifier: GPL-2.0-only */
/* A machine: putting it together for a configuration, and taking it apart. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hold/rules.h"
#include "kvm/tsc.h"
#include "machine/dtb.h"
#include "machine/holding.h"
#include "machine/machine.h"
#include "machine/place.h"
#include "machine/stops.h"
#include "machine/vcpu_create.h"
#include "machine/vm.h"

/* The user's device tree in the place of ours, if it will do. */
static int replace_dtb(void *ours, const struct run_config *config, struct error *err)
{
	if (!config->dtb)
		return 0;
	if (dtb_check(config->dtb, config->dtb_len, ours, err))
		return -1;
	memcpy(ours, config->dtb, config->dtb_len);
	return 0;
}

/* Needs a vCPU, to be told how fast its TSC runs. */
static int build_dtb(struct machine *m, const struct run_config *config, struct error *err)
{
	struct dtb_control control = { 0 };
	void *dtb = mem_own(&m->mem, m->layout.fdt, DTB_MAX);

	hold_stops(m->holds.rules, &control.stops);
	if (config->stress)
		control.stress_cycles = config->stress * tsc_khz(m->vcpu[0].fd) * 1000;
	if (dtb_build(dtb, DTB_MAX, config, &control, m->host, &m->layout, m->mem.size, err) < 0)
		return -1;
	return replace_dtb(dtb, config, err);
}

static void attach_log(struct machine *m)
{
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++) {
		gpa_t ring = m->layout.rings + cpu * m->layout.ring_stride;

		event_log_attach(&m->log, cpu, mem_own(&m->mem, ring, m->layout.ring_stride),
				 m->layout.ring_stride);
	}
	event_log_number(&m->log, mem_own(&m->mem, m->layout.sequence, 8));
}

static int create_vcpus(struct machine *m, const struct run_config *config, struct error *err)
{
	const struct vcpu_model model = {
		.host = m->host,
		.layout = &m->layout,
		.ops = m->ops,
		.vm = m->vm,
		.cpus = m->nr_vcpus,
		.invlpgb = config->invlpgb,
		.pin = !config->no_pin,
	};

	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++) {
		m->vcpu[cpu].log = &m->log;
		if (vcpu_create(&m->vcpu[cpu], &model, err))
			return -1;
	}
	/* If that cannot be had here, or would keep one from being stopped, the backend is told of held vCPUs like any other. */
	if (!config->stoppable && m->ops->preempts && m->ops->preempts(m) && model.pin &&
	    (int)m->nr_vcpus <= m->host->nr_cpus)
		holds_preempt(&m->holds);
	return 0;
}

static int build(struct machine *m, const struct run_config *config, struct error *err)
{
	uint64_t size = place_plan(&m->layout, m->image, m->nr_vcpus);

	if (config->stepped)
		size += place_steps(&m->layout, m->nr_vcpus);
	if (mem_create(&m->mem, size, err))
		return -1;
	place(&m->mem, &m->layout, m->image, m->nr_vcpus);
	attach_log(m);
	m->vm = vm_create(m->host, &m->mem, config->backend, err);
	if (m->vm < 0)
		return -1;
	if (m->ops->create && m->ops->create(m, err))
		return -1;
	m->pv_created = true;
	if (create_vcpus(m, config, err))
		return -1;
	return build_dtb(m, config, err);
}

/* A free run is not held anywhere, and its host is as slow as it is. */
static const struct pvtlb_hold *rules(const struct image *image, const struct run_config *config)
{
	const struct pvtlb_scenario *scenario = image_scenario(image, config->scenario);

	return scenario && !config->stress && !config->stepped ? scenario->hold : NULL;
}

static bool slow_host(const struct image *image, const struct run_config *config)
{
	const struct pvtlb_scenario *scenario = image_scenario(image, config->scenario);

	return scenario && !config->stress && !config->stepped &&
	       scenario->flags & PVTLB_SCENARIO_SLOW_HOST;
}

/* Everybody looks whether the run is over. */
static void stop(void *ctx)
{
	struct machine *m = ctx;

	holds_stop(&m->holds);
	if (m->stops)
		stops_over(m->stops);
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		vcpu_stop(&m->vcpu[cpu]);
}

int machine_create(struct machine *m, const struct host *host, const struct image *image,
		   const struct run_config *config, struct error *err)
{
	*m = (struct machine){
		.host = host,
		.image = image,
		.ops = hypervisor_ops(config->backend),
		.vm = -1,
		.nr_vcpus = config->cpus,
		.timeout = config->timeout,
		.stress = config->stress,
		.slow_host = slow_host(image, config),
		.fault = config->fault,
		.console = stderr,
	};
	if ((int)config->cpus > host->max_vcpus || config->cpus > PVTLB_MAX_CPUS)
		return fail(err, STATUS_SKIP, "%u CPUs asked for, this host can do %d",
			    config->cpus, host->max_vcpus);
	m->vcpu = calloc(m->nr_vcpus, sizeof(*m->vcpu));
	m->pv_state = calloc(1, m->ops->state_size + 1);
	if (!m->vcpu || !m->pv_state) {
		free(m->vcpu);
		free(m->pv_state);
		return fail(err, STATUS_FAIL, "out of memory");
	}
	outcome_init(&m->outcome, stop, m);
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		vcpu_init(&m->vcpu[cpu], cpu, m, &m->mem, &m->outcome);
	pthread_mutex_init(&m->pv_lock, NULL);
	event_log_init(&m->log, m->nr_vcpus);
	event_log_sources(&m->log, image->source, image->nr_sources);
	holds_init(&m->holds, rules(image, config), m->nr_vcpus, &m->log, &machine_hold_ops, m);
	if (!build(m, config, err))
		return 0;
	machine_destroy(m);
	return -1;
}

void machine_destroy(struct machine *m)
{
	if (m->pv_created && m->ops->destroy)
		m->ops->destroy(m);
	stops_destroy(m);
	holds_destroy(&m->holds);
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		vcpu_destroy(&m->vcpu[cpu]);
	if (m->vm >= 0)
		close(m->vm);
	mem_destroy(&m->mem);
	event_log_free(&m->log);
	pthread_mutex_destroy(&m->pv_lock);
	outcome_destroy(&m->outcome);
	free(m->vcpu);
	free(m->pv_state);
}
