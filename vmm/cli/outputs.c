/* SPDX-License-Identifier: GPL-2.0-only */
/* The ways to report a `pvtlb run`. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/choice.h"
#include "base/printable.h"
#include "base/signals.h"
#include "cli/outputs.h"
#include "report/tap.h"

/* --- a line per run --- */

/* Under several policies each row says which; another than the default one is named anyway. */
static void name_policy(const struct session *s, struct run_result *result)
{
	const struct run_policy *policy = &result->config.policy;
	char *why = result->judgement.why;
	size_t len = strlen(why);

	if (!policy->other && policy->name &&
	    (s->cl->run.all_policies || s->cl->run.nr_policies > 1 ||
	     (s->cl->run.nr_policies && choice_is_glob(s->cl->run.policy[0]))))
		snprintf(why + len, sizeof(result->judgement.why) - len, " (policy %s)",
			 policy->name);
}

/* Whose code is run, if it is not the model's. */
static void name_mm(const struct session *s)
{
	if (s->images->image[1].kernel)
		fprintf(s->page.to, "mm: %s\n", s->images->image[1].mm);
}

static void table_begins(struct session *s)
{
	name_mm(s);
	table_head(stdout, s->host);
}

static void table_has(struct session *s, struct run_result *result)
{
	name_policy(s, result);
	table_row(stdout, result, s->cl->verbose);
	run_result_free(result);
}

/* --- the same in 80 columns --- */

/* What all scenarios of the plan give evidence for, together. */
static uint32_t claims_of(const struct session *s)
{
	uint32_t claims = 0;

	for (size_t i = 0; i < s->plan.nr; i++) {
		const struct run_config *c = &s->plan.config[i];
		const struct pvtlb_scenario *scenario =
			image_scenario(&s->images->image[c->paravirt], c->scenario);

		claims |= scenario ? scenario->flags & PVTLB_CLAIMS : 0;
	}
	return claims;
}

static void rows_begin_all(struct session *s)
{
	rows_begin(&s->rows, &s->page, s->host, s->plan.config, s->plan.nr, claims_of(s));
}

static void rows_has(struct session *s, struct run_result *result)
{
	rows_add(&s->rows, &s->page, s->host, result, s->cl->verbose);
	run_result_free(result);
}

static int rows_ends(struct session *s)
{
	s->rows.totals.seconds = session_seconds(s, s->rows.totals.seconds);
	rows_end(&s->rows, &s->page);
	return 0;
}

/* --- all of them at once --- */

static void matrix_has(struct session *s, struct run_result *result)
{
	grid_add(&s->grid, result);
}

static int matrix_ends(struct session *s)
{
	if (s->grid.nr)
		grid_print(stdout, s->host, &s->grid, s->cl->verbose);
	grid_free(&s->grid);
	return 0;
}

/* --- for programs --- */

static void json_begins(struct session *s)
{
	s->json = json_begin(s->host);
}

static void json_has(struct session *s, struct run_result *result)
{
	json_run(s->json, result);
	run_result_free(result);
}

static int json_ends(struct session *s)
{
	return json_end(s->json, stdout);
}

static void tap_begins(struct session *s)
{
	tap_begin(stdout, s->plan.nr);
}

static void tap_has(struct session *s, struct run_result *result)
{
	tap_run(stdout, s->ended, result);
	run_result_free(result);
}

static int tap_ends(struct session *s)
{
	if (s->ended < s->plan.nr)
		tap_bail(stdout, "told to stop");
	return 0;
}

/* --- a line per backend --- */

static void summary_begins(struct session *s)
{
	s->wrong = s->page;
	s->wrong.to = open_memstream(&s->wrong_text, &s->wrong_len);
	if (!s->wrong.to)
		abort();
	name_mm(s);
	summary_begin(&s->page, s->host);
}

static void summary_has(struct session *s, struct run_result *result)
{
	summary_add(&s->summary, result);
	if (run_is_wrong(result))
		wrong_run(&s->wrong, result);
	run_result_free(result);
}

void session_forced(struct session *s, const struct run_result *result)
{
	struct forced forced;

	forced_read(result, &forced);
	summary_row(&s->page, &s->summary, &forced, &result->config);
	if (!forced.contradicts)
		return;
	s->status = status_merge(s->status, STATUS_FAIL, false);
	if (run_is_wrong(result))
		wrong_run(&s->wrong, result);
}

static void backend_ends(struct session *s, const struct run_config *last)
{
	const struct run_files files = s->files;
	struct run_config config;
	struct run_result *result;

	if (signals_caught() || s->cl->run.expect_given || !forced_config(last, &config) ||
	    !image_scenario(&s->images->image[1], config.scenario)) {
		summary_row(&s->page, &s->summary, NULL, NULL);
		return;
	}
	/* The files that were asked for are about the runs that were. */
	s->files.trace = NULL;
	s->files.dump_dtb = NULL;
	result = result_get();
	session_run(s, &config, result);
	s->files = files;
	session_forced(s, result);
	result_put(result);
}

static int summary_ends(struct session *s)
{
	/* In the emulated machine it has another name than where one types. */
	bool emulated = getenv("PVTLB_EMULATED");
	const char *nested = s->host->kind == HOST_VMX ? " --nested=vmx" : " --nested";
	const char *program = program_invocation_name;
	bool kernel = s->cl->mm && !strcmp(s->cl->mm, "kernel");
	char path[4096], image[4096 + 32] = "";

	if (fclose(s->wrong.to))
		return -1;
	if (s->wrong_len)
		printf("\n%s", s->wrong_text);
	free(s->wrong_text);
	s->summary.totals.seconds = session_seconds(s, s->summary.totals.seconds);
	/* The image that make kernel-guest makes where it is not told has no need to be named. */
	if (kernel && !emulated && strcmp(s->cl->image_kernel, s->cl->image_path[2]))
		snprintf(image, sizeof(image), " --image-kernel %s",
			 printable_copy(s->cl->image_kernel, path, sizeof(path)));
	summary_end(&s->page, &s->summary, emulated || strlen(program) > 16 ? "pvtlb" : program,
		    kernel ? " --mm kernel" : "", emulated ? nested : image);
	return 0;
}

/* --- only what is wrong --- */

static void quiet_has(struct session *s, struct run_result *result)
{
	if (run_is_wrong(result))
		wrong_run(&s->page, result);
	run_result_free(result);
}

const struct output *output_of(const struct command_line *cl)
{
	static const struct output
		json = { .empty = true, .begin = json_begins, .run = json_has, .end = json_ends },
		tap = { .empty = true, .begin = tap_begins, .run = tap_has, .end = tap_ends },
		matrix = { .progress = true, .run = matrix_has, .end = matrix_ends },
		table = { .begin = table_begins, .run = table_has },
		rows = { .begin = rows_begin_all, .run = rows_has, .end = rows_ends },
		quiet = { .progress = true, .run = quiet_has },
		summary = { .progress = true,
			    .by_backend = true,
			    .begin = summary_begins,
			    .run = summary_has,
			    .backend = backend_ends,
			    .end = summary_ends };
	const struct {
		bool asked;
		const struct output *output;
	} outputs[] = {
		{ cl->json, &json },
		{ cl->tap, &tap },
		{ cl->matrix, &matrix },
		{ cl->table, &table },
		{ cl->rows, &rows },
		{ cl->quiet, &quiet },
		{ cl->summary, &summary },
		/* Somebody who names scenarios looks at their runs. */
		{ cl->verbose || cl->run.nr_scenarios, &rows },
		{ true, &summary },
	};
	size_t i = 0;

	while (!outputs[i].asked)
		i++;
	return outputs[i].output;
}
