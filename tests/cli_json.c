/* SPDX-License-Identifier: GPL-2.0-only */
/* pvtlb run --json, as a program reads it. */
#include <jansson.h>
#include <string.h>

#include "cli.h"
#include "lab.h"
#include "test.h"

static const char *text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

/* What the issue tracker's scripts would do: every field by name. */
static void check_json_run(const json_t *run, unsigned int *late)
{
	const json_t *key = json_object_get(run, "key"), *sites = json_object_get(key, "sites");
	bool is_late = !strcmp(text(run, "install"), "late");
	bool native = !strcmp(text(run, "backend"), "native");
	bool invlpgb = json_is_true(json_object_get(run, "invlpgb"));
	const char *right = native && !invlpgb ? "on" : "off";
	const json_t *site;
	size_t i;

	*late += is_late;
	CU_ASSERT_STRING_EQUAL(text(run, "scenario"), "key");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(run, "cpus")), 4);
	CU_ASSERT_STRING_EQUAL(text(run, "verdict"), "pass");
	CU_ASSERT_STRING_EQUAL(text(key, "requested"), "auto");
	CU_ASSERT_STRING_EQUAL(text(key, "expected"), right);
	CU_ASSERT_STRING_EQUAL(text(key, "value"), is_late ? "on" : right);
	CU_ASSERT_EQUAL(json_is_true(json_object_get(key, "wrong")), is_late);
	CU_ASSERT_EQUAL(strstr(text(run, "why"), "WRONGLY ON") != NULL, is_late);
	CU_ASSERT_TRUE(json_array_size(sites) >= 2);
	json_array_foreach ((json_t *)sites, i, site) {
		bool on = !strcmp(text(key, "value"), "on");

		CU_ASSERT_EQUAL(json_is_true(json_object_get(site, "patched")), on);
		CU_ASSERT_EQUAL(!strcmp(text(site, "bytes"), "66 90") ||
					!strcmp(text(site, "bytes"), "0f 1f 44 00 00"),
				on);
		CU_ASSERT_TRUE(text(site, "symbol")[0] && text(site, "address")[0]);
	}
	CU_ASSERT_STRING_EQUAL(text(run, "policy"), "patch");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(run, "stress")), 0);
	CU_ASSERT_TRUE(json_is_null(json_object_get(run, "seed")));
	CU_ASSERT_TRUE(json_is_null(json_object_get(run, "report")));
	CU_ASSERT_TRUE(json_is_real(json_object_get(run, "seconds")));
	CU_ASSERT_TRUE(json_real_value(json_object_get(run, "seconds")) > 0);
	CU_ASSERT_TRUE(json_is_object(json_object_get(run, "delivered")));
	CU_ASSERT_TRUE(json_is_array(json_object_get(json_object_get(run, "safe"), "violations")));
}

static void test_json(void)
{
	json_t *root, *runs, *run;
	unsigned int late = 0;
	json_error_t err;
	size_t i;

	CU_ASSERT_EQUAL(cli_run("run key --backend all --cpus 4 --json"), 0);
	root = json_loads(cli_out, 0, &err);
	CU_ASSERT_PTR_NOT_NULL_FATAL(root);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(root, "schema")), 1);
	CU_ASSERT_STRING_EQUAL(text(json_object_get(root, "host"), "kind"),
			       host_kind_names[test_host.kind]);
	runs = json_object_get(root, "runs");
	CU_ASSERT_TRUE(json_array_size(runs) >= 7);
	json_array_foreach (runs, i, run)
		check_json_run(run, &late);
	CU_ASSERT_TRUE(late > 0);
	json_decref(root);
}

SUITE(cli_json, true, { "every field by name", test_json });
