/* SPDX-License-Identifier: GPL-2.0-only */
/* Which report the options ask for, and which of its runs count. */
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "cli/outputs.h"
#include "unit_util.h"

static const struct output *output(const char *words)
{
	static struct command_line cl;
	char copy[128], *argv[16] = { NULL }, *save;
	struct error err = { 0 };
	int argc = 0;

	snprintf(copy, sizeof(copy), "run %s", words);
	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	EXPECT(!options_parse(&cl, argc, argv, &err), "%s: %s", words, err.text);
	return output_of(&cl);
}

static void chosen(void)
{
	static const struct {
		const char *words, *same;
	} cases[] = {
		{ "", "--summary" },
		{ "--backend xen --cpus 2", "--summary" },
		{ "key", "--rows" },
		{ "key trim", "--rows" },
		{ "-v", "--rows" },
		{ "key --table", "--table" },
		{ "key --summary", "--summary" },
		{ "key --matrix", "--matrix" },
		{ "-v --matrix", "--matrix" },
		{ "key --json", "--json" },
		{ "key --tap", "--tap" },
		{ "key --quiet", "--quiet" },
		{ "--junit f", "--summary" },
		{ "key --junit f --tap", "--tap" },
	};
	static const char *const all[] = { "--summary", "--rows", "--table", "--matrix",
					   "--json",	"--tap",   "--quiet" };

	for (size_t i = 0; i < NR_OF(cases); i++)
		EXPECT(output(cases[i].words) == output(cases[i].same), "%s", cases[i].words);
	for (size_t i = 0; i < NR_OF(all); i++)
		for (size_t j = 0; j < i; j++)
			EXPECT(output(all[i]) != output(all[j]), "%s, %s", all[i], all[j]);
}

/* The status after a forced run of that backend, with this verdict, that was so far. */
static int status_after(const char *backend, enum verdict verdict, int so_far, bool *explained)
{
	struct run_result r = {
		.config = { .scenario = "s",
			    .backend = backend_named(backend),
			    .paravirt = true,
			    .key = KEY_ON },
		.facts.key = { .nr_sites = 1, .value = true },
		.judgement = { .verdict = verdict, .why = "because" },
	};
	struct run_result counted = r;
	struct session s = { .status = so_far };
	char *text, *wrong;
	size_t len, wrong_len;

	CU_ASSERT_PTR_NOT_NULL_FATAL(r.config.backend);
	s.page.to = open_memstream(&text, &len);
	s.wrong.to = open_memstream(&wrong, &wrong_len);
	CU_ASSERT_FATAL(s.page.to && s.wrong.to);
	counted.judgement.verdict = VERDICT_PASS;
	summary_add(&s.summary, &counted);
	session_forced(&s, &r);
	fclose(s.page.to);
	fclose(s.wrong.to);
	*explained = wrong_len;
	CU_ASSERT_EQUAL(s.summary.totals.runs, 1);
	EXPECT(!strncmp(text, backend, strlen(backend)), "%s", text);
	free(text);
	free(wrong);
	return s.status;
}

static void forced(void)
{
	static const struct {
		const char *backend;
		enum verdict verdict;
		int so_far, status;
		bool explained;
	} cases[] = {
		{ "native", VERDICT_PASS, STATUS_OK, STATUS_OK, false },
		{ "native", VERDICT_PASS, STATUS_FAIL, STATUS_FAIL, false },
		{ "native", VERDICT_UNKNOWN, STATUS_OK, STATUS_FAIL, true },
		{ "native", VERDICT_FAIL, STATUS_OK, STATUS_FAIL, true },
		{ "native", VERDICT_FAIL, STATUS_HANG, STATUS_HANG, true },
		{ "native", VERDICT_SKIP, STATUS_OK, STATUS_OK, false },
		/* It interrupts nobody, and is said to have done no harm. */
		{ "xen", VERDICT_PASS, STATUS_OK, STATUS_FAIL, false },
		{ "kvm", VERDICT_PASS, STATUS_OK, STATUS_OK, false },
	};
	bool explained;

	for (size_t i = 0; i < NR_OF(cases); i++) {
		int status = status_after(cases[i].backend, cases[i].verdict, cases[i].so_far,
					  &explained);

		EXPECT(status == cases[i].status && explained == cases[i].explained,
		       "case %zu: %d, %d", i, status, explained);
	}
}

/* One backend's runs behind each other, in the order that they had. */
static void by_backend(void)
{
	const struct backend *native = backend_named("native"), *xen = backend_named("xen");
	const struct run_config configs[] = {
		{ .backend = native, .cpus = 1 },
		{ .backend = native, .cpus = 2, .invlpgb = true },
		{ .backend = xen, .cpus = 3 },
		{ .backend = xen, .cpus = 4, .invlpgb = true },
		{ .backend = native, .cpus = 5, .paravirt = true },
		{ .backend = native, .cpus = 6, .invlpgb = true },
		{ .backend = xen, .cpus = 7 },
	};
	static const unsigned int want[] = { 1, 5, 2, 6, 3, 4, 7 };
	struct plan plan = { malloc(sizeof(configs)), NR_OF(configs) };

	CU_ASSERT_PTR_NOT_NULL_FATAL(plan.config);
	memcpy(plan.config, configs, sizeof(configs));
	plan_by_backend(&plan);
	CU_ASSERT_EQUAL_FATAL(plan.nr, NR_OF(want));
	for (size_t i = 0; i < plan.nr; i++)
		EXPECT(plan.config[i].cpus == want[i], "%zu: %u", i, plan.config[i].cpus);
	plan_free(&plan);
	plan_by_backend(&plan);
	CU_ASSERT_EQUAL(plan.nr, 0);
}

SUITE(unit_outputs, false, { "the report that is asked for", chosen },
      { "runs with the key forced on", forced }, { "backend by backend", by_backend });
