/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb run --mm model,kernel`: the same under both images, and where they differ. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/backend.h"
#include "base/settings.h"
#include "base/signals.h"
#include "cli/confine.h"
#include "cli/differ.h"
#include "cli/session.h"
#include "differ/report.h"
#include "sandbox/sandbox.h"

/* What it does not take, and why. */
static const struct {
	const char *option, *why;
} not_taken[] = {
	{ "policy", "a tree decides as it does, and the model by the policy that does so, too" },
	{ "stress", "a free run is never the same twice" },
	{ "matrix", "it has one report, or --json" },
	{ "summary", "it has one report, or --json" },
	{ "rows", "it has one report, or --json" },
	{ "table", "it has one report, or --json" },
	{ "tap", "it has one report, or --json" },
	{ "junit", "it has one report, or --json" },
	{ "trace", "two runs are no trace; make one under each --mm" },
	{ "dump-dtb", "it is one file, of one run" },
	{ "gdb", "it is for one run" },
};

int differ_fits(const struct command_line *cl, struct error *err)
{
	for (size_t i = 0; i < sizeof(not_taken) / sizeof(not_taken[0]); i++)
		if (options_given(cl, not_taken[i].option))
			return fail(err, STATUS_USAGE, "--mm " MM_BOTH " takes no --%s: %s",
				    not_taken[i].option, not_taken[i].why);
	return 0;
}

struct differing {
	struct session model, kernel;
	struct run_result *of_kernel; /* by the kernel's plan */
	struct known known;
	struct tree_version tree;
	struct page page;
	struct differ_json *json; /* NULL: text */
	struct pair_totals totals;
	struct skips skips;
	int status;
	bool any; /* a pair has been compared */
};

/* The model's policy that decides as the tree does. */
static const char *policy_like(const struct pvtlb_kernel *kernel)
{
	return kernel->flags & PVTLB_KERNEL_SERIES ? "patch" : "always-sync";
}

/* Is it what the list's words are about: nothing wrong on purpose, and the usual number of CPUs? */
static bool is_usual(const struct run_config *config)
{
	const struct run_config usual = settings_unasked();

	return config->cpus == usual.cpus && config->key == KEY_AUTO &&
	       config->fault == PVTLB_FAULT_NONE && !config->dtb;
}

static void keep_order(struct plan *plan)
{
	for (size_t i = 0; i < plan->nr; i++)
		plan->config[i].order = true;
}

static bool same_run(const struct run_config *a, const struct run_config *b)
{
	return !strcmp(a->scenario, b->scenario) && a->backend == b->backend &&
	       a->paravirt == b->paravirt && a->invlpgb == b->invlpgb && a->late == b->late &&
	       a->cpus == b->cpus;
}

/* Both plans, of the same configurations in the same order. */
static int make_plans(struct differing *d, const struct command_line *cl, const struct host *host,
		      struct error *err)
{
	struct run_options options = cl->run;
	size_t i = 0;

	options.host = host;
	if (plan_make(&d->kernel.plan, d->kernel.images, &options, err))
		return -1;
	options.policy[0] = policy_like(d->kernel.images->image[1].kernel);
	options.nr_policies = 1;
	if (plan_make(&d->model.plan, d->model.images, &options, err))
		return -1;
	while (i < d->model.plan.nr && i < d->kernel.plan.nr &&
	       same_run(&d->model.plan.config[i], &d->kernel.plan.config[i]))
		i++;
	if (i < d->model.plan.nr || i < d->kernel.plan.nr)
		return fail(
			err, STATUS_FAIL,
			"%s and %s have not the same scenarios; build the second one again: make "
			"kernel-guest KERNEL=~/linux",
			d->model.images->image[1].path, d->kernel.images->image[1].path);
	if (!i)
		return fail(err, STATUS_SKIP,
			    "nothing to run: no backend fits these options (is "
			    "it served by that provider? see: pvtlb list)");
	keep_order(&d->kernel.plan);
	keep_order(&d->model.plan);
	return 0;
}

static void report_pair(struct differing *d, const struct run_result *model,
			const struct run_result *kernel)
{
	const struct command_line *cl = d->kernel.cl;
	struct pair pair;
	bool is_new;

	pair_make(&pair, &d->known, &d->tree, model, kernel, is_usual(&kernel->config));
	pair_count(&d->totals, &pair);
	is_new = differences_new(&pair.found);
	if (pair.skipped)
		skips_add(&d->skips, pair.skipped);
	d->any |= !pair.skipped;
	if (is_new)
		d->status = status_merge(d->status, STATUS_FAIL, false);
	if (d->json)
		differ_json_pair(d->json, &pair);
	else if (is_new || pair.nr_stale ||
		 (!cl->quiet && (pair.found.nr || cl->run.nr_scenarios || cl->verbose)))
		differ_text_pair(&d->page, &pair, cl->verbose);
	pair_free(&pair);
}

/* A run that did not come to its end has said nothing that could be compared. */
static void count_status(struct differing *d, const struct run_result *r)
{
	if (r->status != STATUS_OK && r->status != STATUS_FAIL && r->status != STATUS_SKIP)
		d->status = status_merge(d->status, r->status, false);
}

static int run_kernels(struct differing *d, struct error *err)
{
	struct session *s = &d->kernel;

	d->of_kernel = calloc(s->plan.nr, sizeof(*d->of_kernel));
	if (!d->of_kernel)
		abort();
	if (session_start(s, err))
		return -1;
	while (session_next(s, &d->of_kernel[s->ended]))
		count_status(d, &d->of_kernel[s->ended++]);
	session_stop(s);
	return s->ended == s->plan.nr ? 0 : fail(err, STATUS_FAIL, "told to stop");
}

/* What the kernel's image cannot run there is no use in running under the model's. */
static void leave_out_skipped(struct differing *d)
{
	struct plan *plan = &d->model.plan;
	size_t nr = 0;

	for (size_t i = 0; i < plan->nr; i++)
		if (d->of_kernel[i].judgement.verdict != VERDICT_SKIP)
			plan->config[nr++] = plan->config[i];
	plan->nr = nr;
}

static int run_models(struct differing *d, struct error *err)
{
	struct session *s = &d->model;
	struct run_result *result;

	leave_out_skipped(d);
	if (s->plan.nr && session_start(s, err))
		return -1;
	result = result_get();
	for (size_t i = 0; i < d->kernel.plan.nr; i++) {
		const struct run_result *kernel = &d->of_kernel[i];

		if (kernel->judgement.verdict == VERDICT_SKIP) {
			report_pair(d, NULL, kernel);
			continue;
		}
		if (!session_next(s, result))
			break;
		s->ended++;
		count_status(d, result);
		report_pair(d, result, kernel);
		run_result_free(result);
	}
	free(result);
	session_stop(s);
	return s->ended == s->plan.nr ? 0 : fail(err, STATUS_FAIL, "told to stop");
}

static int compare_all(struct differing *d, struct error *err)
{
	const struct command_line *cl = d->kernel.cl;
	const struct pvtlb_kernel *kernel = d->kernel.images->image[1].kernel;
	const struct differ_head head = { d->kernel.host, kernel, policy_like(kernel) };
	int ret;

	d->tree = (struct tree_version){ version_of(kernel->release),
					 kernel->flags & PVTLB_KERNEL_SERIES };
	if (known_read(&d->known, model_page, err) || make_plans(d, cl, d->kernel.host, err))
		return -1;
	if (session_prepare(&d->kernel, err) ||
	    confine(cl, &(struct confined){ .host = d->kernel.host, .listener = -1 }, err) ||
	    run_kernels(d, err))
		return -1;
	if (cl->json)
		d->json = differ_json_begin(&head);
	else
		differ_text_head(&d->page, &head);
	ret = run_models(d, err);
	sandbox_report();
	if (!d->json)
		differ_text_end(&d->page, &d->totals, &d->skips);
	else if (differ_json_end(d->json, &d->totals, stdout))
		ret = fail(err, STATUS_FAIL, "cannot write the report: %s", strerror(errno));
	return ret;
}

int cmd_differ(const struct command_line *cl, const struct images *model,
	       const struct images *kernel)
{
	struct differing d = { 0 };
	struct error err = { 0 };
	struct host host;

	if (host_open(&host, cl->kvm, &err))
		return complain(&err);
	d.page = (struct page){ stdout, page_has_color(cl->color, isatty(STDOUT_FILENO),
						       getenv("NO_COLOR")) };
	d.model = (struct session){ .cl = cl, .host = &host, .images = model, .progress = true };
	d.kernel = d.model;
	d.kernel.images = kernel;
	d.model.files.console = d.kernel.files.console = stderr;
	compare_all(&d, &err);
	for (size_t i = 0; d.of_kernel && i < d.kernel.ended; i++)
		run_result_free(&d.of_kernel[i]);
	free(d.of_kernel);
	plan_free(&d.model.plan);
	plan_free(&d.kernel.plan);
	known_free(&d.known);
	skips_free(&d.skips);
	host_close(&host);
	if (err.status)
		return complain(&err);
	return d.status ? d.status : d.any ? STATUS_OK : STATUS_SKIP;
}
