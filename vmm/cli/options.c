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
#include "cli/take.h"

/* What getopt_long() calls an option: a place in the one table, or in the other. */
enum { OPT_OWN = 256, OPT_SETTINGS = 1024 };

static int apply(struct command_line *cl, int id, const char *value, struct error *err)
{
	if (id >= OPT_SETTINGS)
		return take_setting(cl, &settings[id - OPT_SETTINGS], value, err);
	return take_own(cl, &own_options[id - OPT_OWN], value, err);
}

static const char *option_name(int id)
{
	return id >= OPT_SETTINGS ? settings[id - OPT_SETTINGS].option
				  : own_options[id - OPT_OWN].name;
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
	static const char *const names[] = { "guest-nopv.elf", "guest-pv.elf", "guest-kernel.elf" };
	const char **const to[] = { &cl->image[0], &cl->image[1], &cl->image_kernel };
	static const char *const dirs[] = { "", "../lib/pvtlb/" };
	char exe[PATH_MAX] = "";
	char *slash;

	if (readlink("/proc/self/exe", exe, sizeof(exe) - 1) < 0)
		exe[0] = 0;
	slash = strrchr(exe, '/');
	if (slash)
		slash[1] = 0;
	for (int i = 0; i < 3; i++) {
		for (int d = 1; d >= 0; d--) {
			snprintf(cl->image_path[i], sizeof(cl->image_path[i]), "%.3000s%s%s", exe,
				 dirs[d], names[i]);
			if (!access(cl->image_path[i], R_OK))
				break;
		}
		*to[i] = cl->image_path[i];
	}
}

static int argument_of(const struct own_option *o)
{
	if (own_takes_value(o))
		return required_argument;
	return own_may_have_value(o) ? optional_argument : no_argument;
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
					   argument_of(&own_options[i]),
					   NULL, OPT_OWN + i };
}

/* What the option's value is called, and which ones there are: for a message. */
static const char *option_value(int id, char *buf, size_t len)
{
	if (id >= OPT_SETTINGS)
		return setting_values(&settings[id - OPT_SETTINGS], buf, len);
	return own_values(&own_options[id - OPT_OWN], buf, len);
}

static bool takes_value(int id)
{
	return id >= OPT_SETTINGS ? settings[id - OPT_SETTINGS].field.form != FORM_FLAG
				  : own_takes_value(&own_options[id - OPT_OWN]);
}

/* Those of one letter, for getopt_long(), which is to tell what has no value from what is unknown.
 */
static void short_options(char *to)
{
	*to++ = ':';
	for (unsigned int i = 0; i < nr_own_options; i++) {
		if (!own_options[i].letter)
			continue;
		*to++ = own_options[i].letter;
		if (own_takes_value(&own_options[i]))
			*to++ = ':';
	}
	*to = 0;
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
	return 0;
}

/* Of what is given with --gdb. */
static int gdb_fits(const struct command_line *cl, struct error *err)
{
	char *end;

	if (!cl->gdb)
		return 0;
	if (!isdigit(*cl->gdb) || strtoul(cl->gdb, &end, 10) > UINT16_MAX || *end)
		return fail(err, STATUS_USAGE, "--gdb: '%s' is not a port, 0 to 65535 (0: any that is free)",
			    cl->gdb);
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

/* Two results in one file would be neither. */
static int distinct_files(const struct command_line *cl, struct error *err)
{
	const struct {
		const char *option, *file;
	} written[] = {
		{ "trace", cl->trace },
		{ "junit", cl->junit },
		{ "dump-dtb", cl->dump_dtb },
	};
	const size_t nr = sizeof(written) / sizeof(written[0]);

	for (size_t i = 0; i < nr; i++)
		for (size_t k = i + 1; k < nr; k++)
			if (written[i].file && written[k].file &&
			    !strcmp(written[i].file, written[k].file))
				return fail(err, STATUS_USAGE,
					    "--%s and --%s name the same file: %s",
					    written[i].option, written[k].option, written[i].file);
	if (cl->dump_dtb && cl->jobs > 1)
		return fail(err, STATUS_USAGE,
			    "--dump-dtb and -j %u: it is one file, of the last of the runs; leave "
			    "out -j",
			    cl->jobs);
	return 0;
}

/* What is nested has files and a device of its own. */
static int nested_files(const struct command_line *cl, struct error *err)
{
	if (!cl->nested || !(cl->trace || cl->junit || cl->dump_dtb || cl->dtb || cl->output ||
			     strcmp(cl->kvm, KVM_PATH) || cl->image[0] != cl->image_path[0] ||
			     cl->image[1] != cl->image_path[1]))
		return 0;
	return fail(err, STATUS_USAGE,
		    "--nested: the emulated machine has files and a /dev/kvm of its own; leave out "
		    "--trace, --junit, --dump-dtb, --dtb, --output, --image-pv, --image-nopv and "
		    "--kvm");
}

/* A word that getopt_long() makes nothing of. */
static int unknown(const char *command, const char *word, const struct option *options,
		   struct error *err)
{
	const size_t dashes = strspn(word, "-"), len = strcspn(word + dashes, "=");
	char name[64], may_be[256] = "", hint[80];
	unsigned int begin_so = 0;
	struct nearest near;

	snprintf(name, sizeof(name), "%.*s", (int)(len < 63 ? len : 63), word + dashes);
	nearest_init(&near, name);
	for (; options->name; options++) {
		size_t n = strlen(may_be);

		nearest_offer(&near, options->name);
		if (strncmp(options->name, name, strlen(name)))
			continue;
		snprintf(may_be + n, sizeof(may_be) - n, "%s--%s", begin_so++ ? ", " : "",
			 options->name);
	}
	if (begin_so > 1 && *name)
		return fail(err, STATUS_USAGE, "--%s may be %s", name, may_be);
	if (near.best)
		snprintf(hint, sizeof(hint), "; did you mean --%s?", near.best);
	return fail(err, STATUS_USAGE, "unknown option %.80s%s; see: pvtlb %s --help", word,
		    near.best ? hint : "", command);
}

/* "-o FILE, -v": those that there are, for a message. */
static const char *short_ones(char *buf, size_t len)
{
	size_t n = 0;

	buf[0] = 0;
	for (unsigned int i = 0; i < nr_own_options && n < len; i++) {
		const struct own_option *o = &own_options[i];

		if (o->letter)
			n += snprintf(buf + n, len - n, "%s-%c%s%s", n ? ", " : "", o->letter,
				      o->arg ? " " : "", o->arg ? o->arg : "");
	}
	return buf;
}

/* getopt_long() has returned '?'. */
static int not_taken(const char *command, const char *word, const struct option *options,
		     struct error *err)
{
	char text[80];

	if (optopt >= OPT_OWN)
		return fail(err, STATUS_USAGE, "--%s takes no value, and there is one: %.80s",
			    option_name(optopt), word);
	if (optopt > 0)
		return fail(err, STATUS_USAGE,
			    "unknown option -%c; short ones are %s; see: pvtlb %s --help", optopt,
			    short_ones(text, sizeof(text)), command);
	return unknown(command, word, options, err);
}

/* The option that optopt stands for has no value. */
static int no_value(const char *word, struct error *err)
{
	char values[512];

	return fail(err, STATUS_USAGE, "%s needs a value: %s", word,
		    option_value(long_of(optopt), values, sizeof(values)));
}

bool options_given(const struct command_line *cl, const char *name)
{
	for (unsigned int i = 0; i < cl->nr_given; i++)
		if (!strcmp(cl->given[i], name))
			return true;
	return false;
}

/* One value would be lost. */
static int given_twice(int id, struct error *err)
{
	const char *arg = id >= OPT_SETTINGS ? settings[id - OPT_SETTINGS].arg : NULL;

	return fail(err, STATUS_USAGE, "--%s is given twice; %s", option_name(id),
		    arg && strchr(arg, ',') ? "several values go between commas"
					    : "it has one value");
}

static int take_options(struct command_line *cl, int argc, char **argv, struct error *err)
{
	struct option longopts[OPTIONS_MAX] = { 0 };
	char letters[2 + 2 * OPTIONS_MAX];
	int id;

	long_options(longopts, sizeof(longopts) / sizeof(longopts[0]));
	short_options(letters);
	opterr = 0;
	optind = 0;
	while ((id = getopt_long(argc, argv, letters, longopts, NULL)) != -1) {
		id = long_of(id);
		if (id == '?')
			return not_taken(argv[0], argv[optind - 1], longopts, err);
		if (id == ':')
			return no_value(argv[optind - 1], err);
		if ((takes_value(id) || optarg) && options_given(cl, option_name(id)))
			return given_twice(id, err);
		if (apply(cl, id, optarg, err))
			return -1;
		if (!options_given(cl, option_name(id)) && cl->nr_given < OPTIONS_MAX)
			cl->given[cl->nr_given++] = option_name(id);
	}
	return 0;
}

int options_parse(struct command_line *cl, int argc, char **argv, struct error *err)
{
	memset(cl, 0, sizeof(*cl));
	cl->kvm = KVM_PATH;
	cl->jobs = 1;
	cl->run.nr_cpus = 1;
	cl->run.base = settings_unasked();
	cl->run.cpus[0] = cl->run.base.cpus;
	default_images(cl);
	if (take_options(cl, argc, argv, err))
		return -1;
	cl->word = argv + optind;
	cl->nr_words = argc - optind;
	while (cl->run.nr_scenarios < cl->nr_words && cl->run.nr_scenarios < RUN_MAX_LIST) {
		cl->run.scenario[cl->run.nr_scenarios] = cl->word[cl->run.nr_scenarios];
		cl->run.nr_scenarios++;
	}
	if (distinct_files(cl, err) || one_output(cl, err) || gdb_fits(cl, err))
		return -1;
	/* Inside of it there is nothing to nest, and the image that was named has been brought in. */
	if (getenv("PVTLB_EMULATED")) {
		cl->nested = NULL;
		cl->image_kernel = cl->image_path[2];
	}
	if (cl->nested && cl->mm && strcmp(cl->mm, "model") && strcmp(cl->mm, "kernel"))
		return fail(err, STATUS_USAGE,
			    "--nested: the emulated machine has one image at a time; leave out --mm %s",
			    cl->mm);
	return nested_files(cl, err);
}
