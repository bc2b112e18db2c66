/* SPDX-License-Identifier: GPL-2.0-only */
/* Text in lines that a terminal has room for. */
#include <stdbool.h>
#include <string.h>

#include "base/wrap.h"

void wrap_print_from(FILE *to, size_t width, size_t indent, size_t column, const char *text)
{
	size_t gap = 0;
	bool first = true; /* in its line */

	while (*(text += strspn(text, " \n"))) {
		const size_t len = strcspn(text, " \n");

		if (!first && column + gap + len > width) {
			column = fprintf(to, "\n%*s", (int)indent, "") - 1;
			gap = 0;
		}
		column += fprintf(to, "%*s%.*s", (int)gap, "", (int)len, text);
		first = false;
		text += len;
		gap = strspn(text, " \n");
	}
	fputc('\n', to);
}

void wrap_print_in(FILE *to, size_t width, size_t indent, const char *head, const char *text)
{
	wrap_print_from(to, width, indent, fprintf(to, "%s", head), text);
}

void wrap_print(FILE *to, const char *head, const char *text)
{
	wrap_print_in(to, WRAP_WIDTH, strlen(head), head, text);
}
