/* SPDX-License-Identifier: GPL-2.0-only */
/* The manual pages: do they have all that there is, and does a formatter take them as they are? */
#include <stdlib.h>
#include <string.h>

#include "base/settings.h"
#include "cli/option_table.h"
#include "events/events.h"
#include "events/value.h"
#include "lab.h"
#include "unit_util.h"

/* The whole page, to be freed. name: in docs/, or one that the build makes. */
static char *page(const char *name)
{
	char path[512], *text = NULL;
	size_t room = 0;
	FILE *from;

	if (strchr(name, '/'))
		snprintf(path, sizeof(path), "%s", name);
	else
		snprintf(path, sizeof(path), "%s/%s", test_build, name);
	from = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	CU_ASSERT_FATAL(getdelim(&text, &room, 0, from) > 0);
	fclose(from);
	return text;
}

/* The item of that tag, from its line on; NULL, which fails: there is none, or more than one. */
static const char *item(const char *text, const char *tag)
{
	char line[128];
	const char *at;

	snprintf(line, sizeof(line), "\n.It Cm %s\n", tag);
	at = strstr(text, line);
	if (!EXPECT(at && !strstr(at + 1, line), "%s: not one item in its page", tag))
		return NULL;
	return at + 1;
}

/* Does the item, up to the next one, have the text? */
static void item_says(const char *at, const char *tag, const char *text)
{
	const char *end = at ? strstr(at, "\n.It ") : NULL, *found = at ? strstr(at, text) : NULL;

	EXPECT(found && (!end || found < end), "%s: its item has no '%s'", tag, text);
}

static void test_scenarios(void)
{
	const struct image *image = &lab_images()->image[1];
	char *text = page("pvtlb-scenario.7"), says[160];
	const char *last = text;

	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		const struct pvtlb_scenario *s = &image->scenario[i];
		const char *at = item(text, s->name);

		EXPECT(at > last, "%s: behind its place", s->name);
		last = at;
		snprintf(says, sizeof(says), "\n%s.\n", s->title);
		item_says(at, s->name, says);
		snprintf(says, sizeof(says), "CPUs: %u", s->min_cpus);
		item_says(at, s->name, says);
		if (s->hold[0].cpus != PVTLB_HOLD_NONE) {
			snprintf(says, sizeof(says), "at\n.Cm %s\n", event_names[s->hold[0].at]);
			item_says(at, s->name, says);
		}
		if (s->flags & PVTLB_SCENARIO_DIAGNOSTIC)
			item_says(at, s->name, "@diagnostic");
	}
	item_says(item(text, "shootdown"), "shootdown", "Claims: key, delivered, safe.\n");
	item_says(item(text, "hang"), "hang", "Claims: none.\n");
	item(text, "@walkers");
	CU_ASSERT_PTR_NULL(strstr(text, "\" @"));
	free(text);
}

static void test_events(void)
{
	char *text = page("pvtlb-events.7"), says[160];

	for (unsigned int id = PVTLB_EV_NONE + 1; id < PVTLB_EV_NR; id++) {
		const char *at = item(text, event_names[id]);

		snprintf(says, sizeof(says), "\n%s.\n", event_docs[id]);
		item_says(at, event_names[id], says);
		for (const struct event_arg *arg = event_args[id]; arg->name; arg++) {
			snprintf(says, sizeof(says), " %s=%s", event_arg_label(arg),
				 kind_names[arg->kind]);
			item_says(at, event_names[id], says);
		}
		item_says(at, event_names[id], "\nIn a story: CPU 3 ");
	}
	for (unsigned int kind = 0; kind < PVTLB_KIND_NR; kind++)
		item(text, kind_names[kind]);
	item_says(item(text, "held"), "held", "Written by the VMM.");
	/* Each argument is an event's own: none of an example is unknown. */
	CU_ASSERT_PTR_NULL(strstr(text, "?"));
	CU_ASSERT_PTR_NULL(strstr(text, "\" @"));
	free(text);
}

/* Every option has an item, and every command. */
static void test_options(void)
{
	static const char *const commands[] = { "run",	 "show",   "check", "list",    "policies",
						"hosts", "doctor", "help",  "explore", "replay" };
	char *text = page("docs/pvtlb.1"), says[64];

	for (size_t i = 0; i < NR_OF(commands); i++)
		item(text, commands[i]);
	for (unsigned int i = 0; i < nr_settings + nr_own_options; i++) {
		const char *name =
			i < nr_settings ? settings[i].option : own_options[i - nr_settings].name;

		snprintf(says, sizeof(says), "Fl Fl %s", name ? name : "help");
		EXPECT(strstr(text, says), "docs/pvtlb.1 has no --%s", name);
	}
	free(text);
}

static bool there_is(const char *program)
{
	char command[64];

	snprintf(command, sizeof(command), "command -v %s >/dev/null", program);
	return !system(command);
}

/* A formatter has nothing to warn of. */
static void lint(const char *path)
{
	static const struct {
		const char *program, *command;
	} formatters[] = {
		{ "mandoc", "mandoc -Tlint -W warning" },
		{ "man", "man --warnings -l -Tutf8" },
	};
	unsigned int tried = 0;

	for (size_t i = 0; i < NR_OF(formatters); i++) {
		char command[640], said[512];
		FILE *from;
		size_t n;

		if (!there_is(formatters[i].program))
			continue;
		tried++;
		snprintf(command, sizeof(command), "%s %s 2>&1 %s", formatters[i].command, path,
			 i ? ">/dev/null" : "");
		from = popen(command, "r");
		CU_ASSERT_PTR_NOT_NULL_FATAL(from);
		n = fread(said, 1, sizeof(said) - 1, from);
		said[n] = 0;
		pclose(from);
		EXPECT(!n, "%s", said);
		if (n)
			test_say("%s: %s", command, said);
	}
	if (!tried)
		test_skipped("%s: there is no mandoc and no man here", path);
}

static void test_lint(void)
{
	static const char *const made[] = { "pvtlb-scenario.7", "pvtlb-events.7" };
	char path[512];

	lint("docs/pvtlb.1");
	for (size_t i = 0; i < NR_OF(made); i++) {
		snprintf(path, sizeof(path), "%s/%s", test_build, made[i]);
		lint(path);
	}
}

SUITE(manual, false, { "scenarios", test_scenarios }, { "events", test_events },
      { "options and commands", test_options }, { "as formatters see it", test_lint });
