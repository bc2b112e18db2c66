/* SPDX-License-Identifier: GPL-2.0-only */
/* What an option says, taken into the command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/choice.h"
#include "base/nearest.h"
#include "cli/cpu_list.h"
#include "cli/take.h"

/* words: what the value has to be one of; NULL: it is no word. */
static int bad_value(struct error *err, const char *option, const char *value,
		     const struct words *words, const char *right)
{
	struct nearest near;
	char hint[80];

	nearest_init(&near, value);
	for (unsigned int i = 0; words && i < words->nr; i++)
		if (words->name[i])
			nearest_offer(&near, words->name[i]);
	return fail(err, STATUS_USAGE, "--%s: '%.80s' is not %s%s", option, value, right,
		    nearest_hint(&near, hint, sizeof(hint)));
}

static int take_cpus(struct run_options *run, const struct setting *s, const char *value,
		     struct error *err)
{
	struct cpu_list list;

	_Static_assert(sizeof(list.cpus) <= sizeof(run->cpus), "there is room for all of them");
	if (cpu_list_parse(&list, s, value, err))
		return -1;
	memcpy(run->cpus, list.cpus, list.nr * sizeof(*list.cpus));
	run->nr_cpus = list.nr;
	return 0;
}

/* Names between commas, each for a configuration; the image, not read yet, says which exist. */
static int take_policies(struct command_line *cl, const struct setting *s, const char *value,
			 struct error *err)
{
	struct run_options *run = &cl->run;
	char *item;

	run->nr_policies = 0;
	run->all_policies = !strcmp(value, "all");
	if (run->all_policies)
		return 0;
	if (strlen(value) >= sizeof(cl->policies))
		return fail(err, STATUS_USAGE, "--%s: a list of at most %zu bytes is taken",
			    s->option, sizeof(cl->policies) - 1);
	strcpy(cl->policies, value);
	if (choice_check("--policy", &value, 1, err))
		return -1;
	for (char *rest = cl->policies; (item = strsep(&rest, ","));) {
		if (run->nr_policies == RUN_MAX_LIST)
			return fail(err, STATUS_USAGE, "--%s: at most %u names are taken",
				    s->option, RUN_MAX_LIST);
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

int take_setting(struct command_line *cl, const struct setting *s, const char *value,
		 struct error *err)
{
	struct run_options *run = &cl->run;
	enum choice *choice = choice_of(run, s);
	char text[512];

	if (s->field.form == FORM_BACKEND) {
		run->backend = strcmp(value, "all") ? value : NULL;
		return choice_check("--backend", &value, 1, err);
	}
	if (s->field.at == offsetof(struct run_config, policy.name))
		return take_policies(cl, s, value, err);
	if (s->field.at == offsetof(struct run_config, cpus))
		return take_cpus(run, s, value, err);
	if (s->field.at == offsetof(struct run_config, expect_violation))
		run->expect_given = true;
	if (setting_parse(&run->base, s, value))
		return bad_value(err, s->option, value,
				 s->field.form == FORM_WORD ? s->field.words : NULL,
				 setting_values(s, text, sizeof(text)));
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

const char *own_values(const struct own_option *o, char *buf, size_t len)
{
	if (o->words)
		return words_join(o->words, buf, len);
	if (!o->most)
		return o->arg;
	snprintf(buf, len, "%s, 1 to %u", o->arg, o->most);
	return buf;
}

/* Is it one? A value that was forgotten is not: what comes instead might be written over. */
static int take_name(const struct own_option *o, const char *value, struct error *err)
{
	if (!*value)
		return fail(err, STATUS_USAGE, "--%s: there is no %s", o->name, o->arg);
	if (!strcmp(value, "-"))
		return fail(err, STATUS_USAGE, "--%s needs a %s, and - is none", o->name, o->arg);
	if (*value == '-')
		return fail(err, STATUS_USAGE,
			    "--%s needs a %s, and '%.80s' looks like an option; what has that name "
			    "is ./%.80s",
			    o->name, o->arg, value, value);
	return 0;
}

int take_own(struct command_line *cl, const struct own_option *o, const char *value,
	     struct error *err)
{
	char *at = (char *)cl + o->at, text[64];

	if (!own_may_have_value(o)) {
		*(bool *)at = true;
		return 0;
	}
	if (!value)
		value = o->words->name[0];
	if (o->words && words_find(o->words, value, strlen(value)) < 0)
		return bad_value(err, o->name, value, o->words, own_values(o, text, sizeof(text)));
	if (o->most && take_number((unsigned int *)at, o, value))
		return bad_value(err, o->name, value, NULL, own_values(o, text, sizeof(text)));
	if (o->most)
		return 0;
	if (!o->words && take_name(o, value, err))
		return -1;
	*(const char **)at = value;
	return 0;
}
