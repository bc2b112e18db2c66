/* SPDX-License-Identifier: GPL-2.0-only */
/* The matrix: which configurations options span, and which of them are controls. */
#include <string.h>

#include "base/settings.h"
#include "cli/options.h"
#include "base/backend.h"
#include "cli/run.h"
#include "unit_util.h"

#define ALL PVTLB_CLAIMS

static struct pvtlb_scenario scenarios[] = {
	{ .name = "key", .flags = PVTLB_CLAIM_KEY, .min_cpus = 1, .max_cpus = 255 },
	{ .name = "flushes", .flags = ALL, .min_cpus = 1, .max_cpus = 255 },
	{ .name = "syncs", .flags = ALL | PVTLB_SCENARIO_NEEDS_SYNC, .min_cpus = 2, .max_cpus = 4 },
	{ .name = "broken", .flags = PVTLB_SCENARIO_DIAGNOSTIC, .min_cpus = 1, .max_cpus = 1 },
};
static struct pvtlb_policy policies_of[] = {
	{ .name = "patch", .alias = "seed", .flags = PVTLB_POLICY_DEFAULT },
	{ .name = "never", .key = PVTLB_KEY_NEVER },
	{ .name = "told", .alias = "v4", .key = PVTLB_KEY_BY_DECLARATION },
	{ .name = "each", .key = PVTLB_KEY_PER_SYNC },
};
static const struct images images = {
	.image[1] = { .scenario = scenarios,
		      .nr_scenarios = NR_OF(scenarios),
		      .policies = { policies_of, NR_OF(policies_of) } },
};

/* A configuration as text: the letters of what is not as by default, "!" for a control. */
static int note(void *ctx, const struct run_config *c)
{
	char *text = ctx;
	size_t len = strlen(text);

	/* How many others are linked in is not this suite's business. */
	if (strcmp(c->backend->name, "native") && strcmp(c->backend->name, "pvtlb"))
		return 0;
	snprintf(text + len, 1024 - len, "%s%s %s%s%s%s%s", len ? ", " : "", c->scenario,
		 c->backend->name, c->paravirt ? "" : " nopv", c->invlpgb ? " invlpgb" : "",
		 c->late ? " late" : "", c->expect_violation ? " !" : "");
	return 0;
}

/* The words of a command line, and what they span. */
static void expect(const char *words, const char *want)
{
	static struct command_line cl;
	char copy[256], *argv[16], *save, text[1024] = "";
	struct error err = { 0 };
	int argc = 0;

	snprintf(copy, sizeof(copy), "run %s", words);
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	argv[argc] = NULL;
	EXPECT(!options_parse(&cl, argc, argv, &err), "%s: %s", words, err.text);
	EXPECT(!run_matrix(&images, &cl.run, note, text, &err), "%s: %s", words, err.text);
	EXPECT(!strcmp(text, want), "%s: got: %s", words, text);
}

static void defaults(void)
{
	expect("key",
	       "key native, key native invlpgb, key native nopv, key native nopv invlpgb, "
	       "key pvtlb, key pvtlb late !, key pvtlb invlpgb");
	expect("flushes", "flushes native, flushes native invlpgb, flushes pvtlb");
	expect("syncs", "syncs native !, syncs native invlpgb, syncs pvtlb");
	expect("broken", "broken native, broken native invlpgb, broken pvtlb");
	expect("--backend pvtlb",
	       "key pvtlb, key pvtlb late !, key pvtlb invlpgb, flushes pvtlb, syncs pvtlb");
}

/* Options give anything, sensible or not. */
static void asked_for(void)
{
	expect("flushes --paravirt n",
	       "flushes native nopv, flushes native nopv invlpgb, flushes pvtlb nopv");
	expect("flushes --invlpgb y", "flushes native invlpgb, flushes pvtlb invlpgb");
	expect("flushes --invlpgb y --paravirt n",
	       "flushes native nopv invlpgb, flushes pvtlb nopv invlpgb");
	expect("flushes --backend pvtlb --install late", "flushes pvtlb late !");
	expect("key --backend native --invlpgb n --cpus 1,2",
	       "key native, key native nopv, key native, key native nopv");
}

static void forced_keys(void)
{
	expect("syncs --key on", "syncs native !, syncs native invlpgb !, syncs pvtlb !");
	expect("syncs --key off", "syncs native, syncs native invlpgb, syncs pvtlb");
	expect("flushes --key on", "flushes native, flushes native invlpgb, flushes pvtlb");
	expect("key --backend pvtlb --key on", "key pvtlb, key pvtlb invlpgb");
}

static void policies(void)
{
	expect("syncs --policy never", "syncs native, syncs native invlpgb, syncs pvtlb");
	expect("syncs --policy v4", "syncs native !, syncs native invlpgb, syncs pvtlb !");
	expect("syncs --policy seed", "syncs native !, syncs native invlpgb, syncs pvtlb");
	expect("syncs --policy each", "syncs native, syncs native invlpgb, syncs pvtlb");
	expect("syncs --invlpgb n --backend native --policy told,never,seed",
	       "syncs native !, syncs native, syncs native !");
	expect("syncs --invlpgb n --backend native --policy all",
	       "syncs native !, syncs native, syncs native !, syncs native");
	/* A pattern is for those that no item before it was for. */
	expect("key --invlpgb n --backend pvtlb --policy told,*",
	       "key pvtlb, key pvtlb late !, key pvtlb, key pvtlb late !, key pvtlb, key pvtlb");
	expect("syncs --invlpgb n --backend native --policy v?", "syncs native !");
	expect("syncs flushes --invlpgb n --backend native --policy never,v4",
	       "syncs native, flushes native, syncs native !, flushes native");
	expect("flushes --policy v4", "flushes native, flushes native invlpgb, flushes pvtlb");
	expect("key --backend pvtlb --policy never", "key pvtlb, key pvtlb invlpgb");
	expect("key --backend pvtlb --policy never --install late",
	       "key pvtlb late, key pvtlb invlpgb late");
}

/* --expect is stronger than what is a control by itself. */
static void expectations(void)
{
	expect("syncs --expect hold", "syncs native, syncs native invlpgb, syncs pvtlb");
	expect("flushes --expect violation",
	       "flushes native !, flushes native invlpgb !, flushes pvtlb !");
	expect("syncs --backend pvtlb --install late", "syncs pvtlb late !");
	expect("key --backend pvtlb --install late --expect hold --invlpgb n", "key pvtlb late");
}

/* Each setting that has an option is asked for by it, and a wrong value told by its name. */
static void options(void)
{
	static struct command_line cl;

	for (const struct setting *s = settings; s < settings + nr_settings; s++) {
		char option[64], *argv[] = { (char[]){ "run" }, option, NULL, NULL };
		bool is_flag = s->field.form == FORM_FLAG;
		struct error err = { 0 };

		if (!s->option)
			continue;
		snprintf(option, sizeof(option), "--%s", s->option);
		EXPECT(options_parse(&cl, 2, argv, &err) == (is_flag ? 0 : -1), "%s", option);
		EXPECT(is_flag || strstr(err.text, "needs a value"), "%s: %s", option, err.text);
		if (s->field.form != FORM_WORD && s->field.form != FORM_NUMBER)
			continue;
		argv[2] = (char[]){ "?" };
		err.status = 0;
		EXPECT(options_parse(&cl, 3, argv, &err) == -1 && strstr(err.text, option) &&
			       strstr(err.text, "'?' is not "),
		       "%s", err.text);
	}
}

static void numbers(void)
{
	static const struct {
		const char *word, *value;
		unsigned int stress;
		uint64_t seed;
		bool good;
	} cases[] = {
		{ "--stress", "1", 1, 1, true },
		{ "--stress", "3600", 3600, 1, true },
		{ "--stress", "0", 0, 0, false },
		{ "--stress", "3601", 0, 0, false },
		{ "--stress", "1s", 0, 0, false },
		{ "--seed", "0", 0, 0, true },
		{ "--seed", "18446744073709551615", 0, UINT64_MAX, true },
		{ "--seed", "0xabc", 0, 0xabc, true },
		{ "--seed", "010", 0, 10, true },
		{ "--seed", "18446744073709551616", 0, 0, false },
		{ "--seed", "-1", 0, 0, false },
		{ "--seed", " -1", 0, 0, false },
		{ "--seed", "", 0, 0, false },
		{ "--policy", "", 0, 0, false },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		static struct command_line cl;
		char *argv[] = { (char[]){ "run" }, (char *)cases[i].word, (char *)cases[i].value,
				 NULL };
		struct error err = { 0 };
		int ret = options_parse(&cl, 3, argv, &err);

		EXPECT(ret == (cases[i].good ? 0 : -1), "%s '%s'", cases[i].word, cases[i].value);
		if (!cases[i].good)
			EXPECT(err.status == STATUS_USAGE && strstr(err.text, cases[i].word), "%s",
			       err.text);
		else
			EXPECT(cl.run.base.stress == cases[i].stress &&
				       cl.run.base.seed == cases[i].seed,
			       "%s '%s': %u, %llu", cases[i].word, cases[i].value,
			       cl.run.base.stress, (unsigned long long)cl.run.base.seed);
	}
}

SUITE(unit_matrix, false, { "by default", defaults }, { "what is asked for", asked_for },
      { "forced keys", forced_keys }, { "policies", policies }, { "--expect", expectations },
      { "every setting's option", options }, { "--stress, --seed, --policy", numbers });
