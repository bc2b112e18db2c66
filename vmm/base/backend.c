/* SPDX-License-Identifier: GPL-2.0-only */
/* The backends that were linked in, found through their linker section. */
#include <stddef.h>
#include <string.h>

#include "base/backend.h"

extern const struct backend __start_backends[], __stop_backends[];

static int order(const struct backend *a, const struct backend *b)
{
	int by_name = strcmp(a->name, b->name);

	if (a->paravirt != b->paravirt)
		return a->paravirt - b->paravirt;
	/* The VMM, which is everywhere, before the host. */
	return by_name ? by_name : strcmp(b->provider, a->provider);
}

/* The linker's order is nobody's choice: the i-th is the one with i others before it. */
const struct backend *backend_at(unsigned int i)
{
	for (const struct backend *p = __start_backends; p < __stop_backends; p++) {
		unsigned int before = 0;

		for (const struct backend *q = __start_backends; q < __stop_backends; q++)
			before += order(q, p) < 0;
		if (before == i)
			return p;
	}
	return NULL;
}

const struct backend *backend_named(const char *name)
{
	return backend_by(name, NULL);
}

const struct backend *backend_by(const char *name, const char *provider)
{
	const struct backend *p;

	for (unsigned int i = 0; (p = backend_at(i)); i++)
		if (!strcmp(p->name, name) && (!provider || !strcmp(p->provider, provider)))
			return p;
	return NULL;
}

int backend_width(void)
{
	size_t width = strlen("BACKEND");

	for (const struct backend *p = __start_backends; p < __stop_backends; p++)
		width = strlen(p->name) > width ? strlen(p->name) : width;
	return width;
}

bool backend_by_host(const struct backend *backend)
{
	return !strcmp(backend->provider, "host");
}
