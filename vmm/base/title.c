/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run is called. */
#include <stdio.h>

#include "base/backend.h"
#include "base/title.h"

const char *config_title(const struct run_config *c, char buf[TITLE_MAX])
{
	/* In a trace names are anything. */
	char policy[56] = "", fault[40] = "", mm[CONFIG_MM_MAX + 8] = "";

	if (c->policy.other)
		snprintf(policy, sizeof(policy), ", policy %s", c->policy.name);
	if (c->mm)
		snprintf(mm, sizeof(mm), ", mm %s", c->mm);
	if (c->fault != PVTLB_FAULT_NONE)
		snprintf(fault, sizeof(fault), ", fault %s", fault_names[c->fault]);
	snprintf(buf, TITLE_MAX, "%s, backend %s%s, %u CPU%s%s%s%s%s%s%s", c->scenario,
		 c->backend->name, backend_by_host(c->backend) ? " by the host" : "", c->cpus,
		 c->cpus == 1 ? "" : "s", mm, c->paravirt ? "" : ", no CONFIG_PARAVIRT",
		 c->invlpgb && !c->backend->invlpgb ? ", INVLPGB shown" : "",
		 c->late ? ", late install" : "", policy, fault);
	return buf;
}
