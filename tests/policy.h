/* SPDX-License-Identifier: GPL-2.0-only */
/* Policies as the images have them, for configurations and streams written by hand. */
#ifndef TESTS_POLICY_H
#define TESTS_POLICY_H

#include "base/config.h"

#define P_PATCH	      { "patch", PVTLB_KEY_BY_PATCH, false }
#define P_ALWAYS_SYNC { "always-sync", PVTLB_KEY_NEVER, true }
#define P_DECLARED    { "declared", PVTLB_KEY_BY_DECLARATION, true }
#define P_TRACKED     { "tracked", PVTLB_KEY_PER_SYNC, true }

static const struct run_policy __attribute__((unused)) policy_patch = P_PATCH;
static const struct run_policy __attribute__((unused)) policy_declared = P_DECLARED;
static const struct run_policy __attribute__((unused)) policy_always_sync = P_ALWAYS_SYNC;

#endif
