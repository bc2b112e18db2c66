/* SPDX-License-Identifier: GPL-2.0-only */
/* oracle: how many events a second it judges, on one core: all of it, and by part. */
#include <stdio.h>
#include <time.h>

#include "base/backend.h"
#include "base/settings.h"
#include "bench/bench.h"
#include "judge/claims.h"
#include "machine/machine.h"

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

struct job {
	struct event_stream stream;
	struct oracle_terms terms;
};

static void all(const struct job *job)
{
	static struct findings found;

	oracle(&job->stream, &job->terms, &found);
}

static void permitted(const struct job *job)
{
	const struct permitted_terms terms = { job->terms.by_host, job->terms.no_look };
	static struct permitted found;

	oracle_permitted(&job->stream, &terms, &found, NULL, NULL);
}

/* Million events a second, over that time at least. */
static double rate(void (*part)(const struct job *job), const struct job *job, double seconds)
{
	double start = cpu_seconds(), spent;
	unsigned long turns = 0;

	do {
		part(job);
		turns++;
		spent = cpu_seconds() - start;
	} while (spent < seconds);
	return turns * job->stream.nr / spent / 1e6;
}

static void judge_rounds(const struct bench_run *run, const struct job *job, const char *scenario)
{
	double seconds = run->size == BENCH_SMOKE ? 0.001 : 0.2;
	struct samples whole = { 0 }, part = { 0 };
	char what[64];

	for (unsigned int i = 0; i < run->rounds; i++) {
		samples_add(&whole, rate(all, job, seconds));
		samples_add(&part, rate(permitted, job, seconds));
	}
	snprintf(what, sizeof(what), "%s: all", scenario);
	bench_value(run->report, what, "M/s", &whole);
	snprintf(what, sizeof(what), "%s: what CPUs may have cached", scenario);
	bench_value(run->report, what, "M/s", &part);
	samples_free(&whole);
	samples_free(&part);
}

static int bench(const struct bench_run *run, const char *scenario, unsigned int trials,
		 struct error *err)
{
	struct run_config config = settings_unasked();
	struct machine m;
	int ret;

	config.scenario = scenario;
	config.backend = backend_named("native");
	config.paravirt = true;
	config.cpus = 4;
	config.trials = trials;
	if (machine_create(&m, run->host, &run->image[1], &config, err))
		return -1;
	ret = machine_run(&m, err);
	if (!ret) {
		const struct job job = { event_log_stream(&m.log),
					 terms_of(&config, PVTLB_CLAIMS) };

		judge_rounds(run, &job, scenario);
	}
	machine_destroy(&m);
	return ret;
}

static int rates(const struct bench_run *run, struct error *err)
{
	unsigned int trials = bench_nr(run, 1, 100, 200);

	return bench(run, "shootdown", trials, err) || bench(run, "munmap-vs-gup", trials, err) ? -1
												: 0;
}

extern const struct bench bench_oracle;
const struct bench bench_oracle = {
	.name = "oracle",
	.title = "events that the oracle judges in a second, on one core",
	.run = rates,
};
