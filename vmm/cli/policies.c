/* SPDX-License-Identifier: GPL-2.0-only */
/* What breaks each policy under each backend: the tables of docs/policies.md. */
#include "base/backend.h"
#include "base/signals.h"
#include "cli/policies.h"

#define CPUS 4u

/* One of all walkers is in a walk, and the tables are then used again. */
#define ONE_WALKER "preempted-walker"

static bool is_wanted(const struct survey *survey, enum survey_part part, const char *name)
{
	return !survey->wanted || survey->wanted(part, name);
}

/* A column: a backend, and natively both without INVLPGB and with it. */
struct way {
	const struct backend *backend;
	bool invlpgb;
};

/* The one behind it, in the order of the columns; way->backend NULL: the first, and at the end. */
static void next_way(const struct survey *survey, struct way *way)
{
	unsigned int i = 0;

	if (way->backend && !way->backend->paravirt && !way->invlpgb) {
		way->invlpgb = true;
		return;
	}
	while (way->backend && backend_at(i) != way->backend)
		i++;
	i += way->backend != NULL;
	while (backend_at(i) && (backend_by_host(backend_at(i)) ||
				 !is_wanted(survey, SURVEY_BACKEND, backend_at(i)->name)))
		i++;
	way->backend = backend_at(i);
	way->invlpgb = way->backend && way->backend->invlpgb;
}

#define for_each_way(survey, way)                                                                  \
	for (next_way(survey, &(way)); (way).backend; next_way(survey, &(way)))

/*
 * Not those that are wrong whatever the policy, or by skipping any sync: they would say no more.
 * Nor those that go by chance, which would not say it again.
 */
bool survey_asks(const struct pvtlb_scenario *s)
{
	return s->flags & PVTLB_SCENARIO_WALKS &&
	       !(s->flags &
		 (PVTLB_SCENARIO_DIAGNOSTIC | PVTLB_SCENARIO_CONTROL | PVTLB_SCENARIO_NEEDS_SYNC |
		  PVTLB_SCENARIO_RANDOM));
}

static void run(const struct survey *survey, const char *policy, const struct way *way,
		const char *scenario, struct run_result *result)
{
	const struct run_config config = {
		.scenario = scenario,
		.backend = way->backend,
		.paravirt = true,
		.invlpgb = way->invlpgb,
		.cpus = CPUS,
		.trials = survey->trials,
		.policy.name = policy,
		.timeout = 60,
	};
	struct run_files files = { 0 };

	run_one(survey->host, survey->images, &config, &files, result);
	if (survey->seen)
		survey->seen(survey->ctx, result);
}

/*
 * What came of a run: the kind of its first violation; NULL: no harm; the verdict's name: it
 * could not be judged. A key that is wrong and did no harm is not what the table is about.
 */
static const char *outcome(const struct run_result *r, int *status)
{
	uint32_t claims = r->claims & ~PVTLB_CLAIM_KEY;
	const struct violation *v = claims_violated(claims, &r->facts.findings);
	struct judgement j = r->judgement;

	if (j.verdict == VERDICT_FAIL && r->status == STATUS_FAIL)
		judge(&r->config, claims, &r->facts, &j);
	if (j.verdict == VERDICT_PASS)
		return NULL;
	if (j.verdict == VERDICT_FAIL && v)
		return violation_names[v->kind];
	*status = STATUS_FAIL;
	return verdict_names[r->judgement.verdict];
}

/* The scenarios that are asked, in the image's order, which is that of their names. */
struct asked {
	const char *name[RUN_MAX_LIST];
	const char *outcome[RUN_MAX_LIST];
	unsigned int nr;
};

static struct asked all_asked(const struct survey *survey)
{
	const struct image *image = &survey->images->image[1];
	struct asked asked = { .nr = 0 };

	for (unsigned int i = 0; i < image->nr_scenarios && asked.nr < RUN_MAX_LIST; i++)
		if (survey_asks(&image->scenario[i]) &&
		    is_wanted(survey, SURVEY_SCENARIO, image->scenario[i].name))
			asked.name[asked.nr++] = image->scenario[i].name;
	return asked;
}

/* "use-after-free: this, that; use-after-unshare: another" */
static void print_outcomes(FILE *to, const struct asked *asked)
{
	const char *between = "";

	for (unsigned int i = 0; i < asked->nr; i++) {
		const char *what = asked->outcome[i];
		bool first = true;

		for (unsigned int k = 0; k < i; k++)
			first &= asked->outcome[k] != what;
		if (!what || !first)
			continue;
		fprintf(to, "%s%s:", between, what);
		between = "; ";
		for (unsigned int k = i; k < asked->nr; k++)
			if (asked->outcome[k] == what)
				fprintf(to, "%s `%s`", k > i ? "," : "", asked->name[k]);
	}
	fprintf(to, "%s |", *between ? "" : "safe");
}

static int print_cell(FILE *to, const struct survey *survey, const char *policy,
		      const struct way *way)
{
	struct asked asked = all_asked(survey);
	int status = STATUS_OK;

	for (unsigned int i = 0; i < asked.nr && !signals_caught(); i++) {
		struct run_result *result = result_get();

		run(survey, policy, way, asked.name[i], result);
		asked.outcome[i] = outcome(result, &status);
		result_put(result);
	}
	print_outcomes(to, &asked);
	return status;
}

/* Interrupts per sync. */
static int print_syncs(FILE *to, const struct survey *survey, const char *policy,
		       const struct way *way)
{
	struct run_result *result = result_get();
	const struct counts *c = &result->facts.findings.counts;
	int status;

	run(survey, policy, way, ONE_WALKER, result);
	if (c->syncs)
		fprintf(to, "%.2f |", (double)c->sync_ipis / c->syncs);
	else
		fprintf(to, "- |");
	status = c->syncs ? STATUS_OK : STATUS_FAIL;
	result_put(result);
	return status;
}

typedef int cell_fn(FILE *to, const struct survey *survey, const char *policy,
		    const struct way *way);

static int print_table(FILE *to, const struct survey *survey, cell_fn *cell)
{
	const struct policies *policies = &survey->images->image[1].policies;
	int status = STATUS_OK, columns = 1;
	struct way way = { 0 };

	fprintf(to, "| policy |");
	for_each_way(survey, way)
	{
		fprintf(to, " %s%s |", way.backend->name,
			way.invlpgb && !way.backend->invlpgb ? ", INVLPGB" : "");
		columns++;
	}
	fprintf(to, "\n|");
	while (columns--)
		fprintf(to, "---|");
	fprintf(to, "\n");
	for (unsigned int i = 0; i < policies->nr && !signals_caught(); i++) {
		if (!is_wanted(survey, SURVEY_POLICY, policies->policy[i].name))
			continue;
		fprintf(to, "| `%s` |", policies->policy[i].name);
		way = (struct way){ 0 };
		for_each_way(survey, way)
		{
			fprintf(to, " ");
			if (cell(to, survey, policies->policy[i].name, &way))
				status = STATUS_FAIL;
		}
		fprintf(to, "\n");
		fflush(to);
	}
	return signals_caught() ? STATUS_FAIL : status;
}

int policies_survey(FILE *to, const struct survey *survey)
{
	int status = print_table(to, survey, print_cell);

	fprintf(to, "\nInterrupts per sync, in `" ONE_WALKER
		    "`: of 3 other CPUs one is in a walk.\n\n");
	return print_table(to, survey, print_syncs) ? STATUS_FAIL : status;
}
