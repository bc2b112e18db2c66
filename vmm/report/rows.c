/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of 80 columns: what is the same in all of them is said once, above. */
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "base/wrap.h"
#include "report/report.h"
#include "report/rows.h"
#include "report/text.h"

#define WHY_LEAST  28 /* columns that WHY has to have beside the others */
#define WHY_INDENT 4  /* of WHY below them */
#define CELL_LEN   64

/* --- what a run came to --- */

static void key_cell(const struct run_result *r, int width, char buf[CELL_LEN])
{
	(void)width;
	snprintf(buf, CELL_LEN, "%s", key_text(&r->facts.key));
}

static void delivered_cell(const struct run_result *r, int width, char buf[CELL_LEN])
{
	const struct delivered *d = &r->facts.findings.delivered;

	delivered_text(r, buf, CELL_LEN);
	if (strcmp(buf, "-"))
		share_text(d->interrupted, d->targets, width, buf, CELL_LEN);
}

static void walkers_cell(const struct run_result *r, int width, char buf[CELL_LEN])
{
	const struct delivered *d = &r->facts.findings.delivered;

	walkers_text(r, buf, CELL_LEN);
	if (strcmp(buf, "-"))
		share_text(d->walkers_interrupted, d->walkers, width, buf, CELL_LEN);
}

/* "1296 ok"; "12M ok", if there is no room for all of its digits. */
static void safe_cell(const struct run_result *r, int width, char buf[CELL_LEN])
{
	uint64_t nr;
	enum safe_word word = safe_of(r, &nr);

	safe_text(r, buf, CELL_LEN);
	for (const char *unit = "kMGTPE"; (int)strlen(buf) > width; unit++) {
		nr /= 1000;
		snprintf(buf, CELL_LEN, "%llu%c %s", (unsigned long long)nr, *unit,
			 word == SAFE_BAD ? "BAD" : "ok");
	}
}

static void verdict_cell(const struct run_result *r, int width, char buf[CELL_LEN])
{
	(void)width;
	snprintf(buf, CELL_LEN, "%s", verdict_names[r->judgement.verdict]);
}

static void seconds_cell(const struct run_result *r, int width, char buf[CELL_LEN])
{
	int digits = r->seconds < 9.995 ? 2 : r->seconds < 99.95 ? 1 : 0;

	(void)width;
	snprintf(buf, CELL_LEN, "%.*f", digits, r->seconds);
}

static const struct outcome_column {
	const char *title;
	int width;	/* 7 at least, of what is counted: share_text() */
	uint32_t claim; /* without which there is nothing to say */
	bool word;	/* to the left, as words are */
	void (*cell)(const struct run_result *r, int width, char buf[CELL_LEN]);
} outcomes[] = {
	{ "KEY", 3, 0, true, key_cell },
	{ "DELIVERED", 9, PVTLB_CLAIM_DELIVERED, false, delivered_cell },
	{ "WALKERS", 7, PVTLB_CLAIM_DELIVERED, false, walkers_cell },
	{ "SAFE", 8, PVTLB_CLAIM_SAFE, false, safe_cell },
	{ "VERDICT", 7, 0, true, verdict_cell },
	{ "SECS", 4, 0, false, seconds_cell },
};
#define NR_OUTCOMES (sizeof(outcomes) / sizeof(outcomes[0]))

static bool has(const struct rows *rows, const struct outcome_column *o)
{
	return !o->claim || rows->claims & o->claim;
}

/* --- which columns there are --- */

/* What the facet's column needs; 0: it is the same in all of them. */
static int width_needed(const struct facet *f, const struct run_config *config, size_t nr)
{
	int width = strlen(f->title);
	bool differs = false;
	char cell[FACET_LEN];

	for (size_t i = 0; i < nr; i++) {
		differs |= !f->same(&config[i], &config[0]);
		f->cell(&config[i], cell);
		if ((int)strlen(cell) > width)
			width = strlen(cell);
	}
	return differs ? width : 0;
}

/* Columns of text before WHY: all others, each with a blank behind it. */
static int columns_left(const struct rows *rows)
{
	int left = 0;

	for (size_t i = 0; i < FACETS; i++)
		left += rows->width[i] ? rows->width[i] + 1 : 0;
	for (size_t i = 0; i < NR_OUTCOMES; i++)
		left += has(rows, &outcomes[i]) ? outcomes[i].width + 1 : 0;
	return left;
}

/* What is too much for a line goes above the rows; and if that is not enough, names are cut. */
static void make_room(struct rows *rows)
{
	int most = WRAP_WIDTH + 1, *widest = &rows->width[0];

	for (unsigned int slow = 1; slow <= FACETS; slow++) {
		for (size_t i = 0; i < FACETS; i++) {
			if (facets[i].slow != slow || !rows->width[i] || columns_left(rows) <= most)
				continue;
			rows->above[i] = true;
			rows->width[i] = 0;
		}
	}
	for (size_t i = 1; i < FACETS; i++)
		if (rows->width[i] > *widest)
			widest = &rows->width[i];
	if (columns_left(rows) > most)
		*widest -= columns_left(rows) - most;
}

static void lay_out(struct rows *rows, const struct run_config *config, size_t nr)
{
	for (size_t i = 0; i < FACETS; i++)
		rows->width[i] = width_needed(&facets[i], config, nr);
	make_room(rows);
	rows->left = columns_left(rows);
	rows->below = rows->left + WHY_LEAST > (int)WRAP_WIDTH;
}

/* --- printing --- */

/* Behind what is there, with a comma; "" adds nothing. */
static void add_clause(char *text, size_t len, const char *clause)
{
	size_t n = strlen(text);

	if (*clause)
		snprintf(text + n, len - n, "%s%s", n ? ", " : "", clause);
}

/* Who plays the hypervisor in all rows with one; "": several do, or it has been said. */
static const char *by_whom(const struct rows *rows, const struct run_config *config, size_t nr)
{
	const char *provider = NULL;

	for (size_t i = 0; i < nr; i++) {
		const struct backend *b = config[i].backend;

		if (!b->paravirt)
			continue;
		if (provider && strcmp(provider, b->provider))
			return "";
		provider = b->provider;
	}
	if (!provider || (!strcmp(provider, "host") && !rows->width[FACET_BACKEND]))
		return "";
	return strcmp(provider, "host") ? "by the VMM" : "by the host";
}

static void print_common(const struct rows *rows, const struct page *page, const struct host *host,
			 const struct run_config *config, size_t nr)
{
	char text[1024] = "", clause[FACET_LEN], more[320];

	for (size_t i = 0; i < FACETS; i++) {
		clause[0] = 0;
		if (!rows->width[i] && !rows->above[i])
			facets[i].clause(config, host, clause);
		add_clause(text, sizeof(text), clause);
		if (i == FACET_BACKEND)
			add_clause(text, sizeof(text), by_whom(rows, config, nr));
	}
	conditions_text(config, more, sizeof(more));
	add_clause(text, sizeof(text), more[0] ? more + 2 : more);
	page_wrap(page, "", 2, text);
}

static void print_cell(const struct page *page, enum ink ink, bool first, int width, bool word,
		       const char *text)
{
	int pad = word ? 0 : width - (int)strlen(text);

	fprintf(page->to, "%*s", (first ? 0 : 1) + (pad > 0 ? pad : 0), "");
	page_ink(page, ink, word ? width : 0, text);
}

static void print_head(const struct rows *rows, const struct page *page)
{
	bool first = true;

	fputc('\n', page->to);
	for (size_t i = 0; i < FACETS; i++) {
		if (!rows->width[i])
			continue;
		print_cell(page, INK_PLAIN, first, rows->width[i], true, facets[i].title);
		first = false;
	}
	for (size_t i = 0; i < NR_OUTCOMES; i++) {
		if (!has(rows, &outcomes[i]))
			continue;
		print_cell(page, INK_PLAIN, first, outcomes[i].width, outcomes[i].word,
			   outcomes[i].title);
		first = false;
	}
	fputs(rows->below ? "\n" : " WHY\n", page->to);
	fflush(page->to);
}

void rows_begin(struct rows *rows, const struct page *page, const struct host *host,
		const struct run_config *config, size_t nr, uint32_t claims)
{
	*rows = (struct rows){ .claims = claims };
	lay_out(rows, config, nr);
	report_host_line(page, host);
	print_common(rows, page, host, config, nr);
	print_head(rows, page);
}

/* Above a row that differs in it from the one before: what is said there. */
static void print_above(const struct rows *rows, const struct page *page, const struct host *host,
			const struct run_config *config)
{
	bool differs = !rows->last.backend;
	char text[4 * FACET_LEN] = "", clause[FACET_LEN];

	for (size_t i = 0; i < FACETS; i++) {
		if (!rows->above[i])
			continue;
		differs = differs || !facets[i].same(config, &rows->last);
		facets[i].clause(config, host, clause);
		add_clause(text, sizeof(text), clause);
	}
	if (*text && differs) {
		page_ink(page, INK_STRONG, 0, text);
		fputs(":\n", page->to);
	}
}

static void print_why(const struct rows *rows, const struct page *page, const char *why)
{
	int indent = rows->below ? WHY_INDENT : rows->left;

	fprintf(page->to, rows->below ? "\n%*s" : "%*s", rows->below ? indent : 1, "");
	wrap_print_from(page->to, WRAP_WIDTH, indent, indent, why);
}

static void print_row(const struct rows *rows, const struct page *page, const struct run_result *r)
{
	char facet[FACET_LEN], cell[CELL_LEN];
	bool first = true;

	for (size_t i = 0; i < FACETS; i++) {
		if (!rows->width[i])
			continue;
		facets[i].cell(&r->config, facet);
		facet[rows->width[i]] = 0;
		print_cell(page, INK_PLAIN, first, rows->width[i], true, facet);
		first = false;
	}
	for (size_t i = 0; i < NR_OUTCOMES; i++) {
		const struct outcome_column *o = &outcomes[i];
		bool bad = o->cell == verdict_cell && run_is_wrong(r);

		if (!has(rows, o))
			continue;
		o->cell(r, o->width, cell);
		print_cell(page, bad ? INK_BAD : INK_PLAIN, first, o->width, o->word, cell);
		first = false;
	}
	print_why(rows, page, r->judgement.why);
}

static void print_details(const struct page *page, const struct run_result *r)
{
	size_t len;
	char *text;
	FILE *to = open_memstream(&text, &len);

	if (!to)
		abort();
	report_details(to, r);
	fclose(to);
	page_wrap_lines(page, 0, text);
	free(text);
}

void rows_add(struct rows *rows, const struct page *page, const struct host *host,
	      const struct run_result *r, bool verbose)
{
	print_above(rows, page, host, &r->config);
	print_row(rows, page, r);
	if (report_explains(r, verbose))
		page_wrap_lines(page, WHY_INDENT, r->report);
	if (verbose)
		print_details(page, r);
	rows->last = r->config;
	totals_add(&rows->totals, r);
	fflush(page->to);
}

void rows_end(const struct rows *rows, const struct page *page)
{
	if (rows->totals.runs < 2)
		return;
	fputc('\n', page->to);
	totals_print(page, &rows->totals);
}
