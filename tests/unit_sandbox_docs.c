/* SPDX-License-Identifier: GPL-2.0-only */
/* docs/security.md has the sandbox's rules as they are, and the code makes no call of KVM besides.
 */
#include <glob.h>
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

static bool has_rule(const char *request, size_t len)
{
	for (size_t i = 0; i < sandbox_nr_rules; i++)
		if (sandbox_rules[i].request && strlen(sandbox_rules[i].name) == len &&
		    !strncmp(sandbox_rules[i].name, request, len))
			return true;
	return false;
}

/* Calls of KVM in a file, by kvm_must(), kvm_try() and ioctl(): how many there are. */
static unsigned int look_into(const char *path)
{
	FILE *from = fopen(path, "r");
	unsigned int nr = 0;
	char line[512];

	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	while (fgets(line, sizeof(line), from)) {
		const char *call = strstr(line, "kvm_must("), *request;

		call = call ? call : strstr(line, "kvm_try(");
		call = call ? call : strstr(line, "ioctl(");
		request = call ? strstr(call, ", KVM_") : NULL;
		/* That one is asked when /dev/kvm is opened. */
		if (!request || strstr(request, "KVM_GET_API_VERSION"))
			continue;
		nr++;
		request += 2;
		EXPECT(has_rule(request, strcspn(request, ",) \n")),
		       "%s: %.40s is in no rule of vmm/sandbox/rules.c", path, request);
	}
	fclose(from);
	return nr;
}

/* What a host of another kind alone would run into is found here, too. */
static void test_requests(void)
{
	unsigned int nr = 0;
	glob_t found;

	CU_ASSERT_EQUAL_FATAL(glob("vmm/*/*.c", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		nr += look_into(found.gl_pathv[i]);
	globfree(&found);
	CU_ASSERT_TRUE(nr > 30);
	CU_ASSERT_TRUE(has_rule("KVM_RUN", 7));
	CU_ASSERT_FALSE(has_rule("KVM_RUNS", 8));
	CU_ASSERT_FALSE(has_rule("KVM_CREATE_DEVICE", 17));
}

SUITE(unit_sandbox_docs, false, { "the table of rules", test_table },
      { "calls of KVM in the code", test_requests });
