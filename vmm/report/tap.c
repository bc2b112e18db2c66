/* SPDX-License-Identifier: GPL-2.0-only */
/* Results as TAP: a line for each run. */
#include <string.h>

#include "report/tap.h"
#include "report/totals.h"

void tap_begin(FILE *to, size_t nr)
{
	fprintf(to, "TAP version 14\n1..%zu%s\n", nr, nr ? "" : " # SKIP nothing to run");
	fflush(to);
}

static void comment(FILE *to, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		fprintf(to, "# %.*s\n", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

void tap_run(FILE *to, size_t nr, const struct run_result *r)
{
	char label[256];

	run_label(&r->config, label, sizeof(label));
	fprintf(to, "%sok %zu - %s", run_is_wrong(r) ? "not " : "", nr, label);
	if (r->judgement.verdict == VERDICT_SKIP) {
		fprintf(to, " # SKIP %.*s\n", (int)strcspn(r->judgement.why, "\n"),
			r->judgement.why);
	} else {
		fputc('\n', to);
		comment(to, r->judgement.why);
	}
	if (run_is_wrong(r) && r->report)
		comment(to, r->report);
	fflush(to);
}

void tap_bail(FILE *to, const char *why)
{
	fprintf(to, "Bail out! %s\n", why);
}
