/* SPDX-License-Identifier: GPL-2.0-only */
/* Pairs of runs, told for programs: JSON of schema 1, described in docs/json.md. */
#include <jansson.h>
#include <stdlib.h>

#include "base/settings.h"
#include "base/words.h"
#include "differ/report.h"
#include "report/text.h"

struct differ_json {
	json_t *root, *pairs;
};

struct differ_json *differ_json_begin(const struct differ_head *head)
{
	struct differ_json *json = malloc(sizeof(*json));

	if (!json)
		abort();
	json->pairs = json_array();
	json->root = json_pack("{s:i, s:{s:s}, s:{s:s, s:b}, s:{s:s}, s:o}", "schema", 1, "host",
			       "kind", host_kind_names[head->host->kind], "kernel", "release",
			       head->kernel->release, "series",
			       !!(head->kernel->flags & PVTLB_KERNEL_SERIES), "model", "policy",
			       head->policy, "pairs", json->pairs);
	return json;
}

static json_t *run_json(const struct run_result *r)
{
	char delivered[48], walkers[48], safe[48], elided[80];

	if (!r)
		return json_null();
	delivered_text(r, delivered, sizeof(delivered));
	walkers_text(r, walkers, sizeof(walkers));
	safe_text(r, safe, sizeof(safe));
	elided_text(&r->facts.findings.counts, elided, sizeof(elided));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "key", key_text(&r->facts.key),
			 "delivered", delivered, "walkers", walkers, "safe", safe, "elided", elided,
			 "verdict", verdict_names[r->judgement.verdict], "why", r->judgement.why);
}

static json_t *differences_json(const struct pair *pair)
{
	json_t *list = json_array();

	for (size_t i = 0; i < pair->found.nr; i++) {
		const struct difference *d = &pair->found.d[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:s?}", "column",
						      differ_columns[d->column], "what", d->what,
						      "times", (int)d->times, "listed", d->listed));
	}
	return list;
}

static json_t *stale_json(const struct pair *pair)
{
	json_t *list = json_array();

	for (size_t i = 0; i < pair->nr_stale; i++)
		json_array_append_new(list, json_pack("{s:s, s:s}", "column",
						      differ_columns[pair->stale[i].row->column],
						      "what", pair->stale[i].word));
	return list;
}

void differ_json_pair(struct differ_json *json, const struct pair *pair)
{
	const struct run_config *c = &pair->kernel->config;

	json_array_append_new(
		json->pairs,
		json_pack("{s:s, s:s, s:s, s:b, s:b, s:s, s:i, s:i, s:s?, s:o, s:o, s:o, s:o, "
			  "s:{s:i, s:i}}",
			  "scenario", c->scenario, "backend", c->backend->name, "provider",
			  c->backend->provider, "paravirt", (int)c->paravirt, "invlpgb",
			  (int)c->invlpgb, "install", config_install(c), "cpus", (int)c->cpus,
			  "trials", (int)c->trials, "skipped", pair->skipped, "model",
			  run_json(pair->model), "kernel", run_json(pair->kernel), "differences",
			  differences_json(pair), "stale", stale_json(pair), "order_steps",
			  "compared", (int)pair->found.steps, "mixed", (int)pair->found.mixed));
}

int differ_json_end(struct differ_json *json, const struct pair_totals *t, FILE *to)
{
	int ret;

	json_object_set_new(json->root, "totals",
			    json_pack("{s:i, s:i, s:i, s:i, s:i, s:i}", "pairs", (int)t->pairs,
				      "same", (int)t->same, "listed", (int)t->listed, "new",
				      (int)t->new, "skipped", (int)t->skipped, "stale",
				      (int)t->stale));
	ret = json_dumpf(json->root, to, JSON_INDENT(2));
	fputc('\n', to);
	json_decref(json->root);
	free(json);
	return ret || fflush(to) ? -1 : 0;
}
