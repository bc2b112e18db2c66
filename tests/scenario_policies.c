/* SPDX-License-Identifier: GPL-2.0-only */
/* Policies: what breaks each under each backend, as data; what their syncs cost; the tables of docs/. */
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "cli/policies.h"
#include "doc_tables.h"
#include "lab.h"
#include "policy.h"
#include "unit_util.h"

/*
 * What a hold rule fixes is the same in each trial (lab_trials()), and these are 500 runs. Three
 * are enough to tell what goes wrong in two of them only.
 */
static unsigned int trials(void)
{
	return test_full ? 10 : 3;
}

/*
 * The names that are judged here. Others are somebody's who has added a file, and are told of
 * and left alone: what is right of them is not known here.
 */
static const char *const known_policies[] = { "patch",	  "always-sync",  "callback", "declared",
					      "targeted", "targeted-any", "tracked" };
static const char *const known_backends[] = { "native", "hyperv", "invlpgb",
					      "kvm",	"pvtlb",  "xen" };
/* Those that no policy breaks, for a full run; all others are in the table below. */
static const char *const known_safe[] = { "rcu-nested", "rcu-walker" };

#define SHARED	"unshare3-here unshare3-nowhere unshare3-there "
#define TWO	"collapse-vs-gup munmap-vs-gup preempted-walker unshare-vs-gup "
#define TWICE	"gather-twice gather-twice-all "
#define IS_HERE "unshare3-here "

/* Known to be unsafe: which scenarios break the policy there. In all others it must hold. */
static const struct unsafe {
	const char *policy, *backend, *scenarios;
} unsafe[] = {
	{ "declared", "kvm", TWO SHARED TWICE },
	{ "declared", "pvtlb", TWO SHARED TWICE },
	{ "targeted", "hyperv", SHARED },
	{ "targeted", "invlpgb", SHARED },
	{ "targeted", "kvm", SHARED },
	{ "targeted", "pvtlb", SHARED },
	{ "targeted", "xen", SHARED },
	{ "tracked", "hyperv", IS_HERE "gather-twice " },
	{ "tracked", "invlpgb", IS_HERE "unshare3-there " TWICE },
	{ "tracked", "kvm", TWO IS_HERE "unshare3-there " TWICE },
	{ "tracked", "pvtlb", IS_HERE "gather-twice " },
	{ "tracked", "xen", IS_HERE "gather-twice " },
};

/* How a scenario goes wrong, by the beginning of its name. */
static const struct {
	const char *prefix;
	enum violation_kind kind;
} kinds[] = {
	{ "collapse", VIOLATION_USE_AFTER_DEPOSIT }, { "preempted", VIOLATION_USE_AFTER_DEPOSIT },
	{ "munmap", VIOLATION_USE_AFTER_FREE },	     { "gather", VIOLATION_USE_AFTER_FREE },
	{ "unshare", VIOLATION_USE_AFTER_UNSHARE },
};

static enum violation_kind kind_of(const char *scenario)
{
	for (size_t i = 0; i < LAB_NR(kinds); i++)
		if (!strncmp(scenario, kinds[i].prefix, strlen(kinds[i].prefix)))
			return kinds[i].kind;
	return VIOLATION_KINDS;
}

static bool has_word(const char *words, const char *word)
{
	char want[64];

	snprintf(want, sizeof(want), "%s ", word);
	for (const char *at = words; (at = strstr(at, want)); at++)
		if (at == words || at[-1] == ' ')
			return true;
	return false;
}

/* Where in the table a run is; LAB_NR(unsafe): nowhere, so it must hold. */
static size_t unsafe_at(const struct run_config *c)
{
	size_t i;

	for (i = 0; i < LAB_NR(unsafe); i++)
		if (!strcmp(unsafe[i].policy, c->policy.name) &&
		    !strcmp(unsafe[i].backend, c->backend->name) &&
		    has_word(unsafe[i].scenarios, c->scenario))
			break;
	return i;
}

static bool in_list(const char *const *list, size_t nr, const char *name)
{
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(list[i], name))
			return true;
	return false;
}

/* Does it tell policies apart? */
static bool breaks_some(const char *scenario)
{
	for (size_t i = 0; i < LAB_NR(unsafe); i++)
		if (has_word(unsafe[i].scenarios, scenario))
			return true;
	return false;
}

static bool is_known(enum survey_part part, const char *name)
{
	switch (part) {
	case SURVEY_POLICY:
		return in_list(known_policies, LAB_NR(known_policies), name);
	case SURVEY_BACKEND:
		return in_list(known_backends, LAB_NR(known_backends), name);
	case SURVEY_SCENARIO:
		return breaks_some(name) || in_list(known_safe, LAB_NR(known_safe), name);
	}
	return false;
}

/* In a short run the scenarios that no policy breaks are left out. */
static bool is_wanted(enum survey_part part, const char *name)
{
	return is_known(part, name) &&
	       (test_full || part != SURVEY_SCENARIO || breaks_some(name));
}

/* What the tree has and the table has not. */
static void say_unknown(void)
{
	static const char *const what[] = { "policy", "backend", "scenario" };
	const struct image *image = &lab_images()->image[1];
	const struct backend *pv;

	for (unsigned int i = 0; i < image->policies.nr; i++)
		if (!is_known(SURVEY_POLICY, image->policies.policy[i].name))
			test_say("%s %s: not in the table", what[SURVEY_POLICY],
				 image->policies.policy[i].name);
	for (unsigned int i = 0; (pv = backend_at(i)); i++)
		if (!is_known(SURVEY_BACKEND, pv->name))
			test_say("%s %s: not in the table", what[SURVEY_BACKEND], pv->name);
	for (unsigned int i = 0; i < image->nr_scenarios; i++)
		if (survey_asks(&image->scenario[i]) &&
		    !is_known(SURVEY_SCENARIO, image->scenario[i].name))
			test_say("%s %s: not in the table", what[SURVEY_SCENARIO],
				 image->scenario[i].name);
}

/* In how many trials: until the last sharer's mm has its global ASID, its flush sends IPIs. */
static unsigned int trials_wrong(const struct run_config *c)
{
	if (c->backend->invlpgb && !strcmp(c->policy.name, "tracked") &&
	    !strcmp(c->scenario, "unshare3-there"))
		return 2;
	return c->trials;
}

static bool harmed(const struct run_result *r)
{
	const struct findings *f = &r->facts.findings;

	const struct violation *v = claims_violated(r->claims, f);

	/* Nobody had waited for the walker; and but for one scenario a walk used the table. */
	return r->judgement.verdict == VERDICT_FAIL && v && v->kind == kind_of(r->config.scenario) &&
	       f->violated == trials_wrong(&r->config) && f->delivered.bad.total &&
	       f->delivered.walkers_interrupted < f->delivered.walkers;
}

static bool unharmed(const struct run_result *r)
{
	const struct findings *f = &r->facts.findings;
	bool key_only = r->judgement.key_wrong && r->config.policy.key == PVTLB_KEY_BY_DECLARATION;

	return !f->safe.bad.total && !f->delivered.bad.total && f->safe.walk_loads &&
	       r->judgement.verdict == (key_only ? VERDICT_FAIL : VERDICT_PASS);
}

struct tally {
	unsigned int runs, as_expected;
	unsigned int known[LAB_NR(unsafe) + 1]; /* runs that the table's line is about */
};

static void seen(void *ctx, const struct run_result *r)
{
	struct tally *tally = ctx;
	size_t at = unsafe_at(&r->config);
	bool wrong = at < LAB_NR(unsafe), ok = wrong ? harmed(r) : unharmed(r);

	tally->runs++;
	tally->known[at]++;
	tally->as_expected += ok;
	CU_ASSERT_TRUE(ok);
	if (!ok)
		test_say("%s, %s, %s: not %s: %u of %u trials, %s", r->config.policy.name,
			 r->config.backend->name, r->config.scenario, wrong ? "harmed" : "safe",
			 r->facts.findings.violated, r->config.trials, r->judgement.why);
}

static unsigned int nr_words(const char *words)
{
	unsigned int nr = 0;

	while ((words = strchr(words, ' '))) {
		words++;
		nr++;
	}
	return nr;
}

static void test_survey(void)
{
	struct tally tally = { 0 };
	struct survey survey = {
		.host = &test_host, .images = lab_images(), .trials = trials(),
		.wanted = is_wanted, .seen = seen, .ctx = &tally,
	};
	char *text = NULL, *docs;
	size_t len;
	FILE *to;

	if (test_host.emulated) {
		test_skipped("docs/policies.md is of a host that is not emulated; there this takes too long");
		return;
	}
	say_unknown();
	to = open_memstream(&text, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	CU_ASSERT_EQUAL(policies_survey(to, &survey), STATUS_OK);
	fclose(to);
	CU_ASSERT_EQUAL(tally.as_expected, tally.runs);
	/* Nothing in the table that has not been run; what syncs cost is one run more. */
	for (size_t i = 0; i < LAB_NR(unsafe); i++)
		if (!EXPECT(tally.known[i] == nr_words(unsafe[i].scenarios) +
						      has_word(unsafe[i].scenarios, "preempted-walker"),
			    "%s, %s: %u runs", unsafe[i].policy, unsafe[i].backend, tally.known[i]))
			break;
	docs = doc_tables("docs/policies.md", "pvtlb policies");
	CU_ASSERT_TRUE(doc_cells_agree(text, docs, breaks_some) > 0);
	free(docs);
	free(text);
}

/* Told that a violation is expected, the runs are controls that pass, with any number of CPUs. */
static void test_controls(void)
{
	static const struct {
		const char *policy, *backend, *scenario;
		unsigned int cpus;
	} cases[] = {
		{ "tracked", "pvtlb", "gather-twice", 2 }, { "tracked", "xen", "unshare3-here", 9 },
		{ "tracked", "kvm", "preempted-walker", 2 }, { "targeted", "hyperv", "unshare3-nowhere", 2 },
		{ "targeted", "pvtlb", "unshare3-there", 3 }, { "declared", "kvm", "unshare3-here", 4 },
	};

	for (size_t i = 0; i < LAB_NR(cases); i++) {
		struct run_config config =
			lab_config(cases[i].scenario, cases[i].backend, cases[i].cpus);
		struct run_result r;

		config.policy.name = cases[i].policy;
		config.trials = 10;
		lab_caught(config, &r);
		CU_ASSERT_STRING_EQUAL(r.config.policy.name, cases[i].policy);
		/* The near miss: the same with the syncs sent. */
		config.policy = policy_always_sync;
		config.trials = 2;
		lab_holds(&config, &r);
		config.policy.name = "targeted-any";
		lab_holds(&config, &r);
	}
}

/* One walker of so many CPUs: how many each sync interrupts. */
static void test_sync_cost(void)
{
	static const struct {
		const char *policy, *backend;
		unsigned int cpus, interrupts;
		bool skipped;
	} cases[] = {
		{ "always-sync", "pvtlb", 2, 1, false }, { "always-sync", "pvtlb", 8, 7, false },
		{ "always-sync", "native", 8, 7, false }, { "patch", "native", 8, 0, true },
		{ "patch", "pvtlb", 8, 7, false },	  { "targeted", "pvtlb", 8, 1, false },
		{ "targeted-any", "pvtlb", 8, 1, false },
		/* The flush has waited for the walker already. */
		{ "targeted", "native", 8, 0, false },	  { "tracked", "native", 8, 0, true },
		{ "tracked", "pvtlb", 8, 7, false },
	};

	for (size_t i = 0; i < LAB_NR(cases); i++) {
		struct run_config config =
			lab_config("preempted-walker", cases[i].backend, cases[i].cpus);
		const struct counts *c;
		struct run_result r;

		config.policy.name = cases[i].policy;
		config.trials = 3;
		lab_holds(&config, &r);
		c = &r.facts.findings.counts;
		CU_ASSERT_EQUAL(c->syncs, 3);
		CU_ASSERT_EQUAL(c->syncs_skipped, cases[i].skipped ? 3 : 0);
		CU_ASSERT_EQUAL(c->sync_ipis, 3 * cases[i].interrupts);
	}
}

/* An alias is the same policy, a name that is none is an error. */
static void test_names(void)
{
	static const struct {
		const char *asked, *is;
	} cases[] = {
		{ NULL, "patch" }, { "patch", "patch" }, { "seed", "patch" }, { "v4", "declared" },
		{ "v3", NULL },	   { "", NULL },
	};

	for (size_t i = 0; i < LAB_NR(cases); i++) {
		struct run_config config = lab_config("key", "native", 1);
		struct run_result r;

		config.policy.name = cases[i].asked;
		lab_run(&config, &r);
		CU_ASSERT_EQUAL(r.judgement.verdict, cases[i].is ? VERDICT_PASS : VERDICT_FAIL);
		CU_ASSERT_EQUAL(r.status, cases[i].is ? STATUS_OK : STATUS_USAGE);
		CU_ASSERT_TRUE(!cases[i].is || !strcmp(r.config.policy.name, cases[i].is));
	}
}

SUITE(scenario_policies, true, { "what breaks which", test_survey },
      { "unsafe ones are caught", test_controls }, { "interrupts per sync", test_sync_cost },
      { "names", test_names });
