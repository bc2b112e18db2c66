/* SPDX-License-Identifier: GPL-2.0-only */
/* What the lines of a saved trace are made of, read strictly: one way to write each thing. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "events/lex.h"
#include "events/number.h"

bool lex_printable(int c)
{
	return c >= ' ' && c <= '~';
}

int lex_bad(struct trace_reader *r, const char *fmt, ...)
{
	char text[768];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return fail(r->err, STATUS_FAIL, "%s:%lu: %s", r->name, r->line, text);
}

/* What is there instead is the rest of the line, which is printable, from r->at on. */
int lex_expected(struct trace_reader *r, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!*r->at)
		return lex_bad(r, "expected %s, found the end of the line", text);
	return lex_bad(r, "expected %s, found '%.48s'%s", text, r->at,
		       strlen(r->at) > 48 ? "..." : "");
}

/* --- lines --- */

/* The next line: whole, cut off by the end of the file, none left, or bad with the error set. */
enum line lex_line(struct trace_reader *r)
{
	size_t len = 0;
	int c;

	r->line++;
	r->at = r->text;
	while ((c = getc_unlocked(r->from)) != EOF && c != '\n' && lex_printable(c) &&
	       len < TRACE_LINE_MAX)
		r->text[len++] = c;
	r->text[len] = 0;
	if (c == '\n')
		return LINE_WHOLE;
	if (c == EOF && !ferror(r->from))
		return len ? LINE_CUT : LINE_NONE;
	if (c == EOF)
		lex_bad(r, "cannot read: %s", strerror(errno));
	else if (!lex_printable(c))
		lex_bad(r, "expected printable ASCII, found the byte 0x%02x in column %zu", c,
			len + 1);
	else
		lex_bad(r, "expected at most %u bytes in a line", TRACE_LINE_MAX);
	return LINE_BAD;
}

/* --- what a line is made of --- */

bool lex_take(struct trace_reader *r, const char *text)
{
	size_t len = strlen(text);

	if (strncmp(r->at, text, len))
		return false;
	r->at += len;
	return true;
}

int lex_need(struct trace_reader *r, const char *text)
{
	return lex_take(r, text) ? 0 : lex_expected(r, "'%s'", text);
}

int lex_end(struct trace_reader *r)
{
	return *r->at ? lex_expected(r, "the end of the line") : 0;
}

int lex_decimal(struct trace_reader *r, const char *what, uint64_t min, uint64_t max, uint64_t *out)
{
	const char *start = r->at;

	if (number_take_decimal(&r->at, out) && *out >= min && *out <= max)
		return 0;
	r->at = start;
	return lex_expected(r, "%s, a number from %llu to %llu", what, (unsigned long long)min,
			    (unsigned long long)max);
}

int lex_take_word(struct trace_reader *r, const struct words *words, const char *ends)
{
	size_t len = strcspn(r->at, ends);
	int i = words_find(words, r->at, len);

	if (i >= 0)
		r->at += len;
	return i;
}
