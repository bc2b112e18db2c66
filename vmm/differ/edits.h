/* SPDX-License-Identifier: GPL-2.0-only */
/* What makes one sequence of words the other one. */
#ifndef VMM_DIFFER_EDITS_H
#define VMM_DIFFER_EDITS_H

#include "judge/order.h"

#define EDIT_LEN 40

typedef void edit_fn(void *ctx, const char *edit);

/*
 * Tell fn of each word that only one of them has, na words and nb: "-sync/rcu" the first one,
 * "+sync/one" the second one. Of one that both have there, but about other CPUs: "multi:fewer",
 * "multi:more" or "multi:other" than the first one's. Sequences that are too long to be laid
 * beside each other, and not the same: "long". Pure.
 */
void edits(const struct order_word *a, size_t na, const struct order_word *b, size_t nb,
	   edit_fn *fn, void *ctx);

#endif
