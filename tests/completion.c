/* SPDX-License-Identifier: GPL-2.0-only */
/* Completion: what shells offer is what pvtlb says of itself. */
#include <stdlib.h>
#include <string.h>

#include "lab.h"
#include "unit_util.h"

#define MAX_SAID 8192

static const struct {
	const char *words, *wanted, *unwanted;
} cases[] = {
	{ "sho", " show ", " run " },
	{ "help l", " list ", " help " },
	{ "run --bac", " --backend ", " --key " },
	{ "show --aga", " --against ", " --backend " },
	{ "run --aga", " ", " --against " },
	{ "run --backend \"\"", " xen ", " shootdown " },
	{ "run --backend xen,kv", "kvm ", "pvtlb " },
	{ "show --against hy", " hyperv ", " kvm " },
	{ "run --policy targ", " targeted-any ", " tracked " },
	{ "run --policy al", " all ", " patch " },
	{ "run --inject skip", " skip-ipi ", " early-ack " },
	{ "run --key \"\"", " auto ", " shootdown " },
	{ "run --install l", " late ", " boot " },
	{ "run coll", " collapse-vs-grab collapse-vs-gup ", " shootdown " },
	{ "show \"\"", " shootdown ", " @walkers " },
	{ "run key,shoot", "shootdown ", "collapse-vs-gup " },
	{ "list @w", " @walkers ", " @safe " },
	{ "run --no-s", " --no-sandbox ", " --no-pin " },
	{ "explore coll", " collapse-vs-grab collapse-vs-gup ", " shootdown " },
	{ "explore --un", " --unbounded ", " --times " },
	{ "explore --engine \"\"", " process ", " shootdown " },
	{ "replay --ti", " --times ", " --bound " },
	{ "help repl", " replay ", " explore " },
	{ "doctor --r", " --report ", " --rows " },
};

static void expect(size_t i, const char *shell, const char *said)
{
	EXPECT(strstr(said, cases[i].wanted), "%s, %s: '%s' is not in '%s'", shell, cases[i].words,
	       cases[i].wanted, said);
	EXPECT(!strstr(said, cases[i].unwanted), "%s, %s: '%s' is in '%s'", shell, cases[i].words,
	       cases[i].unwanted, said);
}

/* Of each case a line of what the script prints. */
static void expect_all(const char *shell, const char *script)
{
	FILE *from = popen(script, "r");
	char said[MAX_SAID];

	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	for (size_t i = 0; i < LAB_NR(cases); i++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(fgets(said, sizeof(said), from));
		expect(i, shell, said);
	}
	CU_ASSERT_EQUAL(pclose(from), 0);
}

static void test_bash(void)
{
	char script[LAB_NR(cases) * 256] = "bash -c '. docs/completion/pvtlb.bash\n";

	for (size_t i = 0; i < LAB_NR(cases); i++) {
		size_t n = strlen(script);

		snprintf(script + n, sizeof(script) - n,
			 "COMP_WORDS=(pvtlb %s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); "
			 "_pvtlb %.80s \"${COMP_WORDS[-1]}\" \"${COMP_WORDS[-2]}\"; "
			 "echo \" ${COMPREPLY[*]} \"\n",
			 cases[i].words, test_command);
	}
	strcat(script, "'");
	expect_all("bash", script);
}

/* A last word that is empty is "" in bash's list, and a blank at the end of zsh's line. */
static void test_zsh(void)
{
	char script[LAB_NR(cases) * 256] = "timeout 120 zsh -f tests/completion.zsh";

	if (system("command -v zsh >/dev/null")) {
		test_skipped("there is no zsh here");
		return;
	}
	CU_ASSERT_EQUAL(system("zsh -n docs/completion/_pvtlb"), 0);
	for (size_t i = 0; i < LAB_NR(cases); i++) {
		size_t n = strlen(script);

		snprintf(script + n, sizeof(script) - n, " '%.80s %.*s'", test_command,
			 (int)strcspn(cases[i].words, "\""), cases[i].words);
	}
	expect_all("zsh", script);
}

SUITE(completion, false, { "bash", test_bash }, { "zsh", test_zsh });
