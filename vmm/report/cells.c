/* SPDX-License-Identifier: GPL-2.0-only */
/* What the cells of a matrix say. */
#include <string.h>

#include "report/cells.h"
#include "report/text.h"

/* Anything but a claim that holds; "" for that. */
static const char *verdict_word(const struct run_result *r)
{
	switch (r->judgement.verdict) {
	case VERDICT_PASS:
		return r->config.expect_violation ? "caught" : "";
	case VERDICT_FAIL:
		return "FAIL";
	default:
		return verdict_names[r->judgement.verdict];
	}
}

static void safe_cell(const struct run_result *r, char *buf, size_t len)
{
	uint64_t nr;
	enum safe_word word = safe_of(r, &nr);

	if (word == SAFE_BAD)
		snprintf(buf, len, "BAD %llu", (unsigned long long)nr);
	else
		snprintf(buf, len, "%s", word == SAFE_OK ? "ok" : "-");
}

/* " 0/3w", of a run in which walkers that nothing waited for are a violation; or "". */
static void walkers_cell(const struct run_result *r, char *buf, size_t len)
{
	const struct violations *bad = &r->facts.findings.delivered.bad;
	bool missed = false;
	char walkers[48];

	*buf = 0;
	for (unsigned int i = 0; i < bad->kept; i++)
		missed |= bad->v[i].kind == VIOLATION_WALKER_NOT_INTERRUPTED;
	if (!missed || !(r->claims & PVTLB_CLAIM_DELIVERED))
		return;
	walkers_text(r, walkers, sizeof(walkers));
	snprintf(buf, len, " %sw", walkers);
}

void judged_cell(const struct column *column, const struct run_result *r,
		 char line[CELL_LINES][CELL_LEN])
{
	const struct key_evidence *key = &r->facts.key;
	char delivered[48], walkers[56], safe[32], sites[sizeof(column->sites)];
	unsigned int n = 1;

	if (r->judgement.verdict == VERDICT_SKIP) {
		snprintf(line[0], CELL_LEN, "skip");
		return;
	}
	delivered_text(r, delivered, sizeof(delivered));
	safe_cell(r, safe, sizeof(safe));
	walkers_cell(r, walkers, sizeof(walkers));
	snprintf(line[0], CELL_LEN, "%-3s %s%s %s", key_text(key), delivered, walkers, safe);
	if (verdict_word(r)[0])
		snprintf(line[n++], CELL_LEN, "%s", verdict_word(r));
	sites_text(key, "", " ", sites, sizeof(sites));
	if (key->nr_sites && strcmp(sites, column->sites))
		snprintf(line[n], CELL_LEN, "%s", sites);
}

/* So many per flush; a 0 is exact. */
static void per_flush_cell(const struct counts *c, uint64_t nr, char *buf, size_t len)
{
	snprintf(buf, len, nr ? "%.1f" : "0", nr ? per_flush(c, nr) : 0);
}

void counts_cell(const struct column *column, const struct run_result *r,
		 char line[CELL_LINES][CELL_LEN])
{
	const struct counts *c = &r->facts.findings.counts;
	char interrupts[32], hypercalls[32], elided[80], walkers[48];
	size_t n;

	(void)column;
	if (r->judgement.verdict == VERDICT_SKIP) {
		snprintf(line[0], CELL_LEN, "skip");
		return;
	}
	n = snprintf(line[0], CELL_LEN, "-");
	if (c->remote) {
		per_flush_cell(c, c->interrupts, interrupts, sizeof(interrupts));
		per_flush_cell(c, c->hypercalls, hypercalls, sizeof(hypercalls));
		n = snprintf(line[0], CELL_LEN, "%si %sh", interrupts, hypercalls);
	}
	elided_text(c, elided, sizeof(elided));
	if (strcmp(elided, "-"))
		n += snprintf(line[0] + n, CELL_LEN - n, " %s", elided);
	walkers_text(r, walkers, sizeof(walkers));
	if (strcmp(walkers, "-"))
		snprintf(line[0] + n, CELL_LEN - n, " %sw", walkers);
}
