/* SPDX-License-Identifier: GPL-2.0-only */
/* Results for people: the table. */
#include <string.h>

#include "pv/pv.h"
#include "report/report.h"

#define ROW "%-16s %-7s %-4s %2s %7s %7s %4s %4s  %-3s %-21s %11s %9s %11s %11s %10s  %-7s %s%s\n"

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

void table_columns(FILE *to)
{
	fprintf(to, ROW, "SCENARIO", "BACKEND", "HYP", "PV", "INVLPGB", "INSTALL", "CPUS", "TLBS", "KEY",
		"SITES", "DELIVERED", "WALKERS", "PER FLUSH", "ELIDED", "SAFE", "VERDICT", "WHY", "");
}

void table_head(FILE *to, const struct host *host)
{
	report_host(to, host);
	table_columns(to);
}

void sites_text(const struct key_evidence *key, const char *byte_sep, const char *site_sep,
		char *buf, size_t len)
{
	size_t n = 0;

	buf[0] = 0;
	for (unsigned int i = 0; i < key->nr_sites && n < len; i++) {
		const struct key_site *site = &key->site[i];
		unsigned int same = 1;

		while (i + 1 < key->nr_sites && key->site[i + 1].len == site->len &&
		       !memcmp(key->site[i + 1].bytes, site->bytes, site->len)) {
			same++;
			i++;
		}
		n += snprintf(buf + n, len - n, "%s", n ? site_sep : "");
		if (!site->len && n < len)
			n += snprintf(buf + n, len - n, "??");
		for (unsigned int b = 0; b < site->len && n < len; b++)
			n += snprintf(buf + n, len - n, "%s%02x", b ? byte_sep : "", site->bytes[b]);
		if (same > 1 && n < len)
			n += snprintf(buf + n, len - n, " x%u", same);
	}
}

void delivered_text(const struct run_result *r, char *buf, size_t len)
{
	const struct delivered *d = &r->facts.findings.delivered;

	if (r->claims & PVTLB_CLAIM_DELIVERED && d->flushes)
		snprintf(buf, len, "%llu/%llu", (unsigned long long)d->interrupted,
			 (unsigned long long)d->targets);
	else
		snprintf(buf, len, "-");
}

void walkers_text(const struct run_result *r, char *buf, size_t len)
{
	const struct delivered *d = &r->facts.findings.delivered;

	if (r->claims & PVTLB_CLAIM_DELIVERED && d->walkers)
		snprintf(buf, len, "%llu/%llu", (unsigned long long)d->walkers_interrupted,
			 (unsigned long long)d->walkers);
	else
		snprintf(buf, len, "-");
}

double per_flush(const struct counts *c, uint64_t nr)
{
	return (double)nr / c->remote;
}

static void per_flush_text(const struct counts *c, char *buf, size_t len)
{
	if (c->remote)
		snprintf(buf, len, "%.1fi %.1fh", per_flush(c, c->interrupts),
			 per_flush(c, c->hypercalls));
	else
		snprintf(buf, len, "-");
}

void elided_text(const struct counts *c, char *buf, size_t len)
{
	const struct {
		uint64_t nr;
		char why;
	} elided[] = { { c->lazy, 'l' }, { c->preempted, 'p' }, { c->elsewhere, 'e' } };
	size_t n = 0;

	snprintf(buf, len, "-");
	for (size_t i = 0; i < sizeof(elided) / sizeof(elided[0]) && n < len; i++)
		if (elided[i].nr)
			n += snprintf(buf + n, len - n, "%s%llu%c", n ? " " : "",
				      (unsigned long long)elided[i].nr, elided[i].why);
}

static void safe_text(const struct run_result *r, char *buf, size_t len)
{
	const struct safe *s = &r->facts.findings.safe;
	uint64_t checks = s->checks + s->walk_loads;

	if (!(r->claims & PVTLB_CLAIM_SAFE) || !checks)
		snprintf(buf, len, "-");
	else if (s->bad.total)
		snprintf(buf, len, "%llu BAD", (unsigned long long)s->bad.total);
	else
		snprintf(buf, len, "%llu ok", (unsigned long long)checks);
}

static void counts_line(FILE *to, const struct run_facts *facts)
{
	const struct counts *c = &facts->findings.counts;

	if (c->syncs)
		fprintf(to, "    syncs: %llu, %llu of them skipped; %.2f interrupts per sync\n",
			(unsigned long long)c->syncs, (unsigned long long)c->syncs_skipped,
			(double)c->sync_ipis / c->syncs);
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

static void verbose_lines(FILE *to, const struct run_result *r)
{
	const struct key_evidence *key = &r->facts.key;
	const struct violations *bad[] = { &r->facts.findings.safe.bad,
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

/* A violation that nobody expected is explained unasked. */
static bool explain(const struct run_result *r, bool verbose)
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
	char flush[64], elided[80], policy[PVTLB_POLICY_NAME + 16] = "";

	if (c->policy.other)
		snprintf(policy, sizeof(policy), " (policy %s)", c->policy.name);
	sites_text(key, " ", "|", sites, sizeof(sites));
	delivered_text(r, delivered, sizeof(delivered));
	walkers_text(r, walkers, sizeof(walkers));
	per_flush_text(&r->facts.findings.counts, flush, sizeof(flush));
	elided_text(&r->facts.findings.counts, elided, sizeof(elided));
	safe_text(r, safe, sizeof(safe));
	snprintf(cpus, sizeof(cpus), "%u", c->cpus);
	snprintf(tlbs, sizeof(tlbs), "%u", r->tlbs);
	fprintf(to, ROW, c->scenario, c->backend->name, c->backend->provider, c->paravirt ? "y" : "n",
		c->invlpgb ? "shown" : "no", !c->backend->paravirt ? "-" : c->late ? "late" : "boot",
		cpus, tlbs, !key->nr_sites ? "-" : key->value ? "on" : "off", sites, delivered,
		walkers, flush, elided, safe, verdict_names[r->judgement.verdict], r->judgement.why,
		policy);
	if (explain(r, verbose))
		report_lines(to, r);
	if (verbose)
		verbose_lines(to, r);
	fflush(to);
}
