/* SPDX-License-Identifier: GPL-2.0-only */
/* The policies that a guest image has (struct pvtlb_policy), checked, found by name. */
#ifndef VMM_POLICIES_H
#define VMM_POLICIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/config.h"

/* The default one first, then in the order of their names. */
struct policies {
	struct pvtlb_policy *policy;
	unsigned int nr;
};

/*
 * Make a copy of nr of them, which free(policy) ends, and check it: names and titles, not what
 * they do. Returns NULL, or what is wrong, in buf, of len bytes; then there is a copy or none.
 */
const char *policies_take(struct policies *p, const void *table, unsigned int nr, char *buf,
			  size_t len);

/* The one of that name or alias; name NULL: the default one. Returns NULL when there is none. */
const struct pvtlb_policy *policies_find(const struct policies *p, const char *name);
/* Is the item, a name or a pattern of one (base/choice.h), for it, or for its alias? */
bool policy_fits(const struct pvtlb_policy *policy, const char *item);
/* The same for a run's configuration, which points into p then. false: there is none. */
bool policies_choose(const struct policies *p, const char *name, struct run_policy *out);

/* All names, with commas in between: at most len - 1 bytes. buf. */
const char *policies_names(const struct policies *p, char *buf, size_t len);

#endif
