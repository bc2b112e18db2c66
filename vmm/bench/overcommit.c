/* SPDX-License-Identifier: GPL-2.0-only */
/* overcommit: flushes of a page while all other vCPUs work on: 1, 2, 4 vCPUs on each host CPU. */
#include <stdio.h>

#include "bench/measure.h"

static const char *const backends[] = { "native", "kvm", "hyperv", "xen", "pvtlb" };
#define NR	(sizeof(backends) / sizeof(backends[0]))
#define FACTORS 3

struct tally {
	struct samples p50, p99, most; /* us, of each round */
	struct samples work;	       /* turns a millisecond, of all other vCPUs */
	bool missing;
};

static int one(const struct bench_run *run, const char *backend, unsigned int f, struct tally *t,
	       struct error *err)
{
	struct samples *ns;
	struct measures m;
	unsigned int cpus = (run->host->nr_cpus < 2 ? 2 : run->host->nr_cpus) << f;
	unsigned int flushes = bench_nr(run, 4, 100, 500);
	double total = 0;

	if (t->missing)
		return 0;
	if (measure(run, &(struct measured){ "bench-work", backend, NULL, cpus, flushes >> f }, &m,
		    err)) {
		t->missing = err->status == STATUS_SKIP;
		if (!t->missing)
			return -1;
		*err = (struct error){ 0 };
		return 0;
	}
	ns = measures_of(&m, 1);
	for (size_t i = 0; ns && i < ns->nr; i++)
		total += ns->v[i];
	if (ns && total > 0) {
		samples_add(&t->p50, samples_at(ns, 0.5) / 1e3);
		samples_add(&t->p99, samples_at(ns, 0.99) / 1e3);
		samples_add(&t->most, samples_at(ns, 1) / 1e3);
		samples_add(&t->work, ns->nr / total * 1e9);
	}
	measures_free(&m);
	return ns && total > 0 ? 0 : fail(err, STATUS_FAIL, "the guest measured no flush");
}

static void say(const struct bench_run *run, const char *backend, unsigned int factor,
		const struct tally *t, const struct tally *native)
{
	const struct {
		const char *what, *unit;
		const struct samples *s;
	} rows[] = {
		{ "p50", "us", &t->p50 },
		{ "p99", "us", &t->p99 },
		{ "max", "us", &t->most },
		{ "flushes a second", "/s", &t->work },
	};
	char what[64];

	if (t->missing) {
		bench_note(run->report, "%ux %s: this host does not provide it", factor, backend);
		return;
	}
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(what, sizeof(what), "%ux %s: %s", factor, backend, rows[i].what);
		bench_value(run->report, what, rows[i].unit, rows[i].s);
	}
	if (t == native)
		return;
	snprintf(what, sizeof(what), "%ux %s: flushes a second over native", factor, backend);
	bench_ratio(run->report, what, &t->work, &native->work);
}

static int overcommit(const struct bench_run *run, struct error *err)
{
	unsigned int factors = bench_nr(run, 1, FACTORS, FACTORS);
	struct tally t[FACTORS][NR] = { 0 };
	int ret = 0;

	for (unsigned int i = 0; i < run->rounds && !ret; i++)
		for (unsigned int f = 0; f < factors && !ret; f++)
			for (unsigned int b = 0; b < NR && !ret; b++)
				ret = one(run, backends[b], f, &t[f][b], err);
	for (unsigned int f = 0; f < factors && !ret; f++)
		for (unsigned int b = 0; b < NR; b++)
			say(run, backends[b], 1u << f, &t[f][b], &t[f][0]);
	if (!ret) {
		bench_note(run->report, "%s",
			   host_shows(run->host, SHOWS_PREEMPTED)
				   ? "this KVM tells guests which vCPUs are preempted"
				   : "this KVM does not tell guests which vCPUs are preempted: kvm "
				     "waits as native does");
		bench_note(run->report,
			   "published, 64 vCPUs, kvm, 1, 2, 3 VMs: +4 %%, +78 %%, +132 %%");
	}
	for (unsigned int i = 0; i < FACTORS * NR; i++) {
		struct tally *one_of = &t[i / NR][i % NR];

		samples_free(&one_of->p50);
		samples_free(&one_of->p99);
		samples_free(&one_of->most);
		samples_free(&one_of->work);
	}
	return ret;
}

extern const struct bench bench_overcommit;
const struct bench bench_overcommit = {
	.name = "overcommit",
	.title = "flushes of vCPUs that work, 1, 2, 4 of them on each host CPU, by backend",
	.run = overcommit,
};
