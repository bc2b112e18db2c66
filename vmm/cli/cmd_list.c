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

static void list_text(const struct image *image)
{
	const struct backend *pv;
	int width = name_width(image);

	printf("scenarios (in %s):\n", image->path);
	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		const struct pvtlb_scenario *s = &image->scenario[i];

		line(width, s->name, "%s%s", s->title,
		     s->flags & PVTLB_SCENARIO_DIAGNOSTIC ? " (diagnostic: by name only)" : "");
	}
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

static int list_json(const struct image *image)
{
	json_t *scenarios = json_array(), *policies = json_array(), *backends = json_array();
	json_t *faults = json_array(), *events = json_array(), *all;
	const struct backend *pv;
	int failed;

	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		const struct pvtlb_scenario *s = &image->scenario[i];

		append(scenarios, json_pack("{s:s,s:s,s:b,s:b}", "name", s->name, "title", s->title,
					    "diagnostic", s->flags & PVTLB_SCENARIO_DIAGNOSTIC,
					    "walks", s->flags & PVTLB_SCENARIO_WALKS));
	}
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
	all = json_pack("{s:i,s:o,s:o,s:o,s:o,s:o}", "schema", 1, "scenarios", scenarios, "policies",
			policies, "backends", backends, "faults", faults, "events", events);
	failed = !all || json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
	return failed ? STATUS_FAIL : STATUS_OK;
}

int cmd_list(const struct command_line *cl, const struct images *images)
{
	const struct image *image = &images->image[1];

	if (cl->json)
		return list_json(image);
	list_text(image);
	return STATUS_OK;
}
