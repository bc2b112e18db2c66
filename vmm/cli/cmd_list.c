/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb list`: what there is to name. */
#include <stdio.h>

#include "base/backend.h"
#include "base/config.h"
#include "cli/command.h"
#include "events/events.h"

int cmd_list(const struct command_line *cl, const struct images *images)
{
	const struct image *image = &images->image[1];
	const struct backend *pv;

	(void)cl;
	printf("scenarios (in %s):\n", image->path);
	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		const struct pvtlb_scenario *s = &image->scenario[i];

		printf("  %-14s %s%s\n", s->name, s->title,
		       s->flags & PVTLB_SCENARIO_DIAGNOSTIC ? " (diagnostic: by name only)" : "");
	}
	printf("policies (--policy):\n");
	for (unsigned int i = 0; i < image->policies.nr; i++) {
		const struct pvtlb_policy *p = &image->policies.policy[i];

		printf("  %-14s %s%s%s%s%s\n", p->name, p->title, p->alias[0] ? " (also: " : "",
		       p->alias, p->alias[0] ? ")" : "",
		       p->flags & PVTLB_POLICY_DEFAULT ? " (the default)" : "");
	}
	printf("backends:\n");
	for (unsigned int i = 0; (pv = backend_at(i)); i++)
		printf("  %-14s hypervisor: %s; %s\n", pv->name, pv->provider, pv->why);
	printf("faults to --inject:\n");
	for (int i = 1; i < PVTLB_FAULT_NR; i++)
		printf("  %-22s %s\n", fault_names[i], fault_docs[i]);
	events_list(stdout);
	return STATUS_OK;
}
