/* SPDX-License-Identifier: GPL-2.0-only */
/* How many runs there were, how they ended, and what a run is called. */
#include <stdio.h>
#include <string.h>

#include "base/title.h"
#include "base/wrap.h"
#include "report/totals.h"

void totals_add(struct totals *totals, const struct run_result *r)
{
	unsigned int *const of[] = {
		[VERDICT_PASS] = r->config.expect_violation ? &totals->caught : &totals->passed,
		[VERDICT_FAIL] = &totals->failed,
		[VERDICT_SKIP] = &totals->skipped,
		[VERDICT_UNKNOWN] = &totals->unknown,
	};

	totals->runs++;
	++*of[r->judgement.verdict];
	totals->seconds += r->seconds;
}

const char *totals_text(const struct totals *t, char *buf, size_t len)
{
	char unknown[32] = "";

	if (t->unknown)
		snprintf(unknown, sizeof(unknown), ", %u unknown", t->unknown);
	snprintf(buf, len, "%u runs: %u passed, %u controls caught, %u failed, %u skipped%s",
		 t->runs, t->passed, t->caught, t->failed, t->skipped, unknown);
	return buf;
}

void totals_print(const struct page *page, const struct totals *t)
{
	char text[256], seconds[32];

	snprintf(seconds, sizeof(seconds), "in %.1f s", t->seconds);
	totals_text(t, text, sizeof(text));
	page_ink(page, t->failed + t->unknown ? INK_BAD : INK_GOOD, 0, text);
	fprintf(page->to, "%s%s\n",
		strlen(text) + strlen(seconds) + 2 > WRAP_WIDTH ? ",\n  " : ", ", seconds);
}

bool run_is_wrong(const struct run_result *r)
{
	return r->judgement.verdict == VERDICT_FAIL || r->judgement.verdict == VERDICT_UNKNOWN;
}

const char *run_label(const struct run_config *c, char *buf, size_t len)
{
	char title[TITLE_MAX];

	snprintf(buf, len, "%s%s", config_title(c, title),
		 c->key == KEY_ON    ? ", key on"
		 : c->key == KEY_OFF ? ", key off"
				     : "");
	return buf;
}
