/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb list`: what there is to name. */
#include <stdio.h>
#include <string.h>

#include "base/backend.h"
#include "base/config.h"
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

int cmd_list(const struct command_line *cl, const struct images *images)
{
	const struct image *image = &images->image[1];
	const struct backend *pv;
	int width = name_width(image);

	(void)cl;
	printf("scenarios (in %s):\n", image->path);
	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		const struct pvtlb_scenario *s = &image->scenario[i];

		printf("  %-*s %s%s\n", width, s->name, s->title,
		       s->flags & PVTLB_SCENARIO_DIAGNOSTIC ? " (diagnostic: by name only)" : "");
	}
	printf("policies (--policy):\n");
	for (unsigned int i = 0; i < image->policies.nr; i++) {
		const struct pvtlb_policy *p = &image->policies.policy[i];

		printf("  %-*s %s%s%s%s%s\n", width, p->name, p->title, p->alias[0] ? " (also: " : "",
		       p->alias, p->alias[0] ? ")" : "",
		       p->flags & PVTLB_POLICY_DEFAULT ? " (the default)" : "");
	}
	printf("backends:\n");
	for (unsigned int i = 0; (pv = backend_at(i)); i++)
		printf("  %-*s hypervisor: %s; %s\n", width, pv->name, pv->provider, pv->why);
	printf("faults to --inject:\n");
	for (int i = 1; i < PVTLB_FAULT_NR; i++)
		printf("  %-*s %s\n", width, fault_names[i], fault_docs[i]);
	events_list(stdout);
	return STATUS_OK;
}
