/* SPDX-License-Identifier: GPL-2.0-only */
/* The pvtlb command: its words, and which of them is meant. */
#include <stdio.h>
#include <string.h>

#include "base/signals.h"
#include "cli/command.h"
#include "cli/doctor.h"
#include "cli/nested.h"
#include "machine/vcpu.h"

#define VERSION "1.0"

static int cmd_doctor(const struct command_line *cl, const struct images *images)
{
	return doctor(cl->kvm, images, stdout);
}

static const struct command {
	const char *name, *args, *help;
	command_fn *run;
	bool without_images;
	bool not_nested; /* it has no machine */
} commands[] = {
	{ "run", "[SCENARIO...] [OPTION...]", "run scenarios and judge their claims", cmd_run, false },
	{ "check", "TRACE...", "judge traces of runs again (run --trace); -: stdin", cmd_check, true, true },
	{ "list", "", "scenarios, policies, backends, faults, events", cmd_list, false },
	{ "policies", "[--trials N]", "what breaks each policy under each backend, as a table",
	  cmd_policies, false },
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
