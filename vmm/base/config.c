/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of what a configuration is made of. */
#include "base/config.h"

const char *const key_request_names[KEY_REQUESTS] = { "auto", "on", "off" };

const char *const policy_key_names[PVTLB_POLICY_KEYS] = {
	[PVTLB_KEY_BY_PATCH] = "by-patch",
	[PVTLB_KEY_NEVER] = "never",
	[PVTLB_KEY_BY_DECLARATION] = "by-declaration",
	[PVTLB_KEY_PER_SYNC] = "per-sync",
};

const char *const fault_names[PVTLB_FAULT_NR] = {
	[PVTLB_FAULT_NONE] = "none",
#define X(id, name, ...) [PVTLB_FAULT_##id] = name,
	PVTLB_FAULTS(X)
#undef X
};

const char *const fault_docs[PVTLB_FAULT_NR] = {
#define X(id, name, side, doc) [PVTLB_FAULT_##id] = doc,
	PVTLB_FAULTS(X)
#undef X
};
