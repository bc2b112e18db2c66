/* SPDX-License-Identifier: GPL-2.0-only */
/* docs/security.md has the sandbox's rules as they are. */
#include <stdlib.h>
#include <string.h>

#include "doc_tables.h"
#include "sandbox/rules.h"
#include "unit_util.h"

static const char *yes(const struct sandbox_rule *rule, enum sandbox_phase phase)
{
	return rule->in & phase ? rule->refused ? "refused" : "yes" : "";
}

/* The table as Markdown, to be freed. */
static char *rules_as_markdown(void)
{
	static const char *const whom[] = {
		[FOR_ALL] = "",
		[FOR_GDB] = "with `--gdb` only: ",
		[FOR_SANITIZERS] = "in builds with sanitizers only: ",
	};
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	fprintf(to, "| system call | VMs | guest | report | what for |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < sandbox_nr_rules; i++) {
		const struct sandbox_rule *r = &sandbox_rules[i];

		fprintf(to, "| %s`%s` | %s | %s | %s | %s%s |\n", r->request ? "ioctl " : "",
			r->name, yes(r, IN_VMS), yes(r, IN_GUEST), yes(r, IN_REPORT), whom[r->whom],
			r->what_for);
	}
	fclose(to);
	return text;
}

static void test_table(void)
{
	char *is = rules_as_markdown(), *said = doc_tables("docs/security.md", "sandbox");
	size_t at = 0;

	while (is[at] && is[at] == said[at])
		at++;
	while (at && is[at - 1] != '\n')
		at--;
	EXPECT(!strcmp(is, said), "docs/security.md has '%.120s', and it is '%.120s'", said + at,
	       is + at);
	if (strcmp(is, said))
		test_say("%s", is);
	free(is);
	free(said);
}

SUITE(unit_sandbox_docs, false, { "the table of rules", test_table });
