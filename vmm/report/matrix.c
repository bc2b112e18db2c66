/* SPDX-License-Identifier: GPL-2.0-only */
/* Results as a matrix: which run gets which cell. */
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "report/matrix.h"
#include "report/text.h"

bool matrix_takes(const struct matrix *m, const struct run_config *c)
{
	const char *a = c->policy.name, *b = m->of->policy.name;

	return c->cpus == m->of->cpus && !strcmp(a ? a : "", b ? b : "");
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

/* Of the same run twice the first one gets the cell. */
static void fill(struct matrix *m, const struct run_result *run, size_t nr, bool *placed)
{
	m->cell = calloc(m->nr_rows * m->nr_columns, sizeof(*m->cell));
	if (!m->cell)
		abort();
	for (size_t i = 0; i < nr; i++) {
		const struct run_config *c = &run[i].config;
		size_t at;

		if (!matrix_takes(m, c) || !fits(c))
			continue;
		at = find_row(m, c) * m->nr_columns + find_column(m, c);
		if (m->cell[at])
			continue;
		m->cell[at] = &run[i];
		placed[i] = true;
	}
}

void matrix_make(struct matrix *m, const struct run_result *run, size_t nr,
		 const struct run_config *of, bool *placed)
{
	*m = (struct matrix){ .of = of };
	for (size_t i = 0; i < nr; i++)
		if (matrix_takes(m, &run[i].config) && fits(&run[i].config))
			add_to_axes(m, &run[i]);
	fill(m, run, nr, placed);
}

void matrix_free(struct matrix *m)
{
	free(m->row);
	free(m->column);
	free(m->cell);
}
