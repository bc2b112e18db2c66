/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb show`: one run, explained. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/scenarios.h"
#include "show/course.h"
#include "show/html.h"
#include "show/perfetto.h"
#include "show/story.h"
#include "show/svg.h"

/* The configurations that the options span: one is to be shown. */
struct chosen {
	struct run_config config;
	unsigned int nr;
};

static int choose(void *ctx, const struct run_config *config)
{
	struct chosen *chosen = ctx;

	if (!chosen->nr++)
		chosen->config = *config;
	return 0;
}

/* As run_matrix() does, but one of them. */
static int choose_one(const struct command_line *cl, const struct images *images,
		      const struct host *host, const char *backend, struct chosen *chosen,
		      struct error *err)
{
	struct run_options options = cl->run;

	options.host = host;
	options.backend = backend;
	run_options_usual(&options);
	options.nr_policies = options.nr_policies ? 1 : 0;
	options.all_policies = false;
	options.nr_cpus = 1;
	options.nr_scenarios = 1;
	chosen->nr = 0;
	if (run_matrix(images, &options, choose, chosen, err))
		return -1;
	if (!chosen->nr)
		return fail(err, STATUS_SKIP, "show: these options leave nothing to run");
	return 0;
}

/* What is to be shown: one run, and another one beside it. */
struct showing {
	struct trace_run run[2];
	struct shown shown[2];
	unsigned int nr;
};

/* Several of something, of which a run has one. */
static int one_only(const struct command_line *cl, struct error *err)
{
	if (scenario_word_is_many(cl->word[0]))
		return fail(err, STATUS_USAGE, "show: one run is shown, and '%s' is for several; "
			    "see: pvtlb list '%s'", cl->word[0], cl->word[0]);
	if (cl->run.nr_cpus > 1)
		return fail(err, STATUS_USAGE, "show: one run is shown, and --cpus has %u numbers",
			    cl->run.nr_cpus);
	if (cl->run.nr_policies > 1)
		return fail(err, STATUS_USAGE, "show: one run is shown, and --policy has %u names",
			    cl->run.nr_policies);
	if (cl->run.all_policies)
		return fail(err, STATUS_USAGE, "show: one run is shown, and --policy is all");
	return 0;
}

/* Take the trace's first run. Returns the exit status. */
static int take_trace(struct showing *to, FILE *from, const char *name, struct error *err)
{
	struct trace_reader reader;
	struct trace_run next;
	int got;

	trace_reader_init(&reader, from, name, err);
	got = trace_read(&reader, &to->run[to->nr]);
	if (got < 0)
		return STATUS_FAIL;
	if (!got)
		return fail(err, STATUS_FAIL, "%s: there is no run in it", reader.name);
	shown_make(&to->shown[to->nr], &to->run[to->nr]);
	to->nr++;
	if (trace_read(&reader, &next) > 0) {
		trace_run_free(&next);
		fprintf(stderr, "pvtlb: %s has more runs; this is its first\n", reader.name);
	}
	return err->status;
}

/* Run it into a file of its own, and take what came of it. */
static int take_config(struct showing *to, const struct images *images, const struct host *host,
		       const struct run_config *config, struct error *err)
{
	struct run_files files = { .console = stderr, .trace = tmpfile() };
	struct run_result result;

	if (!files.trace)
		return fail(err, STATUS_FAIL, "show: no temporary file: %s", strerror(errno));
	run_one(host, images, config, &files, &result);
	rewind(files.trace);
	if (result.judgement.verdict == VERDICT_SKIP)
		fail(err, STATUS_SKIP, "%s", result.judgement.why);
	else
		take_trace(to, files.trace, "the run's trace", err);
	fclose(files.trace);
	run_result_free(&result);
	return err->status;
}

static int take_runs(struct showing *to, const struct command_line *cl,
		     const struct images *images, struct error *err)
{
	const char *backends[] = { cl->run.backend ? cl->run.backend : "native", cl->against };
	struct chosen chosen;
	struct host host;

	if (host_open(&host, cl->kvm, err))
		return err->status;
	for (unsigned int i = 0; i < 2 && backends[i] && !err->status; i++)
		if (!choose_one(cl, images, &host, backends[i], &chosen, err))
			take_config(to, images, &host, &chosen.config, err);
	host_close(&host);
	return err->status;
}

static int take(struct showing *to, const struct command_line *cl, const struct images *images,
		struct error *err)
{
	const char *word = cl->nr_words ? cl->word[0] : NULL;
	FILE *from;

	if (!word)
		return fail(err, STATUS_USAGE,
			    "show: no scenario and no trace named; see: pvtlb list");
	if (image_scenario(&images->image[1], word) || access(word, F_OK))
		return one_only(cl, err) ? err->status : take_runs(to, cl, images, err);
	if (cl->against)
		return fail(err, STATUS_USAGE,
			    "--against: %s is a trace; name a scenario, which is run again", word);
	from = fopen(word, "r");
	if (!from)
		return fail(err, STATUS_FAIL, "%s: %s", word, strerror(errno));
	take_trace(to, from, word, err);
	fclose(from);
	return err->status;
}

static int print_html(FILE *to, const struct showing *s)
{
	json_t *run[2];
	int failed;

	for (unsigned int i = 0; i < s->nr; i++)
		run[i] = show_data(&s->shown[i], s->run[i].config.stress);
	failed = html_print(to, run, s->nr);
	for (unsigned int i = 0; i < s->nr; i++)
		json_decref(run[i]);
	return failed;
}

static int print_svg(FILE *to, const struct showing *s)
{
	return svg_print(to, &s->shown[0]);
}

static int print_perfetto(FILE *to, const struct showing *s)
{
	return perfetto_print(to, &s->shown[0]);
}

static int print_story(FILE *to, const struct showing *s)
{
	struct digest digest[2];

	for (unsigned int i = 0; i < s->nr; i++) {
		if (i)
			fprintf(to, "\nBeside it:\n\n");
		story_print(to, &s->shown[i]);
		digest_make(&digest[i], &s->shown[i]);
	}
	if (s->nr == 2) {
		fputc('\n', to);
		digest_compare(to, &digest[0], &digest[1]);
	}
	return 0;
}

/* By a file's name: how to show. */
static const struct form {
	const char *ending;
	int (*print)(FILE *to, const struct showing *s);
	unsigned int runs; /* that it has room for */
} forms[] = {
	{ ".html", print_html, 2 },
	{ ".svg", print_svg, 1 },
	{ ".json", print_perfetto, 1 },
};

static const struct form *form_of(const char *path)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t len = strlen(path), n = strlen(forms[i].ending);

		if (len > n && !strcmp(path + len - n, forms[i].ending))
			return &forms[i];
	}
	return NULL;
}

static int write_file(const struct showing *s, const struct form *form, const char *path,
		      struct error *err)
{
	FILE *file = fopen(path, "w");
	int failed;

	if (!file)
		return fail(err, STATUS_FAIL, "%s: %s", path, strerror(errno));
	failed = form->print(file, s);
	if (fclose(file) || failed)
		return fail(err, STATUS_FAIL, "%s: not all of it could be written", path);
	return 0;
}

int cmd_show(const struct command_line *cl, const struct images *images)
{
	const struct form *form = cl->output ? form_of(cl->output) : NULL;
	struct showing *s = calloc(1, sizeof(*s)); /* findings are large */
	struct error err = { 0 };

	if (!s)
		abort();
	if (cl->output && !form)
		fail(&err, STATUS_USAGE, "--output: '%s' is not a name that ends in .html, .svg or "
					 ".json", cl->output);
	else if (form && cl->against && form->runs < 2)
		fail(&err, STATUS_USAGE, "--against: %s has room for one run; leave it out, or write "
					 ".html", form->ending);
	else
		take(s, cl, images, &err);
	if (!err.status && form)
		write_file(s, form, cl->output, &err);
	else if (!err.status)
		print_story(stdout, s);
	for (unsigned int i = 0; i < s->nr; i++)
		trace_run_free(&s->run[i]);
	free(s);
	return err.status ? complain(&err) : STATUS_OK;
}
