/* SPDX-License-Identifier: GPL-2.0-only */
/* The words that options, traces, reports and JSON share: one list for each kind of value. */
#ifndef VMM_WORDS_H
#define VMM_WORDS_H

#include <stddef.h>
#include <stdint.h>

/* Names of 0 to nr - 1; NULL: that value has none. */
struct words {
	const char *const *name;
	unsigned int nr;
};

extern const struct words words_no_yes;	   /* of a bool */
extern const struct words words_off_on;	   /* of a bool: a key */
extern const struct words words_no_shown;  /* of a bool: INVLPGB */
extern const struct words words_installs;  /* of run_config.late */
extern const struct words words_expects;   /* of run_config.expect_violation */
extern const struct words words_keys;	   /* enum key_request */
extern const struct words words_policy_keys; /* enum pvtlb_policy_key */
extern const struct words words_faults;	   /* enum pvtlb_fault */
extern const struct words words_mms;	   /* whose mm is run */
extern const struct words words_machines;  /* emulated ones, the first unless asked */
extern const struct words words_providers; /* who may be asked for by --provider */
extern const struct words words_engines;	   /* what runs a schedule */
extern const struct words words_colors;	   /* when a report has colour */
extern const struct words words_claims;	   /* of PVTLB_CLAIM_*: of bit i */

/* The value whose name is these len bytes, or -1. */
int words_find(const struct words *words, const char *text, size_t len);

/* All of them, "a|b|c", and those of a set of bits, "a,c", or "-": at most len - 1 bytes. buf. */
const char *words_join(const struct words *words, char *buf, size_t len);
const char *words_of_set(const struct words *words, uint64_t set, char *buf, size_t len);
/* The places of nr names, in the order of the alphabet. */
void names_sort(const char *const *name, unsigned int nr, unsigned int *order);

#endif
