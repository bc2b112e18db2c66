/* SPDX-License-Identifier: GPL-2.0-only */
/* The policies that a guest image has (struct pvtlb_policy). */
#ifndef VMM_POLICIES_H
#define VMM_POLICIES_H

#include <stddef.h>

#include "base/config.h"
#include "base/error.h"

struct image;

/* Part of load_image(): read and check the table; on failure err names the file and the fault. */
int image_read_policies(struct image *image, struct error *err);

/* The policy of that name or alias; NULL: the default one. Returns NULL when there is none. */
const struct pvtlb_policy *image_policy(const struct image *image, const char *name);
/*
 * The same for a run's configuration, which points into the image then. false: no such policy,
 * and what it was is untouched.
 */
bool run_policy_set(struct run_policy *policy, const struct image *image, const char *name);

/* All names, with a comma between them: into buf, which is returned. */
const char *image_policy_names(const struct image *image, char *buf, size_t len);

#endif
