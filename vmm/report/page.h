/* SPDX-License-Identifier: GPL-2.0-only */
/* Text for a terminal: how wide, and in which colours. */
#ifndef VMM_REPORT_PAGE_H
#define VMM_REPORT_PAGE_H

#include <stdbool.h>
#include <stdio.h>

enum ink { INK_PLAIN, INK_GOOD, INK_BAD, INK_STRONG, INKS };

struct page {
	FILE *to;
	bool color;
};

/*
 * Is there to be colour? choice: "always", "never" or, as NULL is, "auto": on a terminal, unless
 * no_color, the variable NO_COLOR, is set to something (https://no-color.org).
 */
bool page_has_color(const char *choice, bool terminal, const char *no_color);

/* The text, padded with blanks to width columns, in that colour. */
void page_ink(const struct page *page, enum ink ink, int width, const char *text);

/*
 * The text in lines of at most WRAP_WIDTH columns (base/wrap.h), broken between words. Behind first, which is
 * what the first line begins with; the others begin with so many blanks. A word that is longer
 * than a line stands alone.
 */
void page_wrap(const struct page *page, const char *first, unsigned int indent, const char *text);

/* Each line of the text so, moved in; what it begins with in blanks is kept. */
void page_wrap_lines(const struct page *page, unsigned int indent, const char *text);

#endif
