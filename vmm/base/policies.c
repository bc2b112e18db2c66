/* SPDX-License-Identifier: GPL-2.0-only */
/* The policies that a guest image has (struct pvtlb_policy), checked, found by name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/choice.h"
#include "base/policies.h"
#include "base/printable.h"

static bool is_good(const struct pvtlb_policy *policy)
{
	return printable_name(policy->name, sizeof(policy->name)) && policy->name[0] &&
	       printable_name(policy->alias, sizeof(policy->alias)) &&
	       printable(policy->title, sizeof(policy->title)) &&
	       !(policy->flags & ~PVTLB_POLICY_DEFAULT) && policy->key < PVTLB_POLICY_KEYS;
}

static bool is_called(const struct pvtlb_policy *policy, const char *name)
{
	return name[0] && (!strcmp(policy->name, name) || !strcmp(policy->alias, name));
}

static unsigned int nr_called(const struct policies *p, const char *name)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < p->nr; i++)
		nr += is_called(&p->policy[i], name);
	return nr;
}

static int in_order(const void *a, const void *b)
{
	const struct pvtlb_policy *x = a, *y = b;
	int d = (int)(y->flags & PVTLB_POLICY_DEFAULT) - (int)(x->flags & PVTLB_POLICY_DEFAULT);

	return d ? d : strcmp(x->name, y->name);
}

/* The first name or alias that means more than one of them; NULL: there is none. */
static const char *shared_name(const struct policies *p)
{
	for (unsigned int i = 0; i < p->nr; i++) {
		if (nr_called(p, p->policy[i].name) > 1)
			return p->policy[i].name;
		if (nr_called(p, p->policy[i].alias) > 1)
			return p->policy[i].alias;
	}
	return NULL;
}

const char *policies_take(struct policies *p, const void *table, unsigned int nr, char *buf,
			  size_t len)
{
	const char *shared;
	unsigned int nr_defaults = 0;

	*p = (struct policies){ calloc(nr + 1, sizeof(*p->policy)), nr };
	if (!p->policy)
		return "the policy table is too large";
	memcpy(p->policy, table, nr * sizeof(*p->policy));
	for (unsigned int i = 0; i < nr; i++) {
		if (!is_good(&p->policy[i]))
			return "a policy's description is broken";
		nr_defaults += p->policy[i].flags & PVTLB_POLICY_DEFAULT;
	}
	shared = shared_name(p);
	if (shared) {
		snprintf(buf, len, "two policies have the same name: %s", shared);
		return buf;
	}
	if (nr_defaults != 1)
		return "not exactly one of its policies is the default one";
	/* Which order they are linked in is nobody's decision. */
	qsort(p->policy, nr, sizeof(*p->policy), in_order);
	return NULL;
}

const struct pvtlb_policy *policies_find(const struct policies *p, const char *name)
{
	for (unsigned int i = 0; i < p->nr; i++) {
		const struct pvtlb_policy *policy = &p->policy[i];

		if (name ? is_called(policy, name) : policy->flags & PVTLB_POLICY_DEFAULT)
			return policy;
	}
	return NULL;
}

bool policy_fits(const struct pvtlb_policy *policy, const char *item)
{
	return choice_has(item, policy->name) ||
	       (policy->alias[0] && choice_has(item, policy->alias));
}

bool policies_choose(const struct policies *p, const char *name, struct run_policy *out)
{
	const struct pvtlb_policy *policy = policies_find(p, name);

	if (!policy)
		return false;
	*out = (struct run_policy){
		.name = policy->name,
		.key = policy->key,
		.other = !(policy->flags & PVTLB_POLICY_DEFAULT),
	};
	return true;
}

const char *policies_names(const struct policies *p, char *buf, size_t len)
{
	size_t n = 0;

	buf[0] = 0;
	for (unsigned int i = 0; i < p->nr && n < len; i++)
		n += snprintf(buf + n, len - n, "%s%s", i ? ", " : "", p->policy[i].name);
	return buf;
}
