/* SPDX-License-Identifier: GPL-2.0-only */
/* What single cells of a report say. */
#ifndef VMM_TEXT_H
#define VMM_TEXT_H

#include "judge/result.h"

/* What the key is; "-": there is none. */
const char *key_text(const struct key_evidence *key);

/*
 * What cells say, at most len - 1 bytes of it; "-": there is nothing to say. Sites: the bytes
 * of one after the other, repeated ones counted. Delivered and walkers: interrupted/all. Elided:
 * how many CPUs for each reason that there was.
 */
void sites_text(const struct key_evidence *key, const char *byte_sep, const char *site_sep,
		char *buf, size_t len);
void delivered_text(const struct run_result *r, char *buf, size_t len);
void walkers_text(const struct run_result *r, char *buf, size_t len);
void elided_text(const struct counts *c, char *buf, size_t len);
/* nr for each flush with remote targets, of which there has to be one. */
/*
 * What SAFE says: how many violations were seen or, if none was, could have been; if there is
 * nothing bad, how many checks. NONE: it is not claimed, or there was nothing to check.
 */
enum safe_word { SAFE_NONE, SAFE_OK, SAFE_BAD };
enum safe_word safe_of(const struct run_result *r, uint64_t *nr);
void safe_text(const struct run_result *r, char *buf, size_t len);
/* part/all; if that has more than width columns, which has to be 7 at least, a percentage. */
void share_text(uint64_t part, uint64_t all, int width, char *buf, size_t len);
/* "kvm (host)", "native INVLPGB": a backend, by whom, and with what it is not about. */
void backend_text(const struct run_config *config, char *buf, size_t len);
/* What all runs of a command have in common besides: ", fault skip-ipi, 5 trials"; or "". */
void conditions_text(const struct run_config *config, char *buf, size_t len);
double per_flush(const struct counts *c, uint64_t nr);
/* CPUs that were to be interrupted, for each sync, of which there has to be one. */
double per_sync(const struct counts *c);

#endif
