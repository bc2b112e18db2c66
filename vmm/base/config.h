/* SPDX-License-Identifier: GPL-2.0-only */
/* One configuration to run. */
#ifndef VMM_CONFIG_H
#define VMM_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pvtlb/fault.h"
#include "pvtlb/image.h"

struct backend;

#define CONFIG_MM_MAX 79u /* characters of struct run_config's mm, at most */

enum key_request { KEY_AUTO, KEY_ON, KEY_OFF, KEY_REQUESTS };
extern const char *const key_request_names[KEY_REQUESTS];

/*
 * Who decides about the sync in the guest: the image's word for it, and what it says of how the
 * key comes out. All zero: the image's default policy.
 */
struct run_policy {
	const char *name; /* NULL: the default one */
	enum pvtlb_policy_key key;
	bool other; /* it is not the one that decides when none is named */
};
/* The words for enum pvtlb_policy_key. */
extern const char *const policy_key_names[PVTLB_POLICY_KEYS];

extern const char *const fault_names[PVTLB_FAULT_NR];
extern const char *const fault_docs[PVTLB_FAULT_NR];

struct run_config {
	const char *scenario;
	const struct backend *backend;
	bool paravirt; /* which image */
	const char *mm; /* whose code: "kernel/6.12.117+series"; NULL: the model's */
	bool invlpgb;  /* shown in CPUID */
	bool late;     /* the backend installs itself after native_pv_tlb_init() */
	unsigned int cpus;
	unsigned int trials;
	enum key_request key;
	struct run_policy policy;
	unsigned int stress; /* seconds to run free; 0: trials, with CPUs held */
	uint64_t seed;	     /* of a free run's delays */
	enum pvtlb_fault fault;
	bool expect_violation; /* a control: the claim is that it is caught */
	bool no_pin;
	bool no_look; /* judge by what happened, not by what was seen through the hardware */
	unsigned int timeout; /* seconds without an event */
	bool stepped; /* from point to point, by vmm/explore; nobody is held by rules */
	bool order;	      /* keep the order of its flushes' events */
	bool stoppable;	      /* somebody may stop its CPUs in the middle: gdb */
	const void *dtb;      /* the tree to give the guest; NULL: the one we build */
	size_t dtb_len;
};

#endif
