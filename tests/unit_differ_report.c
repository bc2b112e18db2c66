/* SPDX-License-Identifier: GPL-2.0-only */
/* Two runs compared: what is said of them, for people and for programs. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "differ/report.h"
#include "judge/order.h"
#include "stream.h"

static const struct backend kvm = { .name = "kvm", .provider = "vmm", .paravirt = true };
static const struct host host = { .kind = HOST_PVM, .kind_why = "so", .nr_cpus = 3 };
static const struct pvtlb_kernel kernel = { .release = "6.12.7", .flags = PVTLB_KERNEL_SERIES };
static const struct differ_head head = { &host, &kernel, "patch" };

#define LIST                                                                                       \
	"\n<!-- differences -->\n| s | b | c | k | d | r |\n|---|\n"                               \
	"| shootdown | kvm | ORDER | 6.12 | -ipi -enter | because |\n"                             \
	"<!-- end of differences -->\n"

STREAM(sent) = { TRIAL(2, 1), BEGIN(0), EV(0, IPI_SEND, 1, 0xfc), END(0) };
STREAM(not_sent) = { TRIAL(2, 1), BEGIN(0), END(0) };
STREAM(other) = { TRIAL(2, 1), BEGIN(0), MULTI(0, 3), EV(0, IPI_SEND, 1, 0xfc), END(0) };

static struct run_result result(const struct pvtlb_event *event, size_t nr)
{
	return (struct run_result){
		.config = { .scenario = "shootdown",
			    .backend = &kvm,
			    .paravirt = true,
			    .cpus = 4,
			    .trials = 3 },
		.claims = PVTLB_CLAIMS,
		.facts = { .key = { .nr_sites = 1 }, .findings.safe.checks = 5 },
		.judgement.why = "it is so",
		.order = order_of(&(struct event_stream){ .event = event, .nr = nr }),
	};
}

struct told {
	char *text;
	size_t len;
	FILE *to;
};

static FILE *begin_telling(struct told *t)
{
	t->to = open_memstream(&t->text, &t->len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t->to);
	return t->to;
}

/* Of a pair: the same, listed, new, or skipped. */
struct told_case {
	const struct pvtlb_event *event;
	size_t nr;
	bool verbose, skipped;
	const char *says[4], *never;
};

static void test_text(void)
{
	static const struct told_case cases[] = {
		{ sent, NR_OF(sent), .says = { "shootdown        kvm       4 both   off" },
		  .never = "listed: " },
		{ not_sent, NR_OF(not_sent),
		  .says = { "\n    listed: ORDER -ipi: because\n",
			    "\n    stale: docs/model.md lists ORDER -enter, which does not "
			    "occur\n" },
		  .never = "trial 2" },
		{ not_sent, NR_OF(not_sent), .verbose = true,
		  .says = { "\n      trial 2, step 1, CPU 0:\n",
			    "\n      model: begin/large ipi(1) end\n",
			    "\n      kernel: begin/large end\n" } },
		{ other, NR_OF(other),
		  .says = { "\n    not listed: ORDER +multi\n", "\n      trial 2, step 1, CPU 0:\n",
			    "\n      kernel: begin/large multi(0,1) ipi(1) end\n" } },
		{ sent, NR_OF(sent), .skipped = true, .never = "shootdown" },
	};
	struct run_result m = result(sent, NR_OF(sent));
	struct error err = { 0 };
	struct known known;

	CU_ASSERT_EQUAL_FATAL(known_read(&known, LIST, &err), 0);
	for (size_t i = 0; i < NR_OF(cases); i++) {
		const struct told_case *c = &cases[i];
		struct run_result k = result(c->event, c->nr);
		struct told t;
		struct page page = { .to = begin_telling(&t) };
		struct pair pair;

		if (c->skipped)
			k.judgement.verdict = VERDICT_SKIP;
		pair_make(&pair, &known, &(struct tree_version){ 6012, true }, &m, &k, true);
		differ_text_pair(&page, &pair, c->verbose);
		fclose(t.to);
		for (size_t s = 0; s < NR_OF(c->says) && c->says[s]; s++)
			EXPECT(strstr(t.text, c->says[s]), "case %zu: %s", i, t.text);
		EXPECT(!c->never || !strstr(t.text, c->never), "case %zu: %s", i, t.text);
		free(t.text);
		pair_free(&pair);
		run_result_free(&k);
	}
	known_free(&known);
	run_result_free(&m);
}

/* Where two runs differ in a cell, both are there. */
static void test_both(void)
{
	struct run_result m = result(sent, NR_OF(sent)), k = result(sent, NR_OF(sent));
	struct pair_totals totals = { .pairs = 1, .new = 1, .skipped = 2 };
	struct skips skips = { 0 };
	struct known known = { 0 };
	struct told t;
	struct page page = { .to = begin_telling(&t) };
	struct pair pair;

	k.facts.key.value = true;
	pair_make(&pair, &known, &(struct tree_version){ 6012, true }, &m, &k, true);
	differ_text_head(&page, &head);
	differ_text_pair(&page, &pair, false);
	skips_add(&skips, "it is not there");
	skips_add(&skips, "it is somewhere else");
	skips_add(&skips, "it is not there");
	differ_text_end(&page, &totals, &skips);
	fclose(t.to);
	EXPECT(strstr(t.text, "under policy patch; of the kernel 6.12.7, with the series"), "%s",
	       t.text);
	EXPECT(strstr(t.text, "shootdown        kvm       4 model  off"), "%s", t.text);
	EXPECT(strstr(t.text, "shootdown        kvm       4 kernel on "), "%s", t.text);
	EXPECT(strstr(t.text, "\n    not listed: KEY off:on\n"), "%s", t.text);
	EXPECT(strstr(t.text, "\n  2 skipped: it is not there\n"), "%s", t.text);
	EXPECT(strstr(t.text, "\n  1 skipped: it is somewhere else\n"), "%s", t.text);
	EXPECT(strstr(t.text, "\n1 pair: 0 the same,"), "%s", t.text);
	for (const char *at = t.text; *at; at += strcspn(at, "\n"), at += *at == '\n')
		EXPECT(strcspn(at, "\n") <= 80, "%.*s", (int)strcspn(at, "\n"), at);
	free(t.text);
	skips_free(&skips);
	pair_free(&pair);
	run_result_free(&m);
	run_result_free(&k);
}

static const char *string_in(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "none";
}

static void test_json(void)
{
	struct run_result m = result(sent, NR_OF(sent)), k = result(not_sent, NR_OF(not_sent));
	struct pair_totals totals = { 0 };
	struct error err = { 0 };
	struct known known;
	struct pair pair;
	struct told t;
	struct differ_json *json = differ_json_begin(&head);
	json_t *root, *p, *d;

	k.facts.key.value = true;
	CU_ASSERT_EQUAL_FATAL(known_read(&known, LIST, &err), 0);
	pair_make(&pair, &known, &(struct tree_version){ 6012, true }, &m, &k, true);
	pair_count(&totals, &pair);
	differ_json_pair(json, &pair);
	pair_free(&pair);
	k.judgement.verdict = VERDICT_SKIP;
	pair_make(&pair, &known, &(struct tree_version){ 6012, true }, NULL, &k, true);
	pair_count(&totals, &pair);
	differ_json_pair(json, &pair);
	pair_free(&pair);
	CU_ASSERT_EQUAL(differ_json_end(json, &totals, begin_telling(&t)), 0);
	fclose(t.to);
	root = json_loads(t.text, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(root);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(root, "schema")), 1);
	CU_ASSERT_STRING_EQUAL(string_in(json_object_get(root, "kernel"), "release"), "6.12.7");
	CU_ASSERT_STRING_EQUAL(string_in(json_object_get(root, "model"), "policy"), "patch");
	p = json_array_get(json_object_get(root, "pairs"), 0);
	CU_ASSERT_STRING_EQUAL(string_in(p, "scenario"), "shootdown");
	CU_ASSERT_STRING_EQUAL(string_in(json_object_get(p, "model"), "key"), "off");
	CU_ASSERT_STRING_EQUAL(string_in(json_object_get(p, "kernel"), "key"), "on");
	CU_ASSERT_TRUE(json_is_null(json_object_get(p, "skipped")));
	d = json_array_get(json_object_get(p, "differences"), 0);
	CU_ASSERT_STRING_EQUAL(string_in(d, "what"), "off:on");
	CU_ASSERT_TRUE(json_is_null(json_object_get(d, "listed")));
	d = json_array_get(json_object_get(p, "differences"), 1);
	CU_ASSERT_STRING_EQUAL(string_in(d, "column"), "ORDER");
	CU_ASSERT_STRING_EQUAL(string_in(d, "what"), "-ipi");
	CU_ASSERT_STRING_EQUAL(string_in(d, "listed"), "because");
	d = json_array_get(json_object_get(p, "stale"), 0);
	CU_ASSERT_STRING_EQUAL(string_in(d, "what"), "-enter");
	p = json_array_get(json_object_get(root, "pairs"), 1);
	CU_ASSERT_STRING_EQUAL(string_in(p, "skipped"), "it is so");
	CU_ASSERT_TRUE(json_is_null(json_object_get(p, "model")));
	p = json_object_get(root, "totals");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(p, "new")), 1);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(p, "skipped")), 1);
	json_decref(root);
	free(t.text);
	known_free(&known);
	run_result_free(&m);
	run_result_free(&k);
}

SUITE(unit_differ_report, false, { "a pair", test_text }, { "both, and the end", test_both },
      { "JSON", test_json });
