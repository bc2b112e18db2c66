/* SPDX-License-Identifier: GPL-2.0-only */
/* A machine: memory, vCPUs, and one run of a guest on them. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/signals.h"
#include "machine/boot.h"
#include "machine/dtb.h"
#include "kvm/kvm.h"
#include "machine/machine.h"
#include "hold/preempt.h"
#include "machine/hypervisor.h"
#include "kvm/tsc.h"
#include "machine/watchdog.h"

#define GUEST_FREE   (48ull << 20) /* for the page allocator */
#define SIZE_2M	     (1ull << 21)
#define SHADOW_PAGES 65536 /* more than all roles need: a recycled one hides staleness */

/* Where everything goes: below the image what ring 0 needs and small blocks, above it the rest. */
static uint64_t plan_above(struct layout *l, const struct image *image, unsigned int cpus)
{
	uint64_t percpu = image->desc.percpu_end - image->desc.percpu_start;

	l->percpu = align_up(image_end(image), PVTLB_PAGE_SIZE);
	l->percpu_stride = align_up(percpu, PVTLB_PAGE_SIZE);
	l->rings = l->percpu + cpus * l->percpu_stride;
	l->ring_stride = align_up(event_ring_bytes(), PVTLB_PAGE_SIZE);
	l->free = align_up(l->rings + cpus * l->ring_stride, PVTLB_PAGE_SIZE);
	return align_up(l->free + GUEST_FREE, SIZE_2M);
}

static void place_below(struct machine *m)
{
	struct layout *l = &m->layout;
	unsigned int n = m->nr_vcpus;

	/* Page 0 stays empty: gpa 0 means "nowhere". */
	m->mem.next = PVTLB_PAGE_SIZE;
	boot_build(&m->mem, l, m->image, n);
	l->call_blocks = mem_alloc(&m->mem, n * sizeof(struct pvtlb_call_block), PVTLB_PAGE_SIZE);
	l->status = mem_alloc(&m->mem, n * sizeof(struct pvtlb_cpu_status), 64);
	l->steal = mem_alloc(&m->mem, n * sizeof(struct kvm_steal_time), PVTLB_PAGE_SIZE);
	l->sequence = mem_alloc(&m->mem, 8, PVTLB_PAGE_SIZE);
	l->fdt = mem_alloc(&m->mem, DTB_MAX, PVTLB_PAGE_SIZE);
}

static void load_segments(struct machine *m)
{
	const struct image *image = m->image;
	const struct pvtlb_image *d = &image->desc;
	uint64_t percpu = d->percpu_end - d->percpu_start;

	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segment[i];

		memcpy(mem_own(&m->mem, s->paddr, s->memsz), s->data, s->filesz);
	}
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		memcpy(mem_own(&m->mem, m->layout.percpu + cpu * m->layout.percpu_stride, percpu),
		       mem_own(&m->mem, d->percpu_load, percpu), percpu);
}

/* The hypervisor MSRs that the backend serves come to us, and not to KVM. */
static int trap_msrs(struct machine *m, struct error *err)
{
	static uint8_t none[32]; /* a bit per MSR: 0 denies it to the guest */
	struct kvm_enable_cap cap = {
		.cap = KVM_CAP_X86_USER_SPACE_MSR,
		.args[0] = KVM_MSR_EXIT_REASON_UNKNOWN | KVM_MSR_EXIT_REASON_FILTER,
	};
	struct kvm_msr_filter filter = {
		.flags = KVM_MSR_FILTER_DEFAULT_ALLOW,
	};
	static const uint32_t base[] = { HYPERVISOR_MSRS, HYPERVISOR_KVM_MSRS };

	for (size_t i = 0; i < sizeof(base) / sizeof(base[0]); i++)
		filter.ranges[i] = (struct kvm_msr_filter_range){
			.flags = KVM_MSR_FILTER_READ | KVM_MSR_FILTER_WRITE,
			.nmsrs = 256,
			.base = base[i],
			.bitmap = none,
		};
	if (!hypervisor_ops(m->config.backend)->wrmsr)
		return 0;
	if (kvm_try(m->vm, KVM_ENABLE_CAP, &cap) < 0 ||
	    kvm_try(m->vm, KVM_X86_SET_MSR_FILTER, &filter) < 0)
		return fail(err, STATUS_SKIP,
			    "this KVM has no KVM_CAP_X86_USER_SPACE_MSR, by which %s's MSRs are served",
			    m->config.backend->name);
	return 0;
}

static int create_vm(struct machine *m, struct error *err)
{
	struct kvm_userspace_memory_region region = {
		.memory_size = m->mem.size,
		.userspace_addr = (uint64_t)(uintptr_t)m->mem.host,
	};
	int ret;

	m->vm = kvm_try(m->host->kvm, KVM_CREATE_VM, 0);
	if (m->vm < 0)
		return fail(err, STATUS_SKIP, "KVM_CREATE_VM: %s", strerror(-m->vm));
	ret = kvm_try(m->vm, KVM_SET_USER_MEMORY_REGION, &region);
	if (ret < 0)
		return fail(err, STATUS_FAIL, "KVM_SET_USER_MEMORY_REGION of %llu bytes: %s",
			    (unsigned long long)region.memory_size, strerror(-ret));
	kvm_must(m->vm, KVM_CREATE_IRQCHIP, 0);
	if (trap_msrs(m, err))
		return -1;
	/* Where this is not offered there are no shadow pages to run out of. */
	kvm_try(m->vm, KVM_SET_NR_MMU_PAGES, SHADOW_PAGES);
	return 0;
}

/* The user's device tree in the place of ours, if it will do. */
static int replace_dtb(struct machine *m, struct error *err)
{
	void *ours = mem_own(&m->mem, m->layout.fdt, DTB_MAX);

	if (!m->config.dtb)
		return 0;
	if (dtb_check(m->config.dtb, m->config.dtb_len, ours, err))
		return -1;
	memcpy(ours, m->config.dtb, m->config.dtb_len);
	return 0;
}

/* Needs a vCPU, to be told how fast its TSC runs. */
static int build_dtb(struct machine *m, struct error *err)
{
	struct dtb_control control = { .stops = hold_stops(m->control.rules) };

	if (m->config.stress)
		control.stress_cycles = m->config.stress * tsc_khz(m->vcpu[0].fd) * 1000;
	if (dtb_build(mem_own(&m->mem, m->layout.fdt, DTB_MAX), DTB_MAX, &m->config, &control,
		      m->host, &m->layout, m->mem.size, err) < 0)
		return -1;
	return replace_dtb(m, err);
}

static int build(struct machine *m, struct error *err)
{
	const struct hypervisor_ops *ops = hypervisor_ops(m->config.backend);

	if (mem_create(&m->mem, plan_above(&m->layout, m->image, m->nr_vcpus), err))
		return -1;
	load_segments(m);
	place_below(m);
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++) {
		gpa_t ring = m->layout.rings + cpu * m->layout.ring_stride;

		event_log_attach(&m->log, cpu, mem_own(&m->mem, ring, m->layout.ring_stride),
				 m->layout.ring_stride);
	}
	event_log_number(&m->log, mem_own(&m->mem, m->layout.sequence, 8));
	if (create_vm(m, err))
		return -1;
	if (ops->create && ops->create(m, err))
		return -1;
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		if (vcpu_create(&m->vcpu[cpu], m, cpu, err))
			return -1;
	/* If that cannot be had here, the backend is told of held vCPUs like any other. */
	if (m->control.rules && ops->preempts && ops->preempts(m))
		preempt_create(m);
	if (build_dtb(m, err))
		return -1;
	m->vcpu[0].start = (struct pvtlb_cpu_on){
		.entry = m->image->entry,
		.arg = GVA_DIRECT_MAP + m->layout.fdt,
	};
	return 0;
}

/* On the monotonic clock: setting the time of day must not stop the watchdog. */
static void init_wake(struct machine *m)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&m->wake, &attr);
	pthread_condattr_destroy(&attr);
}

/* A free run is not held anywhere. */
static const struct pvtlb_hold *rules(const struct image *image, const struct run_config *config)
{
	const struct pvtlb_scenario *scenario = image_scenario(image, config->scenario);

	return scenario && !config->stress ? scenario->hold : NULL;
}

int machine_create(struct machine *m, const struct host *host, const struct image *image,
		   const struct run_config *config, struct error *err)
{
	*m = (struct machine){
		.host = host,
		.image = image,
		.config = *config,
		.vm = -1,
		.nr_vcpus = config->cpus,
		.console = stderr,
	};
	if ((int)config->cpus > host->max_vcpus || config->cpus > PVTLB_MAX_CPUS)
		return fail(err, STATUS_SKIP, "%u CPUs asked for, this host can do %d", config->cpus,
			    host->max_vcpus);
	m->vcpu = calloc(m->nr_vcpus, sizeof(*m->vcpu));
	m->pv_state = calloc(1, hypervisor_ops(config->backend)->state_size + 1);
	if (!m->vcpu || !m->pv_state) {
		free(m->vcpu);
		free(m->pv_state);
		return fail(err, STATUS_FAIL, "out of memory");
	}
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		m->vcpu[cpu].fd = -1;
	pthread_mutex_init(&m->lock, NULL);
	init_wake(m);
	event_log_init(&m->log, m->nr_vcpus);
	control_init(&m->control, rules(image, config), m->nr_vcpus);
	if (!build(m, err))
		return 0;
	machine_destroy(m);
	return -1;
}

void machine_destroy(struct machine *m)
{
	preempt_destroy(m);
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		vcpu_destroy(&m->vcpu[cpu]);
	if (m->vm >= 0)
		close(m->vm);
	mem_destroy(&m->mem);
	event_log_free(&m->log);
	control_destroy(&m->control);
	pthread_cond_destroy(&m->wake);
	pthread_mutex_destroy(&m->lock);
	free(m->vcpu);
	free(m->pv_state);
}

static void stop(struct machine *m)
{
	atomic_store(&m->stop, true);
	pthread_cond_broadcast(&m->wake);
	control_stop(&m->control);
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		vcpu_kick(&m->vcpu[cpu]);
}

void machine_fail(struct machine *m, int status, const char *fmt, ...)
{
	char text[sizeof(m->err.text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	pthread_mutex_lock(&m->lock);
	if (!m->done)
		fail(&m->err, status, "%s", text);
	stop(m);
	pthread_mutex_unlock(&m->lock);
}

void machine_done(struct machine *m)
{
	pthread_mutex_lock(&m->lock);
	m->done = !m->err.status;
	stop(m);
	pthread_mutex_unlock(&m->lock);
}

/* A tick of the main thread: true when the run goes on. */
static bool wait_a_tick(struct machine *m)
{
	struct timespec until;
	bool go_on;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += 50 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&m->lock);
	if (!atomic_load(&m->stop))
		pthread_cond_timedwait(&m->wake, &m->lock, &until);
	go_on = !atomic_load(&m->stop);
	pthread_mutex_unlock(&m->lock);
	return go_on;
}

static int start_threads(struct machine *m)
{
	sigset_t all, old;
	int ret = 0;

	/* SIGINT and SIGTERM are the main thread's. */
	sigemptyset(&all);
	sigaddset(&all, SIGINT);
	sigaddset(&all, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	for (unsigned int cpu = 0; cpu < m->nr_vcpus && !ret; cpu++) {
		struct vcpu *vcpu = &m->vcpu[cpu];

		ret = pthread_create(&vcpu->thread, NULL, vcpu_thread, vcpu);
		vcpu->started = !ret;
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);

	/* Only now may a guest run: it can ask for any CPU, and any CPU may have to be kicked. */
	pthread_mutex_lock(&m->lock);
	m->vcpu[0].on = true;
	pthread_cond_broadcast(&m->wake);
	pthread_mutex_unlock(&m->lock);
	return ret;
}

static void join_threads(struct machine *m)
{
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		if (m->vcpu[cpu].started)
			pthread_join(m->vcpu[cpu].thread, NULL);
}

uint64_t machine_sequence(const struct machine *m)
{
	return __atomic_load_n((uint64_t *)mem_own(&m->mem, m->layout.sequence, 8),
			       __ATOMIC_ACQUIRE);
}

int machine_run(struct machine *m, struct error *err)
{
	struct watchdog dog;
	int ret = start_threads(m);

	if (ret)
		machine_fail(m, STATUS_FAIL, "cannot start a thread per CPU: %s", strerror(ret));
	watchdog_start(&dog, m->config.timeout, m->config.stress);
	while (wait_a_tick(m)) {
		if (signals_caught())
			machine_fail(m, STATUS_FAIL, "ended by signal %d (%s)", signals_caught(),
				     strsignal(signals_caught()));
		watchdog_tick(&dog, m);
	}
	join_threads(m);
	event_log_finish(&m->log, machine_sequence(m));
	if (m->done)
		return 0;
	if (m->err.status == STATUS_HANG && m->console)
		watchdog_report(m, m->console);
	*err = m->err;
	return -1;
}
