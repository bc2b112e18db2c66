/* SPDX-License-Identifier: GPL-2.0-only */
/* The differences that docs/model.md lists, each with its reason: read, and laid on what is found.
 */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/take_in.h"
#include "differ/known.h"

TAKE_IN(model_page, "docs/model.md");

#define BEGINS "\n<!-- differences -->\n"
#define ENDS   "\n<!-- end of differences -->\n"

/* The next word between blanks, its length in *len; NULL: there is none. */
static const char *next_word(const char **at, size_t *len)
{
	const char *word = *at + strspn(*at, " ");

	*len = strcspn(word, " ");
	*at = word + *len;
	return *len ? word : NULL;
}

static bool has_word(const char *words, const char *word)
{
	const char *w;
	size_t len;

	while ((w = next_word(&words, &len)))
		if (len == strlen(word) && !memcmp(w, word, len))
			return true;
	return false;
}

/* A cell without what only a page needs: backticks, commas between words, blanks around. */
static char *cell_text(const char *from, size_t len, bool words)
{
	char *text = calloc(len + 1, 1), *to = text;

	if (!text)
		abort();
	for (size_t i = 0; i < len; i++)
		if (from[i] != '`' && !(words && from[i] == ',') &&
		    !(from[i] == ' ' && (to == text || to[-1] == ' ')))
			*to++ = from[i];
	if (to > text && to[-1] == ' ')
		to[-1] = 0;
	return text;
}

/* "6.12" at *at, which goes on behind it; 0: it is none. */
static unsigned int take_version(const char **at)
{
	unsigned int major, minor;
	int n = 0;

	if (sscanf(*at, "%2u.%3u%n", &major, &minor, &n) != 2 || minor > 999)
		return 0;
	*at += n;
	return major * 1000 + minor;
}

unsigned int version_of(const char *release)
{
	return take_version(&release);
}

/* "6.1-6.12 without the series", "6.12", "all with the series". */
static int read_kernels(struct known_row *row, const char *text)
{
	row->until = 99999;
	if (!strncmp(text, "all", 3)) {
		text += 3;
	} else {
		row->from = row->until = take_version(&text);
		if (row->from && *text == '-') {
			text++;
			row->until = take_version(&text);
		}
		if (!row->from || row->until < row->from)
			return -1;
	}
	row->series = !strcmp(text, " with the series")	     ? SERIES_WITH
		      : !strcmp(text, " without the series") ? SERIES_WITHOUT
							     : SERIES_ANY;
	return *text && row->series == SERIES_ANY ? -1 : 0;
}

static int read_column(struct known_row *row, const char *text)
{
	for (int i = 0; i < DIFFER_NR; i++)
		if (!strcmp(differ_columns[i], text)) {
			row->column = i;
			return 0;
		}
	return -1;
}

static int read_row(struct known_row *row, unsigned int cells, struct error *err)
{
	char *const *cell = row->cell;

	if (cells != KNOWN_CELLS)
		return fail(err, STATUS_FAIL, "it has %u cells, and not %d", cells, KNOWN_CELLS);
	for (int i = 0; i < KNOWN_CELLS; i++)
		if (!*cell[i])
			return fail(err, STATUS_FAIL, "cell %d is empty", i + 1);
	row->scenarios = cell[0];
	row->backends = cell[1];
	row->words = cell[4];
	row->reason = cell[5];
	if (read_column(row, cell[2]))
		return fail(err, STATUS_FAIL, "'%.40s' is no column that is compared", cell[2]);
	if (read_kernels(row, cell[3]))
		return fail(err, STATUS_FAIL,
			    "'%.40s' is no range of kernels, as 6.1-6.12 or 6.12 or all, with or "
			    "without the series",
			    cell[3]);
	return 0;
}

/* A line of the table, of so many bytes, from its first "|" on. */
static int add_row(struct known *known, const char *line, size_t len, struct error *err)
{
	static const bool of_words[KNOWN_CELLS] = { true, true, false, false, true, false };
	const char *end = line + len, *next;
	struct known_row *row;
	struct error why = { 0 };
	unsigned int n = 0;

	known->row = grow(known->row, known->nr, sizeof(*known->row));
	row = &known->row[known->nr++];
	*row = (struct known_row){ 0 };
	for (; (next = memchr(line + 1, '|', end - line - 1)); line = next) {
		if (n < KNOWN_CELLS)
			row->cell[n] = cell_text(line + 1, next - line - 1, of_words[n]);
		n++;
	}
	if (!read_row(row, n, &why))
		return 0;
	return fail(err, STATUS_FAIL, "docs/model.md, row %zu of its differences: %s", known->nr,
		    why.text);
}

int known_read(struct known *known, const char *page, struct error *err)
{
	const char *at = strstr(page, BEGINS), *end = at ? strstr(at, ENDS) : NULL;
	unsigned int head = 2; /* its columns' names, and a line below */

	*known = (struct known){ 0 };
	if (!end)
		return fail(err, STATUS_FAIL, "docs/model.md has no list of differences");
	for (at += strlen(BEGINS); at < end; at += strcspn(at, "\n") + 1) {
		if (*at != '|')
			continue;
		if (head)
			head--;
		else if (add_row(known, at, strcspn(at, "\n"), err))
			return -1;
	}
	return 0;
}

void known_free(struct known *known)
{
	for (size_t i = 0; i < known->nr; i++)
		for (int k = 0; k < KNOWN_CELLS; k++)
			free(known->row[i].cell[k]);
	free(known->row);
	*known = (struct known){ 0 };
}

static bool is_about(const struct known_row *row, const struct tree_version *tree,
		     const char *scenario, const char *backend)
{
	return tree->number >= row->from && tree->number <= row->until &&
	       (row->series == SERIES_ANY || tree->series == (row->series == SERIES_WITH)) &&
	       has_word(row->scenarios, scenario) &&
	       (!strcmp(row->backends, "all") || has_word(row->backends, backend));
}

/* Marks those of the row's column that the word stands for; false: there is none. */
static bool mark(struct differences *found, const struct known_row *row, const char *word)
{
	const bool any = !strcmp(word, "varies");
	bool marked = any;

	for (size_t i = 0; i < found->nr; i++) {
		struct difference *d = &found->d[i];

		if (d->column != row->column || (!any && strcmp(d->what, word)))
			continue;
		d->listed = row->reason;
		marked = true;
	}
	return marked;
}

void known_apply(const struct known *known, const struct tree_version *tree, const char *scenario,
		 const char *backend, struct differences *found, stale_fn *stale, void *ctx)
{
	for (size_t i = 0; i < known->nr; i++) {
		const struct known_row *row = &known->row[i];
		const char *words = row->words, *w;
		char word[EDIT_LEN];
		size_t len;

		if (!is_about(row, tree, scenario, backend))
			continue;
		while ((w = next_word(&words, &len))) {
			snprintf(word, sizeof(word), "%.*s", (int)len, w);
			if (!mark(found, row, word) && stale)
				stale(ctx, row, word);
		}
	}
}
