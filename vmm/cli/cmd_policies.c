/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb policies`: what breaks each policy under each backend. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/confine.h"
#include "cli/policies.h"

int cmd_policies(const struct command_line *cl, const struct images *images)
{
	struct survey survey = { .images = images, .trials = cl->run.base.trials };
	struct error err = { 0 };
	struct host host;
	int status;

	if (host_open(&host, cl->kvm, &err))
		return complain(&err);
	survey.host = &host;
	status = confine(cl, &(struct confined){ .host = &host, .listener = -1 }, &err) ?
			 complain(&err) :
			 policies_survey(stdout, &survey);
	host_close(&host);
	return status;
}
