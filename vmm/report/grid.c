/* SPDX-License-Identifier: GPL-2.0-only */
/* Results for people who look at all of them at once: matrices, rows, totals. */
#include <stdlib.h>
#include <string.h>

#include "report/grid.h"
#include "report/matrix.h"
#include "report/report.h"
#include "report/totals.h"

#define SKIPS_NAMED 6u /* scenarios that a line of what was skipped names; more: their backends */

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

static void print_matrices(FILE *to, const struct grid *grid, bool *placed)
{
	bool explained = false;

	for (size_t i = 0; i < grid->nr; i++) {
		struct matrix m = { .of = &grid->result[i].config };
		size_t first = 0;

		while (!matrix_takes(&m, &grid->result[first].config))
			first++;
		if (first != i)
			continue;
		matrix_make(&m, grid->result, grid->nr, &grid->result[i].config, placed);
		if (m.nr_rows)
			matrix_print(to, &m, explained);
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

/* What a run is named by among those that were skipped for one reason. */
static const char *scenario_of(const struct run_result *r)
{
	return r->config.scenario;
}

static const char *backend_of(const struct run_result *r)
{
	return r->config.backend->name;
}

/*
 * The different names of all that was skipped for the reason of result nr, with commas; how many
 * they are. to: NULL, to count only.
 */
static unsigned int print_names(FILE *to, const struct grid *grid, size_t nr,
				const char *(*name_of)(const struct run_result *r))
{
	const char *why = grid->result[nr].judgement.why;
	unsigned int named = 0;

	for (size_t i = nr; i < grid->nr; i++) {
		const struct run_result *r = &grid->result[i];
		size_t before = nr;

		if (r->judgement.verdict != VERDICT_SKIP || strcmp(r->judgement.why, why))
			continue;
		while (before < i && (strcmp(grid->result[before].judgement.why, why) ||
				      strcmp(name_of(&grid->result[before]), name_of(r))))
			before++;
		if (before < i)
			continue;
		if (to)
			fprintf(to, "%s%s", named ? ", " : "", name_of(r));
		named++;
	}
	return named;
}

/* Which: the scenarios, or the backends where the reason is not about some few scenarios. */
static void print_skips(FILE *to, const struct grid *grid, const bool *placed)
{
	bool any = false;

	for (size_t i = 0; i < grid->nr; i++) {
		const struct judgement *j = &grid->result[i].judgement;
		unsigned int same;

		if (j->verdict != VERDICT_SKIP || !placed[i] || !skip_is_new(grid, i, &same))
			continue;
		fprintf(to, "%s    %u: ", any ? "" : "\nskipped\n", same);
		print_names(to, grid, i,
			    print_names(NULL, grid, i, scenario_of) <= SKIPS_NAMED ? scenario_of
										   : backend_of);
		fprintf(to, ": %s\n", j->why);
		any = true;
	}
}

static void print_totals(FILE *to, const struct grid *grid)
{
	struct totals totals = { 0 };
	char text[160];

	for (size_t i = 0; i < grid->nr; i++)
		totals_add(&totals, &grid->result[i]);
	fprintf(to, "\n%s\n", totals_text(&totals, text, sizeof(text)));
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
