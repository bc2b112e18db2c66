/* SPDX-License-Identifier: GPL-2.0-only */
/* What benches make of samples: medians, spreads, and ratios that are kept back. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report.h"
#include "bench/stats.h"
#include "unit_util.h"

static struct samples made(const double *v, size_t nr)
{
	struct samples s = { 0 };

	for (size_t i = 0; i < nr; i++)
		samples_add(&s, v[i]);
	return s;
}
#define MADE(...)                                                                                  \
	made((const double[]){ __VA_ARGS__ }, sizeof((double[]){ __VA_ARGS__ }) / sizeof(double))

static bool near(double a, double b)
{
	return fabs(a - b) < 1e-9;
}

static void quartiles(void)
{
	struct samples s = MADE(9, 1, 5, 3, 7), none = { 0 };
	struct spread v = samples_spread(&s);

	CU_ASSERT(near(v.low, 3) && near(v.median, 5) && near(v.high, 7));
	CU_ASSERT(near(samples_at(&s, 0), 1) && near(samples_at(&s, 1), 9));
	/* Between two of them. */
	CU_ASSERT(near(samples_at(&s, 0.125), 2));
	/* The order that they came in stays: rounds are compared by it. */
	CU_ASSERT(near(s.v[0], 9) && near(s.v[4], 7));
	CU_ASSERT(isnan(samples_at(&none, 0.5)));
	samples_free(&s);
	s = MADE(4);
	v = samples_spread(&s);
	CU_ASSERT(near(v.low, 4) && near(v.high, 4));
	samples_free(&s);
}

/* Noise that meets both of a round is none of the ratio. */
static void by_round(void)
{
	struct samples a = MADE(20, 200, 2000), b = MADE(10, 100, 1000), few = MADE(1, 2),
		       zero = MADE(1, 0, 1);
	struct spread r;

	CU_ASSERT_FATAL(samples_ratio(&a, &b, &r));
	CU_ASSERT(near(r.low, 2) && near(r.median, 2) && near(r.high, 2));
	CU_ASSERT_FALSE(spread_hides(&r));
	CU_ASSERT_FALSE(samples_ratio(&a, &few, &r));
	CU_ASSERT_FALSE(samples_ratio(&a, &zero, &r));
	samples_free(&a);
	samples_free(&b);
	samples_free(&few);
	samples_free(&zero);
}

static void hidden(void)
{
	static const struct {
		struct spread r;
		bool hides;
	} cases[] = {
		{ { 1.01, 1.5, 2.0 }, false },
		{ { 0.99, 1.5, 1.9 }, true }, /* which of the two is more? */
		{ { 1.0, 1.5, 1.9 }, true },
		{ { 0.5, 0.7, 0.99 }, false },
		{ { 0.5, 0.7, 1.0 }, true },
		{ { 10, 15, 20 }, false },
		{ { 10, 15, 20.1 }, true }, /* twice as much, or not? */
		{ { 1, 1, 1 }, true },
	};

	for (size_t i = 0; i < NR_OF(cases); i++)
		EXPECT(spread_hides(&cases[i].r) == cases[i].hides, "case %zu", i);
}

/* What a report of these two says, as text; the JSON goes to json. */
static char *reported(const struct samples *a, const struct samples *b, json_t **json)
{
	static const struct host host = { .kind = HOST_PVM, .nr_cpus = 2 };
	char *text = NULL, *dumped = NULL;
	size_t len, dumped_len;
	FILE *to = open_memstream(&text, &len), *dump = open_memstream(&dumped, &dumped_len);
	struct bench_report r;

	CU_ASSERT_FATAL(to && dump);
	bench_report_begin(&r, &host, to, NULL);
	bench_head(&r, "made", "samples that are made up");
	bench_value(&r, "a", "us", a);
	bench_ratio(&r, "a over b", a, b);
	CU_ASSERT_EQUAL(bench_report_end(&r, dump), 0);
	fclose(to);
	fclose(dump);
	*json = json_loads(dumped, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(*json);
	free(dumped);
	return text;
}

static json_t *ratio_of(json_t *json)
{
	json_t *bench = json_array_get(json_object_get(json, "benches"), 0);

	return json_array_get(json_object_get(bench, "rows"), 1);
}

static void said(void)
{
	struct samples a = MADE(30, 33, 36), b = MADE(10, 11, 12), like = MADE(31, 32, 37);
	json_t *json;
	char *text = reported(&a, &b, &json);

	CU_ASSERT_PTR_NOT_NULL(strstr(text, "3 x "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "33 us  (31.5 to 34.5)"));
	CU_ASSERT(near(json_real_value(json_object_get(ratio_of(json), "median")), 3));
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		EXPECT(strcspn(line, "\n") <= 80, "too long: %.90s", line);
	json_decref(json);
	free(text);

	/* The near miss: no number that could be taken for the ratio, in either form. */
	text = reported(&a, &like, &json);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "hidden"));
	CU_ASSERT_PTR_NULL(strstr(text, " x "));
	CU_ASSERT_PTR_NULL(json_object_get(ratio_of(json), "median"));
	CU_ASSERT_TRUE(json_is_true(json_object_get(ratio_of(json), "hidden")));
	json_decref(json);
	free(text);
	samples_free(&a);
	samples_free(&b);
	samples_free(&like);
}

SUITE(unit_bench, false, { "medians and quartiles", quartiles }, { "ratios by round", by_round },
      { "ratios that are hidden", hidden }, { "table and JSON", said });
