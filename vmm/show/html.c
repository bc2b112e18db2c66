/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as a page of HTML: one file, that needs no other. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "show/html.h"
#include "show/page.h"

/* In a script a "<" might end it, or begin a comment; in JSON it stands in strings only. */
static void script_data(FILE *to, const char *json)
{
	for (; *json; json++) {
		if (*json == '<')
			fputs("\\u003c", to);
		else
			fputc(*json, to);
	}
}

static int data_print(FILE *to, json_t *const *runs, unsigned int nr)
{
	json_t *all = json_array();
	char *text;

	for (unsigned int i = 0; i < nr; i++)
		json_array_append(all, runs[i]);
	text = json_dumps(all, JSON_COMPACT | JSON_ENSURE_ASCII);
	json_decref(all);
	if (!text) {
		errno = ENOMEM;
		return -1;
	}
	script_data(to, text);
	free(text);
	return 0;
}

int html_print(FILE *to, json_t *const *runs, unsigned int nr)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width\">\n"
	      "<title>pvtlb show</title>\n<style>\n", to);
	fputs(show_page_css, to);
	fputs("</style></head><body><div id=\"page\"></div>\n"
	      "<script id=\"data\" type=\"application/json\">", to);
	if (data_print(to, runs, nr))
		return -1;
	fputs("</script>\n<script>\n", to);
	fputs(show_page_js, to);
	fputs("</script></body></html>\n", to);
	return fflush(to) || ferror(to) ? -1 : 0;
}
