/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables that a page of docs/ has from a command: compared by cell, as the tree may have more. */
#include <stdlib.h>
#include <string.h>

#include "doc_tables.h"
#include "unit_util.h"

#define MAX_CELL    1024
#define MAX_COLUMNS 32u

char *doc_tables(const char *path, const char *mark)
{
	char *text = NULL, *begin, *end, want[80];
	FILE *from = fopen(path, "r");
	size_t room = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	CU_ASSERT_FATAL(getdelim(&text, &room, 0, from) > 0);
	fclose(from);
	snprintf(want, sizeof(want), "<!-- %s -->\n", mark);
	begin = strstr(text, want);
	snprintf(want, sizeof(want), "<!-- end of %s -->", mark);
	end = strstr(text, want);
	CU_ASSERT_FATAL(begin && end && begin < end);
	*end = 0;
	begin = strdup(strchr(begin, '\n') + 1);
	free(text);
	return begin;
}

struct cell {
	unsigned int table; /* from 1 */
	char row[64], column[64], text[MAX_CELL];
};

typedef void cell_fn(void *ctx, const struct cell *cell);

/* The nr-th cell of a line of a table, from 0, without the blanks around it; false: none. */
static bool cell_at(const char *line, unsigned int nr, char *text, size_t len)
{
	const char *end = line + strcspn(line, "\n"), *at = line;

	while (nr-- && at < end)
		at += 1 + strcspn(at + 1, "|\n");
	if (at + 1 >= end)
		return false;
	at++;
	at += strspn(at, " ");
	end = at + strcspn(at, "|\n");
	while (end > at && end[-1] == ' ')
		end--;
	snprintf(text, len, "%.*s", (int)(end - at), at);
	return true;
}

/* The first line of a table has the columns' names, the first cell of a line has the row's. */
static void each_cell(const char *text, cell_fn *fn, void *ctx)
{
	const char *head = NULL;
	struct cell cell = { 0 };

	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		if (*line != '|') {
			head = NULL;
			continue;
		}
		if (!head) {
			head = line;
			cell.table++;
			continue;
		}
		cell_at(line, 0, cell.row, sizeof(cell.row));
		if (cell.row[0] == '-')
			continue;
		for (unsigned int i = 1; i < MAX_COLUMNS; i++)
			if (cell_at(head, i, cell.column, sizeof(cell.column)) &&
			    cell_at(line, i, cell.text, sizeof(cell.text)))
				fn(ctx, &cell);
	}
}

struct search {
	const struct cell *of;
	char text[MAX_CELL];
	bool found;
};

static void look(void *ctx, const struct cell *cell)
{
	struct search *s = ctx;

	if (cell->table != s->of->table || strcmp(cell->row, s->of->row) ||
	    strcmp(cell->column, s->of->column))
		return;
	s->found = true;
	memcpy(s->text, cell->text, sizeof(s->text));
}

/* Of which kind is the name, in "kind: `a`, `b`; other: `c`"? "": it is not there. */
static const char *kind_in(const char *cell, const char *name, char *buf, size_t len)
{
	const char *at = strstr(cell, name), *from = cell;

	for (const char *end = cell; at && (end = strchr(end, ';')) && end < at; end++)
		from = end + 1;
	from += strspn(from, " ");
	snprintf(buf, len, "%.*s", at ? (int)strcspn(from, ":") : 0, from);
	return buf;
}

/* Is each known name of one cell of the same kind in the other? */
static bool names_agree(const char *one, const char *other, bool (*known)(const char *name))
{
	for (const char *at = one; (at = strchr(at, '`')); at++) {
		char name[64], quoted[80], a[64], b[64];

		snprintf(name, sizeof(name), "%.*s", (int)strcspn(at + 1, "`"), at + 1);
		snprintf(quoted, sizeof(quoted), "`%s`", name);
		at += strlen(quoted) - 1;
		if (known(name) && strcmp(kind_in(one, quoted, a, sizeof(a)),
					  kind_in(other, quoted, b, sizeof(b))))
			return false;
		if (!*at)
			break;
	}
	return true;
}

struct comparison {
	const char *page;
	bool (*known)(const char *name);
	unsigned int nr;
};

static void compare(void *ctx, const struct cell *cell)
{
	struct comparison *c = ctx;
	struct search s = { .of = cell };
	bool names = strchr(cell->text, '`'), agree;

	each_cell(c->page, look, &s);
	if (!s.found) {
		test_say("%s, %s: not in the page's table %u", cell->row, cell->column,
			 cell->table);
		return;
	}
	c->nr++;
	if (names || strchr(s.text, '`'))
		agree = names_agree(cell->text, s.text, c->known) &&
			names_agree(s.text, cell->text, c->known);
	else
		agree = !strcmp(cell->text, s.text);
	EXPECT(agree, "%s, %s: it is '%s', and the page has '%s'", cell->row, cell->column,
	       cell->text, s.text);
}

unsigned int doc_cells_agree(const char *made, const char *page, bool (*known)(const char *name))
{
	struct comparison c = { page, known, 0 };

	each_cell(made, compare, &c);
	return c.nr;
}
