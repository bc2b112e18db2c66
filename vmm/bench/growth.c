/* SPDX-License-Identifier: GPL-2.0-only */
/* growth: flushes, syncs and start-up against CPUs, and flushes against pages. */
#include <stdio.h>

#include "bench/measure.h"

static const unsigned int counts[] = { 2, 4, 8, 16, 32, 64, 128, 255 };
static const unsigned int pages[] = { 1, 2, 4, 8, 16, 32, 33, 34, 64, 128, 256, 512 };
#define NR(a) (sizeof(a) / sizeof((a)[0]))

struct curve {
	struct samples at[NR(pages)];
};

static void curve_free(struct curve *c)
{
	for (unsigned int i = 0; i < NR(c->at); i++)
		samples_free(&c->at[i]);
}

static void say(const struct bench_run *run, const struct curve *c, unsigned int line,
		const char *what, const char *of, const char *unit, const unsigned int *x,
		unsigned int nr)
{
	char text[64], name[8];

	snprintf(name, sizeof(name), "$d%u", line);
	plot_line(run->report, name);
	for (unsigned int i = 0; i < nr; i++)
		plot_point(run->report, x[i], &c->at[i]);
	if (run->report->plots)
		fprintf(run->report->plots, "EOD\n");
	for (unsigned int i = 0; i < nr; i++) {
		snprintf(text, sizeof(text), "%s, %u %s", what, x[i], of);
		bench_value(run->report, text, unit, &c->at[i]);
	}
}

static int add(struct samples *to, struct measures *m, uint64_t step, struct error *err)
{
	struct samples *ns = measures_of(m, step);

	if (!ns)
		return fail(err, STATUS_FAIL, "the guest measured nothing in step %llu",
			    (unsigned long long)step);
	samples_add(to, samples_at(ns, 0.5) / 1e3);
	return 0;
}

static int one_count(const struct bench_run *run, struct curve c[3], unsigned int i,
		     struct error *err)
{
	struct measures m;
	int ret;

	if (measure(run,
		    &(struct measured){ "bench-flush", NULL, "always-sync", counts[i],
					bench_nr(run, 2, 10, 50) },
		    &m, err))
		return -1;
	ret = add(&c[0].at[i], &m, 1, err) || add(&c[1].at[i], &m, 0, err) ? -1 : 0;
	measures_free(&m);
	if (ret || measure(run, &(struct measured){ "key", NULL, NULL, counts[i], 1 }, &m, err))
		return -1;
	samples_add(&c[2].at[i], m.seconds * 1e3);
	measures_free(&m);
	return 0;
}

static int one_pages(const struct bench_run *run, struct curve *c, struct error *err)
{
	struct measures m;
	int ret = 0;

	if (measure(run,
		    &(struct measured){ "bench-pages", NULL, NULL, 2, bench_nr(run, 2, 50, 200) },
		    &m, err))
		return -1;
	for (unsigned int i = 0; i < NR(pages) && !ret; i++)
		ret = add(&c->at[i], &m, pages[i], err);
	measures_free(&m);
	return ret;
}

static void say_all(const struct bench_run *run, const struct curve *by_cpus,
		    const struct curve *by_pages, unsigned int nr)
{
	static const char *const cost[] = { "flush of a page", "sync" }, *const start[] = { "run" },
				 *const flush[] = { "flush" };
	struct bench_report *r = run->report;

	plot_begin(r, "cpus", "A flush of one page, a sync: native, CPUs that sleep", "CPUs", "us");
	say(run, &by_cpus[0], 0, "flush of a page", "CPUs", "us", counts, nr);
	say(run, &by_cpus[1], 1, "sync", "CPUs", "us", counts, nr);
	plot_end(r, "cpus", cost, 2);
	plot_begin(r, "start", "A run, from no machine to none", "CPUs", "ms");
	say(run, &by_cpus[2], 0, "a run of key", "CPUs", "ms", counts, nr);
	plot_end(r, "start", start, 1);
	plot_begin(r, "pages", "A flush against its pages: native, 2 CPUs", "pages", "us");
	say(run, by_pages, 0, "flush", "pages", "us", pages, NR(pages));
	plot_end(r, "pages", flush, 1);
	bench_ratio(r, "flush, 33 pages over 34 (the ceiling)", &by_pages->at[6], &by_pages->at[7]);
}

static int growth(const struct bench_run *run, struct error *err)
{
	unsigned int nr = bench_nr(run, 2, NR(counts), NR(counts));
	struct curve by_cpus[3] = { 0 }, by_pages = { 0 };
	int ret = 0;

	while (nr > 1 && (int)counts[nr - 1] > run->host->max_vcpus)
		nr--;
	for (unsigned int round = 0; round < run->rounds && !ret; round++) {
		for (unsigned int i = 0; i < nr && !ret; i++)
			ret = one_count(run, by_cpus, i, err);
		if (!ret)
			ret = one_pages(run, &by_pages, err);
	}
	if (!ret)
		say_all(run, by_cpus, &by_pages, nr);
	for (unsigned int i = 0; i < 3; i++)
		curve_free(&by_cpus[i]);
	curve_free(&by_pages);
	return ret;
}

extern const struct bench bench_growth;
const struct bench bench_growth = {
	.name = "growth",
	.title = "flush, sync and start-up against CPUs; flush against pages",
	.run = growth,
};
