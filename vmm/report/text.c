/* SPDX-License-Identifier: GPL-2.0-only */
/* What single cells of a report say. */
#include <stdio.h>
#include <string.h>

#include "base/backend.h"
#include "base/words.h"
#include "report/text.h"

const char *key_text(const struct key_evidence *key)
{
	return key->nr_sites ? words_off_on.name[key->value] : "-";
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
			n += snprintf(buf + n, len - n, "%s%02x", b ? byte_sep : "",
				      site->bytes[b]);
		if (same > 1 && n < len)
			n += snprintf(buf + n, len - n, " x%u", same);
	}
}

/* Interrupted of all, if that is claimed and there was an occasion. */
static void part_text(const struct run_result *r, uint64_t occasions, uint64_t interrupted,
		      uint64_t all, char *buf, size_t len)
{
	if (r->claims & PVTLB_CLAIM_DELIVERED && occasions)
		snprintf(buf, len, "%llu/%llu", (unsigned long long)interrupted,
			 (unsigned long long)all);
	else
		snprintf(buf, len, "-");
}

void delivered_text(const struct run_result *r, char *buf, size_t len)
{
	const struct delivered *d = &r->facts.findings.delivered;

	part_text(r, d->flushes, d->interrupted, d->targets, buf, len);
}

void walkers_text(const struct run_result *r, char *buf, size_t len)
{
	const struct delivered *d = &r->facts.findings.delivered;

	part_text(r, d->walkers, d->walkers_interrupted, d->walkers, buf, len);
}

enum safe_word safe_of(const struct run_result *r, uint64_t *nr)
{
	const struct safe *s = &r->facts.findings.safe;
	uint64_t bad = s->bad.total ? s->bad.total : r->facts.findings.permitted.bad.total;

	*nr = bad ? bad : s->checks + s->walk_loads;
	if (!(r->claims & PVTLB_CLAIM_SAFE) || !*nr)
		return SAFE_NONE;
	return bad ? SAFE_BAD : SAFE_OK;
}

void safe_text(const struct run_result *r, char *buf, size_t len)
{
	uint64_t nr;
	enum safe_word word = safe_of(r, &nr);

	if (word == SAFE_NONE)
		snprintf(buf, len, "-");
	else
		snprintf(buf, len, "%llu %s", (unsigned long long)nr,
			 word == SAFE_BAD ? "BAD" : "ok");
}

void share_text(uint64_t part, uint64_t all, int width, char *buf, size_t len)
{
	int n = snprintf(buf, len, "%llu/%llu", (unsigned long long)part, (unsigned long long)all);
	/* Rounded down: what is not all of them does not look like it. */
	uint64_t of_10000 = (unsigned __int128)part * 10000 / (all ? all : 1);

	if (n <= width)
		return;
	n = snprintf(buf, len, "%llu.%02llu %%", (unsigned long long)of_10000 / 100,
		     (unsigned long long)of_10000 % 100);
	if (n > width)
		snprintf(buf, len, "%llu %%", (unsigned long long)of_10000 / 100);
}

void backend_text(const struct run_config *c, char *buf, size_t len)
{
	snprintf(buf, len, "%s%s%s", c->backend->name, backend_by_host(c->backend) ? " (host)" : "",
		 c->invlpgb && !c->backend->invlpgb ? " INVLPGB" : "");
}

void conditions_text(const struct run_config *c, char *buf, size_t len)
{
	char fault[80] = "", runs[80] = "", mm[CONFIG_MM_MAX + 8] = "";

	if (c->mm)
		snprintf(mm, sizeof(mm), ", mm %s", c->mm);
	if (c->fault != PVTLB_FAULT_NONE)
		snprintf(fault, sizeof(fault), ", fault %s", fault_names[c->fault]);
	if (c->stress)
		snprintf(runs, sizeof(runs), ", free runs of %u s, seed 0x%llx", c->stress,
			 (unsigned long long)c->seed);
	else if (c->trials > 1)
		snprintf(runs, sizeof(runs), ", %u trials", c->trials);
	snprintf(buf, len, "%s%s%s", mm, fault, runs);
}

double per_sync(const struct counts *c)
{
	return (double)c->sync_ipis / c->syncs;
}

double per_flush(const struct counts *c, uint64_t nr)
{
	return (double)nr / c->remote;
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
