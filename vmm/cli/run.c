/* SPDX-License-Identifier: GPL-2.0-only */
/* Running one configuration, from machine to judgement. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/patience.h"
#include "base/signals.h"
#include "base/stream.h"
#include "cli/run.h"
#include "events/tracefile.h"
#include "gdb/gdb.h"
#include "judge/order.h"
#include "kvm/roles.h"
#include "machine/dtb.h"
#include "machine/hypervisor.h"
#include "machine/image_kernel.h"
#include "machine/machine.h"

__attribute__((format(printf, 4, 5))) static void end(struct run_result *result, enum verdict v,
						      int status, const char *fmt, ...)
{
	va_list ap;

	result->judgement.verdict = v;
	result->status = status;
	va_start(ap, fmt);
	vsnprintf(result->judgement.why, sizeof(result->judgement.why), fmt, ap);
	va_end(ap);
}

/* The file may have the tree of the run before, which may be longer. */
static int dump_dtb(const struct machine *m, FILE *to, struct error *err)
{
	const uint8_t *dtb = mem_own(&m->mem, m->layout.fdt, DTB_MAX);
	/* Header: magic, then the total size, big endian. */
	size_t len = (size_t)dtb[4] << 24 | dtb[5] << 16 | dtb[6] << 8 | dtb[7];

	rewind(to);
	if (fwrite(dtb, 1, len, to) != len || fflush(to))
		return fail(err, STATUS_FAIL, "--dump-dtb: %s", strerror(errno));
	if (ftruncate(stream_fd(to), len) && errno != EINVAL)
		return fail(err, STATUS_FAIL, "--dump-dtb: %s", strerror(errno));
	return 0;
}

/* failed: why the run did not come to its end, or "". */
static void write_trace(const struct machine *m, const struct run_result *result,
			const char *failed, FILE *to)
{
	const struct event_log *log = &m->log;
	uint64_t last = machine_sequence(m);
	struct trace_run run = {
		.config = result->config,
		.claims = result->claims,
		.fault_applied = result->facts.fault_applied,
		.event = log->event,
		.nr = log->nr,
		.sources = log->sources,
		.events = log->nr,
		.last = last,
		.lost = log->lost,
		.malformed = log->malformed,
	};

	/* What neither came nor counts as lost was taken by a CPU that was then stopped. */
	run.unused = last - log->nr - log->lost;
	if (!failed[0])
		run.key = result->facts.key.value ? TRACE_KEY_ON : TRACE_KEY_OFF;
	snprintf(run.failed, sizeof(run.failed), "%s", failed);
	trace_write(to, &run);
}

static char *report_violation(const struct event_stream *stream, const struct run_result *r)
{
	const struct violation *v = claims_violated(r->claims, &r->facts.findings);
	char *text = NULL, skipped_by[160];
	size_t len;
	FILE *to;

	if (!v)
		return NULL;
	to = open_memstream(&text, &len);
	if (!to)
		abort();
	violation_report(to, stream, v,
			 sync_skipper(&r->config, &r->facts, skipped_by, sizeof(skipped_by)));
	if (fclose(to))
		abort();
	return text;
}

static void count_exits(struct machine *m, struct run_facts *facts)
{
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++) {
		facts->exits += atomic_load(&m->vcpu[cpu].exits);
		facts->kicks += atomic_load(&m->vcpu[cpu].kicks);
	}
}

/* A worker's phase is set when it is released into it, and cleared when it arrives. */
static void look_for_absent(const struct machine *m, struct run_facts *facts)
{
	for (unsigned int cpu = m->nr_vcpus; cpu-- > 1;)
		if (machine_status(m, cpu)->phase)
			facts->course.absent = cpu;
}

/* What is known of a part of the events is nothing. */
static void not_judged(const struct machine *m, struct run_result *result)
{
	int sig = signals_caught();

	memset(&result->facts.findings, 0, sizeof(result->facts.findings));
	if (sig)
		end(result, VERDICT_FAIL, STATUS_FAIL,
		    "ended by signal %d (%s) while its events were judged", sig, strsignal(sig));
	else
		end(result, VERDICT_FAIL, STATUS_HANG,
		    "watchdog: its %zu events are not judged within the time that is left of "
		    "--timeout %u",
		    m->log.nr, m->timeout);
}

static void judge_run(struct machine *m, struct run_result *result)
{
	static const int status[] = {
		[VERDICT_PASS] = STATUS_OK,
		[VERDICT_FAIL] = STATUS_FAIL,
		[VERDICT_SKIP] = STATUS_SKIP,
		[VERDICT_UNKNOWN] = STATUS_FAIL,
	};
	const struct oracle_terms terms = terms_of(&result->config, result->claims);
	struct event_stream stream = event_log_stream(&m->log);
	struct run_facts *facts = &result->facts;
	struct patience patience =
		patience_begin(m->time_left > m->timeout ? m->time_left : m->timeout);

	stream.patience = &patience;
	facts_from_events(facts, &stream);
	facts->fault_applied |= atomic_load(&m->fault_applied);
	count_exits(m, facts);
	look_for_absent(m, facts);
	evidence_read(&m->mem, m->image, &facts->key);
	oracle(&stream, &terms, &facts->findings);
	judge(&result->config, result->claims, facts, &result->judgement);
	if (patience.over) {
		not_judged(m, result);
		return;
	}
	result->report = report_violation(&stream, result);
	if (result->config.order && !stream.lost && !stream.malformed)
		result->order = order_of(&stream);
	result->status = status[result->judgement.verdict];
}

/* Where a backend is not the kernel tree's, what was judged is not all of its code. */
static void add_bridged(const struct pvtlb_kernel *kernel, struct run_result *result)
{
	const char *backend = result->config.backend->name;
	const char *whose = kernel ? image_kernel_bridged(kernel, backend) : NULL;
	char *why = result->judgement.why;
	size_t len = strlen(why);

	if (whose)
		snprintf(why + len, sizeof(result->judgement.why) - len, " (%s: %s)", backend,
			 whose);
}

static bool fault_is_guests(enum pvtlb_fault fault)
{
	return fault == PVTLB_FAULT_SKIP_IPI || fault == PVTLB_FAULT_EARLY_ACK ||
	       fault == PVTLB_FAULT_SKIP_LOCAL;
}

/* Why the configuration cannot be run with the kernel tree in the image; NULL: it can. */
static const char *not_in_tree(const struct pvtlb_kernel *kernel, const struct run_config *config)
{
	if (!kernel)
		return NULL;
	if (!config->paravirt)
		return tree_lacks_paravirt_n;
	if (config->invlpgb)
		return tree_lacks_invlpgb_y;
	if (config->key != KEY_AUTO && !(kernel->flags & PVTLB_KERNEL_SERIES))
		return tree_lacks_key;
	if (fault_is_guests(config->fault))
		return tree_lacks_fault;
	return image_kernel_lacks(kernel, config->scenario, config->backend->name);
}

/* Why the configuration cannot be run here, as a skip; false when it can. */
static bool impossible(const struct host *host, const struct image *image,
		       const struct run_config *config, const struct pvtlb_scenario *scenario,
		       struct run_result *result)
{
	const char *missing = hypervisor_missing(config->backend, host);
	const char *lacks = not_in_tree(image->kernel, config);

	if (lacks)
		end(result, VERDICT_SKIP, STATUS_SKIP, "%s", lacks);
	else if (config->backend->paravirt && !config->paravirt)
		end(result, VERDICT_SKIP, STATUS_SKIP, "a kernel without CONFIG_PARAVIRT has no %s",
		    config->backend->name);
	else if (missing)
		end(result, VERDICT_SKIP, STATUS_SKIP, "%s", missing);
	else if (config->backend->invlpgb && !config->invlpgb)
		end(result, VERDICT_SKIP, STATUS_SKIP, "%s is about INVLPGB: not without it",
		    config->backend->name);
	else if (config->late && !config->backend->paravirt)
		end(result, VERDICT_SKIP, STATUS_SKIP, "native has nothing to install late");
	else if (config->stress && !(scenario->flags & PVTLB_SCENARIO_WALKS))
		end(result, VERDICT_SKIP, STATUS_SKIP,
		    "nothing in %s races: --stress is for scenarios that walk", scenario->name);
	else if (config->cpus < scenario->min_cpus || config->cpus > scenario->max_cpus)
		end(result, VERDICT_SKIP, STATUS_SKIP, "%s is for %u to %u CPUs", scenario->name,
		    scenario->min_cpus, scenario->max_cpus);
	else
		return false;
	return true;
}

bool run_possible(const struct host *host, const struct images *images,
		  const struct run_config *config, struct run_result *result)
{
	const struct image *image = &images->image[config->paravirt];
	const struct pvtlb_scenario *scenario = image_scenario(image, config->scenario);

	/* Too large for a compound literal, which may be on the stack. */
	memset(result, 0, sizeof(*result));
	result->config = *config;
	result->config.mm = image->kernel ? image->mm : NULL;
	if (!policies_choose(&image->policies, config->policy.name, &result->config.policy)) {
		end(result, VERDICT_FAIL, STATUS_USAGE, "%s has no policy %s", image->path,
		    config->policy.name);
		return false;
	}
	config = &result->config;
	result->judgement.key_expected = key_expected(config);
	result->tlbs = host_tlbs(host, config->cpus);
	if (!scenario) {
		end(result, VERDICT_FAIL, STATUS_USAGE, "%s has no scenario %s", image->path,
		    config->scenario);
		return false;
	}
	result->claims = scenario->flags & PVTLB_CLAIMS;
	result->facts.course.one_offline = scenario->flags & PVTLB_SCENARIO_ONE_OFFLINE;
	return !impossible(host, image, config, scenario, result);
}

static void run_it(const struct host *host, const struct images *images,
		   const struct run_config *config, const struct run_files *files,
		   struct run_result *result)
{
	const struct image *image = &images->image[config->paravirt];
	const char *changed = NULL;
	struct error err = { 0 };
	struct gdb *gdb = NULL;
	struct machine m;

	if (!run_possible(host, images, config, result))
		return;
	config = &result->config;
	result->config.stoppable = files->gdb;
	if (machine_create(&m, host, image, config, &err)) {
		end(result, err.status == STATUS_SKIP ? VERDICT_SKIP : VERDICT_FAIL, err.status,
		    "%s", err.text);
		return;
	}
	m.console = files->console;
	if (files->dump_dtb)
		dump_dtb(&m, files->dump_dtb, &err);
	if (files->gdb && !err.status)
		gdb = gdb_open(&m, files->gdb, stderr, &err);
	if (!err.status)
		machine_run(&m, &err);
	if (gdb)
		changed = gdb_run_over(gdb);
	if (err.status)
		end(result, VERDICT_FAIL, err.status, "%s", err.text);
	else
		judge_run(&m, result);
	add_bridged(image->kernel, result);
	if (changed && result->judgement.verdict == VERDICT_PASS)
		end(result, VERDICT_UNKNOWN, STATUS_FAIL,
		    "gdb has changed the guest's %s: a run of this code says nothing of it as it "
		    "is",
		    changed);
	if (gdb)
		gdb_close(gdb, result->status);
	if (files->trace)
		write_trace(&m, result, err.text, files->trace);
	machine_destroy(&m);
}

void run_one(const struct host *host, const struct images *images, const struct run_config *config,
	     const struct run_files *files, struct run_result *result)
{
	double began = seconds_now();

	run_it(host, images, config, files, result);
	result->seconds = seconds_now() - began;
}
