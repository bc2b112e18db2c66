/* SPDX-License-Identifier: GPL-2.0-only */
/* "Did you mean": of several names the one that a word was most likely meant to be. */
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"

#define LONGEST 40u /* of words and names: those that are longer are near to none */

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/*
 * Letters to insert, to take out, to change, or neighbours to swap, each once at most (optimal
 * string alignment).
 */
static unsigned int distance(const char *a, size_t la, const char *b, size_t lb)
{
	unsigned int d[LONGEST + 1][LONGEST + 1];

	for (size_t i = 0; i <= la; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= lb; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= la; i++)
		for (size_t j = 1; j <= lb; j++) {
			d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1,
					d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[la][lb];
}

void nearest_init(struct nearest *n, const char *word)
{
	*n = (struct nearest){ .word = word };
}

void nearest_offer(struct nearest *n, const char *name)
{
	size_t lw = strlen(n->word), ln = strlen(name);
	unsigned int far;

	if (!lw || lw > LONGEST || ln > LONGEST)
		return;
	far = distance(n->word, lw, name, ln);
	/* The beginning of a name is near to it, however much is missing. */
	if (lw >= 3 && !strncmp(name, n->word, lw))
		far = 1;
	if (far > 1 + lw / 4 || (n->best && far >= n->distance))
		return;
	n->best = name;
	n->distance = far;
}

const char *nearest_hint(const struct nearest *n, char *buf, size_t len)
{
	buf[0] = 0;
	if (n->best)
		snprintf(buf, len, "; did you mean %s?", n->best);
	return buf;
}
