/* SPDX-License-Identifier: GPL-2.0-only */
/* Text in lines that a terminal has room for. */
#include <stdbool.h>
#include <string.h>

#include "base/wrap.h"

void wrap_print_in(FILE *to, size_t width, size_t indent, const char *head, const char *text)
{
	size_t column = fprintf(to, "%s", head);
	bool first = true; /* in its line */

	for (const char *word = text + strspn(text, " "); *word; word += strspn(word, " ")) {
		const size_t len = strcspn(word, " ");

		if (!first && column + 1 + len > width)
			column = fprintf(to, "\n%*s", (int)indent, "") - 1;
		else if (!first)
			column += fprintf(to, " ");
		column += fprintf(to, "%.*s", (int)len, word);
		first = false;
		word += len;
	}
	fputc('\n', to);
}

void wrap_print(FILE *to, const char *head, const char *text)
{
	wrap_print_in(to, WRAP_WIDTH, strlen(head), head, text);
}
