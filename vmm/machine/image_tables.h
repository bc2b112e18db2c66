/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables in a guest image that its descriptor points to: checked, and copied out of it. */
#ifndef VMM_IMAGE_TABLES_H
#define VMM_IMAGE_TABLES_H

#include <stddef.h>
#include <stdint.h>

#include "pvtlb/image.h"

/*
 * The table whose len bytes are at `at`, which is NULL if they are nowhere: a copy of it, to be
 * freed, whatever is returned: what is wrong with it, or NULL. What names one of its entries is
 * in buf, of size bytes.
 */
const char *image_scenarios(const void *at, uint64_t len, struct pvtlb_scenario **out,
			    unsigned int *nr, char *buf, size_t size);
const char *image_sources(const void *at, uint64_t len, struct pvtlb_source **out,
			  unsigned int *nr);

#endif
