/* SPDX-License-Identifier: GPL-2.0-only */
/* Text that has to fit a terminal, and its colours. */
#include <stdlib.h>
#include <string.h>

#include "report/page.h"
#include "unit_util.h"

static char *text;
static size_t text_len;

static struct page begin(bool color)
{
	struct page page = { open_memstream(&text, &text_len), color };

	CU_ASSERT_PTR_NOT_NULL_FATAL(page.to);
	return page;
}

static void expect(struct page *page, const char *want)
{
	fclose(page->to);
	EXPECT(!strcmp(text, want), "is: %s", text);
	free(text);
}

#define TEN	"123456789 "
#define SEVENTY TEN TEN TEN TEN TEN TEN TEN

static void wraps(void)
{
	struct page page = begin(false);

	page_wrap(&page, "a: ", 4, "");
	/* 80 columns, and one more. */
	page_wrap(&page, "", 4, SEVENTY "1234567890");
	page_wrap(&page, "", 4, SEVENTY "12345678901");
	page_wrap(&page, "> ", 2, "one  two\nthree");
	expect(&page, "a: \n" SEVENTY "1234567890\n"
		      "123456789 123456789 123456789 123456789 123456789 123456789 123456789\n"
		      "    12345678901\n"
		      "> one  two three\n");
}

/* A word that fits no line is not cut, and the next one is not put behind it. */
static void long_words(void)
{
	char word[101] = "", want[256];
	struct page page = begin(false);

	memset(word, 'x', 100);
	snprintf(want, sizeof(want), "a b %s c", word);
	page_wrap(&page, "", 2, want);
	snprintf(want, sizeof(want), "a b\n  %s\n  c\n", word);
	expect(&page, want);
}

static void lines(void)
{
	struct page page = begin(false);

	page_wrap_lines(&page, 4, "one\n  two   three\n\n" SEVENTY "1234567890\n");
	expect(&page, "    one\n      two   three\n    \n"
		      "    123456789 123456789 123456789 123456789 123456789 123456789 123456789\n"
		      "        1234567890\n");
}

static void colors(void)
{
	static const struct {
		const char *choice;
		bool terminal;
		const char *no_color;
		bool want;
	} cases[] = {
		{ NULL, true, NULL, true },	 { NULL, false, NULL, false },
		{ "auto", true, NULL, true },	 { "auto", false, NULL, false },
		{ "auto", true, "1", false },	 { "auto", true, "", true },
		{ "always", false, NULL, true }, { "always", false, "1", true },
		{ "never", true, NULL, false },
	};
	struct page page;

	for (size_t i = 0; i < NR_OF(cases); i++)
		EXPECT(page_has_color(cases[i].choice, cases[i].terminal, cases[i].no_color) ==
			       cases[i].want,
		       "case %zu", i);
	page = begin(true);
	page_ink(&page, INK_BAD, 5, "abc");
	page_ink(&page, INK_GOOD, 0, "abc");
	page_ink(&page, INK_PLAIN, 4, "abc");
	expect(&page, "\033[31mabc\033[0m  \033[32mabc\033[0mabc ");
	page = begin(false);
	page_ink(&page, INK_BAD, 5, "abc");
	expect(&page, "abc  ");
}

SUITE(unit_page, false, { "lines that fit", wraps }, { "words that do not", long_words },
      { "line by line", lines }, { "colours", colors });
