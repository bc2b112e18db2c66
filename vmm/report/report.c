/* SPDX-License-Identifier: GPL-2.0-only */
/* Results for people: the table. */
#include <string.h>

#include "base/backend.h"
#include "base/settings.h"
#include "report/report.h"
#include "report/text.h"

#define ROW "%-16s %-*s %-4s %2s %7s %7s %4s %4s  %-3s %-21s %11s %9s %11s %11s %10s  %-7s %s\n"

void report_host(FILE *to, const struct host *host)
{
	fprintf(to, "host: %s%s (%s), %d CPUs\n", host_kind_names[host->kind],
		host->emulated ? " (nested)" : "", host->kind_why, host->nr_cpus);
	if (!host_shows(host, SHOWS_STALE_2M))
		fprintf(to, "      2 MiB staleness and CPUs that share a TLB (CPUS over TLBS) show "
			    "nothing here: docs/hosts.md\n");
	if (!host_shows(host, SHOWS_STALE_LASTING))
		fprintf(to, "      staleness ends with a VM exit here, so \"ok\" says less: docs/hosts.md\n");
}

void report_host_line(const struct page *page, const struct host *host)
{
	bool all = true;
	char text[512];

	for (int what = 0; what < HOST_SHOWS; what++)
		all &= host_shows(host, what);
	snprintf(text, sizeof(text), "%s%s (%s), %d CPUs%s", host_kind_names[host->kind],
		 host->emulated ? " (nested)" : "", host->kind_why, host->nr_cpus,
		 all ? "" : "; what such a host does not show: pvtlb hosts");
	page_wrap(page, "host: ", 6, text);
}

void table_columns(FILE *to)
{
	fprintf(to, ROW, "SCENARIO", backend_width(), "BACKEND", "HYP", "PV", "INVLPGB", "INSTALL", "CPUS", "TLBS", "KEY",
		"SITES", "DELIVERED", "WALKERS", "PER FLUSH", "ELIDED", "SAFE", "VERDICT", "WHY");
}

void table_head(FILE *to, const struct host *host)
{
	report_host(to, host);
	table_columns(to);
}

static void per_flush_text(const struct counts *c, char *buf, size_t len)
{
	if (c->remote)
		snprintf(buf, len, "%.1fi %.1fh", per_flush(c, c->interrupts),
			 per_flush(c, c->hypercalls));
	else
		snprintf(buf, len, "-");
}

static void counts_line(FILE *to, const struct run_facts *facts)
{
	const struct counts *c = &facts->findings.counts;

	if (c->syncs)
		fprintf(to, "    syncs: %llu, %llu of them skipped; %.2f interrupts per sync\n",
			(unsigned long long)c->syncs, (unsigned long long)c->syncs_skipped,
			per_sync(c));
	fprintf(to, "    ");
	if (c->remote)
		fprintf(to, "per flush: %.1f interrupts, %.1f hypercalls; ",
			per_flush(c, c->interrupts), per_flush(c, c->hypercalls));
	fprintf(to, "in the whole run: %llu exits, %llu kicks", (unsigned long long)facts->exits,
		(unsigned long long)facts->kicks);
	if (c->remote)
		fprintf(to, ", %.1f and %.1f per flush", per_flush(c, facts->exits),
			per_flush(c, facts->kicks));
	fputc('\n', to);
}

void report_details(FILE *to, const struct run_result *r)
{
	const struct key_evidence *key = &r->facts.key;
	const struct violations *bad[] = { &r->facts.findings.permitted.bad,
					   &r->facts.findings.safe.bad,
					   &r->facts.findings.delivered.bad };
	char text[512];

	fprintf(to, "    pv_ops.mmu.flush_tlb_multi: %s\n",
		key->has_pv_ops ? key->flush_symbol : "none, this image has no pv_ops");
	for (unsigned int i = 0; i < key->nr_sites; i++) {
		const struct key_site *s = &key->site[i];

		fprintf(to, "    site %#llx %s:", (unsigned long long)s->address, s->symbol);
		for (unsigned int b = 0; b < (s->len ? s->len : PVTLB_INSN_MAX); b++)
			fprintf(to, " %02x", s->bytes[b]);
		fprintf(to, " (%s)\n",
			s->insn == SITE_NOP ? "nop" : s->insn == SITE_JMP ? "jmp" : "neither nop nor jmp");
	}
	counts_line(to, &r->facts);
	for (size_t c = 0; c < sizeof(bad) / sizeof(bad[0]); c++) {
		for (unsigned int i = 0; i < bad[c]->kept; i++)
			fprintf(to, "    %s\n", violation_text(&bad[c]->v[i], text, sizeof(text)));
		if (bad[c]->total > bad[c]->kept)
			fprintf(to, "    ... and %llu more\n",
				(unsigned long long)(bad[c]->total - bad[c]->kept));
	}
}

/* The report, line by line, moved in under the row. */
static void report_lines(FILE *to, const struct run_result *r)
{
	for (const char *line = r->report; *line; line++) {
		size_t len = strcspn(line, "\n");

		fprintf(to, "    %.*s\n", (int)len, line);
		line += len;
		if (!*line)
			break;
	}
}

bool report_explains(const struct run_result *r, bool verbose)
{
	return r->report &&
	       (verbose ||
		(r->judgement.verdict == VERDICT_FAIL && !r->config.expect_violation));
}

void table_row(FILE *to, const struct run_result *r, bool verbose)
{
	const struct run_config *c = &r->config;
	const struct key_evidence *key = &r->facts.key;
	char sites[128], delivered[48], walkers[48], safe[32], cpus[16], tlbs[16];
	char flush[64], elided[80];

	sites_text(key, " ", "|", sites, sizeof(sites));
	delivered_text(r, delivered, sizeof(delivered));
	walkers_text(r, walkers, sizeof(walkers));
	per_flush_text(&r->facts.findings.counts, flush, sizeof(flush));
	elided_text(&r->facts.findings.counts, elided, sizeof(elided));
	safe_text(r, safe, sizeof(safe));
	snprintf(cpus, sizeof(cpus), "%u", c->cpus);
	snprintf(tlbs, sizeof(tlbs), "%u", r->tlbs);
	fprintf(to, ROW, c->scenario, backend_width(), c->backend->name, c->backend->provider, words_no_yes.name[c->paravirt],
		words_no_shown.name[c->invlpgb], config_install(c), cpus, tlbs, key_text(key), sites, delivered,
		walkers, flush, elided, safe, verdict_names[r->judgement.verdict], r->judgement.why);
	if (report_explains(r, verbose))
		report_lines(to, r);
	if (verbose)
		report_details(to, r);
	fflush(to);
}
