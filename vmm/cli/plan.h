/* SPDX-License-Identifier: GPL-2.0-only */
/* All configurations of a `pvtlb run`, known before the first of them runs. */
#ifndef VMM_CLI_PLAN_H
#define VMM_CLI_PLAN_H

#include "cli/run.h"

struct plan {
	struct run_config *config;
	size_t nr;
};

/* Those that run_matrix() comes to, in its order. 0, or -1 with err. plan_free() it. */
int plan_make(struct plan *plan, const struct images *images, const struct run_options *options,
	      struct error *err);
/* All of one backend behind each other, in the order in which these first come. */
void plan_by_backend(struct plan *plan);
/* Are both of one backend, and native with INVLPGB shown is another than without? */
bool plan_same_backend(const struct run_config *a, const struct run_config *b);
void plan_free(struct plan *plan);

#endif
