/* SPDX-License-Identifier: GPL-2.0-only */
/* Text in lines that a terminal has room for. */
#include <string.h>

#include "base/wrap.h"

void wrap_print(FILE *to, const char *head, const char *text)
{
	const size_t indent = strlen(head);
	size_t column = fprintf(to, "%s", head);

	for (const char *word = text + strspn(text, " "); *word; word += strspn(word, " ")) {
		const size_t len = strcspn(word, " ");

		if (column > indent && column + 1 + len > WRAP_WIDTH)
			column = fprintf(to, "\n%*s", (int)indent, "") - 1;
		else if (column > indent)
			column += fprintf(to, " ");
		column += fprintf(to, "%.*s", (int)len, word);
		word += len;
	}
	fputc('\n', to);
}
