/* SPDX-License-Identifier: GPL-2.0-only */
/* The policies that a guest image has: read out of it, checked, found by name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/image.h"
#include "machine/policies.h"

#define MAX_POLICIES 64u

static int bad(const struct image *image, struct error *err, const char *what)
{
	return fail(err, STATUS_FAIL, "%s: not a usable guest image: %s", image->path, what);
}

/* A name is a word of a command line, of a list between commas, and of a trace's head. */
static bool is_word(const char *name)
{
	return image_printable(name, PVTLB_POLICY_NAME) && !strpbrk(name, " ,=") &&
	       strcmp(name, "all");
}

static bool is_good(const struct image *image, const struct pvtlb_policy *p)
{
	return p->name[0] && is_word(p->name) && is_word(p->alias) &&
	       image_printable(p->title, sizeof(p->title)) && !(p->flags & ~PVTLB_POLICY_DEFAULT) &&
	       p->key < PVTLB_POLICY_KEYS && image_gpa(image, p->ops, 1);
}

static bool has_name(const struct pvtlb_policy *p, const char *name)
{
	return name[0] && (!strcmp(p->name, name) || !strcmp(p->alias, name));
}

static unsigned int nr_named(const struct image *image, const char *name)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < image->nr_policies; i++)
		nr += has_name(&image->policy[i], name);
	return nr;
}

static int check(const struct image *image, struct error *err)
{
	unsigned int nr_defaults = 0;

	for (unsigned int i = 0; i < image->nr_policies; i++) {
		if (!is_good(image, &image->policy[i]))
			return bad(image, err, "a policy's description is broken");
		nr_defaults += image->policy[i].flags & PVTLB_POLICY_DEFAULT;
	}
	for (unsigned int i = 0; i < image->nr_policies; i++)
		if (nr_named(image, image->policy[i].name) > 1 ||
		    nr_named(image, image->policy[i].alias) > 1)
			return bad(image, err, "two policies have the same name");
	if (nr_defaults != 1)
		return bad(image, err, "not exactly one of its policies is the default one");
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct pvtlb_policy *x = a, *y = b;
	int d = (y->flags & PVTLB_POLICY_DEFAULT) - (x->flags & PVTLB_POLICY_DEFAULT);

	return d ? d : strcmp(x->name, y->name);
}

int image_read_policies(struct image *image, struct error *err)
{
	gva_t start = image->desc.policies_start;
	uint64_t len = image->desc.policies_end - start;
	uint64_t nr = len / sizeof(struct pvtlb_policy);
	const void *at = image_bytes(image, start, len);

	if (!at || len % sizeof(struct pvtlb_policy) || nr > MAX_POLICIES)
		return bad(image, err, "the policy table is broken");
	image->policy = calloc(nr + 1, sizeof(*image->policy));
	if (!image->policy)
		return bad(image, err, "the policy table is too large");
	memcpy(image->policy, at, len);
	image->nr_policies = nr;
	if (check(image, err))
		return -1;
	/* Not in the order in which they happen to be linked: the default one, then by name. */
	qsort(image->policy, nr, sizeof(*image->policy), by_name);
	return 0;
}

const struct pvtlb_policy *image_policy(const struct image *image, const char *name)
{
	for (unsigned int i = 0; i < image->nr_policies; i++) {
		const struct pvtlb_policy *p = &image->policy[i];

		if (name ? has_name(p, name) : p->flags & PVTLB_POLICY_DEFAULT)
			return p;
	}
	return NULL;
}

bool run_policy_set(struct run_policy *policy, const struct image *image, const char *name)
{
	const struct pvtlb_policy *p = image_policy(image, name);

	if (!p)
		return false;
	*policy = (struct run_policy){
		.name = p->name,
		.key = p->key,
		.other = !(p->flags & PVTLB_POLICY_DEFAULT),
	};
	return true;
}

const char *image_policy_names(const struct image *image, char *buf, size_t len)
{
	size_t n = 0;

	buf[0] = 0;
	for (unsigned int i = 0; i < image->nr_policies && n < len; i++)
		n += snprintf(buf + n, len - n, "%s%s", i ? ", " : "", image->policy[i].name);
	return buf;
}
