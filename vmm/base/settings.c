/* SPDX-License-Identifier: GPL-2.0-only */
/* What a configuration is made of, in one table: options, traces' heads and JSON go by it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "base/settings.h"
#include "pvtlb/types.h"

static bool has_fault(const struct run_config *config)
{
	return config->fault != PVTLB_FAULT_NONE;
}

static bool runs_free(const struct run_config *config)
{
	return config->stress;
}

static bool has_tree(const struct run_config *config)
{
	return config->mm;
}

static bool installs(const struct run_config *config)
{
	return config->backend->paravirt;
}

const char *config_install(const struct run_config *config)
{
	return installs(config) ? words_installs.name[config->late] : "-";
}

#define MEMBER(n, f, m) .field = { .name = n, .form = FORM_##f, FIELD_AT(struct run_config, m) }
#define WORD(n, m, list)                                                                           \
	.field = { .name = n, .form = FORM_WORD, FIELD_AT(struct run_config, m), .words = &list }
#define NUMBER(n, m, least, most)                                                                  \
	.field = { .name = n,                                                                      \
		   .form = FORM_NUMBER,                                                            \
		   FIELD_AT(struct run_config, m),                                                 \
		   .min = least,                                                                   \
		   .max = most }

/* A new setting is a line here and a member of struct run_config. */
const struct setting settings[] = {
	{ MEMBER("scenario", NAME, scenario), .json = "scenario" },
	{ MEMBER("backend", BACKEND, backend), .option = "backend", .json = "backend",
	  .arg = "NAME[,NAME...]|all", .help = "how flushes are delivered (default all)" },
	{ MEMBER("mm", NAME, mm), .field.optional = true, .field.max = CONFIG_MM_MAX, .json = "mm",
	  .has = has_tree },
	{ WORD("paravirt", paravirt, words_no_yes), .option = "paravirt", .json = "paravirt",
	  .help = "only the image with this CONFIG_PARAVIRT" },
	{ WORD("invlpgb", invlpgb, words_no_yes), .option = "invlpgb", .json = "invlpgb",
	  .help = "only with INVLPGB shown in CPUID, or not" },
	{ WORD("install", late, words_installs), .option = "install", .json = "install",
	  .has = installs,
	  .help = "only backends that install before native_pv_tlb_init(), or after" },
	{ NUMBER("cpus", cpus, 1, PVTLB_MAX_CPUS), .option = "cpus", .json = "cpus", .unasked = 4,
	  .arg = "N[,N-M...]", .help = "CPUs of the guest" },
	{ NUMBER("trials", trials, 1, 1000000), .option = "trials", .unasked = 1, .arg = "N",
	  .help = "repeat the scenario N times in one boot" },
	{ WORD("key-request", key, words_keys), .option = "key",
	  .help = "leave native_pv_tlb_init()'s decision, or force it" },
	{ MEMBER("policy", NAME, policy.name), .option = "policy", .json = "policy",
	  .arg = "NAME[,NAME...]|all",
	  .help = "who decides about the sync (default patch); see: pvtlb list, docs/policies.md" },
	{ WORD("policy-key", policy.key, words_policy_keys), .json = "policy_key" },
	{ WORD("policy-other", policy.other, words_no_yes), .json = "policy_other" },
	{ NUMBER("stress", stress, 0, 3600), .least = 1, .option = "stress", .json = "stress",
	  .arg = "SECONDS",
	  .help = "let walks and table changes race freely for so long instead of holding "
		  "CPUs; scenarios that walk only" },
	{ NUMBER("seed", seed, 0, UINT64_MAX), .option = "seed", .json = "seed", .unasked = 1,
	  .has = runs_free, .arg = "N", .help = "of what is random: delays with --stress, what churn does" },
	{ WORD("fault", fault, words_faults), .option = "inject", .json = "fault", .has = has_fault,
	  .arg = "FAULT", .help = "do something wrong on purpose; see: pvtlb list" },
	{ WORD("expect", expect_violation, words_expects), .option = "expect", .json = "expect",
	  .help = "what the claim is: a control expects a violation" },
	{ NUMBER("timeout", timeout, 1, 86400), .untraced = true, .option = "timeout",
	  .unasked = 10, .arg = "SECONDS",
	  .help = "end a guest that makes no event for so long" },
	{ MEMBER("no-look", FLAG, no_look), .untraced = true, .option = "no-look",
	  .help = "judge by what CPUs may have cached, not by what they were seen to" },
	{ MEMBER("no-pin", FLAG, no_pin), .untraced = true, .option = "no-pin",
	  .help = "do not pin vCPU threads to host CPUs" },
};
const unsigned int nr_settings = sizeof(settings) / sizeof(settings[0]);

struct run_config settings_unasked(void)
{
	struct run_config config = { 0 };

	for (unsigned int i = 0; i < nr_settings; i++)
		if (settings[i].unasked)
			field_set(&config, &settings[i].field, settings[i].unasked);
	return config;
}

static uint64_t least(const struct setting *s)
{
	return s->least ? s->least : s->field.min;
}

/* Decimal; what has 64 bits may be hexadecimal, as JSON has it. */
static int parse_number(struct run_config *config, const struct setting *s, const char *value)
{
	const struct field *f = &s->field;
	bool hex = f->size == sizeof(uint64_t) && !strncmp(value, "0x", 2);
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(value, &end, hex ? 16 : 10);
	if (errno || end == value || *end || *value < '0' || *value > '9' || n < least(s) || n > f->max)
		return -1;
	field_set(config, f, n);
	return 0;
}

int setting_parse(struct run_config *config, const struct setting *s, const char *value)
{
	const struct field *f = &s->field;
	int i;

	switch (f->form) {
	case FORM_WORD:
		i = words_find(f->words, value, strlen(value));
		if (i < 0)
			return -1;
		field_set(config, f, i);
		return 0;
	case FORM_NUMBER:
		return parse_number(config, s, value);
	case FORM_FLAG:
		field_set(config, f, true);
		return 0;
	default:
		return -1;
	}
}

const char *setting_values(const struct setting *s, char *buf, size_t len)
{
	const struct field *f = &s->field;
	char what[512] = "";

	if (f->form == FORM_WORD)
		words_join(f->words, what, sizeof(what));
	else if (f->form == FORM_NUMBER)
		snprintf(what, sizeof(what), "%llu to %llu", (unsigned long long)least(s),
			 (unsigned long long)f->max);
	snprintf(buf, len, "%s%s%s", s->arg ? s->arg : "", s->arg && what[0] ? ", " : "", what);
	return buf;
}

const char *setting_help(const struct setting *s, char *buf, size_t len)
{
	char unasked[48] = "";

	if (s->field.form != FORM_NUMBER)
		return s->help;
	if (s->unasked)
		snprintf(unasked, sizeof(unasked), "; default %llu", (unsigned long long)s->unasked);
	snprintf(buf, len, "%s (%llu to %llu%s)", s->help, (unsigned long long)least(s),
		 (unsigned long long)s->field.max, unasked);
	return buf;
}
