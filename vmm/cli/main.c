/* SPDX-License-Identifier: GPL-2.0-only */
/* The pvtlb command. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge/check.h"
#include "cli/doctor.h"
#include "machine/dtb.h"
#include "report/grid.h"
#include "base/signals.h"
#include "machine/machine.h"
#include "cli/options.h"
#include "cli/policies.h"
#include "base/backend.h"
#include "report/report.h"

#define VERSION "1.0"

/* What a run of several configurations carries along. */
struct session {
	const struct command_line *cl;
	const struct host *host;
	const struct images *images;
	struct run_files files;
	struct json_report *json;
	struct grid grid; /* --matrix */
	unsigned int nr_runs; /* of the matrix's progress: all, and those that began */
	unsigned int begun;
	int status;
	bool any;
};

static int complain(const struct error *err)
{
	fprintf(stderr, "pvtlb: %s\n", err->text);
	return err->status;
}

static int count_run(void *ctx, const struct run_config *config)
{
	struct session *s = ctx;

	(void)config;
	s->nr_runs++;
	return 0;
}

/*
 * Which run it is, for somebody who waits; config NULL: none. The carriage return at its end
 * leaves the line to whatever comes next.
 */
static void progress(struct session *s, const struct run_config *config)
{
	char text[72] = "";

	if (!s->cl->matrix || !isatty(STDERR_FILENO))
		return;
	if (config)
		snprintf(text, sizeof(text), "%u/%u: %s, %s/%s", ++s->begun, s->nr_runs,
			 config->scenario, config->backend->name, config->backend->provider);
	fprintf(stderr, "%-*s\r", (int)sizeof(text) - 1, text);
}

/* The result becomes the report's. */
static void report_run(struct session *s, struct run_result *result)
{
	if (s->cl->matrix) {
		grid_add(&s->grid, result);
		return;
	}
	if (s->json)
		json_run(s->json, result);
	else
		table_row(stdout, result, s->cl->verbose);
	run_result_free(result);
}

static int run_and_report(void *ctx, const struct run_config *config)
{
	struct session *s = ctx;
	struct run_result result;

	if (!s->any && !s->json && !s->cl->matrix)
		table_head(stdout, s->host);
	progress(s, config);
	run_one(s->host, s->images, config, &s->files, &result);
	progress(s, NULL);
	if (result.status == STATUS_HANG || (result.status && signals_caught()))
		fprintf(stderr, "pvtlb: %s\n", result.judgement.why);
	s->status = status_merge(s->status, result.status, !s->any);
	s->any = true;
	report_run(s, &result);
	return signals_caught();
}

static int run_all(struct session *s)
{
	struct run_options options = s->cl->run;
	struct error err = { 0 };

	if (s->cl->json)
		s->json = json_begin(s->host);
	options.host = s->host;
	if (s->cl->matrix)
		run_matrix(s->images, &options, count_run, s, &err);
	if (!err.status)
		run_matrix(s->images, &options, run_and_report, s, &err);
	if (s->grid.nr)
		grid_print(stdout, s->host, &s->grid, s->cl->verbose);
	grid_free(&s->grid);
	if (s->json && json_end(s->json, stdout))
		fail(&err, STATUS_FAIL, "cannot write the report: %s", strerror(errno));
	if (err.status)
		return complain(&err);
	if (!s->any) {
		fail(&err, STATUS_SKIP,
		     "nothing to run: no backend fits these options (is it served by that provider? "
		     "see: pvtlb list)");
		return complain(&err);
	}
	return s->status;
}

static int close_trace(FILE *trace, const char *name, struct error *err)
{
	/* A write before the last one: by now errno is something else's. */
	bool incomplete = ferror(trace);

	if (fclose(trace))
		return fail(err, STATUS_FAIL, "%s: %s", name, strerror(errno));
	if (incomplete)
		return fail(err, STATUS_FAIL, "%s: not all of it could be written", name);
	return 0;
}

static int open_and_run(struct session *s)
{
	struct error err = { 0 };
	struct host host;
	int status;

	if (host_open(&host, s->cl->kvm, &err))
		return complain(&err);
	s->host = &host;
	s->files.console = stderr;
	s->files.dump_dtb = s->cl->dump_dtb;
	if (s->cl->trace) {
		s->files.trace = fopen(s->cl->trace, "w");
		if (!s->files.trace)
			fail(&err, STATUS_FAIL, "%s: %s", s->cl->trace, strerror(errno));
	}
	status = err.status ? complain(&err) : run_all(s);
	if (s->files.trace && close_trace(s->files.trace, s->cl->trace, &err))
		status = complain(&err);
	host_close(&host);
	return status;
}

/* The whole file, or what is too much of it; NULL with err. To be freed. */
static void *read_dtb(const char *path, size_t *len, struct error *err)
{
	FILE *from = fopen(path, "rb");
	char *dtb = from ? malloc(DTB_MAX + 1) : NULL;

	if (dtb)
		*len = fread(dtb, 1, DTB_MAX + 1, from);
	if (!dtb || ferror(from)) {
		fail(err, STATUS_FAIL, "%s: %s", path, strerror(errno));
		free(dtb);
		dtb = NULL;
	}
	if (from)
		fclose(from);
	return dtb;
}

static int cmd_run(const struct command_line *cl, const struct images *images)
{
	struct command_line mine = *cl;
	struct session s = { .cl = &mine, .images = images };
	struct error err = { 0 };
	void *dtb = NULL;
	int status;

	if (cl->dtb) {
		dtb = read_dtb(cl->dtb, &mine.run.base.dtb_len, &err);
		if (!dtb)
			return complain(&err);
		mine.run.base.dtb = dtb;
	}
	status = open_and_run(&s);
	free(dtb);
	return status;
}

/* "-": standard input. What goes wrong with a file is said and does not end the command. */
static int check_path(const char *path)
{
	bool is_stdin = !strcmp(path, "-");
	FILE *from = is_stdin ? stdin : fopen(path, "r");
	struct error err = { 0 };
	int status = check_file(from, is_stdin ? "standard input" : path, stdout, &err);

	if (err.status)
		complain(&err);
	if (from && !is_stdin)
		fclose(from);
	return status;
}

static int cmd_check(const struct command_line *cl, const struct images *images)
{
	struct error err = { 0 };
	int status = STATUS_OK;

	(void)images;
	if (!cl->run.nr_scenarios) {
		fail(&err, STATUS_USAGE, "check: no trace named; see: pvtlb --help");
		return complain(&err);
	}
	/* The words behind the command: files here. */
	for (unsigned int i = 0; i < cl->run.nr_scenarios && !signals_caught(); i++)
		status = status_merge(status, check_path(cl->run.scenario[i]), !i);
	return status;
}

static int cmd_doctor(const struct command_line *cl, const struct images *images)
{
	return doctor(cl->kvm, images, stdout);
}

static int cmd_list(const struct command_line *cl, const struct images *images)
{
	const struct image *image = &images->image[1];
	const struct backend *pv;

	(void)cl;
	printf("scenarios (in %s):\n", image->path);
	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		const struct pvtlb_scenario *s = &image->scenario[i];

		printf("  %-14s %s%s\n", s->name, s->title,
		       s->flags & PVTLB_SCENARIO_DIAGNOSTIC ? " (diagnostic: by name only)" : "");
	}
	printf("policies (--policy):\n");
	for (unsigned int i = 0; i < image->policies.nr; i++) {
		const struct pvtlb_policy *p = &image->policies.policy[i];

		printf("  %-14s %s%s%s%s%s\n", p->name, p->title,
		       p->alias[0] ? " (also: " : "", p->alias, p->alias[0] ? ")" : "",
		       p->flags & PVTLB_POLICY_DEFAULT ? " (the default)" : "");
	}
	printf("backends:\n");
	for (unsigned int i = 0; (pv = backend_at(i)); i++)
		printf("  %-14s hypervisor: %s; %s\n", pv->name, pv->provider, pv->why);
	printf("faults to --inject:\n");
	for (int i = 1; i < PVTLB_FAULT_NR; i++)
		printf("  %-22s %s\n", fault_names[i], fault_docs[i]);
	events_list(stdout);
	return STATUS_OK;
}

/* The table of docs/hosts.md. */
static int cmd_hosts(const struct command_line *cl, const struct images *images)
{
	static const struct host pvm = { .kind = HOST_PVM }, svm = { .kind = HOST_SVM };
	static const struct host *const kinds[] = { &pvm, &svm };

	(void)cl;
	(void)images;
	printf("| what a run can show | pvm | svm | vmx | evidence |\n|---|---|---|---|---|\n");
	for (int i = 0; i < HOST_SHOWS; i++) {
		printf("| %s ", host_show_name(i));
		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
			printf("| %s: %s ", host_shows(kinds[k], i) ? "yes" : "no",
			       host_show_why(kinds[k], i));
		printf("| untested | %s |\n", host_show_evidence(i));
	}
	return STATUS_OK;
}

/* The tables of docs/policies.md. */
static int cmd_policies(const struct command_line *cl, const struct images *images)
{
	struct survey survey = { .images = images, .trials = cl->run.base.trials };
	struct error err = { 0 };
	struct host host;
	int status;

	if (host_open(&host, cl->kvm, &err))
		return complain(&err);
	survey.host = &host;
	status = policies_survey(stdout, &survey);
	host_close(&host);
	return status;
}

static const struct command {
	const char *name, *args, *help;
	int (*run)(const struct command_line *cl, const struct images *images);
	bool without_images;
	bool not_nested; /* it has no machine */
} commands[] = {
	{ "run", "[SCENARIO...] [OPTION...]", "run scenarios and judge their claims", cmd_run, false },
	{ "check", "TRACE...", "judge traces of runs again (run --trace); -: stdin", cmd_check, true, true },
	{ "list", "", "scenarios, policies, backends, faults, events", cmd_list, false },
	{ "policies", "[--trials N]", "what breaks each policy under each backend, as a table", cmd_policies, false },
	{ "hosts", "", "what each kind of host can show, as a table", cmd_hosts, true },
	{ "doctor", "", "what /dev/kvm is here and what it can do", cmd_doctor, true },
};
#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void help(FILE *to)
{
	fprintf(to, "pvtlb %s: does this TLB flush imply that every CPU was interrupted?\n\n", VERSION);
	for (size_t i = 0; i < NR_COMMANDS; i++)
		fprintf(to, "  pvtlb %-9s%-27s %s\n", commands[i].name, commands[i].args,
			commands[i].help);
	fprintf(to, "\noptions:\n");
	options_help(to);
	fprintf(to, "\nResults are on stdout, diagnostics on stderr. Exit status: 0 all claims hold, "
		    "1 one fails,\n2 usage, 77 cannot run here, 124 ended by the watchdog. "
		    "Manual: man pvtlb, docs/.\n");
}

/* The script that does it: beside us when built, under ../lib/pvtlb when installed. */
static const char *nested_script(char *path, size_t len)
{
	static const char *const places[] = { "nested/run.sh", "../lib/pvtlb/nested/run.sh" };
	char exe[4096] = "";
	char *slash;

	if (readlink("/proc/self/exe", exe, sizeof(exe) - 1) < 0)
		return NULL;
	slash = strrchr(exe, '/');
	slash[1] = 0;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if ((size_t)snprintf(path, len, "%s%s", exe, places[i]) < len && !access(path, R_OK))
			return path;
	}
	return NULL;
}

/* Become the script, with our own words without --nested. */
static int run_nested(int argc, char **argv)
{
	char **words = calloc(argc + 4, sizeof(*words));
	struct error err = { 0 };
	char path[4200];
	int n = 0;

	if (!words || !nested_script(path, sizeof(path))) {
		fail(&err, STATUS_SKIP, "no nested/run.sh beside pvtlb; try: make nested");
		free(words);
		return complain(&err);
	}
	words[n++] = (char[]){ "sh" };
	words[n++] = path;
	words[n++] = (char[]){ "pvtlb" };
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--nested"))
			words[n++] = argv[i];
	execv("/bin/sh", words);
	fail(&err, STATUS_SKIP, "/bin/sh: %s", strerror(errno));
	free(words);
	return complain(&err);
}

static int dispatch(const struct command *command, const struct command_line *cl)
{
	struct error err = { 0 };
	struct images images;
	int status;

	if (images_load(&images, cl->image[0], cl->image[1], &err)) {
		if (!command->without_images)
			return complain(&err);
		return command->run(cl, NULL);
	}
	status = command->run(cl, &images);
	images_free(&images);
	return status;
}

int main(int argc, char **argv)
{
	static struct command_line cl;
	struct error err = { 0 };

	vcpu_init_signals();
	signals_init();
	if (argc < 2) {
		help(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--version")) {
		printf("pvtlb %s\n", VERSION);
		return STATUS_OK;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		help(stdout);
		return STATUS_OK;
	}
	for (size_t i = 0; i < NR_COMMANDS; i++) {
		if (strcmp(argv[1], commands[i].name))
			continue;
		if (options_parse(&cl, argc - 1, argv + 1, &err))
			return complain(&err);
		if (cl.nested && commands[i].not_nested && !cl.help) {
			fail(&err, STATUS_USAGE, "--nested: %s needs no machine", argv[1]);
			return complain(&err);
		}
		if (cl.nested && !cl.help)
			return run_nested(argc, argv);
		if (!cl.help)
			return dispatch(&commands[i], &cl);
		help(stdout);
		return STATUS_OK;
	}
	fprintf(stderr, "pvtlb: no command %s; see: pvtlb --help\n", argv[1]);
	return STATUS_USAGE;
}
