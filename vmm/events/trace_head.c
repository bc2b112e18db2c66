/* SPDX-License-Identifier: GPL-2.0-only */
/* The words of a saved run's head and of its end line, written and read. */
#include <string.h>

#include "base/backend.h"
#include "base/settings.h"
#include "events/lex.h"
#include "events/trace_head.h"

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *const key_names[TRACE_KEYS] = { "unread", "off", "on" };
static const struct words keys = { key_names, TRACE_KEYS };

#define WORD(n, m, list)                                                                           \
	{                                                                                          \
		.name = n, .form = FORM_WORD, FIELD_AT(struct trace_run, m), .words = &list        \
	}
#define SET(n, m, list)                                                                            \
	{                                                                                          \
		.name = n, .form = FORM_SET, FIELD_AT(struct trace_run, m), .words = &list         \
	}
#define COUNT(m, most)                                                                             \
	{                                                                                          \
		.name = #m, .form = FORM_NUMBER, FIELD_AT(struct trace_run, m), .max = most        \
	}

/* Behind the settings. */
static const struct field head[] = {
	WORD("fault-applied", fault_applied, words_no_yes),
	SET("claims", claims, words_claims),
	WORD("key", key, keys),
};

static const struct field end[] = {
	COUNT(events, EVENT_LOG_MAX), COUNT(last, UINT64_MAX),	    COUNT(lost, UINT64_MAX),
	COUNT(unused, UINT64_MAX),    COUNT(malformed, UINT64_MAX),
};

_Static_assert(!offsetof(struct trace_run, config), "a setting's place is one in a run, too");

struct trace_words trace_head_words(void)
{
	struct trace_words words = { .nr = 0 };

	/* A setting without room would not be read back, and a test sees that. */
	for (unsigned int i = 0; i < nr_settings && words.nr < NR_OF(words.word) - NR_OF(head); i++)
		if (!settings[i].untraced)
			words.word[words.nr++] = &settings[i].field;
	for (size_t i = 0; i < NR_OF(head); i++)
		words.word[words.nr++] = &head[i];
	return words;
}

struct trace_words trace_end_words(void)
{
	struct trace_words words = { .nr = NR_OF(end) };

	for (size_t i = 0; i < NR_OF(end); i++)
		words.word[i] = &end[i];
	return words;
}

/* --- writing --- */

void trace_text_write(FILE *to, const char *text, char lowest)
{
	for (; *text; text++)
		fputc(lex_printable(*text) && *text >= lowest ? *text : '?', to);
}

#define BACKEND_MAX 32u /* bytes of its word */

/* "kvm", and where the host's own hypervisor serves it "kvm/host". */
static const char *backend_word(const struct backend *backend, char buf[BACKEND_MAX])
{
	snprintf(buf, BACKEND_MAX, "%s%s", backend->name, backend_by_host(backend) ? "/host" : "");
	return buf;
}

static void write_word(FILE *to, const struct trace_run *run, const struct field *f)
{
	char buf[128];

	if (f->optional && !field_name(run, f))
		return;
	fprintf(to, " %s=", f->name);
	switch (f->form) {
	case FORM_NAME:
		trace_text_write(to, field_name(run, f), '!');
		break;
	case FORM_BACKEND:
		fputs(backend_word(run->config.backend, buf), to);
		break;
	case FORM_WORD:
		fputs(field_word(run, f), to);
		break;
	case FORM_SET:
		fputs(words_of_set(f->words, field_get(run, f), buf, sizeof(buf)), to);
		break;
	case FORM_NUMBER:
	case FORM_FLAG:
		fprintf(to, "%llu", (unsigned long long)field_get(run, f));
		break;
	}
}

void trace_words_write(FILE *to, const struct trace_run *run, const struct trace_words *words)
{
	for (unsigned int i = 0; i < words->nr; i++)
		write_word(to, run, words->word[i]);
}

/* --- reading --- */

/* The run keeps it, and its member points there. */
static int parse_name(struct trace_reader *r, struct trace_run *run, const struct field *f)
{
	size_t len = strcspn(r->at, " "), max = f->max ? f->max : TRACE_NAME_MAX;
	char *to = run->name[run->nr_names];

	if (!len || len > max)
		return lex_expected(r, "%s=, a name of 1 to %zu characters", f->name, max);
	if (run->nr_names == NR_OF(run->name))
		return lex_bad(r, "more than %zu names in a head", NR_OF(run->name));
	memcpy(to, r->at, len);
	to[len] = 0;
	r->at += len;
	field_set_name(run, f, to);
	run->nr_names++;
	return 0;
}

/* One of the words, or -1 with the error. */
static int take_word(struct trace_reader *r, const struct field *f, const struct words *words,
		     const char *ends)
{
	int i = lex_take_word(r, words, ends);
	char text[512];

	if (i < 0)
		lex_expected(r, "%s=%s", f->name, words_join(words, text, sizeof(text)));
	return i;
}

static int parse_backend(struct trace_reader *r, struct trace_run *run, const struct field *f)
{
	char word[32][BACKEND_MAX];
	const char *known[NR_OF(word)];
	struct words backends = { known, 0 };
	const struct backend *pv;
	int i;

	for (; backends.nr < NR_OF(known) && (pv = backend_at(backends.nr)); backends.nr++)
		known[backends.nr] = backend_word(pv, word[backends.nr]);
	i = take_word(r, f, &backends, " ");
	if (i < 0)
		return -1;
	run->config.backend = backend_at(i);
	return 0;
}

static int parse_word(struct trace_reader *r, struct trace_run *run, const struct field *f)
{
	int i = take_word(r, f, f->words, " ");

	if (i < 0)
		return -1;
	field_set(run, f, i);
	return 0;
}

/* In the list's order, each at most once. */
static int parse_set(struct trace_reader *r, struct trace_run *run, const struct field *f)
{
	int last = -1, i = -1;
	uint64_t set = 0;
	char text[256];

	field_set(run, f, 0);
	if (r->at[0] == '-' && (!r->at[1] || r->at[1] == ' ')) {
		r->at++;
		return 0;
	}
	do {
		i = lex_take_word(r, f->words, " ,");
		if (i <= last)
			return lex_expected(r, "%s=, of %s in this order, between commas, or -",
					    f->name, words_join(f->words, text, sizeof(text)));
		set |= 1ull << i;
		last = i;
	} while (lex_take(r, ","));
	field_set(run, f, set);
	return 0;
}

static int parse_number(struct trace_reader *r, struct trace_run *run, const struct field *f)
{
	char what[64];
	uint64_t n;

	snprintf(what, sizeof(what), "%s=", f->name);
	if (lex_decimal(r, what, f->min, f->max, &n))
		return -1;
	field_set(run, f, n);
	return 0;
}

static int parse_value(struct trace_reader *r, struct trace_run *run, const struct field *f)
{
	switch (f->form) {
	case FORM_NAME:
		return parse_name(r, run, f);
	case FORM_BACKEND:
		return parse_backend(r, run, f);
	case FORM_WORD:
		return parse_word(r, run, f);
	case FORM_SET:
		return parse_set(r, run, f);
	case FORM_NUMBER:
	case FORM_FLAG:
		return parse_number(r, run, f);
	}
	return -1;
}

/* Is what comes next, up to its '=', one of them? */
static bool known_word(const struct trace_reader *r, const struct trace_words *words)
{
	size_t len = strcspn(r->at, "= ");

	for (unsigned int i = 0; i < words->nr; i++)
		if (strlen(words->word[i]->name) == len &&
		    !strncmp(r->at, words->word[i]->name, len))
			return true;
	return false;
}

int trace_words_wrong(struct trace_reader *r, const struct trace_words *words,
		      const struct field *want)
{
	size_t len = strcspn(r->at, "= ");
	char text[64] = "the end of the line";

	if (want)
		snprintf(text, sizeof(text), "'%s='", want->name);
	if (!len || known_word(r, words))
		return lex_expected(r, "%s", text);
	return lex_bad(r, "unknown word '%.*s'%s, expected %s", len > 48 ? 48 : (int)len, r->at,
		       len > 48 ? "..." : "", text);
}

static bool is_next(const struct trace_reader *r, const struct field *f)
{
	size_t len = strlen(f->name);

	return r->at[0] == ' ' && !strncmp(r->at + 1, f->name, len) && r->at[1 + len] == '=';
}

int trace_words_read(struct trace_reader *r, struct trace_run *run, const struct trace_words *words)
{
	for (unsigned int i = 0; i < words->nr; i++) {
		const struct field *f = words->word[i];
		size_t len = strlen(f->name);

		if (f->optional && !is_next(r, f))
			continue;
		if (!lex_take(r, " ") || strncmp(r->at, f->name, len) || r->at[len] != '=')
			return trace_words_wrong(r, words, f);
		r->at += len + 1;
		if (parse_value(r, run, f))
			return -1;
		if (*r->at && *r->at != ' ')
			return lex_expected(r,
					    "a blank or the end of the line behind %s=", f->name);
	}
	return 0;
}
