/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb list`: what there is to name. */
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "base/config.h"
#include "base/wrap.h"
#include "cli/command.h"
#include "cli/scenarios.h"
#include "events/events.h"

static void widen(int *width, const char *name)
{
	if ((int)strlen(name) > *width)
		*width = strlen(name);
}

/* Of the longest name that is listed, so that all titles stand below each other. */
static int name_width(const struct image *image)
{
	const struct backend *pv;
	int width = 0;

	for (unsigned int i = 0; i < image->nr_scenarios; i++)
		widen(&width, image->scenario[i].name);
	for (size_t i = 0; i < nr_groups; i++)
		widen(&width, groups[i].name);
	for (unsigned int i = 0; i < image->policies.nr; i++)
		widen(&width, image->policies.policy[i].name);
	for (unsigned int i = 0; (pv = backend_at(i)); i++)
		widen(&width, pv->name);
	for (int i = 1; i < PVTLB_FAULT_NR; i++)
		widen(&width, fault_names[i]);
	return width;
}

/* A name, and behind it what it is, in lines that a terminal has room for. */
__attribute__((format(printf, 3, 4))) static void line(int width, const char *name,
							const char *fmt, ...)
{
	char head[96], text[512];
	va_list ap;

	snprintf(head, sizeof(head), "  %-*s ", width, name);
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	wrap_print(stdout, head, text);
}

/* Is it among those that were named, if any were? */
static bool is_asked(const struct command_line *cl, const struct pvtlb_scenario *s)
{
	for (unsigned int i = 0; i < cl->nr_words; i++)
		if (scenario_in(cl->word[i], s))
			return true;
	return !cl->nr_words;
}

static void list_scenarios(const struct command_line *cl, const struct image *image, int width)
{
	printf("scenarios (in %s):\n", image->path);
	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		const struct pvtlb_scenario *s = &image->scenario[i];

		if (is_asked(cl, s))
			line(width, s->name, "%s%s", s->title,
			     s->flags & PVTLB_SCENARIO_DIAGNOSTIC ?
				     " (diagnostic: by name only)" :
				     "");
	}
}

/* Each with how many scenarios it has and, if asked for, which. */
static void list_groups(const struct image *image, int width, bool members)
{
	printf("groups (of scenarios, to be named as these):\n");
	for (size_t g = 0; g < nr_groups; g++) {
		unsigned int nr = 0;
		char *names;
		size_t len;
		FILE *to = open_memstream(&names, &len);

		if (!to)
			abort();
		for (unsigned int i = 0; i < image->nr_scenarios; i++)
			if (groups[g].has(&image->scenario[i]))
				fprintf(to, "%s%s", nr++ ? ", " : "", image->scenario[i].name);
		fclose(to);
		line(width, groups[g].name, "%s (%u)", groups[g].what, nr);
		if (members) {
			printf("  %-*s ", width, "");
			wrap_print_from(stdout, WRAP_WIDTH, width + 3, width + 3, names);
		}
		free(names);
	}
}

static void list_others(const struct image *image, int width)
{
	const struct backend *pv;

	printf("policies (--policy):\n");
	for (unsigned int i = 0; i < image->policies.nr; i++) {
		const struct pvtlb_policy *p = &image->policies.policy[i];

		line(width, p->name, "%s%s%s%s%s", p->title, p->alias[0] ? " (also: " : "",
		     p->alias, p->alias[0] ? ")" : "",
		     p->flags & PVTLB_POLICY_DEFAULT ? " (the default)" : "");
	}
	printf("backends:\n");
	for (unsigned int i = 0; (pv = backend_at(i)); i++)
		line(width, pv->name, "hypervisor: %s; %s", pv->provider, pv->why);
	printf("faults to --inject:\n");
	for (int i = 1; i < PVTLB_FAULT_NR; i++)
		line(width, fault_names[i], "%s", fault_docs[i]);
	events_list(stdout);
}

/* Takes over the member. */
static void append(json_t *list, json_t *member)
{
	if (json_array_append_new(list, member))
		abort();
}

static json_t *members_json(const struct image *image, const struct group *group)
{
	json_t *members = json_array();

	for (unsigned int i = 0; i < image->nr_scenarios; i++)
		if (group->has(&image->scenario[i]))
			append(members, json_string(image->scenario[i].name));
	return members;
}

static int list_json(const struct command_line *cl, const struct image *image)
{
	json_t *scenarios = json_array(), *policies = json_array(), *backends = json_array();
	json_t *faults = json_array(), *events = json_array(), *in_groups = json_array(), *all;
	const struct backend *pv;
	int failed;

	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		const struct pvtlb_scenario *s = &image->scenario[i];

		if (!is_asked(cl, s))
			continue;
		append(scenarios, json_pack("{s:s,s:s,s:b,s:b}", "name", s->name, "title", s->title,
					    "diagnostic", s->flags & PVTLB_SCENARIO_DIAGNOSTIC,
					    "walks", s->flags & PVTLB_SCENARIO_WALKS));
	}
	for (size_t i = 0; i < nr_groups; i++)
		append(in_groups, json_pack("{s:s,s:s,s:o}", "name", groups[i].name, "what",
					    groups[i].what, "scenarios",
					    members_json(image, &groups[i])));
	for (unsigned int i = 0; i < image->policies.nr; i++) {
		const struct pvtlb_policy *p = &image->policies.policy[i];

		append(policies, json_pack("{s:s,s:s,s:b}", "name", p->name, "title", p->title,
					   "default", p->flags & PVTLB_POLICY_DEFAULT));
	}
	for (unsigned int i = 0; (pv = backend_at(i)); i++)
		append(backends, json_pack("{s:s,s:s,s:s}", "name", pv->name, "provider",
					   pv->provider, "why", pv->why));
	for (int i = 1; i < PVTLB_FAULT_NR; i++)
		append(faults, json_pack("{s:s,s:s}", "name", fault_names[i], "what", fault_docs[i]));
	for (unsigned int id = PVTLB_EV_NONE + 1; id < PVTLB_EV_NR; id++)
		append(events, json_pack("{s:s,s:s}", "name", event_names[id], "what",
					 event_docs[id]));
	all = json_pack("{s:i,s:o,s:o,s:o,s:o,s:o,s:o}", "schema", 1, "scenarios", scenarios,
			"groups", in_groups, "policies", policies, "backends", backends, "faults", faults, "events", events);
	failed = !all || json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
	return failed ? STATUS_FAIL : STATUS_OK;
}

int cmd_list(const struct command_line *cl, const struct images *images)
{
	const struct image *image = &images->image[1];
	int width = name_width(image);
	struct error err = { 0 };

	for (unsigned int i = 0; i < cl->nr_words; i++)
		if (scenarios_check(image, cl->word[i], &err))
			return complain(&err);
	if (cl->json)
		return list_json(cl, image);
	if (!cl->groups)
		list_scenarios(cl, image, width);
	if (cl->groups || !cl->nr_words)
		list_groups(image, width, cl->groups);
	if (!cl->groups && !cl->nr_words)
		list_others(image, width);
	return STATUS_OK;
}
