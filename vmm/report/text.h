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
double per_flush(const struct counts *c, uint64_t nr);
/* CPUs that were to be interrupted, for each sync, of which there has to be one. */
double per_sync(const struct counts *c);

#endif
