/* SPDX-License-Identifier: GPL-2.0-only */
/* The summary of a run: what its lines say, and what the key forced on came to. */
#include <stdlib.h>
#include <string.h>

#include "base/wrap.h"
#include "base/backend.h"
#include "base/settings.h"
#include "report/again.h"
#include "report/summary.h"
#include "unit_util.h"

static const struct backend all = { .name = "native",
				    .provider = "none",
				    .interrupts = INTERRUPTS_ALL },
			    none = { .name = "hyper",
				     .provider = "vmm",
				     .paravirt = true,
				     .interrupts = INTERRUPTS_NONE },
			    running = { .name = "kvm",
					.provider = "host",
					.paravirt = true,
					.interrupts = INTERRUPTS_RUNNING };
static const struct host host = { .kind = HOST_PVM, .kind_why = "so", .nr_cpus = 3 };

/* A run that passed: 7 of 9 targets interrupted, the key off. */
static struct run_result result(const struct backend *backend)
{
	return (struct run_result){
		.config = { .scenario = FORCED_SCENARIO,
			    .backend = backend,
			    .paravirt = true,
			    .cpus = 4,
			    .trials = 1,
			    .timeout = 10 },
		.claims = PVTLB_CLAIMS,
		.facts = { .key = { .nr_sites = 1 },
			   .findings.delivered = { .flushes = 3, .targets = 9, .interrupted = 7 } },
		.judgement = { .why = "because" },
		.seconds = 0.25,
	};
}

/* The same with the key forced on, and with harm that CPU 2 did; hooked: into mm 5 by then. */
static struct run_result forced_on(const struct backend *backend, bool harm, bool hooked)
{
	struct run_result r = result(backend);

	r.config.key = KEY_ON;
	r.facts.key.value = true;
	if (!harm)
		return r;
	r.judgement.verdict = VERDICT_FAIL;
	r.facts.findings.safe.bad.total = r.facts.findings.safe.bad.kept = 1;
	r.facts.findings.safe.bad.v[0] = (struct violation){
		.kind = VIOLATION_USE_AFTER_DEPOSIT,
		.cpu = 2,
		.mm = 1,
		.use_after.later = { .hooked = hooked ? 77 : 0, .mm = 5 },
	};
	return r;
}

static void expect_forced(const struct run_result *r, bool ran, bool violated, bool contradicts,
			  const char *cell, const char *why)
{
	struct forced f;

	forced_read(r, &f);
	EXPECT(f.ran == ran && f.violated == violated && f.contradicts == contradicts,
	       "%s: ran %d, violated %d, contradicts %d", cell, f.ran, f.violated, f.contradicts);
	EXPECT(!strcmp(f.text, cell), "'%s', not '%s'", f.text, cell);
	EXPECT(strstr(f.why, why), "'%s' in '%s'", why, f.why);
}

static void forced(void)
{
	struct run_result r = forced_on(&none, true, true);

	expect_forced(&r, true, true, false, "CPU 2 read mm 5's table",
		      "use after deposit: CPU 2, in mm 1, walked through a page table that had "
		      "been put aside to be used again; by then it was mm 5's");
	r = forced_on(&none, true, false);
	expect_forced(&r, true, true, false, "use after deposit: CPU 2", "used again");
	r = forced_on(&running, true, true);
	expect_forced(&r, true, true, false, "CPU 2 read mm 5's table", "mm 5");
	r = forced_on(&running, false, false);
	expect_forced(&r, true, false, false, "holds", "");
	r = forced_on(&all, false, false);
	expect_forced(&r, true, false, false, "holds", "");
	/* What the backends say of themselves is not so. */
	r = forced_on(&all, true, true);
	expect_forced(&r, true, true, true, "CPU 2 read mm 5's table", "mm 5");
	r = forced_on(&none, false, false);
	expect_forced(&r, true, false, true, "holds", "hyper interrupts nobody");
	/* The key is off, though it was forced on. */
	r = forced_on(&all, false, false);
	r.facts.key.value = false;
	expect_forced(&r, true, false, true, "not judged", "because");
	/* It came to no end, or to none that tells. */
	r = forced_on(&none, false, false);
	r.judgement.verdict = VERDICT_FAIL;
	expect_forced(&r, true, false, true, "not judged", "because");
	r.judgement.verdict = VERDICT_UNKNOWN;
	expect_forced(&r, true, false, true, "not judged", "because");
	r.judgement.verdict = VERDICT_SKIP;
	expect_forced(&r, false, false, false, "not run", "because");
}

/* Which run is made: none that would be about something else, too. */
static void forced_runs(void)
{
	const struct run_config usual = { .scenario = "key",
					  .backend = &none,
					  .invlpgb = true,
					  .late = true,
					  .trials = 9,
					  .cpus = 3,
					  .expect_violation = true };
	struct run_config c, made;

	CU_ASSERT_TRUE(forced_config(&usual, &made));
	CU_ASSERT_STRING_EQUAL(made.scenario, FORCED_SCENARIO);
	CU_ASSERT_TRUE(made.key == KEY_ON && made.paravirt && !made.late && !made.invlpgb &&
		       !made.expect_violation && made.trials == 1 && made.cpus == 3);
	c = usual;
	c.backend = &all;
	CU_ASSERT_TRUE(forced_config(&c, &made) && made.invlpgb);
	c = usual;
	c.key = KEY_OFF;
	CU_ASSERT_FALSE(forced_config(&c, &made));
	c = usual;
	c.policy.other = true;
	CU_ASSERT_FALSE(forced_config(&c, &made));
	c = usual;
	c.fault = PVTLB_FAULT_SKIP_IPI;
	CU_ASSERT_FALSE(forced_config(&c, &made));
	c = usual;
	c.stress = 1;
	CU_ASSERT_FALSE(forced_config(&c, &made));
}

static struct summary summary;
static struct page page;
static char *text;
static size_t text_len;

static void begin(void)
{
	memset(&summary, 0, sizeof(summary));
	page.to = open_memstream(&text, &text_len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(page.to);
	summary_begin(&page, &host);
}

static void add(const struct run_result *r, unsigned int times)
{
	while (times--)
		summary_add(&summary, r);
}

/* The backend's line, with what this run came to. */
static void row(const struct run_result *r)
{
	struct forced f;

	if (r)
		forced_read(r, &f);
	summary_row(&page, &summary, r ? &f : NULL, r ? &r->config : NULL);
}

/* Whose code is run, as words of a command. */
static const char *whose = "";

/* Ends it. No line is too long, and there are at most so many. */
static void end(unsigned int max_lines)
{
	unsigned int lines = 0;

	summary_end(&page, &summary, "pvtlb", whose, "");
	fclose(page.to);
	for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		EXPECT(strcspn(at, "\n") <= WRAP_WIDTH, "%.*s", (int)strcspn(at, "\n"), at);
		lines++;
	}
	EXPECT(lines <= max_lines, "%u lines: %s", lines, text);
}

static void expect(bool there, const char *want)
{
	EXPECT(!!strstr(text, want) == there, "'%s' in: %s", want, text);
}

/* All that there is, on one screen. */
static void whole(void)
{
	struct run_result r = result(&all), bad = forced_on(&all, false, false);

	begin();
	r.facts.key.value = true;
	add(&r, 10);
	row(&bad);
	for (unsigned int i = 0; i < 8; i++) {
		r = result(i ? &none : &running);
		bad = forced_on(r.config.backend, true, true);
		r.facts.findings.delivered.targets = 9000000;
		add(&r, 20);
		row(&bad);
	}
	end(25);
	expect(true, "\nnative         IPI                        70/90  on   holds\n");
	expect(true,
	       "\nkvm (host)     IPI unless preempted      0.00 %  off  CPU 2 read mm 5's table\n");
	expect(true,
	       "\nhyper          hypercall                 0.00 %  off  CPU 2 read mm 5's table\n");
	expect(true, "\n170 runs: 170 passed, 0 controls caught, 0 failed, 0 skipped, in 42.5 s\n");
	free(text);
}

static void skips(void)
{
	struct run_result r = result(&none);

	begin();
	r.judgement.verdict = VERDICT_SKIP;
	add(&r, 2);
	for (unsigned int i = 0; i < 4; i++) {
		snprintf(r.judgement.why, sizeof(r.judgement.why), "reason %u", i);
		add(&r, 1);
	}
	row(NULL);
	end(25);
	expect(true, "\nhyper          hypercall                      -  -    -\n");
	expect(true, "\n6 runs: 0 passed, 0 controls caught, 0 failed, 6 skipped, in 1.5 s\n");
	expect(true, "\n  2 skipped: because\n  1 skipped: reason 0\n  1 skipped: reason 1\n"
		     "  2 skipped for other reasons: ");
	expect(false, "forced on:");
	expect(true, "\nnext: pvtlb list\n      pvtlb run --matrix\n");
	free(text);

	/* What to type next is about the same code. */
	whose = " --mm kernel";
	begin();
	for (unsigned int i = 0; i < 4; i++) {
		snprintf(r.judgement.why, sizeof(r.judgement.why), "reason %u", i);
		add(&r, 1);
	}
	row(NULL);
	end(25);
	expect(true, "\n  1 skipped for other reasons: pvtlb run --matrix --mm kernel\n");
	expect(true, "\nnext: pvtlb list --mm kernel\n      pvtlb run --matrix --mm kernel\n");
	free(text);
	whose = "";
}

/* The first harm is the one to look at, unless something is contradicted. */
static void next(void)
{
	struct run_result r = result(&running), bad = forced_on(&running, true, true);

	begin();
	add(&r, 1);
	row(&bad);
	end(25);
	expect(true, "next: pvtlb show collapse-vs-gup --backend kvm --provider host --key on\n");
	expect(false, "CONTRADICTED");
	free(text);

	begin();
	add(&r, 1);
	row(&bad);
	r = result(&none);
	bad = forced_on(&none, false, false);
	bad.config.cpus = 3;
	add(&r, 1);
	row(&bad);
	end(25);
	expect(true, "CONTRADICTED, hyper: hyper interrupts nobody");
	expect(true, "next: pvtlb run collapse-vs-gup --backend hyper --cpus 3 --key on\n");
	free(text);
}

/* Who failed stands below the backend's line, and what to type is the first of them. */
static void failures(void)
{
	static const char *const names[] = { "a", "b", "b", "conformance", "c", "d", "e" };
	struct run_result r = result(&none), bad = forced_on(&none, true, true);

	begin();
	add(&r, 3);
	r.judgement.verdict = VERDICT_FAIL;
	for (unsigned int i = 0; i < 7; i++) {
		r.config.scenario = names[i];
		r.judgement.verdict = i == 6 ? VERDICT_UNKNOWN : VERDICT_FAIL;
		r.config.cpus = 3 + i;
		add(&r, 1);
	}
	row(&bad);
	/* The next backend's are its own, and conformance has been found. */
	r = result(&running);
	r.judgement.verdict = VERDICT_FAIL;
	r.config.scenario = "conformance";
	add(&r, 1);
	row(NULL);
	/* What was skipped or passed is in no list. */
	r = result(&all);
	add(&r, 1);
	r.judgement.verdict = VERDICT_SKIP;
	add(&r, 1);
	row(NULL);
	end(25);
	expect(true, "table\n  6 of 10 runs failed, 1 unknown: a, b, conformance, c and 2 more\nkvm ");
	expect(true, " -\n  1 of 1 runs failed: conformance\nnative ");
	expect(false, "of 2 runs failed");
	expect(true, "next: pvtlb run conformance --backend hyper --cpus 6\n");
	free(text);
}

/* All that makes the run what it is, and no more. */
static void again(void)
{
	struct run_config c = settings_unasked();
	char line[256];

	c.scenario = "key";
	c.backend = &all;
	c.invlpgb = true;
	c.cpus = 70;
	c.trials = 9;
	c.key = KEY_OFF;
	c.no_look = true;
	c.fault = PVTLB_FAULT_SKIP_IPI;
	CU_ASSERT_STRING_EQUAL(command_again("pvtlb", "run", &c, line, sizeof(line)),
			       "pvtlb run key --backend native --paravirt n --invlpgb y --cpus 70 "
			       "--trials 9 --key off --inject skip-ipi --no-look");
	CU_ASSERT_STRING_EQUAL(command_again("pvtlb", "show", &c, line, sizeof(line)),
			       "pvtlb show key --backend native --paravirt n --invlpgb y --cpus 70 "
			       "--key off --inject skip-ipi");
	c = settings_unasked();
	c.scenario = "key";
	c.backend = &running;
	c.paravirt = c.late = c.policy.other = true;
	c.policy.name = "tracked";
	c.stress = 2;
	c.seed = 7;
	CU_ASSERT_STRING_EQUAL(command_again("x", "run", &c, line, sizeof(line)),
			       "x run key --backend kvm --provider host --policy tracked "
			       "--install late --stress 2 --seed 7");
	CU_ASSERT_STRING_EQUAL(command_again("x", "run", &c, line, 12), "x run key -");
}

/* A late install has the key on, which says nothing of how a backend's key comes out. */
static void keys(void)
{
	struct run_result r = result(&none);

	begin();
	add(&r, 1);
	r.facts.key.value = r.config.late = true;
	add(&r, 1);
	row(NULL);
	r.config.late = false;
	add(&r, 1);
	r.facts.key.value = false;
	add(&r, 1);
	row(NULL);
	end(25);
	expect(true, " 14/18  off  -\n");
	expect(true, " 14/18  ?    -\n");
	free(text);
}

static void wrong(void)
{
	struct run_result r = result(&none);

	begin();
	r.judgement.verdict = VERDICT_FAIL;
	r.report = (char[]){ "one\n  two\n" };
	wrong_run(&page, &r);
	r.config.late = true;
	r.judgement.verdict = VERDICT_UNKNOWN;
	r.report = NULL;
	wrong_run(&page, &r);
	end(25);
	expect(true, "\nfail: collapse-vs-gup, backend hyper, 4 CPUs\n    because\n    one\n      two\n");
	expect(true, "\nunknown: collapse-vs-gup, backend hyper, 4 CPUs, late install\n    because\n");
	free(text);
}

SUITE(unit_summary, false, { "the key forced on", forced }, { "which run that is", forced_runs },
      { "on one screen", whole }, { "why runs were skipped", skips }, { "what to type next", next },
      { "which runs failed", failures }, { "a run again", again },
      { "the key", keys }, { "what is wrong", wrong });
