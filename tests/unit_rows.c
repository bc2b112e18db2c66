/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of 80 columns: which columns there are, what is said above them, what does not fit. */
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "base/wrap.h"
#include "policy.h"
#include "report/rows.h"
#include "unit_util.h"

#define MOST 64

static const struct host host = { .kind_why = "so", .nr_cpus = 2, .kind = HOST_VMX };
static struct run_config plan[MOST];
static size_t nr;
static uint32_t claims;
static char *text;

static void start(void)
{
	nr = 0;
	claims = PVTLB_CLAIMS;
}

static struct run_config *add(const char *scenario, const char *backend)
{
	plan[nr] = (struct run_config){ .scenario = scenario,
					.backend = backend_named(backend),
					.paravirt = true,
					.cpus = 4,
					.trials = 1,
					.policy = P_PATCH };
	CU_ASSERT_PTR_NOT_NULL_FATAL(plan[nr].backend);
	return &plan[nr++];
}

static struct run_result result_of(const struct run_config *config)
{
	return (struct run_result){
		.config = *config,
		.claims = claims,
		.facts = { .key = { .nr_sites = 1 },
			   .findings = { .delivered = { .flushes = 2,
							.targets = 6,
							.walkers = 3,
							.walkers_interrupted = 3 },
					 .safe = { .checks = 16 } } },
		.judgement = { .why = "off expected: the hypercall interrupts no guest context" },
		.seconds = 0.25,
	};
}

/* Print rows of the plan, each changed by change(), if there is one. No line is too long. */
static void print_with(void (*change)(struct run_result *r), bool verbose)
{
	struct page page = { 0 };
	struct rows rows;
	size_t len;

	free(text);
	page.to = open_memstream(&text, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(page.to);
	rows_begin(&rows, &page, &host, plan, nr, claims);
	for (size_t i = 0; i < nr; i++) {
		struct run_result r = result_of(&plan[i]);

		if (change)
			change(&r);
		rows_add(&rows, &page, &host, &r, verbose);
	}
	rows_end(&rows, &page);
	fclose(page.to);
	for (const char *at = text; *at; at += strcspn(at, "\n") + 1) {
		size_t n = strcspn(at, "\n");

		EXPECT(n <= WRAP_WIDTH && (!n || at[n - 1] != ' '), "'%.*s'", (int)n, at);
	}
}

static void print(void)
{
	print_with(NULL, false);
}

static void expect(bool there, const char *want)
{
	EXPECT(!!strstr(text, want) == there, "'%s' in: %s", want, text);
}

/* One run: all that it is stands above, and the rest is room for WHY. */
static void one(void)
{
	start();
	add("shootdown", "pvtlb");
	print();
	expect(true,
	       "\nshootdown, 4 CPUs, backend pvtlb, by the VMM, CONFIG_PARAVIRT=y, policy patch,\n"
	       "  key auto\n\n"
	       "KEY DELIVERED WALKERS     SAFE VERDICT SECS WHY\n"
	       "off       0/6     3/3    16 ok pass    0.25 off expected: the hypercall\n"
	       "                                            interrupts no guest context\n");
	expect(false, "runs:");
}

/* What differs is a column, and is not said above; what does not is said, and no column. */
static void differing(void)
{
	static const struct {
		const char *column, *said;
	} facets_of[] = {
		{ "SCENARIO", "shootdown, " },
		{ "CPUS ", "4 CPUs, " },
		{ "BACKEND ", "backend kvm" },
		{ "PV ", "CONFIG_PARAVIRT=y, " },
		{ "INSTALL ", "" },
		{ "POLICY ", "policy patch, " },
	};

	for (size_t differs = 0; differs < NR_OF(facets_of); differs++) {
		struct run_config *c;

		start();
		claims = PVTLB_CLAIM_KEY;
		add("shootdown", "kvm");
		c = add(differs == 0 ? "key" : "shootdown", differs == 2 ? "xen" : "kvm");
		c->cpus = differs == 1 ? 2 : 4;
		c->paravirt = differs != 3;
		c->late = differs == 4;
		if (differs == 5)
			c->policy = policy_declared;
		print();
		for (size_t i = 0; i < NR_OF(facets_of); i++) {
			expect(i == differs, facets_of[i].column);
			if (*facets_of[i].said)
				expect(i != differs, facets_of[i].said);
		}
		expect(true,
		       "\n\n2 runs: 2 passed, 0 controls caught, 0 failed, 0 skipped, in 0.5 s\n");
	}
}

/* Names of one value in two images are two strings. */
static void same_names(void)
{
	static char patch[] = "patch";

	start();
	add("shootdown", "kvm");
	add("shootdown", "xen")->policy.name = patch;
	print();
	expect(true, "policy patch");
	expect(false, "POLICY");
}

/* Whose claims nobody has says nothing, and needs no column. */
static void claimed(void)
{
	static const struct {
		uint32_t claims;
		const char *head;
	} cases[] = {
		{ PVTLB_CLAIM_KEY, "\nKEY VERDICT SECS WHY\n" },
		{ PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE, "\nKEY     SAFE VERDICT SECS WHY\n" },
		{ PVTLB_CLAIM_DELIVERED, "\nKEY DELIVERED WALKERS VERDICT SECS WHY\n" },
		{ 0, "\nKEY VERDICT SECS WHY\n" },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		start();
		claims = cases[i].claims;
		add("shootdown", "pvtlb");
		print();
		expect(true, cases[i].head);
	}
}

/* Where WHY has no room it is below; where columns have none, what changes least is above. */
static void no_room(void)
{
	start();
	add("shootdown", "kvm");
	add("collapse-vs-gup", "kvm");
	add("collapse-vs-gup", "xen");
	print();
	expect(true, "\nSCENARIO        BACKEND KEY DELIVERED WALKERS     SAFE VERDICT SECS\n"
		     "shootdown       kvm     off       0/6     3/3    16 ok pass    0.25\n"
		     "    off expected: the hypercall interrupts no guest context\n");

	for (unsigned int i = 0; i < 12; i++) {
		struct run_config *c = add(i < 6 ? "collapse-vs-gup" : "kernel-range-asids", "kvm");

		c->cpus = 2 + i % 6 / 2;
		c->late = i % 2;
		c->policy = policy_always_sync;
	}
	print();
	expect(true, "\nCPUS BACKEND INSTALL KEY DELIVERED WALKERS     SAFE VERDICT SECS\n"
		     "shootdown, policy patch:\n4    kvm ");
	expect(true, "\ncollapse-vs-gup, policy always-sync:\n2    kvm     boot ");
	expect(true, "\nkernel-range-asids, policy always-sync:\n2    kvm     boot ");
	/* Said where it changes, and not again. */
	EXPECT(!strstr(strstr(text, "\nkernel-range") + 1, "\nkernel-range"), "%s", text);
}

/* More than any backend has now: its name is cut, and the line is not longer. */
static void long_name(void)
{
	static const struct backend longest = {
		.name = "a-backend-whose-name-is-as-long-as-a-name-can-be",
		.provider = "host",
		.paravirt = true,
	};
	struct run_config *c;

	start();
	add("shootdown", "kvm");
	c = add("shootdown", "kvm");
	c->backend = &longest;
	c->invlpgb = true;
	c->late = true;
	c->paravirt = false;
	print();
	expect(true, "\na-backend-whose-name-is-");
	expect(true, " n  late    off ");
}

static void large(struct run_result *r)
{
	r->facts.findings.delivered.targets = 30000000;
	r->facts.findings.delivered.interrupted = 29999999;
	r->facts.findings.delivered.walkers = 30000;
	r->facts.findings.delivered.walkers_interrupted = 30000;
	r->facts.findings.safe.checks = 123456789;
	r->seconds = 1234.5;
}

static void largest(struct run_result *r)
{
	r->facts.findings.delivered.targets = UINT64_MAX;
	r->facts.findings.delivered.interrupted = UINT64_MAX;
	r->facts.findings.permitted.bad.total = UINT64_MAX;
	r->seconds = 99.96;
}

/* Numbers that have no room are told in fewer digits; not all is never 100 %. */
static void numbers(void)
{
	start();
	add("shootdown", "pvtlb");
	print_with(large, false);
	expect(true, "\noff   99.99 %   100 %  123M ok pass    1234 off");
	print_with(largest, false);
	expect(true, "\noff  100.00 %     3/3  18E BAD pass     100 off");
}

static void wrong(struct run_result *r)
{
	static char report[] = "stale-access: CPU 1 has used a translation that a completed flush"
			       " had ended (trial 0)\n  access    of something\n";

	r->judgement.verdict = VERDICT_FAIL;
	r->report = report;
	r->facts.findings.counts.remote = 1;
	r->facts.exits = UINT64_MAX;
	r->facts.kicks = UINT64_MAX;
}

/* What was wrong at length, and what -v adds, in the same 80 columns. */
static void below(void)
{
	start();
	add("shootdown", "pvtlb");
	print_with(wrong, false);
	expect(true,
	       "\n                                            interrupts no guest context\n"
	       "    stale-access: CPU 1 has used a translation that a completed flush had ended\n"
	       "        (trial 0)\n"
	       "      access    of something\n");
	expect(false, "exits");
	print_with(wrong, true);
	expect(true, "\n    per flush: 0.0 interrupts, 0.0 hypercalls; in the whole run:\n"
		     "        18446744073709551615 exits, ");
	free(text);
	text = NULL;
}

SUITE(unit_rows, false, { "one run", one }, { "what differs", differing },
      { "names are the same by what they say", same_names }, { "what is claimed", claimed },
      { "no room", no_room }, { "a long name", long_name }, { "large numbers", numbers },
      { "what comes below", below });
