/* SPDX-License-Identifier: GPL-2.0-only */
/* Results for somebody who looks for the first time. */
#include <string.h>

#include "base/wrap.h"
#include "base/backend.h"
#include "base/words.h"
#include "report/again.h"
#include "report/report.h"
#include "report/summary.h"
#include "report/text.h"

#define NAME_WIDTH   14
#define HOW_WIDTH    20
#define TAKEN_WIDTH  11
#define FORCED_WIDTH 26 /* what is left of WRAP_WIDTH */

void summary_begin(const struct page *page, const struct host *host)
{
	report_host_line(page, host);
	fprintf(page->to, "\n%-*s %-*s %*s  %-3s  %s\n", NAME_WIDTH, "BACKEND", HOW_WIDTH,
		"HOW IT FLUSHES", TAKEN_WIDTH, "INTERRUPTED", "KEY", "IF THE KEY IS FORCED ON");
	fflush(page->to);
}

static void add_reason(struct summary *s, const char *why)
{
	for (unsigned int i = 0; i < SUMMARY_REASONS; i++) {
		if (!s->skips[i])
			snprintf(s->reason[i], sizeof(s->reason[i]), "%s", why);
		if (strcmp(s->reason[i], why))
			continue;
		s->skips[i]++;
		return;
	}
	s->other_skips++;
}

/* A run as all scenarios have it: the others are there for the key they end up with. */
static bool is_usual(const struct tally *t, const struct run_config *c)
{
	return c->paravirt && !c->late &&
	       (!t->backend->paravirt || c->invlpgb == t->backend->invlpgb);
}

/* The plainest scenario of all: if that fails the others have little to say. */
#define FIRST_TO_MEND "conformance"

/* Runs of a scenario come one behind the other: it is new if the last one was of another. */
static void add_failed(struct summary *s, const struct run_config *c)
{
	struct tally *t = &s->tally;

	if (!t->last_failed || strcmp(t->last_failed, c->scenario)) {
		if (t->nr_failed < SUMMARY_FAILED)
			t->failed[t->nr_failed] = c->scenario;
		t->last_failed = c->scenario;
		t->nr_failed++;
	}
	if (!s->any_failed ||
	    (strcmp(s->failed.scenario, FIRST_TO_MEND) && !strcmp(c->scenario, FIRST_TO_MEND)))
		s->failed = *c;
	s->any_failed = true;
}

void summary_add(struct summary *s, const struct run_result *r)
{
	struct tally *t = &s->tally;
	const struct delivered *d = &r->facts.findings.delivered;

	if (!t->backend) {
		t->backend = r->config.backend;
		t->invlpgb = !t->backend->paravirt && r->config.invlpgb;
	}
	totals_add(&s->totals, r);
	if (r->judgement.verdict == VERDICT_SKIP) {
		add_reason(s, r->judgement.why);
		return;
	}
	t->runs++;
	t->wrong += r->judgement.verdict == VERDICT_FAIL;
	t->unknown += r->judgement.verdict == VERDICT_UNKNOWN;
	if (run_is_wrong(r))
		add_failed(s, &r->config);
	if (r->claims & PVTLB_CLAIM_DELIVERED && d->flushes) {
		t->interrupted += d->interrupted;
		t->targets += d->targets;
	}
	if (r->facts.key.nr_sites && is_usual(t, &r->config)) {
		t->on |= r->facts.key.value;
		t->off |= !r->facts.key.value;
	}
}

static const char *how_it_flushes(const struct tally *t)
{
	if (t->backend->invlpgb)
		return "INVLPGB, IPI";
	switch (t->backend->interrupts) {
	case INTERRUPTS_ALL:
		return "IPI";
	case INTERRUPTS_NONE:
		return "hypercall";
	case INTERRUPTS_RUNNING:
		return "IPI unless preempted";
	default:
		return "IPI to some";
	}
}

static enum ink ink_of(const struct forced *forced)
{
	if (forced->violated || forced->contradicts)
		return INK_BAD;
	return forced->ran ? INK_GOOD : INK_PLAIN;
}

static void keep_forced(struct summary *s, const struct forced *forced,
			const struct run_config *how)
{
	s->any_forced = true;
	if (forced->violated && !s->harm.ran) {
		s->harm = *forced;
		s->harmed = *how;
	}
	if (forced->contradicts && !s->contradiction.ran) {
		s->contradiction = *forced;
		s->contradicted = *how;
	}
}

/* "3 of 45 runs failed: conformance, flush-list, shootdown", moved in below the backend's line. */
static void print_failed(const struct page *page, const struct tally *t)
{
	char text[64 + 48 * SUMMARY_FAILED], first[96], unknown[32] = "";
	size_t n = 0;

	if (!t->nr_failed)
		return;
	if (t->unknown)
		snprintf(unknown, sizeof(unknown), ", %u unknown", t->unknown);
	snprintf(first, sizeof(first), "  %u of %u runs failed%s: ", t->wrong, t->runs, unknown);
	for (unsigned int i = 0; i < t->nr_failed && i < SUMMARY_FAILED; i++)
		n += snprintf(text + n, sizeof(text) - n, "%s%.40s", i ? ", " : "", t->failed[i]);
	if (t->nr_failed > SUMMARY_FAILED)
		snprintf(text + n, sizeof(text) - n, " and %u more", t->nr_failed - SUMMARY_FAILED);
	page_wrap(page, first, 4, text);
}

void summary_row(const struct page *page, struct summary *s, const struct forced *forced,
		 const struct run_config *how)
{
	const struct tally *t = &s->tally;
	char name[NAME_WIDTH + 1], taken[48] = "-", end[FORCED_WIDTH + 1] = "-";

	if (!t->backend)
		return;
	snprintf(name, sizeof(name), "%s%s", t->backend->name,
		 backend_by_host(t->backend) ? " (host)"
		 : t->invlpgb		     ? " INVLPGB"
					     : "");
	if (t->targets)
		share_text(t->interrupted, t->targets, TAKEN_WIDTH, taken, sizeof(taken));
	if (forced)
		snprintf(end, sizeof(end), "%.*s", FORCED_WIDTH, forced->text);
	page_ink(page, t->wrong + t->unknown ? INK_BAD : INK_PLAIN, NAME_WIDTH, name);
	fprintf(page->to, " %-*s %*s  %-3s  ", HOW_WIDTH, how_it_flushes(t), TAKEN_WIDTH, taken,
		t->on && t->off ? "?"
		: t->on		? "on"
		: t->off	? "off"
				: "-");
	page_ink(page, forced ? ink_of(forced) : INK_PLAIN, 0, end);
	fputc('\n', page->to);
	print_failed(page, t);
	fflush(page->to);
	if (forced)
		keep_forced(s, forced, how);
	s->tally = (struct tally){ 0 };
}

static void print_skips(const struct page *page, const struct summary *s, const char *whose)
{
	char first[32];

	for (unsigned int i = 0; i < SUMMARY_REASONS && s->skips[i]; i++) {
		snprintf(first, sizeof(first), "  %u skipped: ", s->skips[i]);
		page_wrap(page, first, 4, s->reason[i]);
	}
	if (s->other_skips)
		fprintf(page->to, "  %u skipped for other reasons: pvtlb run --matrix%s\n",
			s->other_skips, whose);
}

void summary_end(const struct page *page, const struct summary *s, const char *program,
		 const char *whose, const char *more)
{
	char text[256];

	fputc('\n', page->to);
	totals_print(page, &s->totals);
	print_skips(page, s, whose);
	if (s->any_forced)
		page_wrap(page, "forced on: ", 2,
			  FORCED_SCENARIO " once more for each backend, with --key on. These runs "
					  "do not count; what they ought to say does.");
	if (s->harm.ran) {
		snprintf(text, sizeof(text), "  %s: ", s->harmed.backend->name);
		page_wrap(page, text, 4, s->harm.why);
	}
	if (s->contradiction.ran) {
		snprintf(text, sizeof(text), "CONTRADICTED, %s: ", s->contradicted.backend->name);
		page_wrap(page, text, 2, s->contradiction.why);
	}
	fputc('\n', page->to);
	/* What failed, first; a harm is told as a story, what should not be is looked at in full.
	 */
	if (s->any_failed)
		command_again(program, "run", &s->failed, text, sizeof(text));
	else if (s->contradiction.ran)
		command_again(program, "run", &s->contradicted, text, sizeof(text));
	else if (s->harm.ran)
		command_again(program, "show", &s->harmed, text, sizeof(text));
	else
		snprintf(text, sizeof(text), "%s list%s", program, whose);
	fprintf(page->to, "next: %s%s\n      %s run --matrix%s%s\n", text, more, program, whose,
		more);
	fflush(page->to);
}

void wrong_run(const struct page *page, const struct run_result *r)
{
	char label[256];

	page_ink(page, INK_BAD, 0, verdict_names[r->judgement.verdict]);
	fprintf(page->to, ": %s\n", run_label(&r->config, label, sizeof(label)));
	page_wrap(page, "    ", 4, r->judgement.why);
	if (r->report)
		page_wrap_lines(page, 4, r->report);
	fflush(page->to);
}
