/* SPDX-License-Identifier: GPL-2.0-only */
/* Which options a command takes: whether the given ones fit, and its help. */
#include <string.h>

#include "base/settings.h"
#include "base/wrap.h"
#include "cli/fit.h"
#include "cli/option_table.h"

/* Options of another command alone, and which; all others are of run, too. */
static const struct {
	const char *option, *command;
} not_of_run[] = {
	{ "against", "show" },
	{ "bound", "explore" },
	{ "depth", "explore" },
	{ "engine", "explore" },
	{ "go-on", "explore" },
	{ "groups", "list" },
	{ "max-schedules", "explore" },
	{ "merge", "explore" },
	{ "output", "show" },
	{ "random", "explore" },
	{ "report", "doctor" },
	{ "shard", "explore" },
	{ "time", "explore" },
	{ "times", "replay" },
	{ "unbounded", "explore" },
};

/* NULL: run takes it. */
static const char *command_of(const char *option)
{
	for (size_t i = 0; i < sizeof(not_of_run) / sizeof(not_of_run[0]); i++)
		if (!strcmp(not_of_run[i].option, option))
			return not_of_run[i].command;
	return NULL;
}

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
	return !strcmp(name, "help") ||
	       (takes ? is_among(takes, name) : !command_of(name));
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

/* Above the first option of its kind. */
static void heading(FILE *to, bool *said, const char *title)
{
	if (!*said)
		fprintf(to, "\n%s:\n", title);
	*said = true;
}

void options_help(FILE *to, const char *takes)
{
	bool settings_said = false, own_said = false;
	char text[512], help[256];

	for (unsigned int i = 0; i < nr_settings; i++) {
		const struct setting *s = &settings[i];

		if (!s->option || !is_taken(takes, s->option))
			continue;
		heading(to, &settings_said, "What is run");
		help_line(to, s->option, s->arg ? s->arg : setting_values(s, text, sizeof(text)),
			  setting_help(s, help, sizeof(help)));
	}
	for (unsigned int i = 0; i < nr_own_options; i++) {
		const struct own_option *o = &own_options[i];
		const char *arg = o->arg ? o->arg : "";

		if (!is_taken(takes, o->name))
			continue;
		heading(to, &own_said, "On what, and what to make of it");
		if (o->words)
			arg = words_join(o->words, text, sizeof(text));
		snprintf(help, sizeof(help), "%s%s%.1s%s", o->help, o->letter ? " (or -" : "",
			 &o->letter, o->letter ? ")" : "");
		help_line(to, o->name, arg, help);
	}
}

int options_fit(const struct command_line *cl, const char *command, const char *takes,
		unsigned int words, struct error *err)
{
	for (unsigned int i = 0; i < cl->nr_given; i++) {
		if (is_taken(takes, cl->given[i]))
			continue;
		if (!takes)
			return fail(err, STATUS_USAGE, "--%s means nothing to pvtlb %s; see: pvtlb "
				    "%s --help", cl->given[i], command, command_of(cl->given[i]));
		return fail(err, STATUS_USAGE, "--%s means nothing to pvtlb %s, whose options are: %s",
			    cl->given[i], command, *takes ? takes : "none");
	}
	if (cl->nr_words <= words)
		return 0;
	if (words)
		return fail(err, STATUS_USAGE, "too many words: %s takes %u at most, and '%.80s' is "
			    "one more", command, words, cl->word[words]);
	return fail(err, STATUS_USAGE, "%s takes no word, and there is '%.80s'; see: pvtlb %s "
		    "--help", command, cl->word[0], command);
}
