/* SPDX-License-Identifier: GPL-2.0-only */
/* Results for programs: JSON of schema 1, described in docs/json.md. */
#include <jansson.h>
#include <stdlib.h>

#include "base/backend.h"
#include "base/settings.h"
#include "kvm/roles.h"
#include "report/json_parts.h"
#include "report/report.h"

#define SCHEMA 1

struct json_report {
	json_t *root, *runs;
};

/* jansson returns NULL when memory is out, and takes NULL for an error then: nothing is lost. */
struct json_report *json_begin(const struct host *host)
{
	struct json_report *report = malloc(sizeof(*report));

	if (!report)
		abort();
	report->runs = json_array();
	report->root = json_pack("{s:i, s:{s:s, s:b, s:s, s:i, s:i, s:i, s:b}, s:o}", "schema", SCHEMA, "host",
				 "kind", host_kind_names[host->kind], "emulated", (int)host->emulated, "why", host->kind_why, "cpus",
				 host->nr_cpus, "max_vcpus", host->max_vcpus, "independent_tlbs",
				 (int)host_tlbs(host, PVTLB_MAX_CPUS), "shows_2m_staleness",
				 (int)host_shows(host, SHOWS_STALE_2M), "runs", report->runs);
	return report;
}

static json_t *on_off(bool on)
{
	return json_string(words_off_on.name[on]);
}

static json_t *site_json(const struct key_site *s)
{
	char bytes[3 * PVTLB_INSN_MAX + 1] = "";
	unsigned int len = s->len ? s->len : PVTLB_INSN_MAX;

	for (unsigned int i = 0; i < len; i++)
		snprintf(bytes + 3 * i, 4, "%02x ", s->bytes[i]);
	bytes[3 * len - 1] = 0;
	/* As linked the key is off: a site that stands for "on" has been patched. */
	return json_pack("{s:s, s:o, s:s, s:s, s:b}", "symbol", s->symbol, "address",
			 json_hex(s->address), "bytes", bytes, "insn",
			 s->insn == SITE_NOP ? "nop" : s->insn == SITE_JMP ? "jmp" : "unknown",
			 "patched", s->key_on);
}

static json_t *key_json(const struct run_result *r)
{
	const struct key_evidence *key = &r->facts.key;
	json_t *sites = json_array();

	for (unsigned int i = 0; i < key->nr_sites; i++)
		json_array_append_new(sites, site_json(&key->site[i]));
	return json_pack("{s:s, s:o?, s:o, s:b, s:b, s:s?, s:o}", "requested",
			 key_request_names[r->config.key], "value",
			 key->nr_sites ? on_off(key->value) : NULL, "expected",
			 on_off(r->judgement.key_expected), "wrong", (int)r->judgement.key_wrong,
			 "agrees", (int)evidence_agrees(key), "flush_tlb_multi",
			 key->has_pv_ops ? key->flush_symbol : NULL, "sites", sites);
}

static json_t *delivered_json(const struct delivered *d)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "flushes", (json_int_t)d->flushes,
			 "targets", (json_int_t)d->targets, "interrupted",
			 (json_int_t)d->interrupted, "walkers", (json_int_t)d->walkers,
			 "walkers_interrupted", (json_int_t)d->walkers_interrupted,
			 "total_violations", (json_int_t)d->bad.total, "violations",
			 json_violations(&d->bad));
}

static json_t *permitted_json(const struct permitted *p)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "stores",
			 (json_int_t)p->stores, "flushes", (json_int_t)p->flushes,
			 "calls", (json_int_t)p->calls, "pages", (json_int_t)p->pages, "tables",
			 (json_int_t)p->tables, "looks", (json_int_t)p->looks, "total_violations",
			 (json_int_t)p->bad.total, "violations", json_violations(&p->bad));
}

static json_t *safe_json(const struct safe *s)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:o}", "checks", (json_int_t)s->checks, "checks_2m",
			 (json_int_t)s->checks_large, "walk_loads", (json_int_t)s->walk_loads,
			 "total_violations", (json_int_t)s->bad.total,
			 "violations", json_violations(&s->bad));
}

static json_t *counts_json(const struct run_facts *facts)
{
	const struct counts *c = &facts->findings.counts;

	return json_pack("{s:I, s:I, s:I, s:I, s:{s:I, s:I, s:I}, s:{s:I, s:I, s:I}, s:{s:I, s:I}, s:I, s:I}",
			 "flushes",
			 (json_int_t)c->flushes, "remote", (json_int_t)c->remote, "interrupts",
			 (json_int_t)c->interrupts, "hypercalls", (json_int_t)c->hypercalls,
			 "elided", "lazy", (json_int_t)c->lazy, "preempted",
			 (json_int_t)c->preempted, "elsewhere", (json_int_t)c->elsewhere, "syncs",
			 "all", (json_int_t)c->syncs, "skipped", (json_int_t)c->syncs_skipped,
			 "interrupts", (json_int_t)c->sync_ipis, "not_judged", "walks",
			 (json_int_t)c->walks_lost, "flushes", (json_int_t)c->flushes_unknown, "exits",
			 (json_int_t)facts->exits, "kicks", (json_int_t)facts->kicks);
}

/* NULL when memory is out. */
static json_t *setting_json(const struct setting *s, const struct run_config *config)
{
	const struct field *f = &s->field;

	if (s->has && !s->has(config))
		return json_null();
	switch (f->form) {
	case FORM_NAME:
		return json_string(field_name(config, f));
	case FORM_BACKEND:
		return json_string(config->backend->name);
	case FORM_WORD:
		if (f->words != &words_no_yes)
			return json_string(field_word(config, f));
		return json_boolean(field_get(config, f));
	case FORM_FLAG:
		return json_boolean(field_get(config, f));
	case FORM_SET:
	case FORM_NUMBER:
		break;
	}
	/* A double, which is what other programs may read it into, has not all 64 bits. */
	if (f->size == sizeof(uint64_t))
		return json_hex(field_get(config, f));
	return json_integer(field_get(config, f));
}

void json_settings(json_t *run, const struct run_config *config)
{
	for (unsigned int i = 0; i < nr_settings; i++)
		if (settings[i].json)
			json_object_set_new(run, settings[i].json,
					    setting_json(&settings[i], config));
	json_object_set_new(run, "provider", json_string(config->backend->provider));
}

static json_t *claims_json(uint32_t claims)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < words_claims.nr; i++)
		if (claims & 1u << i)
			json_array_append_new(list, json_string(words_claims.name[i]));
	return list;
}

void json_run(struct json_report *report, const struct run_result *r)
{
	const struct run_config *c = &r->config;
	const struct findings *f = &r->facts.findings;
	json_t *run = json_object();

	json_settings(run, c);
	json_object_set_new(run, "independent_tlbs", json_integer(r->tlbs));
	json_object_set_new(run, "claims", claims_json(r->claims));
	json_object_set_new(run, "trials",
			    json_pack("{s:i, s:i}", "run", (int)f->trials, "violated",
				      (int)f->violated));
	json_object_set_new(run, "events_lost", json_integer(r->facts.lost));
	json_object_set_new(run, "key", key_json(r));
	json_object_set_new(run, "delivered", delivered_json(&f->delivered));
	json_object_set_new(run, "safe", safe_json(&f->safe));
	json_object_set_new(run, "permitted", permitted_json(&f->permitted));
	json_object_set_new(run, "counts", counts_json(&r->facts));
	json_object_set_new(run, "verdict", json_string(verdict_names[r->judgement.verdict]));
	json_object_set_new(run, "why", json_string(r->judgement.why));
	json_object_set_new(run, "seconds", json_real((double)(long long)(r->seconds * 1000) / 1000));
	json_object_set_new(run, "report", r->report ? json_string(r->report) : json_null());
	json_array_append_new(report->runs, run);
}

int json_end(struct json_report *report, FILE *to)
{
	int ret = json_dumpf(report->root, to, JSON_INDENT(2));

	fputc('\n', to);
	json_decref(report->root);
	free(report);
	return ret || fflush(to) ? -1 : 0;
}
