/* SPDX-License-Identifier: GPL-2.0-only */
/* A configuration's two runs, and what is to be said of them. */
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "base/grow.h"
#include "differ/pair.h"

static void add_stale(void *ctx, const struct known_row *row, const char *word)
{
	struct pair *pair = ctx;
	struct stale *s;

	pair->stale = grow(pair->stale, pair->nr_stale, sizeof(*pair->stale));
	s = &pair->stale[pair->nr_stale++];
	s->row = row;
	snprintf(s->word, sizeof(s->word), "%s", word);
}

void pair_make(struct pair *pair, const struct known *known, const struct tree_version *tree,
	       const struct run_result *model, const struct run_result *kernel, bool usual)
{
	const struct run_config *config = &kernel->config;
	char backend[64];

	*pair = (struct pair){ .model = model, .kernel = kernel };
	if (kernel->judgement.verdict == VERDICT_SKIP)
		pair->skipped = kernel->judgement.why;
	else if (model && model->judgement.verdict == VERDICT_SKIP)
		pair->skipped = model->judgement.why;
	if (pair->skipped)
		return;
	differ(model, kernel, &pair->found);
	snprintf(backend, sizeof(backend), "%s%s", config->backend->name,
		 config->late ? "/late" : "");
	known_apply(known, tree, config->scenario, backend, &pair->found, usual ? add_stale : NULL,
		    pair);
}

void pair_free(struct pair *pair)
{
	differences_free(&pair->found);
	free(pair->stale);
	*pair = (struct pair){ 0 };
}

void pair_count(struct pair_totals *totals, const struct pair *pair)
{
	totals->pairs++;
	totals->steps += pair->found.steps;
	totals->mixed += pair->found.mixed;
	totals->stale += pair->nr_stale;
	if (pair->skipped)
		totals->skipped++;
	else if (differences_new(&pair->found))
		totals->new ++;
	else if (pair->found.nr)
		totals->listed++;
	else
		totals->same++;
}
