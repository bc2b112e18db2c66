/* SPDX-License-Identifier: GPL-2.0-only */
/* Examples in the pages: console blocks, their marks, and what they show (docs/building.md). */
#include "doc_examples.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "unit_util.h"

#define MARK "<!-- example: "

/* Ends the line, and returns the next one's beginning. */
static char *cut_line(char *line)
{
	char *end = line + strcspn(line, "\n");

	if (*end)
		*end++ = 0;
	return end;
}

/* What the mark says of the block; its text is changed. */
static void read_mark(char *mark, struct doc_example *e)
{
	char *end = strstr(mark, " -->"), *save;

	if (!EXPECT(end && !end[4], "%s:%u: a mark that does not end with -->", e->page, e->line))
		return;
	*end = 0;
	mark += strlen(MARK);
	if (!strncmp(mark, "not run, ", 9)) {
		e->not_run = mark + 9;
		return;
	}
	for (char *word = strtok_r(mark, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		word += strspn(word, " ");
		if (!strcmp(word, "slow"))
			e->slow = true;
		else if (!strncmp(word, "on ", 3))
			e->kind = word + 3;
		else
			EXPECT(sscanf(word, "ends with %d", &e->status) == 1,
			       "%s:%u: no such mark: %s", e->page, e->line, word);
	}
}

/* A line that looks like a command where none may be. */
static bool is_command(const char *line)
{
	static const char *const begins[] = { "$ ", "make ", "build/pvtlb ", "pvtlb " };
	const char *text = line + strspn(line, " ");

	for (size_t i = 0; i < NR_OF(begins); i++)
		if (!strncmp(text, begins[i], strlen(begins[i])))
			return true;
	return false;
}

/*
 * One console block, from the line behind its fence on. Returns what comes behind it, and in
 * *number the number of that line.
 */
static char *block(char *at, struct doc_example *e, unsigned int *number, doc_example_fn *fn,
		   void *ctx, unsigned int *nr)
{
	char *line = at, *next;
	bool end = false;

	for (; !end && *line; line = next, ++*number) {
		bool begins = !strncmp(line, "$ ", 2);

		end = !strncmp(line, "```", 3);
		if (!begins && !end) {
			EXPECT(e->command, "%s:%u: shown, and no command before it", e->page,
			       *number);
			if (e->command && !*e->shown)
				e->shown = line;
			next = line + strcspn(line, "\n");
			next += *next == '\n';
			continue;
		}
		next = cut_line(line);
		*line = 0; /* ends what was shown */
		if (e->command) {
			fn(ctx, e);
			(*nr)++;
		}
		e->line = *number;
		e->command = line + 2;
		e->shown = "";
	}
	EXPECT(end, "%s: a console block that does not end", e->page);
	return line;
}

unsigned int doc_examples(const char *page, doc_example_fn *fn, void *ctx)
{
	FILE *from = fopen(page, "r");
	char *text = NULL, *line, *next, *mark = NULL;
	unsigned int nr = 0, number = 1;
	bool fenced = false;
	size_t room = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	CU_ASSERT_FATAL(getdelim(&text, &room, 0, from) > 0);
	fclose(from);
	for (line = text; *line; line = next) {
		struct doc_example e = { .page = page, .line = number };
		bool marked = !strncmp(line, MARK, strlen(MARK));

		next = cut_line(line);
		number++;
		if (!fenced && !strcmp(line, "```console")) {
			if (mark)
				read_mark(mark, &e);
			next = block(next, &e, &number, fn, ctx, &nr);
		} else if (!strncmp(line, "```", 3)) {
			fenced = !fenced;
		} else if (fenced || !strncmp(line, "    ", 4)) {
			EXPECT(!is_command(line), "%s:%u: not in a console block: %s", page,
			       number - 1, line);
		}
		EXPECT(!mark || !strcmp(line, "```console"), "%s:%u: a mark, and no block below it",
		       page, number - 1);
		mark = marked ? line : NULL;
	}
	free(text);
	return nr;
}

/* How much of the text is a number that differs from run to run: #12, 0x1f, file.c:12. */
static size_t number_at(const char *text, size_t *begins)
{
	static const struct {
		const char *begins, *digits;
	} forms[] = { { "#", "0123456789" },
		      { "0x", "0123456789abcdef" },
		      { ".c:", "0123456789" },
		      { ".h:", "0123456789" } };

	for (size_t i = 0; i < NR_OF(forms); i++) {
		size_t digits;

		*begins = strlen(forms[i].begins);
		if (strncmp(text, forms[i].begins, *begins))
			continue;
		digits = strspn(text + *begins, forms[i].digits);
		if (digits)
			return *begins + digits;
	}
	return 0;
}

#define ANY '\1'

/*
 * What is compared of a text; to be freed. Blanks and ends of lines are one blank, a number that
 * differs is N and, of what a page shows, "..." with the blanks around it is ANY.
 */
static char *plain(const char *text, bool shown)
{
	char *all = malloc(strlen(text) + 2), *to = all;
	size_t begins, len;

	CU_ASSERT_PTR_NOT_NULL_FATAL(all);
	while (*text) {
		if (isspace((unsigned char)*text)) {
			if (to > all && to[-1] != ' ' && to[-1] != ANY)
				*to++ = ' ';
			text++;
		} else if (shown && !strncmp(text, "...", 3)) {
			if (to > all && to[-1] == ' ')
				to--;
			*to++ = ANY;
			text += 3;
		} else if ((len = number_at(text, &begins))) {
			to = mempcpy(to, text, begins);
			*to++ = 'N';
			text += len;
		} else {
			*to++ = *text++;
		}
	}
	if (to > all && to[-1] == ' ')
		to--;
	*to = 0;
	return all;
}

bool doc_shown_agrees(const char *shown, const char *printed, char *where, size_t len)
{
	char *pattern = plain(shown, true), *text = plain(printed, false);
	const char *p = pattern, *t = text, *any = NULL, *from = NULL, *furthest = pattern;
	bool agrees = true;

	while (agrees && (*t || *p)) {
		if (*p == ANY) {
			any = ++p;
			from = t;
		} else if (*p && *p == *t) {
			p++;
			t++;
		} else if (any && *from) {
			p = any;
			t = ++from;
		} else {
			agrees = false;
		}
		if (p > furthest)
			furthest = p;
	}
	/* From the beginning of the word on. */
	while (furthest > pattern && furthest[-1] != ' ' && furthest[-1] != ANY)
		furthest--;
	snprintf(where, len, "%s", *furthest ? furthest : "(its end)");
	free(pattern);
	free(text);
	return agrees;
}
