/* SPDX-License-Identifier: GPL-2.0-only */
/* The matrix: every configuration that options span. */
#include <string.h>

#include "base/choice.h"
#include "base/nearest.h"
#include "cli/run.h"
#include "cli/scenarios.h"
#include "machine/hypervisor.h"

#define MAX_NAMES 512

struct walk {
	const struct images *images;
	const struct run_options *options;
	run_fn *fn;
	void *ctx;
};

/* Does this value of a choice belong, when it makes sense or when it was asked for? */
static bool wanted(enum choice choice, bool value, bool sensible)
{
	if (choice == CHOICE_BOTH)
		return sensible;
	return (choice == CHOICE_YES) == value;
}

/*
 * Where the key alone is what the scenario is about, every way to decide it is part of the
 * matrix; elsewhere they would do the same again.
 */
static bool key_is_all(const struct pvtlb_scenario *s)
{
	return (s->flags & PVTLB_CLAIMS) == PVTLB_CLAIM_KEY;
}

/*
 * What is wrong on purpose, unless told otherwise: a scenario that says so of itself; a late
 * install, when the key comes out on; and where every sync is needed, a run that skips them.
 */
static bool is_control(const struct pvtlb_scenario *s, const struct run_config *config)
{
	if (s->flags & PVTLB_SCENARIO_CONTROL)
		return true;
	return key_effective(config) && (config->late || s->flags & PVTLB_SCENARIO_NEEDS_SYNC);
}

static int walk_installs(const struct walk *w, const struct pvtlb_scenario *s,
			 struct run_config *config)
{
	const struct run_options *o = w->options;
	int ret = 0;

	for (int late = 0; late < 2 && !ret; late++) {
		bool sensible = !late || (config->backend->paravirt && config->paravirt &&
					  key_is_all(s) && config->key == KEY_AUTO &&
					  !policy_leaves_off(&config->policy) && !config->invlpgb);

		if (!wanted(o->late, late, sensible))
			continue;
		config->late = late;
		config->expect_violation = o->expect_given ? o->base.expect_violation :
							     is_control(s, config);
		ret = w->fn(w->ctx, config);
	}
	return ret;
}

static int walk_features(const struct walk *w, const struct pvtlb_scenario *s,
			 struct run_config *config)
{
	const struct run_options *o = w->options;
	int ret = 0;

	for (int no_pv = 0; no_pv < 2; no_pv++) {
		bool pv = config->backend->paravirt, only = config->backend->invlpgb;

		if (!wanted(o->paravirt, !no_pv, !no_pv || (key_is_all(s) && !pv)))
			continue;
		for (int invlpgb = 0; invlpgb < 2 && !ret; invlpgb++) {
			if (!wanted(o->invlpgb, invlpgb,
				    only ? invlpgb : !invlpgb || key_is_all(s) || !pv))
				continue;
			config->paravirt = !no_pv;
			config->invlpgb = invlpgb;
			ret = walk_installs(w, s, config);
		}
	}
	return ret;
}

static int walk_backends(const struct walk *w, const struct pvtlb_scenario *s,
			 struct run_config *config)
{
	const struct run_options *o = w->options;
	const struct backend *pv;
	int ret = 0;

	for (unsigned int i = 0; !ret && (pv = backend_at(i)); i++) {
		if (o->backend && !choice_has(o->backend, pv->name))
			continue;
		if (o->provider && pv->paravirt && strcmp(o->provider, pv->provider))
			continue;
		/* Asked for by name, it is for run_one() to say why it cannot be. */
		if ((!o->backend || choice_is_glob(o->backend)) && o->host &&
		    hypervisor_missing(pv, o->host))
			continue;
		config->backend = pv;
		ret = walk_features(w, s, config);
	}
	return ret;
}

static int walk_scenario(const struct walk *w, const struct pvtlb_scenario *s,
			 const struct run_policy *policy)
{
	const struct run_options *o = w->options;
	struct run_config config = o->base;
	int ret = 0;

	config.scenario = s->name;
	config.policy = *policy;
	for (unsigned int i = 0; i < o->nr_cpus && !ret; i++) {
		config.cpus = o->cpus[i];
		ret = walk_backends(w, s, &config);
	}
	return ret;
}

/* The nth of all items that name scenarios, from 0, into item. False: there are fewer. */
static bool nth_item(const struct run_options *o, unsigned int n, char item[CHOICE_MAX])
{
	for (unsigned int i = 0; i < o->nr_scenarios; i++)
		for (const char *word = o->scenario[i]; choice_next(&word, item);)
			if (!n--)
				return true;
	return false;
}

/* What is for several leaves out those that an item before the nth was for. */
static bool is_new(const struct run_options *o, unsigned int nth, const struct pvtlb_scenario *s)
{
	char item[CHOICE_MAX];

	for (unsigned int n = 0; n < nth && nth_item(o, n, item); n++)
		if (scenario_fits(item, s))
			return false;
	return true;
}

static int walk_named(const struct walk *w, const struct run_policy *policy)
{
	const struct image *image = &w->images->image[1];
	char item[CHOICE_MAX];
	int ret = 0;

	for (unsigned int n = 0; nth_item(w->options, n, item); n++)
		for (unsigned int i = 0; i < image->nr_scenarios && !ret; i++) {
			const struct pvtlb_scenario *s = &image->scenario[i];

			if (scenario_fits(item, s) &&
			    (!scenario_word_is_many(item) || is_new(w->options, n, s)))
				ret = walk_scenario(w, s, policy);
		}
	return ret;
}

static int walk_scenarios(const struct walk *w, const char *policy_name)
{
	const struct image *image = &w->images->image[1];
	const struct run_options *o = w->options;
	struct run_policy policy;
	int ret = 0;

	if (!policies_choose(&image->policies, policy_name, &policy))
		policy = (struct run_policy){ 0 };
	if (o->nr_scenarios)
		return walk_named(w, &policy);
	for (unsigned int i = 0; i < image->nr_scenarios && !ret; i++)
		if (!(image->scenario[i].flags & PVTLB_SCENARIO_DIAGNOSTIC))
			ret = walk_scenario(w, &image->scenario[i], &policy);
	return ret;
}

/* Every item has to name something. */
static int check_backends(const char *choice, struct error *err)
{
	const struct backend *backend;
	char item[CHOICE_MAX], hint[64];
	struct nearest near;

	while (choice && choice_next(&choice, item)) {
		bool any = false;

		nearest_init(&near, item);
		for (unsigned int i = 0; (backend = backend_at(i)); i++) {
			nearest_offer(&near, backend->name);
			any |= choice_has(item, backend->name);
		}
		if (!any)
			return fail(err, STATUS_USAGE, "no backend %s%s; see: pvtlb list", item,
				    nearest_hint(&near, hint, sizeof(hint)));
	}
	return 0;
}

static int check_policies(const struct image *image, const struct run_options *options,
			  struct error *err)
{
	const struct policies *policies = &image->policies;
	char names[MAX_NAMES];

	for (unsigned int i = 0; i < options->nr_policies; i++) {
		bool any = false;

		for (unsigned int k = 0; k < policies->nr; k++)
			any |= policy_fits(&policies->policy[k], options->policy[i]);
		if (!any)
			return fail(err, STATUS_USAGE, "no policy '%.80s'; there are: %s, or all",
				    options->policy[i],
				    policies_names(policies, names, sizeof(names)));
	}
	return 0;
}

/* Each policy that the item is for, and no item before it. */
static int walk_policies(const struct walk *w, unsigned int item)
{
	const struct run_options *o = w->options;
	const struct policies *policies = &w->images->image[1].policies;
	int ret = 0;

	for (unsigned int k = 0; k < policies->nr && !ret; k++) {
		const struct pvtlb_policy *policy = &policies->policy[k];
		unsigned int first = 0;

		while (first < item && !policy_fits(policy, o->policy[first]))
			first++;
		if (first == item && policy_fits(policy, o->policy[item]))
			ret = walk_scenarios(w, policy->name);
	}
	return ret;
}

int run_matrix(const struct images *images, const struct run_options *options, run_fn *fn, void *ctx,
	       struct error *err)
{
	const struct image *image = &images->image[1];
	struct walk w = { images, options, fn, ctx };
	int ret = 0;

	if (choice_check("scenario", options->scenario, options->nr_scenarios, err) ||
	    check_backends(options->backend, err))
		return -1;
	for (unsigned int i = 0; i < options->nr_scenarios; i++)
		if (scenarios_check(image, options->scenario[i], err))
			return -1;
	if (check_policies(image, options, err))
		return -1;
	if (options->all_policies) {
		for (unsigned int i = 0; i < image->policies.nr && !ret; i++)
			ret = walk_scenarios(&w, image->policies.policy[i].name);
		return ret;
	}
	for (unsigned int i = 0; i < options->nr_policies && !ret; i++)
		ret = walk_policies(&w, i);
	return options->nr_policies ? ret : walk_scenarios(&w, NULL);
}

void run_options_usual(struct run_options *options)
{
	const char *backend = options->backend;
	const bool one = backend && !strpbrk(backend, ",*?[");

	if (!options->provider && one && strcmp(backend, "native"))
		options->provider = "vmm";
	if (options->paravirt == CHOICE_BOTH)
		options->paravirt = CHOICE_YES;
	if (options->late == CHOICE_BOTH)
		options->late = CHOICE_NO;
	if (options->invlpgb == CHOICE_BOTH && !(one && !strcmp(backend, "invlpgb")))
		options->invlpgb = CHOICE_NO;
}
