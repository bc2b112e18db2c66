/* SPDX-License-Identifier: GPL-2.0-only */
/* Layers: the #include lines of a file, as a compiler would find them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "layers_includes.h"

/* Where a backslash ends a line there is nothing. */
static const char *joined(const char *at)
{
	while (at[0] == '\\' && at[1] == '\n')
		at += 2;
	return at;
}

/* Behind the comment that begins there; NULL: none does. */
static const char *comment(const char *at)
{
	const char *second = *at == '/' ? joined(at + 1) : at;

	if (*at != '/' || (*second != '*' && *second != '/'))
		return NULL;
	if (*second == '*') {
		for (at = second + 1; *at; at++)
			if (*at == '*' && *joined(at + 1) == '/')
				return joined(at + 1) + 1;
		return at;
	}
	for (at = joined(second + 1); *at && *at != '\n'; at = joined(at + 1))
		;
	return at;
}

/* Blanks and comments, but for the end of the line. */
static const char *blanks(const char *at)
{
	for (;;) {
		const char *behind = comment(at = joined(at));

		if (behind)
			at = behind;
		else if (*at && *at != '\n' && isspace((unsigned char)*at))
			at++;
		else
			return at;
	}
}

/* A word into name, or what is between the quotes, which stay. Returns what is behind it. */
static const char *word(const char *at, char *name, size_t size)
{
	char end = *at == '<' ? '>' : *at == '"' ? '"' : 0;
	size_t n = 0;

	for (; *at && *at != '\n'; at = joined(at + 1)) {
		if (!end && !isalnum((unsigned char)*at) && *at != '_')
			break;
		if (n < size - 1)
			name[n++] = *at;
		if (end && n > 1 && *at == end) {
			at++;
			break;
		}
	}
	name[n] = 0;
	return at;
}

/* A string or a character, which may look like a comment; at: its quote. */
static const char *literal(const char *at)
{
	char quote = *at++;

	for (; *at && *at != quote && *at != '\n'; at++)
		if (*at == '\\' && at[1])
			at++;
	return *at == quote ? at + 1 : at;
}

/* Up to the line's end, past what is in comments and strings. */
static const char *rest_of_line(const char *at)
{
	while (*(at = joined(at)) && *at != '\n') {
		const char *behind = comment(at);

		at = behind ? behind : *at == '"' || *at == '\'' ? literal(at) : at + 1;
	}
	return at;
}

static unsigned int lines(const char *from, const char *to)
{
	unsigned int nr = 0;

	for (; from < to; from++)
		nr += *from == '\n';
	return nr;
}

void includes_of(const char *text, include_fn *fn, void *ctx)
{
	const char *at = text;

	while (*at) {
		char name[256];

		at = blanks(at);
		if (*at == '#' || (at[0] == '%' && *joined(at + 1) == ':')) {
			at = blanks(*at == '#' ? at + 1 : joined(at + 1) + 1);
			at = word(at, name, sizeof(name));
			if (!strcmp(name, "include") || !strcmp(name, "include_next") ||
			    !strcmp(name, "import")) {
				unsigned int line = lines(text, at) + 1;

				at = word(blanks(at), name, sizeof(name));
				fn(ctx, name, line);
			}
		}
		at = rest_of_line(at);
		at += *at == '\n';
	}
}
