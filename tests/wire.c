/* SPDX-License-Identifier: GPL-2.0-only */
/* Results of tests as lines, from inside the emulated machine to the outside. */
#include <stdlib.h>
#include <string.h>

#include "wire.h"

static const char *const words[WIRE_KINDS] = { "@begin", "@test", "@say", "@fail",
					       "@skip",	 "@done", "@end" };

void wire_write(FILE *to, enum wire_kind kind, const char *text)
{
	const char *line = text;

	do {
		int len = strcspn(line, "\n");

		fprintf(to, "%s%s%.*s\n", words[kind], len ? " " : "", len, line);
		line += len + (line[len] == '\n');
	} while (*line);
	fflush(to);
}

void wire_result(FILE *to, const struct result *r)
{
	char *text;

	if (asprintf(&text, "%s\t%s", r->suite->pName, r->test->pName) < 0)
		abort();
	wire_write(to, WIRE_TEST, text);
	free(text);
	if (r->outcome == OUTCOME_SKIPPED) {
		wire_write(to, WIRE_SKIP, r->said);
		return;
	}
	if (r->said)
		wire_write(to, WIRE_SAY, r->said);
	if (r->failures)
		wire_write(to, WIRE_FAIL, r->failures);
	if (asprintf(&text, "%.3f", r->seconds) < 0)
		abort();
	wire_write(to, WIRE_DONE, text);
	free(text);
}

bool wire_read(char *line, enum wire_kind *kind, char **text)
{
	line[strcspn(line, "\n")] = 0;
	for (int k = 0; k < WIRE_KINDS; k++) {
		size_t len = strlen(words[k]);

		if (strncmp(line, words[k], len) || (line[len] && line[len] != ' '))
			continue;
		*kind = k;
		*text = line + len + (line[len] == ' ');
		return true;
	}
	return false;
}
