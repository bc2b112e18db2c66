/* SPDX-License-Identifier: GPL-2.0-only */
/* walkers: what gup_fast pays for telling that it walks, as targeted wants it. */
#include "bench/measure.h"

#define BATCH 1000 /* walks that are timed at once (guest/scenarios/bench-flush.c) */

static int rate(const struct bench_run *run, const char *policy, struct samples *to,
		struct error *err)
{
	struct measures m;
	struct samples *ns;

	if (measure(run,
		    &(struct measured){ "bench-walk", NULL, policy, 2,
					bench_nr(run, 3, 500, 2000) },
		    &m, err))
		return -1;
	ns = measures_of(&m, 0);
	if (ns)
		samples_add(to, BATCH * 1e3 / samples_at(ns, 0.5));
	measures_free(&m);
	return ns ? 0 : fail(err, STATUS_FAIL, "the guest measured no walk");
}

static int walkers(const struct bench_run *run, struct error *err)
{
	struct samples patch = { 0 }, targeted = { 0 };
	int ret = 0;

	for (unsigned int i = 0; i < run->rounds && !ret; i++)
		ret = rate(run, "patch", &patch, err) || rate(run, "targeted", &targeted, err) ? -1
											       : 0;
	if (!ret) {
		bench_value(run->report, "patch: walks a microsecond", "/us", &patch);
		bench_value(run->report, "targeted: walks a microsecond", "/us", &targeted);
		bench_ratio(run->report, "targeted over patch", &targeted, &patch);
		bench_note(run->report, "published: about 3 %% less, of a kernel's gup_fast");
	}
	samples_free(&patch);
	samples_free(&targeted);
	return ret;
}

extern const struct bench bench_walkers;
const struct bench bench_walkers = {
	.name = "walkers",
	.title = "gup_fast with a store and a barrier for targeted, without for the patch",
	.run = walkers,
};
