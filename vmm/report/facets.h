/* SPDX-License-Identifier: GPL-2.0-only */
/* What configurations are told apart by: as columns of a table, or said once above it. */
#ifndef VMM_REPORT_FACETS_H
#define VMM_REPORT_FACETS_H

#include <stdbool.h>

#include "base/config.h"
#include "kvm/host.h"

#define FACET_LEN 64u /* bytes of a cell or a clause, with its NUL */

struct facet {
	const char *title; /* of its column */
	unsigned int slow; /* 0; or there is no room: from 1 on, which go above the rows first */
	bool (*same)(const struct run_config *a, const struct run_config *b);
	void (*cell)(const struct run_config *config, char buf[FACET_LEN]);
	/* The same within a sentence; "": what everybody expects. */
	void (*clause)(const struct run_config *config, const struct host *host,
		       char buf[FACET_LEN]);
};

/* In the order of the columns, and of a sentence. */
enum { FACET_BACKEND = 2, FACETS = 7 };
extern const struct facet facets[FACETS];

#endif
