/* SPDX-License-Identifier: GPL-2.0-only */
/* Real runs compared: the same one twice, and under two policies; and whom docs/model.md is about.
 */
#include <string.h>

#include "base/backend.h"
#include "differ/pair.h"
#include "lab.h"
#include "unit_util.h"

static void run(const char *scenario, const char *backend, const char *policy,
		enum pvtlb_fault fault, struct run_result *result)
{
	struct run_config config = lab_config(scenario, backend, 4);

	config.policy.name = policy;
	config.fault = fault;
	config.order = true;
	lab_run_report(&config, result);
}

/* Is it among them? */
static bool has(const struct differences *found, enum differ_column column, const char *what)
{
	for (size_t i = 0; i < found->nr; i++)
		if (found->d[i].column == column && !strcmp(found->d[i].what, what))
			return true;
	return false;
}

/* What is held comes to the same twice. */
static void test_same(void)
{
	static const char *const scenarios[] = { "collapse-vs-gup", "two-mms", "lazy-cpu" };

	for (size_t i = 0; i < NR_OF(scenarios) * 2; i++) {
		const char *backend = i % 2 ? "kvm" : "native";
		struct run_result a, b;
		struct differences found;

		run(scenarios[i / 2], backend, NULL, PVTLB_FAULT_NONE, &a);
		run(scenarios[i / 2], backend, NULL, PVTLB_FAULT_NONE, &b);
		differ(&a, &b, &found);
		EXPECT(!found.nr, "%s, %s: %s", scenarios[i / 2], backend,
		       found.nr ? found.d[0].what : "");
		EXPECT(found.steps, "%s, %s: nothing was compared", scenarios[i / 2], backend);
		differences_free(&found);
		run_result_free(&a);
		run_result_free(&b);
	}
}

static void test_other(void)
{
	struct run_result patch, always, faulty;
	struct differences found;

	run("collapse-vs-gup", "native", "patch", PVTLB_FAULT_NONE, &patch);
	run("collapse-vs-gup", "native", "always-sync", PVTLB_FAULT_NONE, &always);
	run("collapse-vs-gup", "native", "patch", PVTLB_FAULT_SKIP_IPI, &faulty);
	differ(&patch, &always, &found);
	CU_ASSERT_TRUE(has(&found, DIFFER_KEY, "on:off"));
	CU_ASSERT_TRUE(has(&found, DIFFER_ORDER, "-sync/one/skipped"));
	CU_ASSERT_TRUE(has(&found, DIFFER_ORDER, "+sync/one"));
	CU_ASSERT_FALSE(has(&found, DIFFER_SAFE, "ok:BAD"));
	CU_ASSERT_FALSE(has(&found, DIFFER_ORDER, "-ipi"));
	differences_free(&found);
	differ(&patch, &faulty, &found);
	CU_ASSERT_TRUE(has(&found, DIFFER_ORDER, "-ipi"));
	CU_ASSERT_TRUE(has(&found, DIFFER_DELIVERED, "all:some"));
	CU_ASSERT_TRUE(has(&found, DIFFER_VERDICT, "pass:fail"));
	CU_ASSERT_FALSE(has(&found, DIFFER_KEY, "on:off"));
	differences_free(&found);
	run_result_free(&patch);
	run_result_free(&always);
	run_result_free(&faulty);
}

static bool is_scenario(const char *name)
{
	return image_scenario(&lab_images()->image[1], name);
}

static bool is_backend(const char *name)
{
	const struct backend *b;
	size_t len = strcspn(name, "/");

	for (unsigned int i = 0; (b = backend_at(i)); i++)
		if (strlen(b->name) == len && !strncmp(b->name, name, len))
			return !name[len] || !strcmp(name + len, "/late");
	return !strcmp(name, "all");
}

/* A row about nobody would never be stale. */
static void names_exist(const char *names, bool (*is)(const char *name))
{
	char copy[1024], *rest = copy, *name;

	snprintf(copy, sizeof(copy), "%s", names);
	while ((name = strsep(&rest, " ")))
		EXPECT(is(name), "docs/model.md: there is no %s", name);
}

static void test_page(void)
{
	struct error err = { 0 };
	struct known known;

	EXPECT(!known_read(&known, model_page, &err), "%s", err.text);
	CU_ASSERT_TRUE(known.nr > 0);
	for (size_t i = 0; i < known.nr; i++) {
		names_exist(known.row[i].scenarios, is_scenario);
		names_exist(known.row[i].backends, is_backend);
	}
	known_free(&known);
}

/* The model is not to be compared with itself. */
static void test_no_tree(void)
{
	struct images images;
	struct error err = { 0 };

	CU_ASSERT_NOT_EQUAL(images_load_kernel(&images, test_image_pv, &err), 0);
	EXPECT(strstr(err.text, "no kernel tree is in this image"), "%s", err.text);
}

SUITE(scenario_differ, true, { "the same twice", test_same }, { "another", test_other },
      { "whom the list is about", test_page }, { "an image without a tree", test_no_tree });
