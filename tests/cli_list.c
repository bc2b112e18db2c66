/* SPDX-License-Identifier: GPL-2.0-only */
/* pvtlb list: sorted and aligned, and as JSON. */
#include <jansson.h>
#include <string.h>

#include "cli.h"
#include "events/described.h"
#include "lab.h"
#include "unit_util.h"

/* Of a row: where what stands behind its name begins; 0: it goes on with the one above. */
static size_t column(const char *row)
{
	size_t name = 2 + strcspn(row + 2, " \n");

	return row[2] == ' ' ? 0 : name + strspn(row + name, " ");
}

/* The rows between a title and the next one stand in order and below each other. */
static void expect_sorted(const char *title)
{
	const char *row = strstr(cli_out, title), *above = NULL;
	unsigned int rows = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(row);
	for (row = strchr(row, '\n') + 1; *row == ' '; row = strchr(row, '\n') + 1) {
		size_t at = column(row);

		if (!at)
			continue;
		/* Several have one name where providers differ. */
		EXPECT(!above || strncmp(above, row, at) <= 0, "%s: not in order: %.40s", title,
		       row);
		EXPECT(!above || column(above) == at, "%s: not below the others: %.40s", title,
		       row);
		above = row;
		rows++;
	}
	EXPECT(rows > 5, "%s: %u rows", title, rows);
}

static void test_text(void)
{
	CU_ASSERT_EQUAL(cli_run("list"), 0);
	expect_sorted("scenarios (");
	expect_sorted("faults to --inject");
	expect_sorted("events (");
	expect_sorted("values in events");
}

/* The member of that name in one of the arrays; borrowed. */
static json_t *member(json_t *all, const char *array, const char *name)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(all, array), i, one)
		if (!strcmp(json_string_value(json_object_get(one, "name")), name))
			return one;
	EXPECT(false, "%s: no %s", array, name);
	return NULL;
}

static void test_json(void)
{
	const struct image *image = &lab_images()->image[1];
	json_error_t why;
	json_t *all, *one;

	CU_ASSERT_EQUAL(cli_run("list --json"), 0);
	all = json_loads(cli_out, JSON_REJECT_DUPLICATES, &why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(all);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(all, "schema")), 1);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(all, "scenarios")), image->nr_scenarios);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(all, "policies")), image->policies.nr);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(all, "faults")), PVTLB_FAULT_NR - 1);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(all, "events")), EVENTS_NR);
	for (unsigned int id = EVENT_FIRST; id < PVTLB_EV_NR; id++)
		member(all, "events", event_names[id]);
	one = member(all, "events", "irq_entry");
	one = json_array_get(json_object_get(one, "arguments"), 0);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(one, "kind")), "HEX");
	one = member(all, "scenarios", "key");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(one, "claims")), 1);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(one, "min_cpus")), 1);
	one = member(all, "scenarios", "hang");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(one, "claims")), 0);
	CU_ASSERT_TRUE(json_is_true(json_object_get(one, "diagnostic")));
	member(all, "groups", "@walkers");
	member(all, "backends", "native");
	json_decref(all);

	CU_ASSERT_EQUAL(cli_run("list --json key"), 0);
	all = json_loads(cli_out, JSON_REJECT_DUPLICATES, &why);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(all, "scenarios")), 1);
	json_decref(all);
}

SUITE(cli_list, false, { "sorted and aligned", test_text }, { "JSON", test_json });
