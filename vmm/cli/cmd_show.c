/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb show`: one run, explained. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/printable.h"
#include "base/signals.h"
#include "base/stream.h"
#include "cli/command.h"
#include "cli/confine.h"
#include "cli/show_one.h"
#include "sandbox/sandbox.h"
#include "show/course.h"
#include "show/html.h"
#include "show/perfetto.h"
#include "show/story.h"
#include "show/svg.h"

/* What is to be shown: one run, and another one beside it. */
struct showing {
	struct trace_run run[2];
	struct shown shown[2];
	unsigned int nr;
	FILE *output; /* NULL: none, or not yet */
};

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
		       const struct run_config *config, FILE *trace, struct error *err)
{
	struct run_files files = { .console = stderr, .trace = trace };
	struct run_result *result = result_get();

	run_one(host, images, config, &files, result);
	/* Of what was ended, or was not begun for lack of something, there is nothing to be told. */
	if (result->judgement.verdict == VERDICT_SKIP || signals_caught() || !ftell(files.trace))
		fail(err, result->status, "%s", result->judgement.why);
	else {
		rewind(files.trace);
		take_trace(to, files.trace, "the run's trace", err);
	}
	result_put(result);
	return err->status;
}

/* --backend all leaves no name; where nothing is asked for it is native. */
static const char *backend_word(const struct command_line *cl)
{
	if (cl->run.backend)
		return cl->run.backend;
	return options_given(cl, "backend") ? "all" : "native";
}

/* What was in it stays until there is something else to show. */
static int open_output(struct showing *s, const struct command_line *cl, struct error *err)
{
	if (!cl->output)
		return 0;
	s->output = stream_write_over(cl->output);
	return s->output ? 0 : fail(err, STATUS_FAIL, "%s: %s", cl->output, strerror(errno));
}

/* All that is to be open in the sandbox, and into it. */
static int confine_runs(struct showing *s, const struct command_line *cl, const struct host *host,
			FILE **trace, struct error *err)
{
	for (unsigned int i = 0; i < (cl->against ? 2 : 1); i++) {
		trace[i] = tmpfile();
		if (!trace[i])
			return fail(err, STATUS_FAIL, "show: no temporary file: %s",
				    strerror(errno));
	}
	if (open_output(s, cl, err))
		return -1;
	return confine(cl,
		       &(struct confined){ .host = host,
					   .file = { trace[0], trace[1], s->output },
					   .listener = -1 },
		       err);
}

static int take_runs(struct showing *to, const struct command_line *cl,
		     const struct images *images, struct error *err)
{
	FILE *trace[2] = { NULL, NULL };
	struct run_config config[2];
	struct host host;

	if (show_one(cl, images, "--backend", backend_word(cl), &config[0], err) ||
	    (cl->against && show_one(cl, images, "--against", cl->against, &config[1], err)) ||
	    host_open(&host, cl->kvm, err))
		return err->status;
	confine_runs(to, cl, &host, trace, err);
	for (unsigned int i = 0; i < (cl->against ? 2 : 1) && !err->status; i++)
		take_config(to, images, &host, &config[i], trace[i], err);
	for (unsigned int i = 0; i < 2; i++)
		if (trace[i])
			fclose(trace[i]);
	host_close(&host);
	return err->status;
}

/* What a saved run leaves nothing to be said about. */
static int only_of_runs(const struct command_line *cl, const char *trace, struct error *err)
{
	static const char *const fitting[] = { "output", "image-pv", "image-nopv", "kvm" };

	for (unsigned int i = 0; i < cl->nr_given; i++) {
		bool fits = false;

		for (size_t k = 0; k < sizeof(fitting) / sizeof(fitting[0]); k++)
			fits |= !strcmp(cl->given[i], fitting[k]);
		if (!fits)
			return fail(err, STATUS_USAGE,
				    "--%s: %s is a trace, of a run that has been; name a scenario, "
				    "which is run again", cl->given[i], trace);
	}
	return 0;
}

/* "-": standard input. */
static int take_file(struct showing *to, const struct command_line *cl, const char *name,
		     struct error *err)
{
	const bool is_stdin = !strcmp(name, "-");
	FILE *from;

	if (only_of_runs(cl, is_stdin ? "standard input" : name, err))
		return err->status;
	from = is_stdin ? stdin : stream_read(name);
	if (!from)
		return fail(err, STATUS_FAIL, "%s: %s", name, strerror(errno));
	take_trace(to, from, is_stdin ? "standard input" : name, err);
	if (!is_stdin)
		fclose(from);
	return err->status;
}

static int take(struct showing *to, const struct command_line *cl, const struct images *images,
		struct error *err)
{
	const char *word = cl->nr_words ? cl->word[0] : NULL;

	if (!word)
		return fail(err, STATUS_USAGE,
			    "show: no scenario and no trace named; see: pvtlb list");
	/* A file's name, as these are in no scenario's. */
	if (!image_scenario(&images->image[1], word) && strpbrk(word, "/.") && access(word, F_OK))
		return fail(err, STATUS_USAGE, "no scenario '%.200s', and no file: %s; see: pvtlb list",
			    word, strerror(errno));
	if (strcmp(word, "-") &&
	    (image_scenario(&images->image[1], word) || access(word, F_OK)))
		return take_runs(to, cl, images, err);
	return take_file(to, cl, word, err);
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

static int write_file(struct showing *s, const struct form *form, const struct command_line *cl,
		      struct error *err)
{
	const char *path = cl->output;
	char name[4096];
	int failed;

	if (!s->output && open_output(s, cl, err))
		return -1;
	/* What is no file of its own cannot be cut off, and need not. */
	if (ftruncate(stream_fd(s->output), 0) && errno != EINVAL)
		return fail(err, STATUS_FAIL, "%s: %s", path, strerror(errno));
	failed = form->print(s->output, s);
	if (fclose(s->output) || failed)
		return fail(err, STATUS_FAIL, "%s: not all of it could be written", path);
	printf("written: %s\n", printable_copy(path, name, sizeof(name)));
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
	sandbox_report();
	if (!err.status && form)
		write_file(s, form, cl, &err);
	else if (!err.status)
		print_story(stdout, s);
	for (unsigned int i = 0; i < s->nr; i++)
		trace_run_free(&s->run[i]);
	free(s);
	return err.status ? complain(&err) : STATUS_OK;
}
