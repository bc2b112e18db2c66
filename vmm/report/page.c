/* SPDX-License-Identifier: GPL-2.0-only */
/* Text for a terminal: lines that fit, colour where it is wanted. */
#include <stdlib.h>
#include <string.h>

#include "base/wrap.h"
#include "report/page.h"

bool page_has_color(const char *choice, bool terminal, const char *no_color)
{
	if (choice && !strcmp(choice, "always"))
		return true;
	if (choice && !strcmp(choice, "never"))
		return false;
	return terminal && !(no_color && *no_color);
}

void page_ink(const struct page *page, enum ink ink, int width, const char *text)
{
	/* Select graphic rendition, of ECMA-48: green, red, bold. */
	static const char *const code[INKS] = { "", "32", "31", "1" };
	int pad = width - (int)strlen(text);

	if (page->color && ink != INK_PLAIN)
		fprintf(page->to, "\033[%sm%s\033[0m", code[ink], text);
	else
		fputs(text, page->to);
	if (pad > 0)
		fprintf(page->to, "%*s", pad, "");
}

void page_wrap(const struct page *page, const char *first, unsigned int indent, const char *text)
{
	wrap_print_in(page->to, WRAP_WIDTH, indent, first, text);
}

void page_wrap_lines(const struct page *page, unsigned int indent, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n"), blanks = strspn(text, " ");
		char *line = strndup(text, len), *first;

		if (blanks > len)
			blanks = len;
		if (!line || asprintf(&first, "%*s", (int)(indent + blanks), "") < 0)
			abort();
		page_wrap(page, first, indent + blanks + 4, line);
		free(first);
		free(line);
		text += len + (text[len] == '\n');
	}
}
