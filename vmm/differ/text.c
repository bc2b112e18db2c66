/* SPDX-License-Identifier: GPL-2.0-only */
/* Pairs of runs, told for people. */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "differ/report.h"
#include "report/report.h"
#include "report/text.h"

#define ROW "%-16s %-7s %3s %-6s %-3s %9s %7s %7s %6s %s\n"

void differ_text_head(const struct page *page, const struct differ_head *head)
{
	const bool series = head->kernel->flags & PVTLB_KERNEL_SERIES;
	char text[512];

	report_host_line(page, head->host);
	snprintf(text, sizeof(text),
		 "guest/mm under policy %s; of the kernel %.63s, %s the series: its own code",
		 head->policy, head->kernel->release, series ? "with" : "without");
	page_wrap(page, "model: ", 7, text);
	fprintf(page->to, ROW, "SCENARIO", "BACKEND", "CPU", "MM", "KEY", "DELIVERED", "WALKERS",
		"SAFE", "ELIDED", "VERDICT");
}

/* A run's cells, each of CELL bytes. */
#define CELL 48
struct cells {
	char key[CELL], delivered[CELL], walkers[CELL], safe[CELL], elided[CELL], verdict[CELL];
};

static void cells_of(struct cells *c, const struct run_result *r)
{
	memset(c, 0, sizeof(*c));
	snprintf(c->key, CELL, "%s", key_text(&r->facts.key));
	delivered_text(r, c->delivered, CELL);
	walkers_text(r, c->walkers, CELL);
	safe_text(r, c->safe, CELL);
	elided_text(&r->facts.findings.counts, c->elided, CELL);
	snprintf(c->verdict, CELL, "%s", verdict_names[r->judgement.verdict]);
}

static void row(const struct page *page, const struct run_config *config, const char *mm,
		const struct cells *c)
{
	char backend[64], cpus[16];

	snprintf(cpus, sizeof(cpus), "%u", config->cpus);
	backend_text(config, backend, sizeof(backend) - 8);
	if (config->late)
		strcat(backend, " late");
	fprintf(page->to, ROW, config->scenario, backend, cpus, mm, c->key, c->delivered,
		c->walkers, c->safe, c->elided, c->verdict);
}

/* Those of one column that have this reason, between blanks. False: none has it. */
static bool words_with(const struct differences *found, enum differ_column column,
		       const char *reason, char *buf, size_t len)
{
	size_t n = 0;

	buf[0] = 0;
	for (size_t i = 0; i < found->nr && n < len; i++)
		if (found->d[i].column == column && found->d[i].listed == reason)
			n += snprintf(buf + n, len - n, "%s%s", n ? " " : "", found->d[i].what);
	return n;
}

static void listed(const struct page *page, const struct differences *found)
{
	char words[1024], first[32], text[2048];

	for (size_t i = 0; i < found->nr; i++) {
		const struct difference *d = &found->d[i];
		bool told = !d->listed;

		for (size_t k = 0; k < i; k++)
			told |= found->d[k].column == d->column && found->d[k].listed == d->listed;
		if (told || !words_with(found, d->column, d->listed, words, sizeof(words)))
			continue;
		snprintf(first, sizeof(first), "    listed: %s ", differ_columns[d->column]);
		snprintf(text, sizeof(text), "%s: %s", words, d->listed);
		page_wrap(page, first, 8, text);
	}
}

static void line_of(const struct page *page, const char *whose, const struct order *order,
		    const struct difference *d)
{
	const struct order_word *word;
	size_t nr = order_line(order, d->step, d->cpu, &word), len;
	char first[32], *text;
	FILE *to = open_memstream(&text, &len);

	if (!to)
		abort();
	for (size_t i = 0; i < nr; i++) {
		const char *sep = "(";

		fprintf(to, "%s%s", i ? " " : "", word[i].name);
		for (unsigned int cpu = 0; cpu < PVTLB_MAX_CPUS; cpu++)
			if (word[i].cpus.bits[cpu / 64] >> (cpu % 64) & 1) {
				fprintf(to, "%s%u", sep, cpu);
				sep = ",";
			}
		if (*sep == ',')
			fputc(')', to);
	}
	if (fclose(to))
		abort();
	snprintf(first, sizeof(first), "      %s: ", whose);
	page_wrap(page, first, 14, nr ? text : "nothing");
	free(text);
}

static void where(const struct page *page, const struct pair *pair, const struct difference *d)
{
	const struct order_step *step = &pair->model->order->step[d->step];
	char text[128];

	if (d->step)
		snprintf(text, sizeof(text), "trial %llu, step %llu, CPU %u",
			 (unsigned long long)step->trial, (unsigned long long)step->step, d->cpu);
	else
		snprintf(text, sizeof(text), "before the first trial, CPU %u", d->cpu);
	fprintf(page->to, "      %s:\n", text);
	line_of(page, "model", pair->model->order, d);
	line_of(page, "kernel", pair->kernel->order, d);
}

static void new_ones(const struct page *page, const struct pair *pair)
{
	const struct differences *found = &pair->found;

	for (size_t i = 0; i < found->nr; i++) {
		const struct difference *d = &found->d[i];

		if (d->listed)
			continue;
		fprintf(page->to, "    ");
		page_ink(page, INK_BAD, 0, "not listed");
		fprintf(page->to, ": %s %s", differ_columns[d->column], d->what);
		fprintf(page->to, d->times > 1 ? ", %u times\n" : "\n", d->times);
	}
}

/* Where the orders differ: the first place that is not accounted for; verbose: each of them. */
static void places(const struct page *page, const struct pair *pair, bool verbose)
{
	const struct differences *found = &pair->found;
	const struct difference *last = NULL;

	for (size_t i = 0; i < found->nr; i++) {
		const struct difference *d = &found->d[i];

		if (d->column != DIFFER_ORDER || !strncmp(d->what, "steps:", 6) ||
		    (!verbose && (d->listed || last)))
			continue;
		/* Several are in one place, and those of one behind each other. */
		if (!last || last->step != d->step || last->cpu != d->cpu)
			where(page, pair, d);
		last = d;
	}
}

void differ_text_pair(const struct page *page, const struct pair *pair, bool verbose)
{
	const struct run_config *config = &pair->kernel->config;
	struct cells m, k;

	if (pair->skipped)
		return;
	cells_of(&m, pair->model);
	cells_of(&k, pair->kernel);
	if (memcmp(&m, &k, sizeof(m))) {
		row(page, config, "model", &m);
		row(page, config, "kernel", &k);
	} else {
		row(page, config, "both", &k);
	}
	new_ones(page, pair);
	listed(page, &pair->found);
	places(page, pair, verbose);
	for (size_t i = 0; i < pair->nr_stale; i++)
		fprintf(page->to, "    stale: docs/model.md lists %s %s, which does not occur\n",
			differ_columns[pair->stale[i].row->column], pair->stale[i].word);
	fflush(page->to);
}

void skips_add(struct skips *skips, const char *why)
{
	for (size_t i = 0; i < skips->nr; i++)
		if (!strcmp(skips->skip[i].why, why)) {
			skips->skip[i].nr++;
			return;
		}
	skips->skip = grow(skips->skip, skips->nr, sizeof(*skips->skip));
	snprintf(skips->skip[skips->nr].why, sizeof(skips->skip->why), "%s", why);
	skips->skip[skips->nr++].nr = 1;
}

void skips_free(struct skips *skips)
{
	free(skips->skip);
	*skips = (struct skips){ 0 };
}

void differ_text_end(const struct page *page, const struct pair_totals *t,
		     const struct skips *skips)
{
	char text[512], first[32];

	for (size_t i = 0; i < skips->nr; i++) {
		snprintf(first, sizeof(first), "%3u skipped: ", skips->skip[i].nr);
		page_wrap(page, first, 13, skips->skip[i].why);
	}
	snprintf(text, sizeof(text),
		 "%u the same, %u differ as docs/model.md lists, %u differ otherwise, %u skipped; "
		 "%u stale words in the list. The order was compared in %u steps; in %u others it "
		 "is chance.",
		 t->same, t->listed, t->new, t->skipped, t->stale, t->steps, t->mixed);
	snprintf(first, sizeof(first), "%u pair%s: ", t->pairs, t->pairs == 1 ? "" : "s");
	page_wrap(page, first, 4, text);
}
