/* SPDX-License-Identifier: GPL-2.0-only */
/* Running configurations: one, or the matrix that options span. */
#ifndef VMM_RUN_H
#define VMM_RUN_H

#include <stdbool.h>
#include <stdio.h>

#include "base/config.h"
#include "cli/images.h"
#include "gdb/gdb.h"
#include "judge/result.h"
#include "kvm/host.h"

/* What to keep of a run besides its result. */
struct run_files {
	FILE *trace;	      /* all events as text; NULL: not */
	FILE *dump_dtb;	      /* the device tree, in the place of the one before; NULL: not */
	FILE *console;	      /* what the guest says */
	const struct gdb_port *gdb; /* a socket for it; NULL: no gdb */
};

/*
 * Run one configuration. Whatever goes wrong is in the result: verdict, status and reason. The
 * result's own memory is for run_result_free().
 */
void run_one(const struct host *host, const struct images *images, const struct run_config *config,
	     const struct run_files *files, struct run_result *result);

/*
 * Can it be run here? The result has the configuration with its policy chosen, and the scenario's
 * claims; if not, verdict, status and reason.
 */
bool run_possible(const struct host *host, const struct images *images,
		  const struct run_config *config, struct run_result *result);

/* Yes, no, or each in turn. */
enum choice { CHOICE_BOTH, CHOICE_NO, CHOICE_YES };

#define RUN_MAX_LIST 255u /* words; numbers of CPUs, no two the same */
struct run_options {
	const char *scenario[RUN_MAX_LIST]; /* none: all but the diagnostic ones */
	unsigned int nr_scenarios;
	const char *backend; /* NULL: all */
	const char *provider; /* NULL: any */
	const char *policy[RUN_MAX_LIST]; /* none: the default one */
	unsigned int nr_policies;
	bool all_policies; /* of the image */
	unsigned int cpus[RUN_MAX_LIST];
	unsigned int nr_cpus;
	enum choice paravirt, invlpgb, late;
	struct run_config base; /* the rest, the same for all */
	const struct host *host; /* leave out what it cannot provide; NULL: leave out nothing */
	bool expect_given;
};

/* What is not asked for is what Linux has mostly: few configurations, for who wants one. */
void run_options_usual(struct run_options *options);

typedef int run_fn(void *ctx, const struct run_config *config);

/*
 * Call fn for each configuration that makes sense, in a fixed order, until it returns other
 * than 0. What the options ask for by name is included even if it cannot run: it is for
 * run_one() to say so. Returns fn's last value, or -1 with err for an unknown name.
 */
int run_matrix(const struct images *images, const struct run_options *options, run_fn *fn,
	       void *ctx, struct error *err);

#endif
