/* SPDX-License-Identifier: GPL-2.0-only */
/* The pvtlb command: its words, and which of them is meant. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/signals.h"
#include "base/stream.h"
#include "cli/command.h"
#include "cli/differ.h"
#include "cli/doctor.h"
#include "cli/fit.h"
#include "cli/nested.h"
#include "machine/vcpu.h"

#define VERSION "1.0"
#define IMAGES	"image-pv image-nopv mm image-kernel"

static int cmd_doctor(const struct command_line *cl, const struct images *images)
{
	return (cl->report ? doctor_report : doctor)(cl->kvm, images, !cl->no_sandbox, stdout);
}

static const struct command {
	const char *name, *args, *help;
	command_fn *run;
	bool without_images;
	bool not_nested; /* it has no machine */
	unsigned int words; /* at most; of scenarios or files */
	const char *takes;  /* options, as options_fit() has them */
	const char *more;   /* what its help says besides; NULL: nothing */
} commands[] = {
	{ "run", "[SCENARIO...]", "run scenarios and judge their claims", cmd_run, false,
	  false, RUN_MAX_LIST, NULL },
	{ "show", "SCENARIO|TRACE", "one run, told step by step; -: a trace, stdin", cmd_show, false, false, 1,
	  "backend paravirt invlpgb install cpus key policy inject provider against output stress seed timeout no-pin "
	  IMAGES " kvm no-sandbox nested" },
	{ "explore", "SCENARIO...", "every order of CPUs' steps within a bound", cmd_explore, false,
	  false, RUN_MAX_LIST,
	  "backend provider paravirt invlpgb install cpus key policy inject seed engine bound unbounded random depth "
	  "max-schedules time shard merge go-on expect json jobs output trace no-look " IMAGES " kvm",
	  "A schedule says in which order CPUs make their accesses to memory, and when interrupts are\n"
	  "taken. Runs are judged as by pvtlb run. What goes wrong is made as small as can be, run 10\n"
	  "times on /dev/kvm, and shown. Without --cpus there are 2 CPUs; 8 are the most.\n"
	  "\"so far\" in a result: not all schedules that were asked for were gone through.\n"
	  "With --merge the words are reports of parts. docs/explore.md explains it all.\n" },
	{ "replay", "SCHEDULE", "a schedule that explore wrote, on /dev/kvm", cmd_replay, false,
	  false, 1, "engine times trace " IMAGES " kvm",
	  "It ends with 0 if the same happens each time that the file says: the same events, and the\n"
	  "same thing goes wrong. docs/explore.md explains the file.\n" },
	{ "check", "TRACE...", "judge saved traces again; -: stdin", cmd_check, true,
	  true, UINT_MAX, "nested" },
	{ "list", "[SCENARIO...]", "scenarios, policies, backends, faults, events",
	  cmd_list, false, false, RUN_MAX_LIST, "groups " IMAGES " json nested" },
	{ "policies", "[--trials N]", "what breaks each policy under each backend",
	  cmd_policies, false, false, 0, "trials image-pv image-nopv kvm no-sandbox nested" },
	{ "bench", "[NAME...]", "costs, each with its spread and its floor", cmd_bench,
	  false, true, UINT_MAX, "long smoke json output image-pv image-nopv kvm no-sandbox nested" },
	{ "hosts", "", "what each kind of host can show, as a table", cmd_hosts, true, false, 0,
	  "nested" },
	{ "doctor", "", "what /dev/kvm is here and what it can do", cmd_doctor, true, false, 0,
	  "report " IMAGES " kvm no-sandbox nested" },
	{ "help", "[COMMAND]", "what a command takes", NULL, true, true, 1, "" },
};
#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void help(FILE *to)
{
	fprintf(to, "pvtlb %s: does this TLB flush imply that every CPU was interrupted?\n\n", VERSION);
	for (size_t i = 0; i < NR_COMMANDS; i++)
		fprintf(to, "  pvtlb %-9s%-15s %s\n", commands[i].name, commands[i].args,
			commands[i].help);
	fprintf(to, "\nOptions: pvtlb COMMAND --help. To begin with: pvtlb run\n"
		    "Manual: man pvtlb, docs/README.md.\n");
}

static void help_with(FILE *to, const struct command *c)
{
	fprintf(to, "pvtlb %s%s%s: %s\n", c->name, *c->args ? " " : "", c->args, c->help);
	if (strstr(c->args, "SCENARIO..."))
		fprintf(to, "A SCENARIO is a name, a glob, a group as @walkers, or several between commas;\n"
			    "pvtlb list has them.\n");
	if (c->more)
		fputs(c->more, to);
	options_help(to, c->takes);
	fprintf(to, "\nResults are on stdout, diagnostics on stderr. Exit status: 0 all claims hold,\n"
		    "1 one fails, 2 usage, 77 cannot run here, 124 ended by the watchdog.\n");
}

static bool wants_kernel(const struct command_line *cl)
{
	return cl->mm && !strcmp(cl->mm, "kernel");
}

static int dispatch(const struct command *which, const struct command_line *cl)
{
	struct error err = { 0 };
	bool kernel = wants_kernel(cl);
	struct images images;
	int status;

	if (kernel ? images_load_kernel(&images, cl->image_kernel, &err) :
		     images_load(&images, cl->image[0], cl->image[1], &err)) {
		/* Those that were named have to be there. */
		if (kernel || !which->without_images || options_given(cl, "image-pv") ||
		    options_given(cl, "image-nopv"))
			return complain(&err);
		return which->run(cl, NULL);
	}
	status = which->run(cl, &images);
	images_free(&images);
	return status;
}

/* Of the model's images and of the kernel's at once. */
static int dispatch_both(const struct command *which, const struct command_line *cl)
{
	struct images model, kernel;
	struct error err = { 0 };
	int status;

	if (which->run != cmd_run)
		fail(&err, STATUS_USAGE, "--mm " MM_BOTH " is for pvtlb run: %s has one image at a "
		     "time", which->name);
	if (err.status || differ_fits(cl, &err) || images_load_kernel(&kernel, cl->image_kernel, &err))
		return complain(&err);
	if (images_load(&model, cl->image[0], cl->image[1], &err)) {
		images_free(&kernel);
		return complain(&err);
	}
	status = cmd_differ(cl, &model, &kernel);
	images_free(&model);
	images_free(&kernel);
	return status;
}

/* NULL: there is none of that name. */
static const struct command *command_named(const char *name)
{
	for (size_t i = 0; i < NR_COMMANDS; i++)
		if (!strcmp(name, commands[i].name))
			return &commands[i];
	return NULL;
}

static int no_command(const char *word)
{
	static const char *const others[] = { "--help", "--version" };
	struct error err = { 0 };
	struct nearest near;
	char hint[64];

	nearest_init(&near, word);
	for (size_t i = 0; i < NR_COMMANDS && *word != '-'; i++)
		nearest_offer(&near, commands[i].name);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]) && *word == '-'; i++)
		nearest_offer(&near, others[i]);
	nearest_hint(&near, hint, sizeof(hint));
	if (!*word)
		fail(&err, STATUS_USAGE, "an empty word is no command; see: pvtlb --help");
	else if (*word == '-' && word[1] && !near.best)
		fail(&err, STATUS_USAGE, "no command, but %.80s: options go behind it, as in: pvtlb "
		     "run %.80s; see: pvtlb --help", word, word);
	else
		fail(&err, STATUS_USAGE, "no command %.80s%s; see: pvtlb --help", word, hint);
	return complain(&err);
}

static bool is_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help");
}

/* The words behind "help": a command, or none. */
static int cmd_help(int nr, char **word)
{
	const struct command *about = nr ? command_named(word[0]) : NULL;
	struct error err = { 0 };

	if (nr > 1) {
		fail(&err, STATUS_USAGE, "help takes one command, and '%.80s' is one more", word[1]);
		return complain(&err);
	}
	if (about)
		help_with(stdout, about);
	else if (!nr || is_help(word[0]))
		help(stdout);
	else
		return no_command(word[0]);
	return STATUS_OK;
}

static int cmd_version(int nr, char **word)
{
	struct error err = { 0 };

	if (nr) {
		fail(&err, STATUS_USAGE, "--version takes no word, and there is '%.80s'", word[0]);
		return complain(&err);
	}
	printf("pvtlb %s\n", VERSION);
	return STATUS_OK;
}

/* A trace: no scenario's name has these. */
static bool is_file(const struct command_line *cl)
{
	return cl->nr_words && (!strcmp(cl->word[0], "-") || strpbrk(cl->word[0], "/."));
}

/* What is wrong with a kernel tree's image is said here, before a machine is booted for it. */
static int nested(int argc, char **argv, const struct command_line *cl)
{
	bool kernel = wants_kernel(cl);
	struct error err = { 0 };
	struct images images;

	if (kernel && images_load_kernel(&images, cl->image_kernel, &err))
		return complain(&err);
	if (kernel)
		images_free(&images);
	return run_nested(argc, argv, cl->nested, kernel ? cl->image_kernel : NULL);
}

static int command(int argc, char **argv)
{
	static struct command_line cl;
	const struct command *which;
	struct error err = { 0 };

	if (argc < 2) {
		help(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--version"))
		return cmd_version(argc - 2, argv + 2);
	if (is_help(argv[1]))
		return cmd_help(argc - 2, argv + 2);
	which = command_named(argv[1]);
	if (!which)
		return no_command(argv[1]);
	if (options_parse(&cl, argc - 1, argv + 1, &err) ||
	    options_fit(&cl, argv[1], which->takes, which->words, &err))
		return complain(&err);
	if (cl.help) {
		help_with(stdout, which);
		return STATUS_OK;
	}
	if (cl.nested && (which->not_nested || (which->run == cmd_show && is_file(&cl)))) {
		fail(&err, STATUS_USAGE, "--nested: %s%s needs no machine", argv[1],
		     which->not_nested ? "" : " of a trace");
		return complain(&err);
	}
	if (cl.mm && !strcmp(cl.mm, MM_BOTH))
		return dispatch_both(which, &cl);
	return cl.nested ? nested(argc, argv, &cl) : dispatch(which, &cl);
}

/*
 * What is closed would be the next file that is opened, and that would get what is meant for the
 * other one. Nothing can be written to these, and nothing read from the first: that fails.
 */
static void keep_standard_files(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			abort();
}

/* Results that nobody got are none. */
static int results_taken(int status)
{
	struct error err = { 0 };

	if (!fflush(stdout) && !ferror(stdout))
		return status;
	fail(&err, STATUS_FAIL, "standard output: not all results could be written");
	complain(&err);
	return status == STATUS_OK || status == STATUS_SKIP ? STATUS_FAIL : status;
}

int main(int argc, char **argv)
{
	keep_standard_files();
	vcpu_init_signals();
	signals_init();
	stream_standard();
	return results_taken(command(argc, argv));
}
