/* SPDX-License-Identifier: GPL-2.0-only */
/* The one configuration that `pvtlb show` is asked for, or what is to be typed instead. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "base/choice.h"
#include "cli/scenarios.h"
#include "cli/show_one.h"

#define SAID 6u /* names that a message has room for */

/* Those that a word is for. */
struct found {
	const char *what; /* in the plural */
	const char *how;  /* is one typed: "pvtlb show ", "--cpus " */
	char *text;	  /* the first SAID of them, each behind a comma */
	size_t len;
	FILE *to;
	unsigned int nr;
	const char *first;
};

static struct found *found_begin(struct found *f, const char *what, const char *how)
{
	*f = (struct found){ .what = what, .how = how };
	f->to = open_memstream(&f->text, &f->len);
	if (!f->to)
		abort();
	return f;
}

static void found_add(struct found *f, const char *name)
{
	if (!f->nr)
		f->first = name;
	if (f->nr++ < SAID)
		fprintf(f->to, "%s%s", f->nr > 1 ? ", " : "", name);
}

/* Is there one at most? None at all is for run_matrix() to complain of. word: what was typed. */
static int found_end(struct found *f, const char *word, struct error *err)
{
	char more[32] = "";

	fclose(f->to);
	if (f->nr > SAID)
		snprintf(more, sizeof(more), " and %u more", f->nr - SAID);
	if (f->nr > 1)
		fail(err, STATUS_USAGE,
		     "show: one run is shown, and '%.80s' is %u %s: %s%s; type one of them, as: "
		     "%s%s",
		     word, f->nr, f->what, f->text, more, f->how, f->first);
	free(f->text);
	return f->nr > 1 ? -1 : 0;
}

static int one_scenario(const struct image *image, const char *word, struct error *err)
{
	struct found f;

	found_begin(&f, "scenarios", "pvtlb show ");
	for (unsigned int i = 0; i < image->nr_scenarios; i++)
		if (scenario_in(word, &image->scenario[i]))
			found_add(&f, image->scenario[i].name);
	return found_end(&f, word, err);
}

/* Of several providers the name is one. name: what it is; the word, if it is none. */
static int one_backend(const char *option, const char *word, const char **name, struct error *err)
{
	const struct backend *backend, *last = NULL;
	struct found f;
	char how[32];

	snprintf(how, sizeof(how), "%s ", option);
	found_begin(&f, "backends", how);
	for (unsigned int i = 0; (backend = backend_at(i)); last = backend, i++)
		if ((!strcmp(word, "all") || choice_has(word, backend->name)) &&
		    !(last && !strcmp(last->name, backend->name)))
			found_add(&f, backend->name);
	*name = f.nr ? f.first : word;
	return found_end(&f, word, err);
}

static int one_policy(const struct image *image, const struct run_options *options,
		      struct error *err)
{
	const struct policies *policies = &image->policies;
	struct found f;

	found_begin(&f, "policies", "--policy ");
	for (unsigned int i = 0; i < policies->nr; i++) {
		bool fits = options->all_policies;

		for (unsigned int k = 0; k < options->nr_policies && !fits; k++)
			fits = policy_fits(&policies->policy[i], options->policy[k]);
		if (fits)
			found_add(&f, policies->policy[i].name);
	}
	return found_end(&f, options->nr_policies == 1 ? options->policy[0] : "--policy", err);
}

static int one_number(const struct run_options *options, struct error *err)
{
	char text[SAID][8];
	struct found f;

	found_begin(&f, "numbers", "--cpus ");
	for (unsigned int i = 0; i < options->nr_cpus; i++) {
		if (i < SAID)
			snprintf(text[i], sizeof(text[i]), "%u", options->cpus[i] % 1000);
		found_add(&f, i < SAID ? text[i] : "");
	}
	return found_end(&f, "--cpus", err);
}

/* The configurations that the options span. */
struct chosen {
	struct run_config *config;
	unsigned int nr;
};

static int choose(void *ctx, const struct run_config *config)
{
	struct chosen *chosen = ctx;

	if (!chosen->nr++)
		*chosen->config = *config;
	return 0;
}

int show_one(const struct command_line *cl, const struct images *images, const char *option,
	     const char *backend, struct run_config *config, struct error *err)
{
	const struct image *image = &images->image[1];
	struct run_options options = cl->run;
	struct chosen chosen = { config, 0 };
	const char *name;

	if (one_scenario(image, options.scenario[0], err) ||
	    one_backend(option, backend, &name, err) || one_number(&options, err) ||
	    one_policy(image, &options, err))
		return -1;
	options.backend = name;
	run_options_usual(&options);
	if (run_matrix(images, &options, choose, &chosen, err))
		return -1;
	if (!chosen.nr)
		return fail(err, STATUS_SKIP, "show: these options leave nothing to run");
	return 0;
}
