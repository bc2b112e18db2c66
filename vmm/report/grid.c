/* SPDX-License-Identifier: GPL-2.0-only */
/* Results as matrices: a row for each scenario, a column for each backend, a run in each cell. */
#include <stdlib.h>
#include <string.h>

#include "report/grid.h"
#include "pv/pv.h"
#include "report/report.h"

#define CELL_LEN   224
#define CELL_LINES 3
#define CELL_GAP   2

struct column {
	const struct pv_provider *backend;
	bool invlpgb;
	char sites[128]; /* of its first run that has any */
	size_t width;
};

/* The runs of one CPU count, under one policy. */
struct matrix {
	unsigned int cpus;
	const char *policy;
	size_t nr_rows, nr_columns;
	const char **row; /* scenarios */
	struct column *column;
	const struct run_result **cell; /* row by row; NULL: there was no such run */
};

/* What a cell says, in at most CELL_LINES lines; those that it has not are "". */
typedef void cell_fn(const struct column *column, const struct run_result *r,
		     char line[CELL_LINES][CELL_LEN]);

void grid_add(struct grid *grid, const struct run_result *result)
{
	grid->result = realloc(grid->result, (grid->nr + 1) * sizeof(*grid->result));
	if (!grid->result)
		abort();
	grid->result[grid->nr++] = *result;
}

void grid_free(struct grid *grid)
{
	for (size_t i = 0; i < grid->nr; i++)
		run_result_free(&grid->result[i]);
	free(grid->result);
	*grid = (struct grid){ 0 };
}

/* Of the same policy and CPU count, and so of the same matrix? */
static bool goes_with(const struct run_config *c, unsigned int cpus, const char *policy)
{
	return c->cpus == cpus && !strcmp(c->policy.name, policy);
}

/* Is it a run as every scenario has it, of this backend? The others are for the key alone. */
static bool fits(const struct run_config *c)
{
	return c->paravirt && !c->late &&
	       (!c->invlpgb || !c->backend->paravirt || c->backend->invlpgb);
}

static size_t find_row(const struct matrix *m, const struct run_config *c)
{
	size_t i = 0;

	while (i < m->nr_rows && strcmp(m->row[i], c->scenario))
		i++;
	return i;
}

static size_t find_column(const struct matrix *m, const struct run_config *c)
{
	size_t i = 0;

	while (i < m->nr_columns &&
	       (m->column[i].backend != c->backend || m->column[i].invlpgb != c->invlpgb))
		i++;
	return i;
}

static void add_to_axes(struct matrix *m, const struct run_result *r)
{
	size_t row = find_row(m, &r->config), column = find_column(m, &r->config);

	if (row == m->nr_rows) {
		m->row = realloc(m->row, ++m->nr_rows * sizeof(*m->row));
		if (!m->row)
			abort();
		m->row[row] = r->config.scenario;
	}
	if (column == m->nr_columns) {
		m->column = realloc(m->column, ++m->nr_columns * sizeof(*m->column));
		if (!m->column)
			abort();
		m->column[column] = (struct column){ r->config.backend, r->config.invlpgb };
	}
	if (!m->column[column].sites[0] && r->facts.key.nr_sites)
		sites_text(&r->facts.key, "", " ", m->column[column].sites,
			   sizeof(m->column[column].sites));
}

/* placed: what has found its cell; of the same run twice the first one does. */
static void fill(struct matrix *m, const struct grid *grid, bool *placed)
{
	m->cell = calloc(m->nr_rows * m->nr_columns, sizeof(*m->cell));
	if (!m->cell)
		abort();
	for (size_t i = 0; i < grid->nr; i++) {
		const struct run_config *c = &grid->result[i].config;
		size_t at;

		if (!goes_with(c, m->cpus, m->policy) || !fits(c))
			continue;
		at = find_row(m, c) * m->nr_columns + find_column(m, c);
		if (m->cell[at])
			continue;
		m->cell[at] = &grid->result[i];
		placed[i] = true;
	}
}

/* The matrix that this run is of. */
static void matrix_make(struct matrix *m, const struct grid *grid, const struct run_config *of,
			bool *placed)
{
	*m = (struct matrix){ .cpus = of->cpus, .policy = of->policy.name };
	for (size_t i = 0; i < grid->nr; i++) {
		const struct run_config *c = &grid->result[i].config;

		if (goes_with(c, m->cpus, m->policy) && fits(c))
			add_to_axes(m, &grid->result[i]);
	}
	fill(m, grid, placed);
}

static void matrix_free(struct matrix *m)
{
	free(m->row);
	free(m->column);
	free(m->cell);
}

/* Anything but a claim that holds; "" for that. */
static const char *verdict_word(const struct run_result *r)
{
	switch (r->judgement.verdict) {
	case VERDICT_PASS:
		return r->config.expect_violation ? "caught" : "";
	case VERDICT_FAIL:
		return "FAIL";
	default:
		return verdict_names[r->judgement.verdict];
	}
}

static void safe_cell(const struct run_result *r, char *buf, size_t len)
{
	const struct safe *s = &r->facts.findings.safe;

	if (!(r->claims & PVTLB_CLAIM_SAFE) || !(s->checks + s->walk_loads))
		snprintf(buf, len, "-");
	else if (s->bad.total)
		snprintf(buf, len, "BAD %llu", (unsigned long long)s->bad.total);
	else
		snprintf(buf, len, "ok");
}

static void judged_cell(const struct column *column, const struct run_result *r,
			char line[CELL_LINES][CELL_LEN])
{
	const struct key_evidence *key = &r->facts.key;
	char delivered[48], safe[32], sites[sizeof(column->sites)];
	unsigned int n = 1;

	if (r->judgement.verdict == VERDICT_SKIP) {
		snprintf(line[0], CELL_LEN, "skip");
		return;
	}
	delivered_text(r, delivered, sizeof(delivered));
	safe_cell(r, safe, sizeof(safe));
	snprintf(line[0], CELL_LEN, "%-3s %s %s",
		 !key->nr_sites ? "-"
		 : key->value	? "on"
				: "off",
		 delivered, safe);
	if (verdict_word(r)[0])
		snprintf(line[n++], CELL_LEN, "%s", verdict_word(r));
	sites_text(key, "", " ", sites, sizeof(sites));
	if (key->nr_sites && strcmp(sites, column->sites))
		snprintf(line[n], CELL_LEN, "%s", sites);
}

/* So many per flush; a 0 is exact. */
static void per_flush_cell(const struct counts *c, uint64_t nr, char *buf, size_t len)
{
	snprintf(buf, len, nr ? "%.1f" : "0", nr ? per_flush(c, nr) : 0);
}

static void counts_cell(const struct column *column, const struct run_result *r,
			char line[CELL_LINES][CELL_LEN])
{
	const struct counts *c = &r->facts.findings.counts;
	char interrupts[32], hypercalls[32], elided[80], walkers[48];
	size_t n;

	(void)column;
	if (r->judgement.verdict == VERDICT_SKIP) {
		snprintf(line[0], CELL_LEN, "skip");
		return;
	}
	n = snprintf(line[0], CELL_LEN, "-");
	if (c->remote) {
		per_flush_cell(c, c->interrupts, interrupts, sizeof(interrupts));
		per_flush_cell(c, c->hypercalls, hypercalls, sizeof(hypercalls));
		n = snprintf(line[0], CELL_LEN, "%si %sh", interrupts, hypercalls);
	}
	elided_text(c, elided, sizeof(elided));
	if (strcmp(elided, "-"))
		n += snprintf(line[0] + n, CELL_LEN - n, " %s", elided);
	walkers_text(r, walkers, sizeof(walkers));
	if (strcmp(walkers, "-"))
		snprintf(line[0] + n, CELL_LEN - n, " %sw", walkers);
}

static size_t widest(size_t width, const char *text)
{
	return strlen(text) > width ? strlen(text) : width;
}

static void set_widths(struct matrix *m, cell_fn *cell, bool with_sites)
{
	for (size_t i = 0; i < m->nr_columns; i++) {
		struct column *c = &m->column[i];

		c->width = widest(widest(strlen("shown"), c->backend->name), c->backend->provider);
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
	return ((struct matrix *)ctx)->column[column].invlpgb ? "shown" : "no";
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

	fprintf(to, "\n%u CPUs, %u TLBs, CONFIG_PARAVIRT=y", c->cpus, r->tlbs);
	if (c->key != KEY_AUTO)
		fprintf(to, ", key forced %s", key_request_names[c->key]);
	if (c->policy.other)
		fprintf(to, ", policy %s", c->policy.name);
	if (c->fault != PVTLB_FAULT_NONE)
		fprintf(to, ", fault %s", fault_names[c->fault]);
	if (c->stress)
		fprintf(to, ", free runs of %u s, seed 0x%llx", c->stress,
			(unsigned long long)c->seed);
	else if (c->trials > 1)
		fprintf(to, ", %u trials", c->trials);
	fprintf(to, "\n");
}

static const struct run_result *first_cell(const struct matrix *m)
{
	size_t i = 0;

	while (!m->cell[i])
		i++;
	return m->cell[i];
}

/* explained: what is in a cell has been said. */
static void print_matrix(FILE *to, struct matrix *m, bool explained)
{
	print_title(to, first_cell(m));
	if (!explained)
		fprintf(to,
			"SITES: the bytes at each static branch on the key. In a cell: the key; "
			"DELIVERED: targets interrupted/targets; SAFE: ok, or BAD\n"
			"and how many violations; -: nothing to judge. Below it the verdict where "
			"it is no plain pass (caught: a violation was expected,\n"
			"and found), and its SITES where they are others.\n");
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

static void print_matrices(FILE *to, const struct grid *grid, bool *placed)
{
	bool explained = false;

	for (size_t i = 0; i < grid->nr; i++) {
		const struct run_config *of = &grid->result[i].config;
		struct matrix m;
		size_t first = 0;

		while (!goes_with(&grid->result[first].config, of->cpus, of->policy.name))
			first++;
		if (first != i)
			continue;
		matrix_make(&m, grid, of, placed);
		if (m.nr_rows)
			print_matrix(to, &m, explained);
		explained |= m.nr_rows > 0;
		matrix_free(&m);
	}
}

static bool is_other(const struct run_result *r, bool placed)
{
	(void)r;
	return !placed;
}

static bool is_failed_cell(const struct run_result *r, bool placed)
{
	return placed &&
	       (r->judgement.verdict == VERDICT_FAIL || r->judgement.verdict == VERDICT_UNKNOWN);
}

static void print_rows(FILE *to, const struct grid *grid, const bool *placed, const char *title,
		       bool (*want)(const struct run_result *r, bool placed), bool verbose)
{
	bool any = false;

	for (size_t i = 0; i < grid->nr; i++) {
		if (!want(&grid->result[i], placed[i]))
			continue;
		if (!any) {
			fprintf(to, "\n%s\n", title);
			table_columns(to);
		}
		table_row(to, &grid->result[i], verbose);
		any = true;
	}
}

/* The same reason as that of an earlier one? */
static bool skip_is_new(const struct grid *grid, size_t nr, unsigned int *same)
{
	const char *why = grid->result[nr].judgement.why;

	*same = 0;
	for (size_t i = 0; i < grid->nr; i++) {
		const struct judgement *j = &grid->result[i].judgement;

		if (j->verdict != VERDICT_SKIP || strcmp(j->why, why))
			continue;
		if (i < nr)
			return false;
		++*same;
	}
	return true;
}

static void print_skips(FILE *to, const struct grid *grid, const bool *placed)
{
	bool any = false;

	for (size_t i = 0; i < grid->nr; i++) {
		const struct judgement *j = &grid->result[i].judgement;
		unsigned int same;

		if (j->verdict != VERDICT_SKIP || !placed[i] || !skip_is_new(grid, i, &same))
			continue;
		fprintf(to, "%s    %u: %s\n", any ? "" : "\nskipped\n", same, j->why);
		any = true;
	}
}

static void print_totals(FILE *to, const struct grid *grid)
{
	unsigned int nr[VERDICT_UNKNOWN + 1] = { 0 }, caught = 0;

	for (size_t i = 0; i < grid->nr; i++) {
		const struct run_result *r = &grid->result[i];

		if (r->judgement.verdict == VERDICT_PASS && r->config.expect_violation)
			caught++;
		else
			nr[r->judgement.verdict]++;
	}
	fprintf(to, "\n%zu runs: %u passed, %u controls caught, %u failed, %u skipped", grid->nr,
		nr[VERDICT_PASS], caught, nr[VERDICT_FAIL], nr[VERDICT_SKIP]);
	if (nr[VERDICT_UNKNOWN])
		fprintf(to, ", %u unknown", nr[VERDICT_UNKNOWN]);
	fprintf(to, "\n");
}

void grid_print(FILE *to, const struct host *host, const struct grid *grid, bool verbose)
{
	bool *placed = calloc(grid->nr + 1, sizeof(*placed));

	if (!placed)
		abort();
	report_host(to, host);
	print_matrices(to, grid, placed);
	print_rows(to, grid, placed, "other configurations", is_other, verbose);
	print_rows(to, grid, placed, "failed", is_failed_cell, verbose);
	print_skips(to, grid, placed);
	print_totals(to, grid);
	fflush(to);
	free(placed);
}
