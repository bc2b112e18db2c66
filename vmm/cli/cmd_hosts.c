/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb hosts`: what each kind of host can show. */
#include <stdio.h>

#include "cli/command.h"
#include "kvm/host.h"

/* The table of docs/hosts.md. */
int cmd_hosts(const struct command_line *cl, const struct images *images)
{
	static const struct host pvm = { .kind = HOST_PVM }, svm = { .kind = HOST_SVM },
				 vmx = { .kind = HOST_VMX };
	static const struct host *const kinds[] = { &pvm, &svm, &vmx };

	(void)cl;
	(void)images;
	printf("| what a run can show | pvm | svm | vmx | evidence |\n|---|---|---|---|---|\n");
	for (int i = 0; i < HOST_SHOWS; i++) {
		printf("| %s ", host_show_name(i));
		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
			printf("| %s: %s ", host_shows(kinds[k], i) ? "yes" : "no",
			       host_show_why(kinds[k], i));
		printf("| %s |\n", host_show_evidence(i));
	}
	return STATUS_OK;
}
