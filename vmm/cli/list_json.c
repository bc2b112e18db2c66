/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb list --json`: what there is to name, for programs. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/backend.h"
#include "base/config.h"
#include "base/words.h"
#include "cli/list_json.h"
#include "cli/scenarios.h"
#include "events/events.h"
#include "events/value.h"
#include "machine/image_kernel.h"

/* Takes over the member. */
static void append(json_t *list, json_t *member)
{
	if (json_array_append_new(list, member))
		abort();
}

static json_t *claims_of(const struct pvtlb_scenario *s)
{
	json_t *claims = json_array();

	for (unsigned int i = 0; i < words_claims.nr; i++)
		if (s->flags & PVTLB_CLAIMS & 1u << i)
			append(claims, json_string(words_claims.name[i]));
	return claims;
}

static json_t *scenarios(const struct command_line *cl, const struct image *image)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		const struct pvtlb_scenario *s = &image->scenario[i];

		if (scenario_listed((const char *const *)cl->word, cl->nr_words, s))
			append(list, json_pack("{s:s,s:s,s:o,s:i,s:i,s:b,s:b}", "name", s->name,
					       "title", s->title, "claims", claims_of(s),
					       "min_cpus", s->min_cpus, "max_cpus", s->max_cpus,
					       "diagnostic", s->flags & PVTLB_SCENARIO_DIAGNOSTIC,
					       "walks", s->flags & PVTLB_SCENARIO_WALKS));
	}
	return list;
}

static json_t *members_of(const struct image *image, const struct group *group)
{
	json_t *members = json_array();

	for (unsigned int i = 0; i < image->nr_scenarios; i++)
		if (group->has(&image->scenario[i]))
			append(members, json_string(image->scenario[i].name));
	return members;
}

static json_t *groups_json(const struct image *image)
{
	json_t *list = json_array();

	for (size_t i = 0; i < nr_groups; i++)
		append(list, json_pack("{s:s,s:s,s:o}", "name", groups[i].name, "what",
				       groups[i].what, "scenarios", members_of(image, &groups[i])));
	return list;
}

static json_t *policies(const struct image *image)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < image->policies.nr; i++) {
		const struct pvtlb_policy *p = &image->policies.policy[i];

		append(list, json_pack("{s:s,s:s,s:b}", "name", p->name, "title", p->title,
				       "default", p->flags & PVTLB_POLICY_DEFAULT));
	}
	return list;
}

static json_t *backends(void)
{
	json_t *list = json_array();
	const struct backend *pv;

	for (unsigned int i = 0; (pv = backend_at(i)); i++)
		append(list, json_pack("{s:s,s:s,s:s}", "name", pv->name, "provider", pv->provider,
				       "why", pv->why));
	return list;
}

static json_t *faults(void)
{
	unsigned int order[PVTLB_FAULT_NR];
	json_t *list = json_array();

	names_sort(&fault_names[1], PVTLB_FAULT_NR - 1, order);
	for (unsigned int i = 0; i < PVTLB_FAULT_NR - 1; i++)
		append(list, json_pack("{s:s,s:s}", "name", fault_names[1 + order[i]], "what",
				       fault_docs[1 + order[i]]));
	return list;
}

static json_t *arguments_of(unsigned int id)
{
	json_t *list = json_array();

	for (const struct event_arg *arg = event_args[id]; arg->name; arg++)
		append(list, json_pack("{s:s,s:s}", "name", event_arg_label(arg), "kind",
				       kind_names[arg->kind]));
	return list;
}

static json_t *events(void)
{
	unsigned int order[EVENTS_NR];
	json_t *list = json_array();

	names_sort(&event_names[EVENT_FIRST], EVENTS_NR, order);
	for (unsigned int i = 0; i < EVENTS_NR; i++) {
		const unsigned int id = EVENT_FIRST + order[i];

		append(list, json_pack("{s:s,s:s,s:o}", "name", event_names[id], "what",
				       event_docs[id], "arguments", arguments_of(id)));
	}
	return list;
}

/* What there is of a tree, and what is not run for want of something in it. */
static json_t *kernel_json(const struct pvtlb_kernel *kernel)
{
	json_t *skipped = json_array();

	for (unsigned int i = 0; i < PVTLB_LACKS; i++)
		if (kernel->lack[i].why[0])
			append(skipped,
			       json_pack("{s:s,s:s,s:s}", "scenario", kernel->lack[i].scenario,
					 "backend", kernel->lack[i].backend, "why",
					 kernel->lack[i].why));
	return json_pack("{s:s,s:s,s:s,s:b,s:s*,s:o}", "release", kernel->release, "config",
			 kernel->config, "objects", kernel->objects, "key",
			 kernel->flags & PVTLB_KERNEL_SERIES, "pvtlb",
			 image_kernel_bridged(kernel, "pvtlb"), "skipped", skipped);
}

int list_json(const struct command_line *cl, const struct image *image)
{
	json_t *all = json_pack("{s:i,s:o,s:o,s:o,s:o,s:o,s:o}", "schema", 1, "scenarios",
				scenarios(cl, image), "groups", groups_json(image), "policies",
				policies(image), "backends", backends(), "faults", faults(),
				"events", events());
	int failed;

	if (all && image->kernel)
		json_object_set_new(all, "kernel", kernel_json(image->kernel));
	failed = !all || json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
	return failed ? STATUS_FAIL : STATUS_OK;
}
