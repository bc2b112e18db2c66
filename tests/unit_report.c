/* SPDX-License-Identifier: GPL-2.0-only */
/* Reports: a result as a row of the table, with what comes below it, and as JSON. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "report/report.h"
#include "policy.h"
#include "unit_util.h"

static struct run_result result;

/* A run that passed: 12 flushes' targets, 2 of 3 walkers interrupted, 40 + 60 checks. */
static void start(void)
{
	result = (struct run_result){
		.config = { .scenario = "shootdown",
			    .backend = backend_named("native"),
			    .paravirt = true,
			    .cpus = 4,
			    .trials = 1,
			    .seed = 5,
			    .policy = P_PATCH },
		.claims = PVTLB_CLAIMS,
		.facts = { .key = { .nr_sites = 1, .value = true },
			   .findings = { .delivered = { .flushes = 12,
							.targets = 36,
							.interrupted = 36,
							.walkers = 3,
							.walkers_interrupted = 2 },
					 .safe = { .checks = 40, .walk_loads = 60 },
					 .counts = { .flushes = 14,
						     .remote = 12,
						     .interrupts = 36,
						     .hypercalls = 18,
						     .lazy = 2,
						     .preempted = 1,
						     .elsewhere = 3,
						     .syncs = 8,
						     .syncs_skipped = 2,
						     .sync_ipis = 18,
						     .walks_lost = 5,
						     .flushes_unknown = 6 },
					 .trials = 1 },
			   .exits = 123,
			   .kicks = 45 },
		.judgement = { .why = "because" },
		.tlbs = 4,
		.seconds = 0.25,
	};
	CU_ASSERT_PTR_NOT_NULL_FATAL(result.config.backend);
}

/* Does the row, with what is below it, have this in it? */
static void expect(bool verbose, bool there, const char *want)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	table_row(to, &result, verbose);
	fclose(to);
	EXPECT(!!strstr(text, want) == there, "'%s' in: %s", want, text);
	free(text);
}

static void columns(void)
{
	start();
	expect(false, true, " 36/36       2/3   3.0i 1.5h    2l 1p 3e     100 ok  pass    because\n");
	result.facts.findings.delivered.walkers =
		result.facts.findings.delivered.walkers_interrupted = 0;
	result.facts.findings.safe.checks = 0;
	expect(false, true, " 36/36         -   3.0i 1.5h    2l 1p 3e      60 ok  pass    because\n");
	result.facts.findings.safe.walk_loads = 0;
	expect(false, true, " 36/36         -   3.0i 1.5h    2l 1p 3e          -  pass");
	result.claims = PVTLB_CLAIM_KEY;
	result.facts.findings.delivered.walkers = 3;
	result.facts.findings.safe.walk_loads = 60;
	expect(false, true, "     -         -   3.0i 1.5h    2l 1p 3e          -  pass");
	result.judgement.verdict = VERDICT_UNKNOWN;
	expect(false, true, "-  unknown because\n");
}

/* What flushes took and left out, also where nothing is claimed about it. */
static void counts(void)
{
	static const struct {
		const char *want;
		struct counts counts;
	} cases[] = {
		{ "       -           -     100 ok", { 0 } },
		/* Flushes, but of one CPU each. */
		{ "       -           -     100 ok", { .flushes = 7 } },
		{ "0.0i 0.0h           -     100 ok", { .flushes = 7, .remote = 7 } },
		{ "0.3i 0.7h           -     100 ok",
		  { .flushes = 5, .remote = 3, .interrupts = 1, .hypercalls = 2 } },
		{ "254.0i 1.0h          7l     100 ok",
		  { .remote = 2, .interrupts = 508, .hypercalls = 2, .lazy = 7 } },
		{ "0.0i 0.0h          5p     100 ok", { .remote = 1, .preempted = 5 } },
		{ "0.0i 0.0h         12e     100 ok", { .remote = 1, .elsewhere = 12 } },
		{ "0.0i 0.0h       1l 1e     100 ok", { .remote = 1, .lazy = 1, .elsewhere = 1 } },
		{ "0.0i 0.0h       4p 9e     100 ok",
		  { .remote = 1, .preempted = 4, .elsewhere = 9 } },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		start();
		result.facts.findings.counts = cases[i].counts;
		expect(false, true, cases[i].want);
	}
	/* Longer than its column, it is all there. */
	result.facts.findings.counts = (struct counts){
		.remote = 1,
		.interrupts = UINT64_MAX,
		.hypercalls = UINT64_MAX,
		.lazy = UINT64_MAX,
		.preempted = UINT64_MAX,
		.elsewhere = UINT64_MAX,
	};
	expect(false, true, "18446744073709551616.0i 18446744073709551616.0h 18446744073709551615l "
			    "18446744073709551615p 18446744073709551615e     100 ok");
}

static void counts_line(void)
{
	start();
	expect(true, true, "\n    per flush: 3.0 interrupts, 1.5 hypercalls; "
			   "in the whole run: 123 exits, 45 kicks, 10.2 and 3.8 per flush\n");
	expect(false, false, "exits");
	result.facts.findings.counts.remote = 0;
	expect(true, true, "\n    in the whole run: 123 exits, 45 kicks\n");
	expect(true, false, "per flush");
}

static void head(void)
{
	const struct host host = { .kind_why = "so" };
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	table_head(to, &host);
	fclose(to);
	CU_ASSERT_PTR_NOT_NULL(strstr(
		text, "DELIVERED   WALKERS   PER FLUSH      ELIDED       SAFE  VERDICT WHY\n"));
	free(text);
}

/* The first violation at length: where it was not expected, and where one asks for it. */
static void report(void)
{
	static char lines[] = "one\n  two\n\nthree";
	static const struct {
		enum verdict verdict;
		bool expected, verbose, there;
	} cases[] = {
		{ VERDICT_FAIL, false, false, true },	  { VERDICT_FAIL, false, true, true },
		{ VERDICT_FAIL, true, false, false },	  { VERDICT_FAIL, true, true, true },
		{ VERDICT_PASS, true, false, false },	  { VERDICT_PASS, true, true, true },
		{ VERDICT_UNKNOWN, false, false, false }, { VERDICT_UNKNOWN, false, true, true },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		start();
		result.report = lines;
		result.judgement.verdict = cases[i].verdict;
		result.config.expect_violation = cases[i].expected;
		expect(cases[i].verbose, cases[i].there,
		       "because\n    one\n      two\n    \n    three\n");
	}
	/* None: a result of a run that failed for another reason. */
	result.report = NULL;
	result.judgement.verdict = VERDICT_FAIL;
	expect(false, false, "because\n ");
}

static void freed(void)
{
	start();
	result.report = strdup("text");
	run_result_free(&result);
	CU_ASSERT_PTR_NULL(result.report);
	run_result_free(&result);
}

/* The one run of the JSON report; to be given back with json_decref(*root). */
static json_t *json_of_result(json_t **root)
{
	const struct host host = { .kind_why = "so" };
	struct json_report *to_json = json_begin(&host);
	char *text = NULL;
	json_error_t err;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	json_run(to_json, &result);
	CU_ASSERT_EQUAL(json_end(to_json, to), 0);
	fclose(to);
	*root = json_loads(text, 0, &err);
	free(text);
	CU_ASSERT_PTR_NOT_NULL_FATAL(*root);
	return json_array_get(json_object_get(*root, "runs"), 0);
}

static void expect_string(const json_t *o, const char *field, const char *want)
{
	const char *is = json_string_value(json_object_get(o, field));

	EXPECT(is && !strcmp(is, want), "%s is %s", field, is ? is : "no string");
}

static void expect_int(const json_t *o, const char *field, json_int_t want)
{
	const json_t *is = json_object_get(o, field);

	EXPECT(json_is_integer(is) && json_integer_value(is) == want, "%s", field);
}

/* What syncs took. */
static void syncs_line(void)
{
	start();
	expect(true, true, "    syncs: 8, 2 of them skipped; 2.25 interrupts per sync\n");
	expect(false, false, "syncs: 8");
	result.facts.findings.counts.syncs = 0;
	expect(true, false, "syncs:");
}

static void json(void)
{
	json_t *root, *run;

	start();
	run = json_of_result(&root);
	expect_string(run, "policy", "patch");
	expect_int(run, "stress", 0);
	CU_ASSERT_TRUE(json_is_null(json_object_get(run, "seed")));
	CU_ASSERT_TRUE(json_is_null(json_object_get(run, "report")));
	CU_ASSERT_EQUAL(json_real_value(json_object_get(run, "seconds")), 0.25);
	expect_int(json_object_get(run, "delivered"), "walkers", 3);
	expect_int(json_object_get(run, "delivered"), "walkers_interrupted", 2);
	expect_int(json_object_get(run, "safe"), "checks", 40);
	expect_int(json_object_get(run, "safe"), "walk_loads", 60);
	json_decref(root);

	result.config.policy = policy_declared;
	result.config.stress = 7;
	result.config.seed = UINT64_MAX;
	result.report = (char[]){ "one\ntwo\n" };
	result.judgement.verdict = VERDICT_UNKNOWN;
	run = json_of_result(&root);
	expect_string(run, "policy", "declared");
	expect_int(run, "stress", 7);
	expect_string(run, "seed", "0xffffffffffffffff");
	expect_string(run, "report", "one\ntwo\n");
	expect_string(run, "verdict", "unknown");
	json_decref(root);
}

/* What a setting is in JSON: by its form, and null where it means nothing. */
static void json_settings(void)
{
	const struct run_config none = { .backend = backend_named("native"), .scenario = "key" };
	const struct run_config all = { .backend = backend_named("pvtlb"),
					.scenario = "key",
					.mm = "kernel/6.1",
					.paravirt = true,
					.invlpgb = true,
					.late = true,
					.cpus = 7,
					.stress = 3,
					.seed = 16,
					.fault = PVTLB_FAULT_SKIP_IPI,
					.expect_violation = true };
	static const struct {
		const char *field, *none, *all; /* as JSON */
	} cases[] = {
		{ "scenario", "\"key\"", "\"key\"" }, { "backend", "\"native\"", "\"pvtlb\"" },
		{ "provider", "\"none\"", "\"vmm\"" }, { "paravirt", "false", "true" },
		{ "invlpgb", "false", "true" },	   { "install", "null", "\"late\"" },
		{ "cpus", "0", "7" },		   { "stress", "0", "3" },
		{ "seed", "null", "\"0x10\"" },	   { "fault", "null", "\"skip-ipi\"" },
		{ "mm", "null", "\"kernel/6.1\"" },
		{ "expect", "\"hold\"", "\"violation\"" },
	};

	for (size_t i = 0; i < 2 * NR_OF(cases); i++) {
		const char *field = cases[i / 2].field, *want = i % 2 ? cases[i / 2].all :
									cases[i / 2].none;
		json_t *root, *run;
		char *is;

		start();
		result.config = i % 2 ? all : none;
		run = json_of_result(&root);
		is = json_dumps(json_object_get(run, field), JSON_ENCODE_ANY);
		EXPECT(is && !strcmp(is, want), "%s: %s, not %s", field, is ? is : "nothing", want);
		free(is);
		json_decref(root);
	}
}

static void json_counts(void)
{
	json_t *root, *counts, *elided, *syncs;

	start();
	counts = json_object_get(json_of_result(&root), "counts");
	expect_int(counts, "flushes", 14);
	expect_int(counts, "remote", 12);
	expect_int(counts, "interrupts", 36);
	expect_int(counts, "hypercalls", 18);
	expect_int(counts, "exits", 123);
	expect_int(counts, "kicks", 45);
	elided = json_object_get(counts, "elided");
	expect_int(elided, "lazy", 2);
	expect_int(elided, "preempted", 1);
	expect_int(elided, "elsewhere", 3);
	syncs = json_object_get(counts, "syncs");
	expect_int(syncs, "all", 8);
	expect_int(syncs, "skipped", 2);
	expect_int(syncs, "interrupts", 18);
	expect_int(json_object_get(counts, "not_judged"), "walks", 5);
	expect_int(json_object_get(counts, "not_judged"), "flushes", 6);
	CU_ASSERT_EQUAL(json_object_size(counts), 9);
	CU_ASSERT_EQUAL(json_object_size(syncs), 3);
	CU_ASSERT_EQUAL(json_object_size(elided), 3);
	json_decref(root);
}

SUITE(unit_report, false, { "columns", columns }, { "their names", head },
      { "what flushes took and left out", counts }, { "exits and kicks", counts_line },
      { "the first violation at length", report }, { "freeing a result", freed }, { "syncs", syncs_line }, { "JSON", json },
      { "JSON: settings", json_settings },
      { "JSON: counts", json_counts });
