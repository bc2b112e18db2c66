/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb show`: one run, explained. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "show/html.h"
#include "show/course.h"
#include "show/story.h"

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

/* As run_matrix() does, but one of them; what is not asked for is what Linux has mostly. */
static int choose_one(const struct command_line *cl, const struct images *images,
		      const struct host *host, const char *backend, struct chosen *chosen,
		      struct error *err)
{
	struct run_options options = cl->run;

	options.host = host;
	options.backend = backend;
	if (!options.provider && strcmp(backend, "native"))
		options.provider = "vmm";
	if (options.paravirt == CHOICE_BOTH)
		options.paravirt = CHOICE_YES;
	if (options.late == CHOICE_BOTH)
		options.late = CHOICE_NO;
	if (options.invlpgb == CHOICE_BOTH && strcmp(backend, "invlpgb"))
		options.invlpgb = CHOICE_NO;
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

/* What is to be shown, and on what. */
struct showing {
	const struct command_line *cl;
	struct digest digest[2]; /* of the runs that were told */
	unsigned int told;
	json_t *run[2]; /* for -o */
	unsigned int nr;
};

/* Several of something, of which a run has one. */
static int one_only(const struct command_line *cl, struct error *err)
{
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

/* The first run of a trace, told; with its digest, to be held against another one's. */
static void tell(struct showing *to, const struct shown *shown)
{
	story_print(stdout, shown);
	if (to->told < 2)
		digest_make(&to->digest[to->told++], shown);
}

/* Show the trace's first run. Returns the exit status. */
static int show_trace(struct showing *to, FILE *from, const char *name, struct error *err)
{
	struct trace_reader reader;
	struct trace_run run;
	struct shown shown;
	int got;

	trace_reader_init(&reader, from, name, err);
	got = trace_read(&reader, &run);
	if (got < 0)
		return STATUS_FAIL;
	if (!got)
		return fail(err, STATUS_FAIL, "%s: there is no run in it", reader.name);
	shown_make(&shown, &run);
	if (to->cl->output)
		to->run[to->nr++] = show_data(&shown, run.config.stress);
	else
		tell(to, &shown);
	trace_run_free(&run);
	return err->status;
}

/* Run it into a file of its own, and show what came of it. */
static int show_config(struct showing *to, const struct images *images, const struct host *host,
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
		show_trace(to, files.trace, "the run's trace", err);
	fclose(files.trace);
	run_result_free(&result);
	return err->status;
}

static int show_run(struct showing *to, const struct images *images, struct error *err)
{
	const struct command_line *cl = to->cl;
	const char *backends[] = { cl->run.backend ? cl->run.backend : "native", cl->against };
	struct chosen chosen;
	struct host host;

	if (host_open(&host, cl->kvm, err))
		return err->status;
	for (unsigned int i = 0; i < 2 && backends[i] && !err->status; i++) {
		if (i && !cl->output)
			printf("\nBeside it:\n\n");
		if (!choose_one(cl, images, &host, backends[i], &chosen, err))
			show_config(to, images, &host, &chosen.config, err);
	}
	if (to->told == 2) {
		fputc('\n', stdout);
		digest_compare(stdout, &to->digest[0], &to->digest[1]);
	}
	host_close(&host);
	return err->status;
}

/* By its name's end: what kind of file it is to be. */
static int write_output(struct showing *to, struct error *err)
{
	const char *path = to->cl->output;
	FILE *file = fopen(path, "w");
	int failed;

	if (!file)
		return fail(err, STATUS_FAIL, "%s: %s", path, strerror(errno));
	failed = html_print(file, to->run, to->nr);
	if (fclose(file) || failed)
		return fail(err, STATUS_FAIL, "%s: %s", path, strerror(errno));
	return 0;
}

static bool ends_with(const char *path, const char *end)
{
	size_t len = strlen(path), n = strlen(end);

	return len >= n && !strcmp(path + len - n, end);
}

int cmd_show(const struct command_line *cl, const struct images *images)
{
	struct error err = { 0 };
	const char *word = cl->nr_words ? cl->word[0] : NULL;
	struct showing to = { .cl = cl };
	FILE *from;

	if (cl->output && !ends_with(cl->output, ".html")) {
		fail(&err, STATUS_USAGE, "--output: '%s' is not a name that ends in .html",
		     cl->output);
	} else if (!word) {
		fail(&err, STATUS_USAGE, "show: no scenario and no trace named; see: pvtlb list");
	} else if (!image_scenario(&images->image[1], word) && !access(word, F_OK)) {
		if (cl->against) {
			fail(&err, STATUS_USAGE,
			     "--against: %s is a trace; name a scenario, which is run again", word);
			return complain(&err);
		}
		from = fopen(word, "r");
		if (from) {
			show_trace(&to, from, word, &err);
			fclose(from);
		} else {
			fail(&err, STATUS_FAIL, "%s: %s", word, strerror(errno));
		}
	} else if (!one_only(cl, &err)) {
		show_run(&to, images, &err);
	}
	if (cl->output && !err.status)
		write_output(&to, &err);
	for (unsigned int i = 0; i < to.nr; i++)
		json_decref(to.run[i]);
	return err.status ? complain(&err) : STATUS_OK;
}
