/* SPDX-License-Identifier: GPL-2.0-only */
/* "Did you mean": of several names the one that a word was most likely meant to be. */
#ifndef VMM_NEAREST_H
#define VMM_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *word;
	const char *best; /* NULL: none is near */
	unsigned int distance;
};

void nearest_init(struct nearest *n, const char *word);
/* The name has to stay for as long as n does. */
void nearest_offer(struct nearest *n, const char *name);
/* "; did you mean NAME?", or "" if nothing was near: in buf, which is returned. */
const char *nearest_hint(const struct nearest *n, char *buf, size_t len);

#endif
