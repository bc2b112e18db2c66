/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as a command that makes it once more, by itself. */
#include <stdio.h>
#include <string.h>

#include "base/backend.h"
#include "base/settings.h"
#include "report/again.h"

/* Is the option said, for a setting that is not as if nobody had asked for anything? */
static bool is_said(const struct setting *s, bool run, const struct run_config *c)
{
	static const char *const of_run[] = { "trials", "no-look", "expect" };

	for (size_t i = 0; i < sizeof(of_run) / sizeof(of_run[0]); i++)
		if (!run && !strcmp(s->option, of_run[i]))
			return false;
	/* What the image is, and what is shown in CPUID, has been said where it is open. */
	if (!strcmp(s->option, "paravirt") || !strcmp(s->option, "invlpgb"))
		return false;
	return (!s->has || s->has(c)) && field_get(c, &s->field) != s->unasked;
}

static size_t add_setting(const struct setting *s, const struct run_config *c, char *buf,
			  size_t len)
{
	unsigned long long value = field_get(c, &s->field);

	switch (s->field.form) {
	case FORM_WORD:
		return snprintf(buf, len, " --%s %s", s->option, field_word(c, &s->field));
	case FORM_NUMBER:
		return snprintf(buf, len, " --%s %llu", s->option, value);
	default:
		return snprintf(buf, len, " --%s", s->option);
	}
}

/* Of native flushes every combination is run unless it is said; of the others one is usual. */
static size_t add_features(const struct run_config *c, char *buf, size_t len)
{
	if (!c->backend->paravirt)
		return snprintf(buf, len, " --paravirt %s --invlpgb %s",
				words_no_yes.name[c->paravirt], words_no_yes.name[c->invlpgb]);
	if (c->invlpgb && !c->backend->invlpgb)
		return snprintf(buf, len, " --invlpgb y");
	return 0;
}

const char *command_again(const char *program, const char *command, const struct run_config *c,
			  char *buf, size_t len)
{
	bool run = !strcmp(command, "run");
	size_t n =
		snprintf(buf, len, "%s %s %s --backend %s%s", program, command, c->scenario,
			 c->backend->name, backend_by_host(c->backend) ? " --provider host" : "");

	if (n < len)
		n += add_features(c, buf + n, len - n);
	if (n < len && c->mm)
		n += snprintf(buf + n, len - n, " --mm kernel");
	if (n < len && c->policy.other)
		n += snprintf(buf + n, len - n, " --policy %s", c->policy.name);
	for (unsigned int i = 0; i < nr_settings && n < len; i++) {
		const struct setting *s = &settings[i];

		if (s->option && s->field.form >= FORM_WORD && is_said(s, run, c))
			n += add_setting(s, c, buf + n, len - n);
	}
	return buf;
}
