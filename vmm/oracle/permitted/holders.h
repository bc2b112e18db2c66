/* SPDX-License-Identifier: GPL-2.0-only */
/* Who may still use what has to be gone; one finding for each CPU, not one for each entry. */
#ifndef VMM_ORACLE_PERMITTED_HOLDERS_H
#define VMM_ORACLE_PERMITTED_HOLDERS_H

#include "oracle/permitted/tlbs.h"

/* By CPU: the first version that it may still use, and how many more. */
struct holders {
	uint64_t cpus[WORDS];
	struct {
		struct version *first;
		uint64_t more;
	} cpu[CPUS];
};

void holders_none(struct holders *h);
/*
 * Add whoever may use the version right now and was not told of: not those who are excused,
 * which are CPUs that are held outside of guest mode, have it cached under a tag that is not
 * loaded, or, if it is a leaf, are lazy. They are judged when they come back (due). only: of
 * these CPUs; NULL: of all.
 */
void holders_add(struct holders *h, struct tlbs *t, struct version *v, const uint64_t *only);

/* What of the excused has to be gone when they come back: as of that event. */
void version_due(struct version *v, uint64_t seq);

/*
 * Tell, as of that kind, of each CPU, with shape filled in: what the finding has besides, and
 * the part "cached" is filled in here. quiet: CPUs that are not told of, as a deeper cause was.
 */
void holders_tell(struct holders *h, struct column *c, struct violation *v,
		  const uint64_t quiet[WORDS]);

/* Fill in the violation's mm and its part "cached". */
void violation_set_cached(struct violation *v, const struct version *version, uint64_t more);

#endif
