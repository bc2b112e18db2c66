/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs to judge, as tables. */
#include <string.h>

#include "base/backend.h"
#include "judged.h"

static void facts_of(const struct run *r, struct run_facts *f)
{
	*f = (struct run_facts){
		.key = { .value = r->on, .nr_sites = r->sites == SITES_NONE ? 0 : 2 },
		.lost = r->lost,
		.malformed = r->malformed,
		.key_decided = !r->not_decided,
		.fault_applied = r->fault_applied,
		.key_decided_before_install = r->late,
		.findings = { .trials = r->trials ? r->trials : 100, .violated = r->violated },
	};
	f->key.site[0] = f->key.site[1] = (struct key_site){ .len = 2, .key_on = r->on };
	f->key.site[1].key_on ^= r->sites == SITES_CONTRADICT;
	f->key.site[1].target_bad = r->sites == SITES_ELSEWHERE;
	if (r->sites == SITES_GARBAGE)
		f->key.site[1].len = 0;
	f->findings.safe.checks = r->no_checks ? 0 : 1000;
	f->findings.permitted.stores = r->stores;
	f->findings.permitted.bad.total = f->findings.permitted.bad.kept = r->unclean;
	f->findings.permitted.bad.v[0] = (struct violation){ .kind = VIOLATION_UNFLUSHED };
	f->findings.delivered.flushes = 100;
	f->findings.delivered.targets = r->no_targets ? 0 : 300;
	f->findings.delivered.interrupted = r->interrupted;
	f->course = (struct run_course){
		.done = 1000,
		.any_trial = true,
		.any_up = true,
		.trials = f->findings.trials - r->trials_missing,
		.up = { { ~0ull } },
		.absent = r->absent,
	};
	f->refused = r->refused;
	f->unasked = r->unasked;
	/* As a guest does that installs what it is told to, and says so. */
	f->installed =
		r->installed || (!r->refused && !r->not_installed && strcmp(r->backend, "native"));
	f->findings.safe.walk_loads = r->walks ? 10 : 0;
	f->findings.safe.gave_up = r->gave_up;
	f->findings.delivered.walkers = r->walks ? 3 : 0;
	f->findings.safe.bad.total = r->stale;
	f->findings.safe.bad.kept = r->stale < VIOLATIONS_KEPT ? r->stale : VIOLATIONS_KEPT;
	f->findings.safe.bad.v[0] = (struct violation){ .kind = VIOLATION_STALE, .cpu = 3 };
	f->findings.delivered.bad.total = r->undelivered;
	f->findings.delivered.bad.kept = !!r->undelivered;
	f->findings.delivered.bad.v[0].kind =
		!strcmp(r->backend, "native") ? VIOLATION_NOT_INTERRUPTED : VIOLATION_INTERRUPTED;
}

void judge_runs(const struct run *runs, size_t nr)
{
	static struct run_facts f;

	for (const struct run *r = runs; r < runs + nr; r++) {
		const struct run_config config = {
			.scenario = "shootdown",
			.backend = r->made ? r->made : backend_named(r->backend),
			.paravirt = strcmp(r->backend, "native"),
			.invlpgb = r->invlpgb,
			.late = r->late,
			.cpus = r->cpus ? r->cpus : 4,
			.trials = r->trials ? r->trials : 100,
			.key = r->key,
			.policy = r->policy,
			.stress = r->stress,
			.seed = 77,
			.fault = r->fault,
			.expect_violation = r->expect_violation,
		};
		struct judgement j;

		memset(&j, 0xa5, sizeof(j));
		facts_of(r, &f);
		judge(&config, r->no_claims ? 0 : r->claims ? r->claims : PVTLB_CLAIMS, &f, &j);
		EXPECT(j.verdict == r->verdict, "%s: %s", r->what, verdict_names[j.verdict]);
		EXPECT(j.key_expected == r->key_expected, "%s: key_expected", r->what);
		EXPECT(j.key_wrong == r->key_wrong, "%s: key_wrong", r->what);
		EXPECT(j.why[0] && strlen(j.why) < sizeof(j.why), "%s: no reason", r->what);
		EXPECT(!r->why || strstr(j.why, r->why), "%s: %s", r->what, j.why);
		EXPECT(!r->why_not || !strstr(j.why, r->why_not), "%s: %s", r->what, j.why);
	}
}
