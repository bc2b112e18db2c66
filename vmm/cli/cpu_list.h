/* SPDX-License-Identifier: GPL-2.0-only */
/* What --cpus takes: numbers and ranges of them, between commas. */
#ifndef VMM_CPU_LIST_H
#define VMM_CPU_LIST_H

#include "base/error.h"
#include "base/settings.h"
#include "pvtlb/types.h"

struct cpu_list {
	unsigned int cpus[PVTLB_MAX_CPUS]; /* no number twice */
	unsigned int nr;
};

/* s: the setting that each number is for. 0, or -1 with err, which says which part is wrong. */
int cpu_list_parse(struct cpu_list *list, const struct setting *s, const char *text,
		   struct error *err);

#endif
