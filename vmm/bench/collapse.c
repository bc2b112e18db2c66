/* SPDX-License-Identifier: GPL-2.0-only */
/* collapse: the series' headline. IPIs by cause, and time, of collapses under each policy. */
#include <stdio.h>

#include "bench/measure.h"

#define ALL   10240u /* collapses: 20 GiB by khugepaged; --long */
#define USUAL 1024u

/* Walkers that share a host CPU make targeted syncs slow: there are fewer of these. */
static const struct {
	const char *name;
	unsigned int fewer; /* than of the others: one in so many */
} policies[] = { { "always-sync", 1 }, { "patch", 1 }, { "targeted", 8 }, { "targeted-any", 8 } };
#define NR (sizeof(policies) / sizeof(policies[0]))

struct tally {
	struct samples us; /* of a collapse */
	double sync, flush;
	unsigned int collapses;
};

static int one(const struct bench_run *run, const char *policy, unsigned int cpus,
	       unsigned int collapses, struct tally *t, struct error *err)
{
	struct measures m;

	if (measure(run, &(struct measured){ "bench-collapse", NULL, policy, cpus, collapses }, &m,
		    err))
		return -1;
	t->collapses += collapses;
	t->sync += m.last[PVTLB_MEASURE_SYNC_IPIS];
	t->flush += m.last[PVTLB_MEASURE_FLUSH_IPIS];
	samples_add(&t->us, m.last[PVTLB_MEASURE_CYCLES] / m.khz * 1e3 / collapses);
	measures_free(&m);
	return 0;
}

static void say(struct bench_report *r, const char *policy, const struct tally *t)
{
	char what[64];

	snprintf(what, sizeof(what), "%s, %u collapses: sync IPIs", policy, t->collapses);
	bench_count(r, what, t->sync);
	snprintf(what, sizeof(what), "%s: flush IPIs", policy);
	bench_count(r, what, t->flush);
	snprintf(what, sizeof(what), "%s: a collapse", policy);
	bench_value(r, what, "us", &t->us);
}

static void say_all(struct bench_report *r, unsigned int cpus, const struct tally t[NR])
{
	bench_note(r, "%u CPUs; CPU 1 alone has the mm, and walks it; CPU 3 walks another one",
		   cpus);
	for (unsigned int p = 0; p < NR; p++)
		say(r, policies[p].name, &t[p]);
	bench_ratio(r, "time, always-sync over patch", &t[0].us, &t[1].us);
	bench_ratio(r, "time, targeted over patch", &t[2].us, &t[1].us);
	bench_ratio(r, "time, targeted-any over patch", &t[3].us, &t[1].us);
	bench_note(r, "published, whole machine: 646316 -> 785 (CAL of /proc/interrupts)");
}

static int collapse(const struct bench_run *run, struct error *err)
{
	unsigned int cpus = bench_nr(run, 4, 64, 64), rounds = run->rounds;
	unsigned int each = bench_nr(run, 16, USUAL / rounds, ALL / rounds);
	struct tally t[NR] = { 0 };
	int ret = 0;

	for (unsigned int i = 0; i < rounds && !ret; i++)
		for (unsigned int p = 0; p < NR && !ret; p++)
			ret = one(run, policies[p].name, cpus, each / policies[p].fewer, &t[p],
				  err);
	if (!ret)
		say_all(run->report, cpus, t);
	for (unsigned int p = 0; p < NR; p++)
		samples_free(&t[p].us);
	return ret;
}

extern const struct bench bench_collapse;
const struct bench bench_collapse = {
	.name = "collapse",
	.title = "IPIs and time of collapses, by policy (the series' headline)",
	.run = collapse,
};
