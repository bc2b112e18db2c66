/* SPDX-License-Identifier: GPL-2.0-only */
/* The backends that were linked in, found through their linker section. */
#include <stddef.h>
#include <string.h>

#include "pv.h"

extern const struct pv_provider __start_pv_providers[], __stop_pv_providers[];

static int order(const struct pv_provider *a, const struct pv_provider *b)
{
	if (a->paravirt != b->paravirt)
		return a->paravirt - b->paravirt;
	return strcmp(a->name, b->name);
}

/* The linker's order is nobody's choice: the i-th is the one with i others before it. */
const struct pv_provider *pv_provider_at(unsigned int i)
{
	for (const struct pv_provider *p = __start_pv_providers; p < __stop_pv_providers; p++) {
		unsigned int before = 0;

		for (const struct pv_provider *q = __start_pv_providers; q < __stop_pv_providers; q++)
			before += order(q, p) < 0;
		if (before == i)
			return p;
	}
	return NULL;
}

const struct pv_provider *pv_provider_named(const char *name)
{
	for (const struct pv_provider *p = __start_pv_providers; p < __stop_pv_providers; p++)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}
