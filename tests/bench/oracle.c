/* SPDX-License-Identifier: GPL-2.0-only */
/* make bench: how many events a second the oracle judges, on one core: all of it, and by part. */
#include <stdio.h>
#include <time.h>

#include "base/backend.h"
#include "cli/run.h"
#include "judge/claims.h"
#include "machine/machine.h"
#include "machine/state.h"

#define SECONDS 1.0 /* for each number */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

struct job {
	const struct event_stream *stream;
	struct oracle_terms terms;
};

static void all(const struct job *job)
{
	static struct findings found;

	oracle(job->stream, &job->terms, &found);
}

static void permitted(const struct job *job)
{
	const struct permitted_terms terms = { job->terms.by_host, job->terms.no_look };
	struct permitted found;

	oracle_permitted(job->stream, &terms, &found, NULL, NULL);
}

/* Million events a second. */
static double rate(void (*part)(const struct job *job), const struct job *job)
{
	double start = now(), spent;
	unsigned long rounds = 0;

	do {
		part(job);
		rounds++;
		spent = now() - start;
	} while (spent < SECONDS);
	return rounds * job->stream->nr / spent / 1e6;
}

static int bench(const struct host *host, const struct images *images, struct run_config *config)
{
	struct error err = { 0 };
	struct machine m;
	int ret;

	if (machine_create(&m, host, &images->image[1], config, &err))
		return -1;
	ret = machine_run(&m, &err);
	if (!ret) {
		const struct event_stream stream = event_log_stream(&m.log);
		const struct job job = { &stream, terms_of(config, PVTLB_CLAIMS) };

		printf("oracle: %s, %s, %u CPUs, %zu events: %.1f million events a second, what "
		       "CPUs may have cached alone %.1f\n",
		       config->scenario, config->backend->name, config->cpus, stream.nr,
		       rate(all, &job), rate(permitted, &job));
	}
	machine_destroy(&m);
	return ret;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *scenario, *backend;
		unsigned int cpus, trials;
	} runs[] = {
		{ "shootdown", "native", 4, 200 },
		{ "shootdown", "pvtlb", 4, 200 },
		{ "munmap-vs-gup", "native", 4, 200 },
		{ "conformance", "native", 8, 20 },
	};
	struct error err = { 0 };
	struct images images;
	struct host host;

	if (argc != 3) {
		fprintf(stderr, "usage: oracle GUEST-NOPV GUEST-PV\n");
		return STATUS_USAGE;
	}
	vcpu_init_signals();
	if (host_open(&host, KVM_PATH, &err) || images_load(&images, argv[1], argv[2], &err)) {
		fprintf(stderr, "bench: %s\n", err.text);
		return err.status;
	}
	for (unsigned int i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
		struct run_config config = {
			.scenario = runs[i].scenario,
			.backend = backend_named(runs[i].backend),
			.paravirt = true,
			.cpus = runs[i].cpus,
			.trials = runs[i].trials,
			.timeout = 60,
		};

		if (bench(&host, &images, &config))
			return STATUS_FAIL;
	}
	images_free(&images);
	host_close(&host);
	return STATUS_OK;
}
