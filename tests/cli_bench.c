/* SPDX-License-Identifier: GPL-2.0-only */
/* pvtlb bench: whether all can be measured, and that what is counted is what there was. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/backend.h"
#include "base/settings.h"
#include "cli.h"
#include "lab.h"
#include "machine/machine.h"
#include "unit_util.h"

static void words(void)
{
	static const struct cli_case cases[] = {
		{ "bench floor", 2, "no bench floor; did you mean floors?" },
		{ "bench --smoke --long", 2, "--smoke and --long exclude each other" },
		{ "bench --cpus 4", 2, "--cpus means nothing to pvtlb bench" },
		{ "bench -o /nonexistent/plots floors", 1, "/nonexistent/plots: No such file" },
	};

	cli_expect_all(cases, LAB_NR(cases));
}

/* Each bench, and each has rows; of so few rounds there is no ratio. */
static void smoke(void)
{
	json_t *json, *bench, *row;
	size_t i, k;

	CU_ASSERT_EQUAL_FATAL(cli_run("bench --smoke --json"), 0);
	json = json_loads(cli_out, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(json);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(json, "benches")), 6);
	json_array_foreach(json_object_get(json, "benches"), i, bench) {
		json_t *rows = json_object_get(bench, "rows");

		EXPECT(json_array_size(rows) > 1, "%s has no rows",
		       json_string_value(json_object_get(bench, "name")));
		json_array_foreach(rows, k, row) {
			if (json_object_get(row, "hidden"))
				CU_ASSERT_TRUE(json_is_true(json_object_get(row, "hidden")));
			EXPECT(!json_object_get(row, "samples") ||
				       json_real_value(json_object_get(row, "median")) > 0,
			       "%s is nothing", json_string_value(json_object_get(row, "what")));
		}
	}
	json_decref(json);
}

/* The plots' program is written, with a curve for each of what grows. */
static void plots(void)
{
	const char *dir = cli_dir();
	char args[512], path[256], text[16384];
	size_t len;
	FILE *from;

	snprintf(path, sizeof(path), "%s/plots", dir);
	snprintf(args, sizeof(args), "bench --smoke -o %s growth", path);
	CU_ASSERT_EQUAL(cli_run(args), 0);
	from = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	len = fread(text, 1, sizeof(text) - 1, from);
	text[len] = 0;
	fclose(from);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "set output 'cpus.svg'"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "set output 'pages.svg'"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "set output 'start.svg'"));
	unlink(path);
	cli_dir_gone();
}

struct ipis {
	uint64_t sync, flush, sent;
};

/* What the guest counted, and what its events say that it sent, both in one run. */
static struct ipis collapses(const char *policy, unsigned int cpus, unsigned int trials)
{
	struct run_config config = settings_unasked();
	struct ipis n = { 0 };
	struct error err = { 0 };
	bool on = false;
	struct machine m;

	config.scenario = "bench-collapse-told";
	config.backend = backend_named("native");
	config.policy.name = policy;
	config.paravirt = true;
	config.cpus = cpus;
	config.trials = trials;
	config.timeout = 60;
	CU_ASSERT_EQUAL_FATAL(
		machine_create(&m, &test_host, &lab_images()->image[1], &config, &err), 0);
	CU_ASSERT_EQUAL_FATAL(machine_run(&m, &err), 0);
	CU_ASSERT_EQUAL(m.log.lost, 0);
	for (size_t i = 0; i < m.log.nr; i++) {
		const struct pvtlb_event *e = &m.log.event[i];

		on |= e->id == PVTLB_EV_TRIAL;
		/* Other vectors wake; those are no calls. */
		n.sent += on && e->id == PVTLB_EV_IPI_SEND && e->cpu == 0 &&
			  e->ipi_send.vector != PVTLB_WAKE_VECTOR;
		if (e->id == PVTLB_EV_MEASURE && e->measure.what == PVTLB_MEASURE_SYNC_IPIS)
			n.sync = e->measure.value;
		if (e->id == PVTLB_EV_MEASURE && e->measure.what == PVTLB_MEASURE_FLUSH_IPIS)
			n.flush = e->measure.value;
	}
	machine_destroy(&m);
	return n;
}

static void counts(void)
{
	struct ipis n = collapses("always-sync", 4, 3);

	CU_ASSERT_EQUAL(n.sync, 9);
	CU_ASSERT_EQUAL(n.flush, 3);
	/* And unmapping the huge page flushes as often, which is not counted. */
	CU_ASSERT_EQUAL(n.sent, n.sync + 2 * n.flush);
	n = collapses("patch", 4, 3);
	CU_ASSERT_EQUAL(n.sync, 0);
	CU_ASSERT_EQUAL(n.flush, 3);
	CU_ASSERT_EQUAL(n.sent, 2 * n.flush);
}

SUITE(cli_bench, true, { "words", words }, { "smoke", smoke }, { "plots", plots },
      { "counts are those of the events", counts });
