/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb doctor`: what /dev/kvm is, what it can do, what to do about what is missing. */
#include <sched.h>
#include <string.h>
#include <time.h>

#include "base/backend.h"
#include "base/printable.h"
#include "base/shortage.h"
#include "cli/doctor.h"
#include "kvm/kvm.h"
#include "kvm/roles.h"
#include "machine/machine.h"
#include "sandbox/sandbox.h"

#define TLB_CPUS      12 /* twice the roles there are */
#define SAMPLE_MS     400

enum need { NEEDED, USED, LATER };

static const struct {
	int cap;
	const char *name;
	enum need need;
	const char *what_for;
} caps[] = {
	{ KVM_CAP_USER_MEMORY, "KVM_CAP_USER_MEMORY", NEEDED, "guest memory" },
	{ KVM_CAP_IRQCHIP, "KVM_CAP_IRQCHIP", NEEDED, "local APICs in the kernel: IPIs" },
	{ KVM_CAP_MP_STATE, "KVM_CAP_MP_STATE", NEEDED, "CPUs start without INIT and SIPI" },
	{ KVM_CAP_IMMEDIATE_EXIT, "KVM_CAP_IMMEDIATE_EXIT", NEEDED, "kicking a vCPU without a race" },
	{ KVM_CAP_MAX_VCPUS, "KVM_CAP_MAX_VCPUS", USED, "the limit of --cpus" },
	{ KVM_CAP_MMU_SHADOW_CACHE_CONTROL, "KVM_CAP_MMU_SHADOW_CACHE_CONTROL", USED,
	  "enough shadow pages, so that none is recycled" },
	{ KVM_CAP_NESTED_STATE, "KVM_CAP_NESTED_STATE", USED, "missing: one more sign of kind pvm" },
	{ KVM_CAP_X86_USER_SPACE_MSR, "KVM_CAP_X86_USER_SPACE_MSR", USED,
	  "synthetic MSRs played by the VMM" },
	{ KVM_CAP_HYPERV, "KVM_CAP_HYPERV", USED, "Hyper-V played by the host" },
	{ KVM_CAP_XEN_HVM, "KVM_CAP_XEN_HVM", LATER, "Xen played by the host" },
	{ KVM_CAP_STEAL_TIME, "KVM_CAP_STEAL_TIME", LATER, "steal time on other architectures" },
};

static void print_caps(int kvm, FILE *to)
{
	static const char *const need_names[] = { "needed", "used", "for later" };

	fprintf(to, "capabilities:\n");
	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		int value = kvm_cap(kvm, caps[i].cap);

		fprintf(to, "  %-34s %-8s %-9s %s\n", caps[i].name, value ? "found" : "missing",
			need_names[caps[i].need], caps[i].what_for);
	}
}

/* Union of CPUs that a look in trial n found to share CPU n's flush: count the classes. */
static unsigned int count_classes(const struct event_stream *stream, unsigned int cpus)
{
	uint64_t page[PVTLB_MAX_CPUS] = { 0 };
	bool counted[PVTLB_MAX_CPUS] = { 0 };
	unsigned int trial = 0, step = 0, classes = 0;

	/* Trials in order; a CPU whose class was met in an earlier trial is not counted again. */
	for (size_t i = 0; i <= stream->nr; i++) {
		const struct pvtlb_event *e = i < stream->nr ? &stream->event[i] : NULL;

		if ((!e || e->id == PVTLB_EV_TRIAL) && step == 1 && trial < cpus) {
			classes += !counted[trial];
			for (unsigned int cpu = 0; cpu < cpus; cpu++)
				counted[cpu] |= page[cpu] == page[trial];
		}
		if (!e)
			break;
		if (e->id == PVTLB_EV_TRIAL) {
			trial = e->trial.trial;
			step = e->trial.step;
			memset(page, 0, sizeof(page));
		} else if (e->id == PVTLB_EV_ACCESS && step == 1 && e->cpu < cpus) {
			page[e->cpu] = e->access.value;
		}
	}
	return classes;
}

static struct run_config probe_config(const char *scenario, unsigned int cpus)
{
	return (struct run_config){
		.scenario = scenario,
		.backend = backend_named("native"),
		.cpus = cpus,
		.trials = 1,
		.timeout = 10,
	};
}

unsigned int measure_tlbs(const struct host *host, const struct images *images, unsigned int cpus,
			  struct error *err)
{
	struct run_config config = probe_config("tlbs", cpus);
	struct event_stream stream;
	unsigned int classes = 0;
	struct machine m;

	if (machine_create(&m, host, &images->image[0], &config, err))
		return 0;
	if (!machine_run(&m, err)) {
		stream = event_log_stream(&m.log);
		if (stream.lost || stream.malformed)
			fail(err, STATUS_FAIL, "events were lost");
		else
			classes = count_classes(&stream, cpus);
	}
	machine_destroy(&m);
	return classes;
}

unsigned int measure_ring0(const struct host *host, const struct images *images, struct error *err)
{
	struct run_config config = probe_config("ring0", 1);
	uint64_t cycles[3] = { 0 };
	struct machine m;

	if (machine_create(&m, host, &images->image[0], &config, err))
		return 0;
	if (!machine_run(&m, err))
		for (const struct pvtlb_event *e = m.log.event; e < m.log.event + m.log.nr; e++)
			if (e->id == PVTLB_EV_MEASURE && e->measure.what < 3)
				cycles[e->measure.what] = e->measure.value;
	machine_destroy(&m);
	if (!cycles[PVTLB_MEASURE_LOOP] && !err->status)
		fail(err, STATUS_FAIL, "the guest measured nothing");
	return err->status ? 0 : cycles[PVTLB_MEASURE_GATE] * 1000 / cycles[PVTLB_MEASURE_LOOP];
}

/* These three measure: a STATUS_* of what went wrong. */
static int print_ring0(const struct host *host, const struct images *images, FILE *to)
{
	struct error err = { 0 };
	unsigned int turns = images ? measure_ring0(host, images, &err) : 0;

	if (!turns)
		fprintf(to, "ring 0: not measured: %s\n", images ? err.text : "no guest image");
	else
		fprintf(to, "ring 0: %s (a trip there and back takes as long as %u turns of a loop at "
			    "ring 3)\n",
			turns >= RING0_INTERPRETED ? "interpreted" : "native", turns);
	return err.status;
}

static int print_tlbs(const struct host *host, const struct images *images, FILE *to)
{
	struct error err = { 0 };
	unsigned int tlbs;

	if (!host_shadows(host)) {
		fprintf(to, "independent TLBs: one per vCPU (hardware)\n");
		return STATUS_OK;
	}
	fprintf(to, "independent TLBs: ");
	if (!images) {
		fprintf(to, "%u by MMU role (not measured: no guest image)\n",
			host_tlbs(host, PVTLB_MAX_CPUS));
		return STATUS_OK;
	}
	tlbs = measure_tlbs(host, images, TLB_CPUS, &err);
	if (!tlbs)
		fprintf(to, "not measured: %s\n", err.text);
	else
		fprintf(to, "%u, measured with %d vCPUs; more vCPUs share in turn (MMU roles)\n", tlbs,
			TLB_CPUS);
	return err.status;
}

/* Looks at `preempted` while two spinning vCPUs have one host CPU between them. */
struct sampler {
	struct machine *m;
	uint64_t samples, preempted;
	bool steal_moves;
};

static void *sample(void *arg)
{
	struct sampler *s = arg;
	struct timespec gap = { .tv_nsec = 200000 };

	for (int i = 0; i < SAMPLE_MS * 5 && !outcome_over(&s->m->outcome); i++) {
		nanosleep(&gap, NULL);
		for (unsigned int cpu = 0; cpu < s->m->nr_vcpus; cpu++) {
			const struct kvm_steal_time *st = s->m->vcpu[cpu].steal;

			s->samples++;
			s->preempted += __atomic_load_n(&st->preempted, __ATOMIC_RELAXED) &
					KVM_VCPU_PREEMPTED;
			s->steal_moves |= __atomic_load_n(&st->steal, __ATOMIC_RELAXED) != 0;
		}
	}
	outcome_done(&s->m->outcome);
	return NULL;
}

static int sample_preempted(const struct host *host, const struct images *images,
			    struct sampler *s, struct error *err)
{
	struct run_config config = probe_config("hang", 2);
	struct machine m;
	pthread_t thread;
	cpu_set_t all, one;
	int ret;

	if (machine_create(&m, host, &images->image[0], &config, err))
		return -1;
	*s = (struct sampler){ .m = &m };
	/* The sampler starts free; the vCPUs inherit what comes after: a single CPU. */
	sched_getaffinity(0, sizeof(all), &all);
	CPU_ZERO(&one);
	for (int cpu = 0; cpu < CPU_SETSIZE && !CPU_COUNT(&one); cpu++)
		if (CPU_ISSET(cpu, &all))
			CPU_SET(cpu, &one);
	ret = pthread_create(&thread, NULL, sample, s);
	if (ret) {
		machine_destroy(&m);
		return fail_errno(err, STATUS_FAIL, ret, "cannot start a thread");
	}
	sched_setaffinity(0, sizeof(one), &one);
	machine_run(&m, err);
	sched_setaffinity(0, sizeof(all), &all);
	pthread_join(thread, NULL);
	machine_destroy(&m);
	return err->status ? -1 : 0;
}

static int print_preempted(const struct host *host, const struct images *images, FILE *to)
{
	struct error err = { 0 };
	struct sampler s;

	fprintf(to, "steal time `preempted`: ");
	if (!images)
		fprintf(to, "not measured: no guest image\n");
	else if (sample_preempted(host, images, &s, &err))
		fprintf(to, "not measured: %s\n", err.text);
	else if (s.preempted)
		fprintf(to, "set by KVM when a vCPU is preempted (seen in %llu of %llu samples)\n",
			(unsigned long long)s.preempted, (unsigned long long)s.samples);
	else
		fprintf(to,
			"never set by KVM here (0 of %llu samples of 2 vCPUs on one CPU; steal time "
			"itself %s)\n",
			(unsigned long long)s.samples, s.steal_moves ? "advances" : "does not advance");
	return err.status;
}

static void print_shows(const struct host *host, FILE *to)
{
	fprintf(to, "what runs can show here:\n");
	for (int i = 0; i < HOST_SHOWS; i++)
		fprintf(to, "  %-42s %-4s %s\n", host_show_name(i),
			host_shows(host, i) ? "yes" : "no", host_show_why(host, i));
}

int doctor(const char *path, const struct images *images, bool sandbox, FILE *to)
{
	struct error err = { 0 };
	struct host host;
	char name[256];
	int bad;

	if (host_open(&host, path, &err) ||
	    (sandbox && sandbox_enter(&host.kvm, 1, false, &err))) {
		fprintf(to, "problem: %s\n", err.text);
		fprintf(to, "guests: cannot run here\n");
		return STATUS_SKIP;
	}
	fprintf(to, "%s: usable, API version %d\n", printable_copy(path, name, sizeof(name)),
		KVM_API_VERSION);
	fprintf(to, "kind: %s%s (%s)\n", host_kind_names[host.kind], host.emulated ? " (nested)" : "",
		host.kind_why);
	if (host.kind != HOST_PVM && !host.emulated)
		fprintf(to, "      nobody has run pvtlb on such hardware yet: please report how it goes\n");
	fprintf(to, "vCPUs: %d at most (KVM), %u at most (pvtlb)\n", host.max_vcpus, PVTLB_MAX_CPUS);
	fprintf(to, "host CPUs: %d\n", host.nr_cpus);
	bad = print_tlbs(&host, images, to);
	bad |= print_ring0(&host, images, to);
	bad |= print_preempted(&host, images, to);
	print_shows(&host, to);
	print_caps(host.kvm, to);
	host_close(&host);
	/* What could be measured, and was not. */
	return bad ? STATUS_FAIL : STATUS_OK;
}
