/* SPDX-License-Identifier: GPL-2.0-only */
/* What docs/architecture.md and docs/policies.md show in C: it compiles as it stands, and runs. */
#include <stdio.h>
#include <sys/wait.h>

#include "base/error.h"
#include "test.h"

static void examples(void)
{
	char command[512], line[512];
	int status;
	FILE *from;

	snprintf(command, sizeof(command), "sh tests/examples.sh $(dirname %.200s) 2>&1",
		 test_command);
	from = popen(command, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	while (fgets(line, sizeof(line), from))
		test_say("%s", line);
	status = pclose(from);
	CU_ASSERT_TRUE_FATAL(WIFEXITED(status));
	if (WEXITSTATUS(status) == STATUS_SKIP)
		test_skipped("the examples compile; there is no KVM to run them on");
	else
		CU_ASSERT_EQUAL(WEXITSTATUS(status), 0);
}

SUITE(examples, false, { "the scenarios and the policy of docs/", examples });
