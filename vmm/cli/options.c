/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of `pvtlb run`. */
#include <getopt.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/settings.h"
#include "base/wrap.h"
#include "cli/options.h"

/* What is not a setting of a configuration (base/settings.h). */
enum {
	OPT_PROVIDER = 256,
	OPT_TRACE,
	OPT_DUMP_DTB,
	OPT_DTB,
	OPT_IMAGE_PV,
	OPT_IMAGE_NOPV,
	OPT_KVM,
	OPT_NESTED,
	OPT_JSON,
	OPT_MATRIX,
	OPT_SUMMARY,
	OPT_TABLE,
	OPT_TAP,
	OPT_QUIET,
	OPT_JUNIT,
	OPT_COLOR,
	OPT_AGAINST,
	OPT_REPORT,
	OPT_OUTPUT,
	OPT_VERBOSE,
	OPT_HELP,
	OPT_SETTINGS, /* and up: a setting's place */
};

/* Where in the command line the value of an option goes: a string, or true. */
#define TO(m) offsetof(struct command_line, m)

/* One table for the parser and the help. */
static const struct own_option {
	const char *name;
	int id;
	size_t at;
	const char *arg; /* NULL: none, or one of the words */
	const char *help;
	const struct words *words;
} own[] = {
	{ "provider", OPT_PROVIDER, TO(run.provider), NULL, "only backends served by this one",
	  &words_providers },
	{ "trace", OPT_TRACE, TO(trace), "FILE", "write every event, in order, as text" },
	{ "dump-dtb", OPT_DUMP_DTB, TO(dump_dtb), "FILE", "write the (last) guest's device tree" },
	{ "dtb", OPT_DTB, TO(dtb), "FILE",
	  "give the guest this tree: a dumped one, perhaps with more in it" },
	{ "image-pv", OPT_IMAGE_PV, TO(image[1]), "FILE",
	  "guest with CONFIG_PARAVIRT (default: the one built or installed with pvtlb)" },
	{ "image-nopv", OPT_IMAGE_NOPV, TO(image[0]), "FILE", "guest without" },
	{ "kvm", OPT_KVM, TO(kvm), "PATH", "device node (default " KVM_PATH ")" },
	{ "nested", OPT_NESTED, TO(nested), NULL,
	  "run all this in an emulated machine with kvm-amd" },
	{ "json", OPT_JSON, TO(json), NULL, "results as JSON (docs/json.md)" },
	{ "matrix", OPT_MATRIX, TO(matrix), NULL,
	  "results as scenarios against backends, when all have ended" },
	{ "summary", OPT_SUMMARY, TO(summary), NULL,
	  "a line for each backend as it ends (so it is where no scenario is named)" },
	{ "table", OPT_TABLE, TO(table), NULL, "a line for each run as it ends" },
	{ "tap", OPT_TAP, TO(tap), NULL, "results as TAP, version 14" },
	{ "quiet", OPT_QUIET, TO(quiet), NULL, "only what is wrong" },
	{ "junit", OPT_JUNIT, TO(junit), "FILE", "results as JUnit XML, too, into that file" },
	{ "color", OPT_COLOR, TO(color), NULL, "colour (auto: on a terminal without NO_COLOR)",
	  &words_colors },
	{ "against", OPT_AGAINST, TO(against), "NAME", "the same under this backend, too" },
	{ "output", OPT_OUTPUT, TO(output), "FILE", "to this file (or -o): .html a page, .svg a picture, .json for Perfetto" },
	{ "report", OPT_REPORT, TO(report), NULL, "as Markdown, to be pasted into docs/tested-on.md" },
	{ "verbose", OPT_VERBOSE, TO(verbose), NULL, "every site and every violation" },
	{ "help", OPT_HELP, TO(help), NULL, "this" },
};
#define NR_OWN (sizeof(own) / sizeof(own[0]))

static bool takes_value(const struct own_option *o)
{
	return o->arg || o->words;
}

/* Options of other commands; all others are of run, too. */
#define NOT_OF_RUN "against output report"

/* Is it one of the names, between blanks? */
static bool is_among(const char *names, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = names; (at = strstr(at, name)); at += len)
		if ((at == names || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
	return false;
}

static bool is_taken(const char *takes, const char *name)
{
	return takes ? is_among(takes, name) : !is_among(NOT_OF_RUN, name);
}

static void help_line(FILE *to, const char *name, const char *arg, const char *help)
{
	char head[96];

	/* One that is long has a line of its own. */
	snprintf(head, sizeof(head), "  --%s%s%s", name, *arg ? " " : "", arg);
	if (strlen(head) > 29) {
		fprintf(to, "%s\n", head);
		*head = 0;
	}
	snprintf(head + strlen(head), sizeof(head) - strlen(head), "%*s",
		 (int)(31 - strlen(head)), "");
	wrap_print(to, head, help);
}

void options_help(FILE *to, const char *takes)
{
	char text[512];

	fprintf(to, "\nWhat is run:\n");
	for (unsigned int i = 0; i < nr_settings; i++) {
		const struct setting *s = &settings[i];

		if (s->option && is_taken(takes, s->option))
			help_line(to, s->option,
				  s->arg ? s->arg : setting_values(s, text, sizeof(text)), s->help);
	}
	fprintf(to, "\nOn what, and what to make of it:\n");
	for (size_t i = 0; i < NR_OWN; i++) {
		const char *arg = own[i].arg ? own[i].arg : "";

		if (strcmp(own[i].name, "help") && !is_taken(takes, own[i].name))
			continue;
		if (own[i].words)
			arg = words_join(own[i].words, text, sizeof(text));
		help_line(to, own[i].name, arg, own[i].help);
	}
}

static int bad_value(struct error *err, const char *option, const char *value, const char *right)
{
	return fail(err, STATUS_USAGE, "--%s: '%s' is not %s", option, value, right);
}

/* One more of a list; none of them twice. */
static int take_cpus(struct run_options *run, unsigned int cpus)
{
	if (run->nr_cpus == RUN_MAX_LIST)
		return -1;
	for (unsigned int i = 0; i < run->nr_cpus; i++)
		if (run->cpus[i] == cpus)
			return -1;
	run->cpus[run->nr_cpus++] = cpus;
	return 0;
}

/* Numbers between commas, and ranges of them, each for a configuration. */
static int take_list(struct run_options *run, const struct setting *s, const char *value)
{
	char copy[256], *item;

	if (strlen(value) >= sizeof(copy))
		return -1;
	strcpy(copy, value);
	run->nr_cpus = 0;
	for (char *rest = copy; (item = strsep(&rest, ","));) {
		char *from = strsep(&item, "-");
		unsigned int first;

		if (setting_parse(&run->base, s, from))
			return -1;
		first = run->base.cpus;
		if (item && (setting_parse(&run->base, s, item) || run->base.cpus < first))
			return -1;
		for (unsigned int cpus = first; cpus <= run->base.cpus; cpus++)
			if (take_cpus(run, cpus))
				return -1;
	}
	return 0;
}

/* Names between commas, each for a configuration; the image, not read yet, says which exist. */
static int take_policies(struct command_line *cl, const char *value)
{
	struct run_options *run = &cl->run;
	char *item;

	run->nr_policies = 0;
	run->all_policies = !strcmp(value, "all");
	if (run->all_policies)
		return 0;
	if (strlen(value) >= sizeof(cl->policies))
		return -1;
	strcpy(cl->policies, value);
	for (char *rest = cl->policies; (item = strsep(&rest, ","));) {
		if (!*item || run->nr_policies == RUN_MAX_LIST)
			return -1;
		run->policy[run->nr_policies++] = item;
	}
	return 0;
}

/* What the matrix has both of, unless one is asked for; NULL: it has not. */
static enum choice *choice_of(struct run_options *run, const struct setting *s)
{
	switch (s->field.at) {
	case offsetof(struct run_config, paravirt):
		return &run->paravirt;
	case offsetof(struct run_config, invlpgb):
		return &run->invlpgb;
	case offsetof(struct run_config, late):
		return &run->late;
	}
	return NULL;
}

static int take_setting(struct command_line *cl, const struct setting *s, const char *value)
{
	struct run_options *run = &cl->run;
	enum choice *choice = choice_of(run, s);

	if (s->field.form == FORM_BACKEND) {
		run->backend = strcmp(value, "all") ? value : NULL;
		return 0;
	}
	if (s->field.at == offsetof(struct run_config, policy.name))
		return take_policies(cl, value);
	if (s->field.at == offsetof(struct run_config, cpus))
		return take_list(run, s, value);
	if (s->field.at == offsetof(struct run_config, expect_violation))
		run->expect_given = true;
	if (setting_parse(&run->base, s, value))
		return -1;
	if (choice)
		*choice = field_get(&run->base, &s->field) ? CHOICE_YES : CHOICE_NO;
	return 0;
}

static int take_own(struct command_line *cl, const struct own_option *o, const char *value,
		    struct error *err)
{
	char *at = (char *)cl + o->at, text[64];

	if (o->words && words_find(o->words, value, strlen(value)) < 0)
		return bad_value(err, o->name, value, words_join(o->words, text, sizeof(text)));
	if (takes_value(o))
		*(const char **)at = value;
	else
		*(bool *)at = true;
	return 0;
}

static int apply(struct command_line *cl, int id, const char *value, struct error *err)
{
	char text[512];

	if (id >= OPT_SETTINGS) {
		const struct setting *s = &settings[id - OPT_SETTINGS];

		if (take_setting(cl, s, value))
			return bad_value(err, s->option, value,
					 setting_values(s, text, sizeof(text)));
		return 0;
	}
	for (size_t i = 0; i < NR_OWN; i++)
		if (own[i].id == id)
			return take_own(cl, &own[i], value, err);
	return -1;
}

static const char *option_name(int id)
{
	if (id >= OPT_SETTINGS)
		return settings[id - OPT_SETTINGS].option;
	for (size_t i = 0; i < NR_OWN; i++)
		if (own[i].id == id)
			return own[i].name;
	return NULL;
}

int options_fit(const struct command_line *cl, const char *command, const char *takes,
		unsigned int words, struct error *err)
{
	for (unsigned int i = 0; i < cl->nr_given; i++)
		if (!takes && is_among(NOT_OF_RUN, cl->given[i]))
			return fail(err, STATUS_USAGE, "--%s means nothing to pvtlb %s; see: pvtlb "
				    "show --help, pvtlb doctor --help", cl->given[i], command);
	for (unsigned int i = 0; i < cl->nr_given; i++)
		if (takes && !is_among(takes, cl->given[i]) && strcmp(cl->given[i], "help"))
			return fail(err, STATUS_USAGE,
				    "--%s means nothing to pvtlb %s, whose options are: %s",
				    cl->given[i], command, *takes ? takes : "none");
	if (cl->nr_words <= words)
		return 0;
	if (words)
		return fail(err, STATUS_USAGE, "too many words: %s takes %u at most", command, words);
	return fail(err, STATUS_USAGE, "%s takes no word, and there is '%s'; see: pvtlb --help",
		    command, cl->word[0]);
}

/* The images lie beside the program, or under ../lib/pvtlb of an installed one. */
static void default_images(struct command_line *cl)
{
	static const char *const names[] = { "guest-nopv.elf", "guest-pv.elf" };
	static const char *const dirs[] = { "", "../lib/pvtlb/" };
	char exe[PATH_MAX] = "";
	char *slash;

	if (readlink("/proc/self/exe", exe, sizeof(exe) - 1) < 0)
		exe[0] = 0;
	slash = strrchr(exe, '/');
	if (slash)
		slash[1] = 0;
	for (int pv = 0; pv < 2; pv++) {
		for (int d = 1; d >= 0; d--) {
			snprintf(cl->image_path[pv], sizeof(cl->image_path[pv]), "%.3000s%s%s", exe,
				 dirs[d], names[pv]);
			if (!access(cl->image_path[pv], R_OK))
				break;
		}
		cl->image[pv] = cl->image_path[pv];
	}
}

/* All options, for getopt_long(); of more than there is room for it would know none. */
static void long_options(struct option *to, size_t room)
{
	size_t n = 0;

	for (unsigned int i = 0; i < nr_settings && n < room - 1; i++)
		if (settings[i].option)
			to[n++] = (struct option){ settings[i].option,
						   settings[i].field.form == FORM_FLAG
							   ? no_argument
							   : required_argument,
						   NULL, OPT_SETTINGS + i };
	for (size_t i = 0; i < NR_OWN && n < room - 1; i++)
		to[n++] = (struct option){ own[i].name,
					   takes_value(&own[i]) ? required_argument : no_argument,
					   NULL, own[i].id };
}

/* Results go to stdout in one way. */
static int one_output(const struct command_line *cl, struct error *err)
{
	const struct {
		bool asked;
		const char *name;
	} outputs[] = {
		{ cl->json, "json" },	{ cl->matrix, "matrix" }, { cl->summary, "summary" },
		{ cl->table, "table" }, { cl->tap, "tap" },	  { cl->quiet, "quiet" },
	};
	const char *first = NULL;

	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++) {
		if (outputs[i].asked && first)
			return fail(err, STATUS_USAGE, "--%s and --%s exclude each other", first,
				    outputs[i].name);
		if (outputs[i].asked)
			first = outputs[i].name;
	}
	if (cl->trace && cl->junit && !strcmp(cl->trace, cl->junit))
		return fail(err, STATUS_USAGE, "--trace and --junit name the same file: %s",
			    cl->trace);
	return 0;
}

static int unknown(const char *word, const struct option *longopts, struct error *err)
{
	const size_t dashes = strspn(word, "-");
	char name[64], hint[80];
	struct nearest near;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + dashes, "="), word + dashes);
	nearest_init(&near, name);
	for (; longopts->name; longopts++)
		nearest_offer(&near, longopts->name);
	if (near.best)
		snprintf(hint, sizeof(hint), "; did you mean --%s?", near.best);
	return fail(err, STATUS_USAGE, "unknown option %s%s; see: pvtlb --help", word,
		    near.best ? hint : "");
}

int options_parse(struct command_line *cl, int argc, char **argv, struct error *err)
{
	struct option longopts[OPTIONS_MAX] = { 0 };
	int id;

	*cl = (struct command_line){
		.kvm = KVM_PATH,
		.run = {
			.nr_cpus = 1,
			.base = settings_unasked(),
		},
	};
	cl->run.cpus[0] = cl->run.base.cpus;
	default_images(cl);
	long_options(longopts, sizeof(longopts) / sizeof(longopts[0]));
	opterr = 0;
	optind = 0;
	while ((id = getopt_long(argc, argv, ":hvo:", longopts, NULL)) != -1) {
		if (id == 'h' || id == 'v' || id == 'o')
			id = id == 'h' ? OPT_HELP : id == 'v' ? OPT_VERBOSE : OPT_OUTPUT;
		if (id == '?' && optopt > 0 && optopt <= UCHAR_MAX)
			return fail(err, STATUS_USAGE, "unknown option -%c; see: pvtlb --help",
				    optopt);
		if (id == '?')
			return unknown(argv[optind - 1], longopts, err);
		if (id == ':')
			return fail(err, STATUS_USAGE, "%s needs a value; see: pvtlb --help",
				    argv[optind - 1]);
		if (apply(cl, id, optarg, err))
			return -1;
		if (cl->nr_given < OPTIONS_MAX)
			cl->given[cl->nr_given++] = option_name(id);
	}
	cl->word = argv + optind;
	cl->nr_words = argc - optind;
	while (cl->run.nr_scenarios < cl->nr_words && cl->run.nr_scenarios < RUN_MAX_LIST) {
		cl->run.scenario[cl->run.nr_scenarios] = cl->word[cl->run.nr_scenarios];
		cl->run.nr_scenarios++;
	}
	if (cl->trace && cl->dump_dtb && !strcmp(cl->trace, cl->dump_dtb))
		return fail(err, STATUS_USAGE, "--trace and --dump-dtb name the same file: %s",
			    cl->trace);
	if (one_output(cl, err))
		return -1;
	/* Inside of it there is nothing to nest. */
	if (getenv("PVTLB_EMULATED"))
		cl->nested = false;
	if (cl->nested && (cl->trace || cl->junit || cl->dump_dtb || cl->dtb || strcmp(cl->kvm, KVM_PATH) ||
			   cl->image[0] != cl->image_path[0] || cl->image[1] != cl->image_path[1]))
		return fail(
			err, STATUS_USAGE,
			"--nested: the emulated machine has files and a /dev/kvm of its own; leave "
			"out --trace, --junit, --dump-dtb, --dtb, --image-pv, --image-nopv and --kvm");
	return 0;
}
