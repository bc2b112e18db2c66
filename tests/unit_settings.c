/* SPDX-License-Identifier: GPL-2.0-only */
/* Settings and words: each value is taken, no other is, and messages list what would be. */
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "base/settings.h"
#include "unit_util.h"

static const struct words three = { (const char *const[]){ "one", NULL, "three" }, 3 };

static void find(void)
{
	static const struct {
		const char *text;
		size_t len;
		int value;
	} cases[] = {
		{ "one", 3, 0 },	{ "three", 5, 2 }, { "three|", 5, 2 },	   { "on", 2, -1 },
		{ "one", 2, -1 },	{ "ones", 4, -1 }, { "ONE", 3, -1 },	   { "", 0, -1 },
		{ "threefold", 9, -1 }, { "one ", 4, -1 }, { "one,three", 9, -1 },
	};

	for (size_t i = 0; i < NR_OF(cases); i++)
		EXPECT(words_find(&three, cases[i].text, cases[i].len) == cases[i].value, "%.*s",
		       (int)cases[i].len, cases[i].text);
}

static void join(void)
{
	char text[16];

	CU_ASSERT_STRING_EQUAL(words_join(&three, text, sizeof(text)), "one|three");
	CU_ASSERT_STRING_EQUAL(words_of_set(&three, 0x5, text, sizeof(text)), "one,three");
	CU_ASSERT_STRING_EQUAL(words_of_set(&three, 0x4, text, sizeof(text)), "three");
	CU_ASSERT_STRING_EQUAL(words_of_set(&three, 0, text, sizeof(text)), "-");
	/* What has no room is left out. */
	for (size_t len = 1; len < 10; len++) {
		memset(text, 'x', sizeof(text));
		words_join(&three, text, len);
		EXPECT(strlen(text) < len && !strncmp(text, "one|three", strlen(text)), "%zu: %s",
		       len, text);
		CU_ASSERT_EQUAL(text[len], 'x');
	}
}

/* Is it one of the setting's values, and if so, which? */
static void expect_parsed(const struct setting *s, const char *text, bool good, uint64_t value)
{
	struct run_config config, before;

	memset(&config, 0xa5, sizeof(config));
	before = config;
	EXPECT(setting_parse(&config, s, text) == (good ? 0 : -1), "%s '%s'", s->field.name, text);
	if (good)
		EXPECT(field_get(&config, &s->field) == value, "%s '%s': %llu", s->field.name, text,
		       (unsigned long long)field_get(&config, &s->field));
	else
		EXPECT(!memcmp(&config, &before, sizeof(config)), "%s '%s'", s->field.name, text);
}

static void words_parsed(const struct setting *s)
{
	char values[512], text[64];

	setting_values(s, values, sizeof(values));
	for (unsigned int i = 0; i < s->field.words->nr; i++) {
		const char *word = s->field.words->name[i];

		expect_parsed(s, word, true, i);
		EXPECT(strstr(values, word), "%s: %s is not in: %s", s->field.name, word, values);
		snprintf(text, sizeof(text), "%sx", word);
		expect_parsed(s, text, false, 0);
		/* Every word says which it is. */
		EXPECT((unsigned int)words_find(s->field.words, word, strlen(word)) == i, "%s: %s",
		       s->field.name, word);
	}
	expect_parsed(s, "", false, 0);
	expect_parsed(s, "0", false, 0);
}

static void numbers_parsed(const struct setting *s)
{
	const struct field *f = &s->field;
	uint64_t least = s->least ? s->least : f->min;
	bool wide = f->size == sizeof(uint64_t);
	char text[64];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)least);
	expect_parsed(s, text, true, least);
	snprintf(text, sizeof(text), "0%llu", (unsigned long long)f->max);
	expect_parsed(s, text, true, f->max);
	if (least) {
		snprintf(text, sizeof(text), "%llu", (unsigned long long)least - 1);
		expect_parsed(s, text, false, 0);
	}
	snprintf(text, sizeof(text), "%s", "18446744073709551616");
	if (f->max < UINT64_MAX)
		snprintf(text, sizeof(text), "%llu", (unsigned long long)f->max + 1);
	expect_parsed(s, text, false, 0);
	expect_parsed(s, "0xa", wide, 10);
	for (const char *const *bad =
		     (const char *const[]){ "", "x", "-1", " -1", "1x", "1 ", "1,2", "0x",
					    "99999999999999999999999", NULL };
	     *bad; bad++)
		expect_parsed(s, *bad, false, 0);
}

static void values(void)
{
	for (const struct setting *s = settings; s < settings + nr_settings; s++) {
		if (s->field.form == FORM_WORD)
			words_parsed(s);
		else if (s->field.form == FORM_NUMBER)
			numbers_parsed(s);
		else if (s->field.form == FORM_FLAG)
			expect_parsed(s, NULL, true, true);
		else
			expect_parsed(s, "x", false, 0);
	}
}

static bool same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* Each has names of its own, a place of its own, a size that can be read, and help. */
static void table(void)
{
	const struct run_config unasked = settings_unasked();

	for (const struct setting *s = settings; s < settings + nr_settings; s++) {
		const struct field *f = &s->field;
		bool is_number = f->form != FORM_NAME && f->form != FORM_BACKEND;

		for (const struct setting *t = settings; t < s; t++)
			EXPECT(!same(t->field.name, f->name) && !same(t->option, s->option) &&
				       !same(t->json, s->json) && t->field.at != f->at,
			       "%s and %s", t->field.name, f->name);
		EXPECT(f->size == 1 || f->size == 4 || f->size == 8, "%s", f->name);
		EXPECT(!s->option == !s->help, "%s", f->name);
		if (!is_number)
			continue;
		EXPECT(field_get(&unasked, f) == s->unasked, "%s", f->name);
		EXPECT(f->form != FORM_NUMBER || (s->unasked >= f->min && s->unasked <= f->max),
		       "%s", f->name);
	}
}

/* Who serves a backend may be asked for, but for native. */
static void providers(void)
{
	const struct backend *b;

	for (unsigned int i = 0; (b = backend_at(i)); i++) {
		int known = words_find(&words_providers, b->provider, strlen(b->provider));

		EXPECT((known >= 0) == b->paravirt || b->invlpgb, "%s", b->name);
		EXPECT(known >= 0 || !strcmp(b->provider, "none"), "%s: %s", b->name, b->provider);
		EXPECT(backend_by_host(b) == !strcmp(b->provider, "host"), "%s", b->name);
	}
}

static void install(void)
{
	struct run_config config = { .backend = backend_named("native"), .late = true };

	CU_ASSERT_STRING_EQUAL(config_install(&config), "-");
	config.backend = backend_named("pvtlb");
	CU_ASSERT_STRING_EQUAL(config_install(&config), "late");
	config.late = false;
	CU_ASSERT_STRING_EQUAL(config_install(&config), "boot");
}

SUITE(unit_settings, false, { "a word found", find }, { "words listed", join },
      { "values, taken and refused", values }, { "the table", table },
      { "who serves a backend", providers }, { "install", install });
