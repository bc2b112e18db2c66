/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of `pvtlb run`. */
#include <ctype.h>
#include <getopt.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/settings.h"
#include "cli/option_table.h"
#include "cli/options.h"

/* What getopt_long() calls an option: a place in the one table, or in the other. */
enum { OPT_OWN = 256, OPT_SETTINGS = 1024 };

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

/* Decimal digits and no others, from 1 to what the option takes at most. */
static int take_number(unsigned int *to, const struct own_option *o, const char *value)
{
	unsigned long n = strspn(value, "0123456789") < 10 ? strtoul(value, NULL, 10) : 0;

	if (value[strspn(value, "0123456789")] || n < 1 || n > o->most)
		return -1;
	*to = n;
	return 0;
}

static const char *number_text(const struct own_option *o, char *buf, size_t len)
{
	snprintf(buf, len, "%s, 1 to %u", o->arg, o->most);
	return buf;
}

static int take_own(struct command_line *cl, const struct own_option *o, const char *value,
		    struct error *err)
{
	char *at = (char *)cl + o->at, text[64];

	if (o->words && words_find(o->words, value, strlen(value)) < 0)
		return bad_value(err, o->name, value, words_join(o->words, text, sizeof(text)));
	if (o->most && take_number((unsigned int *)at, o, value))
		return bad_value(err, o->name, value, number_text(o, text, sizeof(text)));
	if (o->most)
		return 0;
	if (own_takes_value(o))
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
	return take_own(cl, &own_options[id - OPT_OWN], value, err);
}

static const char *option_name(int id)
{
	return id >= OPT_SETTINGS ? settings[id - OPT_SETTINGS].option :
				    own_options[id - OPT_OWN].name;
}

/* A short option as the long one that it stands for; what is none of them stays. */
static int long_of(int id)
{
	for (unsigned int i = 0; i < nr_own_options; i++)
		if (id && own_options[i].letter == id)
			return OPT_OWN + i;
	return id;
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
	for (unsigned int i = 0; i < nr_own_options && n < room - 1; i++)
		to[n++] = (struct option){ own_options[i].name,
					   own_takes_value(&own_options[i]) ? required_argument
									    : no_argument,
					   NULL, OPT_OWN + i };
}

/* Results go to stdout in one way. */
static int one_output(const struct command_line *cl, struct error *err)
{
	const char *first = NULL;

	for (unsigned int i = 0; i < nr_own_options; i++) {
		const struct own_option *o = &own_options[i];

		if (!o->reports || !*(const bool *)((const char *)cl + o->at))
			continue;
		if (first)
			return fail(err, STATUS_USAGE, "--%s and --%s exclude each other", first,
				    o->name);
		first = o->name;
	}
	if (cl->trace && cl->junit && !strcmp(cl->trace, cl->junit))
		return fail(err, STATUS_USAGE, "--trace and --junit name the same file: %s",
			    cl->trace);
	return 0;
}

/* Of what is given with --gdb. */
static int gdb_fits(const struct command_line *cl, struct error *err)
{
	char *end;

	if (!cl->gdb)
		return 0;
	if (!isdigit(*cl->gdb) || strtoul(cl->gdb, &end, 10) > UINT16_MAX || *end)
		return bad_value(err, "gdb", cl->gdb, "0 to 65535");
	if (cl->nested)
		return fail(err, STATUS_USAGE,
			    "--gdb and --nested exclude each other: no port leads into the emulated "
			    "machine");
	if (cl->run.base.stress)
		return fail(err, STATUS_USAGE,
			    "--gdb and --stress exclude each other: a run that is stopped does not "
			    "run for so many seconds");
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
		.jobs = 1,
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
	while ((id = getopt_long(argc, argv, ":hvo:j:", longopts, NULL)) != -1) {
		id = long_of(id);
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
	if (cl->dump_dtb && cl->jobs > 1)
		return fail(err, STATUS_USAGE, "--dump-dtb and -j %u: it is one file, of the last of "
			    "the runs; leave out -j", cl->jobs);
	if (one_output(cl, err) || gdb_fits(cl, err))
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
