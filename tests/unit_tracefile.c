/* SPDX-License-Identifier: GPL-2.0-only */
/* Saved traces: what is written is read back, and what a trace cannot hold does not get in. */
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "base/settings.h"
#include "tracetext.h"

static void round_trip(void)
{
	struct pvtlb_event event[PVTLB_EV_NR];
	struct trace_run run = trace_sample(event, trace_all_events(event)), back;
	struct error err;
	size_t len, len_again;
	char *text = trace_text(&run, &len), *again;

	CU_ASSERT_EQUAL_FATAL(trace_read_first(text, len, &back, &err), 1);
	CU_ASSERT_TRUE(back.complete);
	CU_ASSERT_STRING_EQUAL(back.config.scenario, "a-name");
	CU_ASSERT_PTR_EQUAL(back.config.backend, run.config.backend);
	CU_ASSERT_STRING_EQUAL(back.config.mm, "kernel/6.12.117+series");
	CU_ASSERT_TRUE(back.config.paravirt && !back.config.invlpgb && back.config.late);
	CU_ASSERT_EQUAL(back.config.cpus, PVTLB_MAX_CPUS);
	CU_ASSERT_EQUAL(back.config.trials, 1000000);
	CU_ASSERT_EQUAL(back.config.key, KEY_OFF);
	CU_ASSERT_STRING_EQUAL(back.config.policy.name, "declared");
	CU_ASSERT_EQUAL(back.config.policy.key, PVTLB_KEY_BY_DECLARATION);
	CU_ASSERT_EQUAL(back.config.stress, 3600);
	CU_ASSERT_EQUAL(back.config.seed, UINT64_MAX);
	CU_ASSERT_EQUAL(back.config.fault, PVTLB_FAULT_SKIP_TARGET);
	CU_ASSERT_TRUE(back.config.expect_violation && back.fault_applied);
	CU_ASSERT_EQUAL(back.claims, run.claims);
	CU_ASSERT_EQUAL(back.key, TRACE_KEY_ON);
	CU_ASSERT_STRING_EQUAL(back.failed, "");
	CU_ASSERT_EQUAL_FATAL(back.nr, PVTLB_EV_NR - 1);
	CU_ASSERT_EQUAL(memcmp(back.event, event, back.nr * sizeof(*event)), 0);
	CU_ASSERT_EQUAL(trace_stream(&back).lost, 0);
	CU_ASSERT_EQUAL(back.first_line, 1);
	CU_ASSERT_EQUAL(back.last_line, PVTLB_EV_NR + 1);

	again = trace_text(&back, &len_again);
	CU_ASSERT_STRING_EQUAL(text, again);
	trace_run_free(&back);
	free(again);
	free(text);
}

/* Written, read and written again; back is for trace_run_free(). */
static void back_again(const struct trace_run *run, const char *what, struct trace_run *back)
{
	struct error err;
	size_t len, len_again;
	char *text = trace_text(run, &len), *again;

	EXPECT(trace_read_first(text, len, back, &err) == 1, "%s: %s%s", what, text, err.text);
	again = trace_text(back, &len_again);
	EXPECT(!strcmp(text, again), "%s: %s%s", what, text, again);
	free(text);
	free(again);
}

/* The setting with this value, in a run that has none as by default, and in one that has all. */
static void expect_value(const struct setting *s, uint64_t value)
{
	struct trace_run run = trace_sample(NULL, 0), back;
	const char *name = run.config.scenario, *policy = run.config.policy.name;
	const struct backend *backend = run.config.backend;

	for (int i = 0; i < 2; i++) {
		field_set(&run.config, &s->field, value);
		back_again(&run, s->field.name, &back);
		EXPECT(field_get(&back.config, &s->field) == value, "%s: %llu", s->field.name,
		       (unsigned long long)value);
		trace_run_free(&back);
		run.config = settings_unasked();
		run.config.scenario = name;
		run.config.policy.name = policy;
		run.config.backend = backend;
	}
}

/* Every value that a word can have, the first and the last number, every backend. */
static void head_settings(void)
{
	struct trace_run run = trace_sample(NULL, 0), back;

	for (const struct setting *s = settings; s < settings + nr_settings; s++) {
		if (s->untraced)
			continue;
		for (unsigned int i = 0; s->field.form == FORM_WORD && i < s->field.words->nr; i++)
			expect_value(s, i);
		if (s->field.form == FORM_NUMBER) {
			expect_value(s, s->field.min);
			expect_value(s, s->field.max);
		}
	}
	for (unsigned int i = 0; (run.config.backend = backend_at(i)); i++) {
		back_again(&run, run.config.backend->name, &back);
		CU_ASSERT_PTR_EQUAL(back.config.backend, run.config.backend);
		trace_run_free(&back);
	}
}

/* What a run adds to its settings. */
static void head_run(void)
{
	struct trace_run run = trace_sample(NULL, 0), back;

	for (unsigned int i = 0; i < 2 * TRACE_KEYS * (PVTLB_CLAIMS + 1); i++) {
		run.fault_applied = i % 2;
		run.key = i / 2 % TRACE_KEYS;
		run.claims = i / 2 / TRACE_KEYS;
		snprintf(run.failed, sizeof(run.failed), "%s",
			 run.key ? "" : "CPU 0: #PF, at x+0x3 (no 'x')");
		back_again(&run, "run", &back);
		CU_ASSERT_EQUAL(back.fault_applied, run.fault_applied);
		CU_ASSERT_EQUAL(back.key, run.key);
		CU_ASSERT_EQUAL(back.claims, run.claims);
		CU_ASSERT_STRING_EQUAL(back.failed, run.failed);
		trace_run_free(&back);
	}
}

/* What a trace cannot hold does not get into one. */
static void written_hostile(void)
{
	struct trace_run run = trace_sample(NULL, 0), back;
	struct error err;
	size_t len;
	char *text;

	run.config.scenario = "a b\n\033[1m\xff";
	memset(run.failed, 'x', sizeof(run.failed) - 1);
	memcpy(run.failed, "no\n# end\t\033", 10);
	text = trace_text(&run, &len);
	CU_ASSERT_EQUAL_FATAL(trace_read_first(text, len, &back, &err), 1);
	CU_ASSERT_STRING_EQUAL(back.config.scenario, "a?b??[1m?");
	CU_ASSERT_EQUAL(strncmp(back.failed, "no?# end??xxx", 13), 0);
	CU_ASSERT_EQUAL(strlen(back.failed), sizeof(back.failed) - 1);
	trace_run_free(&back);
	free(text);
}

/* What docs/trace.md shows is a trace, word for word, of a run that passes. */
static void documented(void)
{
	FILE *from = fopen("docs/trace.md", "r"); /* from where make runs the tests */
	char *text = NULL, *start, *end, *again, *out;
	struct trace_run run;
	struct error err;
	size_t room = 0, len;

	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	CU_ASSERT_FATAL(getdelim(&text, &room, 0, from) > 0);
	fclose(from);
	start = strstr(text, "\n" TRACE_HEAD);
	CU_ASSERT_PTR_NOT_NULL_FATAL(start);
	start++;
	end = strstr(start, "```\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(end);
	*end = 0;
	if (!EXPECT(trace_read_first(start, strlen(start), &run, &err) == 1, "%s", err.text)) {
		free(text);
		return;
	}
	CU_ASSERT_TRUE(run.complete && run.sources.nr > 5);
	again = trace_text(&run, &len);
	CU_ASSERT_STRING_EQUAL(again, start);
	EXPECT(trace_check(start, strlen(start), &out, &err) == STATUS_OK, "%s%s", out, err.text);
	trace_run_free(&run);
	free(again);
	free(out);
	free(text);
}

SUITE(unit_tracefile, false, { "every event, written and read", round_trip },
      { "every value of a setting", head_settings }, { "what a run adds", head_run },
      { "names that a trace cannot hold", written_hostile },
      { "the one in docs/trace.md", documented });
