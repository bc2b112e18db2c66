/* SPDX-License-Identifier: GPL-2.0-only */
/* All configurations of a `pvtlb run`. */
#include <stdlib.h>

#include "base/backend.h"
#include "cli/plan.h"

static int add(void *ctx, const struct run_config *config)
{
	struct plan *plan = ctx;

	plan->config = realloc(plan->config, (plan->nr + 1) * sizeof(*plan->config));
	if (!plan->config)
		abort();
	plan->config[plan->nr++] = *config;
	return 0;
}

int plan_make(struct plan *plan, const struct images *images, const struct run_options *options,
	      struct error *err)
{
	*plan = (struct plan){ 0 };
	return run_matrix(images, options, add, plan, err);
}

bool plan_same_backend(const struct run_config *a, const struct run_config *b)
{
	return a->backend == b->backend && (a->backend->paravirt || a->invlpgb == b->invlpgb);
}

void plan_by_backend(struct plan *plan)
{
	struct plan sorted = { 0 };

	for (size_t first = 0; first < plan->nr; first++) {
		size_t i = 0;

		while (!plan_same_backend(&plan->config[i], &plan->config[first]))
			i++;
		if (i != first)
			continue;
		for (; i < plan->nr; i++)
			if (plan_same_backend(&plan->config[i], &plan->config[first]))
				add(&sorted, &plan->config[i]);
	}
	plan_free(plan);
	*plan = sorted;
}

void plan_free(struct plan *plan)
{
	free(plan->config);
	*plan = (struct plan){ 0 };
}
