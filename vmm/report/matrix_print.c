/* SPDX-License-Identifier: GPL-2.0-only */
/* A matrix as text: columns as wide as they must be. */
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "base/words.h"
#include "report/cells.h"
#include "report/text.h"

#define CELL_GAP 2

static size_t widest(size_t width, const char *text)
{
	return strlen(text) > width ? strlen(text) : width;
}

static void set_widths(struct matrix *m, cell_fn *cell, bool with_sites)
{
	for (size_t i = 0; i < m->nr_columns; i++) {
		struct column *c = &m->column[i];

		c->width = widest(widest(0, c->backend->name), c->backend->provider);
		for (unsigned int word = 0; word < words_no_shown.nr; word++)
			c->width = widest(c->width, words_no_shown.name[word]);
		if (with_sites)
			c->width = widest(c->width, c->sites);
		for (size_t row = 0; row < m->nr_rows; row++) {
			const struct run_result *r = m->cell[row * m->nr_columns + i];
			char line[CELL_LINES][CELL_LEN] = { "" };

			if (r)
				cell(c, r, line);
			for (int l = 0; l < CELL_LINES; l++)
				c->width = widest(c->width, line[l]);
		}
	}
}

static size_t label_width(const struct matrix *m)
{
	size_t width = strlen("HYPERVISOR");

	for (size_t i = 0; i < m->nr_rows; i++)
		width = widest(width, m->row[i]);
	return width;
}

/* A line of a label and a text for each column, text(ctx, i); no blanks at its end. */
typedef const char *text_fn(void *ctx, size_t column);

static void print_line(FILE *to, const struct matrix *m, const char *label, text_fn *text,
		       void *ctx)
{
	size_t at = fprintf(to, "%s", label), start = label_width(m) + CELL_GAP;

	for (size_t i = 0; i < m->nr_columns; i++) {
		const char *word = text(ctx, i);

		if (word[0])
			at += fprintf(to, "%*s%s", (int)(start - at), "", word);
		start += m->column[i].width + CELL_GAP;
	}
	fputc('\n', to);
}

static const char *backend_word(void *ctx, size_t column)
{
	return ((struct matrix *)ctx)->column[column].backend->name;
}

static const char *provider_word(void *ctx, size_t column)
{
	return ((struct matrix *)ctx)->column[column].backend->provider;
}

static const char *invlpgb_word(void *ctx, size_t column)
{
	return words_no_shown.name[((struct matrix *)ctx)->column[column].invlpgb];
}

static const char *sites_word(void *ctx, size_t column)
{
	const char *sites = ((struct matrix *)ctx)->column[column].sites;

	return sites[0] ? sites : "-";
}

/* A row's cells, and which of their lines is the one to print. */
struct cells {
	char (*line)[CELL_LINES][CELL_LEN]; /* by column */
	int which;
};

static const char *cell_word(void *ctx, size_t column)
{
	const struct cells *cells = ctx;

	return cells->line[column][cells->which];
}

static void print_row(FILE *to, const struct matrix *m, size_t row, cell_fn *cell)
{
	struct cells cells = { .line = calloc(m->nr_columns, sizeof(*cells.line)) };
	int nr_lines = 1;

	if (!cells.line)
		abort();
	for (size_t i = 0; i < m->nr_columns; i++) {
		const struct run_result *r = m->cell[row * m->nr_columns + i];

		if (r)
			cell(&m->column[i], r, cells.line[i]);
		for (int l = nr_lines; l < CELL_LINES; l++)
			if (cells.line[i][l][0])
				nr_lines = l + 1;
	}
	for (; cells.which < nr_lines; cells.which++)
		print_line(to, m, cells.which ? "" : m->row[row], cell_word, &cells);
	free(cells.line);
}

static void print_block(FILE *to, struct matrix *m, cell_fn *cell, bool with_sites)
{
	set_widths(m, cell, with_sites);
	print_line(to, m, "BACKEND", backend_word, m);
	print_line(to, m, "HYPERVISOR", provider_word, m);
	print_line(to, m, "INVLPGB", invlpgb_word, m);
	if (with_sites)
		print_line(to, m, "SITES", sites_word, m);
	for (size_t i = 0; i < m->nr_rows; i++)
		print_row(to, m, i, cell);
}

/* What the runs have in common. */
static void print_title(FILE *to, const struct run_result *r)
{
	const struct run_config *c = &r->config;
	char more[320];

	fprintf(to, "\n%u CPUs, %u TLBs, CONFIG_PARAVIRT=y", c->cpus, r->tlbs);
	if (c->key != KEY_AUTO)
		fprintf(to, ", key forced %s", key_request_names[c->key]);
	if (c->policy.other)
		fprintf(to, ", policy %s", c->policy.name);
	conditions_text(c, more, sizeof(more));
	fprintf(to, "%s\n", more);
}

static const struct run_result *first_cell(const struct matrix *m)
{
	size_t i = 0;

	while (!m->cell[i])
		i++;
	return m->cell[i];
}

void matrix_print(FILE *to, struct matrix *m, bool explained)
{
	print_title(to, first_cell(m));
	if (!explained)
		fprintf(to,
			"SITES: the bytes at each static branch on the key. In a cell: the key; "
			"DELIVERED: targets interrupted/targets; SAFE: ok, or BAD\n"
			"and how many violations; -: nothing to judge. Below it the verdict where "
			"it is no plain pass (caught: a violation was expected,\n"
			"and found), and its SITES where they are others; behind DELIVERED, WALKERS (w) where these fail.\n");
	fputc('\n', to);
	print_block(to, m, judged_cell, true);
	fprintf(to, "\nThe same runs' counts");
	if (!explained)
		fprintf(to,
			": for each flush that has other CPUs in its mask, interrupts of targets "
			"(i) and hypercalls (h); of all flushes,\n"
			"CPUs left out as lazy (l), preempted (p), elsewhere (e); of walkers in "
			"the way, those interrupted/all (w). -: no such flush.");
	fprintf(to, "\n\n");
	print_block(to, m, counts_cell, false);
}
