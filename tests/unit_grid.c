/* SPDX-License-Identifier: GPL-2.0-only */
/* Matrices: hand-made results, and the text that they come to. */
#include <stdlib.h>
#include <string.h>

#include "report/grid.h"
#include "base/backend.h"
#include "report/report.h"
#include "policy.h"
#include "unit_util.h"

static const struct backend plain = { .name = "native", .provider = "none" },
				about = { .name = "invlpgb",
					  .provider = "vmm",
					  .paravirt = true,
					  .invlpgb = true },
				by_vmm = { .name = "pv", .provider = "vmm", .paravirt = true },
				by_host = { .name = "pv", .provider = "host", .paravirt = true };

static const struct host host = { .kind = HOST_SVM, .kind_why = "so", .nr_cpus = 3 };
#define HOST_LINES                                                                                 \
	"host: svm (so), 3 CPUs\n"                                                                 \
	"      staleness ends with a VM exit here, so \"ok\" says less: docs/hosts.md\n"

#define LEGEND                                                                                     \
	"SITES: the bytes at each static branch on the key. In a cell: the key; DELIVERED: "       \
	"targets interrupted/targets; SAFE: ok, or BAD\n"                                          \
	"and how many violations; -: nothing to judge. Below it the verdict where it is no plain " \
	"pass (caught: a violation was expected,\n"                                                \
	"and found), and its SITES where they are others; behind DELIVERED, WALKERS (w) where these fail.\n\n"
#define COUNTS_LEGEND                                                                              \
	"\nThe same runs' counts: for each flush that has other CPUs in its mask, interrupts of "  \
	"targets (i) and hypercalls (h); of all flushes,\n"                                        \
	"CPUs left out as lazy (l), preempted (p), elsewhere (e); of walkers in the way, those "   \
	"interrupted/all (w). -: no such flush.\n\n"

/* Two sites: nops with the key on, else jumps of two bytes and of five. */
static void set_key(struct run_result *r, bool on)
{
	r->facts.key = (struct key_evidence){
		.nr_sites = 2,
		.value = on,
		.site = { { .len = 2, .bytes = { 0x66, 0x90 } },
			  { .len = 2, .bytes = { 0x66, 0x90 } } },
	};
	if (on)
		return;
	r->facts.key.site[0] = (struct key_site){ .len = 2, .bytes = { 0xeb, 0x2a } };
	r->facts.key.site[1] = (struct key_site){ .len = 5, .bytes = { 0xe9, 1, 2, 3, 4 } };
}

/* A run on 4 CPUs that passed: 9 targets of 3 flushes, all interrupted, and 5 checks. */
static struct run_result result(const char *scenario, const struct backend *backend,
				bool invlpgb)
{
	struct run_result r = {
		.config = { .scenario = scenario,
			    .backend = backend,
			    .paravirt = true,
			    .invlpgb = invlpgb,
			    .cpus = 4,
			    .trials = 1 },
		.claims = PVTLB_CLAIMS,
		.facts.findings = { .delivered = { .flushes = 3, .targets = 9, .interrupted = 9 },
				    .safe = { .checks = 5 },
				    .counts = { .flushes = 3, .remote = 3, .interrupts = 9 } },
		.judgement = { .why = "because" },
		.tlbs = 2,
	};

	set_key(&r, backend == &plain && !invlpgb);
	return r;
}

/* The whole of it, byte by byte. */
static void expect(const struct grid *grid, bool verbose, const char *want)
{
	char *text = NULL;
	size_t len, same = 0;
	FILE *to = open_memstream(&text, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	grid_print(to, &host, grid, verbose);
	fclose(to);
	while (want[same] && text[same] == want[same])
		same++;
	if (!EXPECT(!want[same] && !text[same], "wrong from byte %zu on", same))
		test_say("%s\n--- wanted:\n%s", text, want);
	free(text);
}

/* Text, then the table's rows of these results, then text. */
static char *with_rows(const char *before, const struct run_result *r, size_t nr, bool verbose)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	fputs(before, to);
	table_columns(to);
	for (size_t i = 0; i < nr; i++)
		table_row(to, &r[i], verbose);
	fclose(to);
	return text;
}

static char *joined(char *before, const char *text)
{
	char *all = NULL;

	if (asprintf(&all, "%s%s", before, text) < 0)
		abort();
	free(before);
	return all;
}

/* Reports: as violation_report() makes them, so they are freed with the result. */
static void add(struct grid *grid, struct run_result r, const char *report)
{
	if (report)
		r.report = strdup(report);
	grid_add(grid, &r);
}

static void all_pass(void)
{
	struct run_result r = result("shootdown", &plain, false);
	struct grid grid = { 0 };

	add(&grid, r, NULL);
	r = result("shootdown", &plain, true);
	add(&grid, r, NULL);
	r = result("shootdown", &by_vmm, false);
	r.facts.findings.delivered.interrupted = 0;
	r.facts.findings.counts = (struct counts){
		.remote = 3, .interrupts = 0, .hypercalls = 4, .lazy = 2, .elsewhere = 1
	};
	add(&grid, r, NULL);
	r = result("shootdown", &by_host, false);
	r.facts.findings.delivered.interrupted = 6;
	r.facts.findings.delivered.walkers = 3;
	r.facts.findings.delivered.walkers_interrupted = 2;
	r.facts.findings.counts = (struct counts){ .remote = 30, .interrupts = 1, .preempted = 3 };
	add(&grid, r, NULL);
	/* The key alone, and only where there was one. */
	r = result("key", &plain, false);
	r.claims = PVTLB_CLAIM_KEY;
	r.facts.findings = (struct findings){ 0 };
	add(&grid, r, NULL);
	r.config.backend = &about;
	r.config.invlpgb = true;
	set_key(&r, false);
	add(&grid, r, NULL);
	expect(&grid, false,
	       HOST_LINES
	       "\n4 CPUs, 2 TLBs, CONFIG_PARAVIRT=y\n" LEGEND
	       "BACKEND     native      native           pv               pv               "
	       "invlpgb\n"
	       "HYPERVISOR  none        none             vmm              host             vmm\n"
	       "INVLPGB     no          shown            no               no               shown\n"
	       "SITES       6690 x2     eb2a e901020304  eb2a e901020304  eb2a e901020304  eb2a "
	       "e901020304\n"
	       "shootdown   on  9/9 ok  off 9/9 ok       off 0/9 ok       off 6/9 ok\n"
	       "key         on  - -                                                        off - "
	       "-\n" COUNTS_LEGEND
	       "BACKEND     native   native   pv             pv               invlpgb\n"
	       "HYPERVISOR  none     none     vmm            host             vmm\n"
	       "INVLPGB     no       shown    no             no               shown\n"
	       "shootdown   3.0i 0h  3.0i 0h  0i 1.3h 2l 1e  0.0i 0h 3p 2/3w\n"
	       "key         -                                                 -\n"
	       "\n6 runs: 6 passed, 0 controls caught, 0 failed, 0 skipped\n");
	grid_free(&grid);
	CU_ASSERT_EQUAL(grid.nr, 0);
	CU_ASSERT_PTR_NULL(grid.result);
}

/* Each verdict; a failed run and one of doubt have their rows below, with the report. */
static void verdicts(void)
{
	struct run_result r = result("one", &plain, false), failed[2];
	struct grid grid = { 0 };
	char *want;

	r.config.expect_violation = true;
	r.facts.findings.safe.bad.total = 12;
	add(&grid, r, "expected");
	r = result("one", &by_vmm, false);
	r.facts.findings.delivered.interrupted = 8;
	r.judgement.verdict = VERDICT_FAIL;
	/* A site that is not as in the column's first run. */
	add(&grid, result("zero", &by_vmm, false), NULL);
	r.facts.key.site[0] = (struct key_site){ .len = 0 };
	add(&grid, r, "a\n b");
	failed[0] = grid.result[grid.nr - 1];
	r = result("two", &plain, false);
	r.judgement.verdict = VERDICT_UNKNOWN;
	add(&grid, r, NULL);
	failed[1] = r;
	/* A machine that could not be made: no evidence. */
	r = result("two", &by_vmm, false);
	r.facts = (struct run_facts){ 0 };
	r.judgement.verdict = VERDICT_SKIP;
	add(&grid, r, NULL);
	r.config.scenario = "three";
	add(&grid, r, NULL);
	strcpy(r.judgement.why, "no");
	r.config.scenario = "four";
	add(&grid, r, NULL);
	want = with_rows(HOST_LINES "\n4 CPUs, 2 TLBs, CONFIG_PARAVIRT=y\n" LEGEND
				    "BACKEND     native          pv\n"
				    "HYPERVISOR  none            vmm\n"
				    "INVLPGB     no              no\n"
				    "SITES       6690 x2         eb2a e901020304\n"
				    "one         on  9/9 BAD 12  off 8/9 ok\n"
				    "            caught          FAIL\n"
				    "                            ?? e901020304\n"
				    "zero                        off 9/9 ok\n"
				    "two         on  9/9 ok      skip\n"
				    "            unknown\n"
				    "three                       skip\n"
				    "four                        skip\n" COUNTS_LEGEND
				    "BACKEND     native   pv\n"
				    "HYPERVISOR  none     vmm\n"
				    "INVLPGB     no       no\n"
				    "one         3.0i 0h  3.0i 0h\n"
				    "zero                 3.0i 0h\n"
				    "two         3.0i 0h  skip\n"
				    "three                skip\n"
				    "four                 skip\n"
				    "\nfailed\n",
			 failed, 2, false);
	want = joined(want,
		      "\nskipped\n"
		      "    2: two, three: because\n"
		      "    1: four: no\n"
		      "\n7 runs: 1 passed, 1 controls caught, 1 failed, 3 skipped, 1 unknown\n");
	expect(&grid, false, want);
	free(want);
	grid_free(&grid);
}

/* What has no cell is a row; a matrix for each number of CPUs; what all runs have in common. */
static void others(void)
{
	struct run_result r = result("key", &plain, false), other[5];
	struct grid grid = { 0 };
	size_t nr = 0;
	char *want;

	r.config.cpus = 2;
	r.config.trials = 3;
	r.config.key = KEY_ON;
	add(&grid, r, NULL);
	other[nr++] = r; /* once more */
	r.config.paravirt = false;
	other[nr++] = r;
	r = result("key", &by_vmm, false);
	r.config.late = true;
	r.config.expect_violation = true;
	other[nr++] = r;
	r = result("key", &by_vmm, true);
	other[nr++] = r;
	r.config.backend = &about;
	r.config.late = true;
	r.judgement.verdict = VERDICT_FAIL;
	other[nr++] = r;
	for (size_t i = 0; i < nr; i++)
		add(&grid, other[i], NULL);
	r = result("key", &about, true);
	r.config.stress = 2;
	r.config.seed = 31;
	r.config.trials = 7;
	r.config.policy = policy_declared;
	r.config.fault = PVTLB_FAULT_SKIP_IPI;
	add(&grid, r, NULL);
	want = with_rows(HOST_LINES
			 "\n2 CPUs, 2 TLBs, CONFIG_PARAVIRT=y, key forced on, 3 trials\n" LEGEND
			 "BACKEND     native\n"
			 "HYPERVISOR  none\n"
			 "INVLPGB     no\n"
			 "SITES       6690 x2\n"
			 "key         on  9/9 ok\n" COUNTS_LEGEND "BACKEND     native\n"
			 "HYPERVISOR  none\n"
			 "INVLPGB     no\n"
			 "key         3.0i 0h\n"
			 "\n4 CPUs, 2 TLBs, CONFIG_PARAVIRT=y, policy declared, fault skip-ipi, "
			 "free runs of 2 s, seed 0x1f\n\n"
			 "BACKEND     invlpgb\n"
			 "HYPERVISOR  vmm\n"
			 "INVLPGB     shown\n"
			 "SITES       eb2a e901020304\n"
			 "key         off 9/9 ok\n"
			 "\nThe same runs' counts\n\n"
			 "BACKEND     invlpgb\n"
			 "HYPERVISOR  vmm\n"
			 "INVLPGB     shown\n"
			 "key         3.0i 0h\n"
			 "\nother configurations\n",
			 other, nr, true);
	want = joined(want, "\n7 runs: 5 passed, 1 controls caught, 1 failed, 0 skipped\n");
	expect(&grid, true, want);
	free(want);
	grid_free(&grid);
}

/* Only rows: nothing of a matrix is there. */
static void no_matrix(void)
{
	struct run_result r = result("key", &by_vmm, true);
	struct grid grid = { 0 };
	char *want;

	add(&grid, r, NULL);
	want = joined(with_rows(HOST_LINES "\nother configurations\n", &r, 1, false),
		      "\n1 runs: 1 passed, 0 controls caught, 0 failed, 0 skipped\n");
	expect(&grid, false, want);
	free(want);
	grid_free(&grid);
}

/* What was skipped for one reason: its scenarios, or its backends where these are many. */
static void skipped_names(void)
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g",
					     "h", "i", "j", "k", "l", "m" };
	struct run_result r = result("a", &by_vmm, false);
	struct grid grid = { 0 };
	char *text;
	size_t len;

	r.judgement.verdict = VERDICT_SKIP;
	for (unsigned int i = 0; i < 26; i++) {
		FILE *to;

		r.config.scenario = names[i % 13];
		r.config.backend = i < 13 ? &by_vmm : &plain;
		strcpy(r.judgement.why, i % 13 < 7 ? "many" : "few");
		add(&grid, r, NULL);
		if (i != 12 && i != 25)
			continue;
		to = open_memstream(&text, &len);
		grid_print(to, &host, &grid, false);
		fclose(to);
		EXPECT(strstr(text, i == 12 ? "    7: pv: many\n    6: h, i, j, k, l, m: few\n" :
					      "    14: pv, native: many\n"
					      "    12: h, i, j, k, l, m: few\n"),
		       "%s", strstr(text, "\nskipped"));
		free(text);
	}
	grid_free(&grid);
}

SUITE(unit_grid, false, { "runs that pass", all_pass }, { "other verdicts", verdicts },
      { "other configurations", others }, { "no matrix at all", no_matrix },
      { "what was skipped", skipped_names });
