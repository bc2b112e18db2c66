/* SPDX-License-Identifier: GPL-2.0-only */
/* Saved traces, judged again: verdicts, cut files, file names. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "judge/check.h"
#include "tracetext.h"

static void good_run(void)
{
	char *text = trace_with_line(0, NULL), *out;
	struct error err;

	CU_ASSERT_EQUAL(trace_check(text, strlen(text), &out, &err), STATUS_OK);
	CU_ASSERT_EQUAL(err.status, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(out, "key,delivered,safe  pass    on expected: native"));
	free(text);
	free(out);
}

/* Names that are not printable, or without end, are neither in the output nor in messages. */
static void names(void)
{
	char *text = trace_with_line(0, NULL), *out, name[1000];
	struct error err = { 0 };
	size_t len;
	FILE *from = trace_open(text, strlen(text)), *to = open_memstream(&out, &len);

	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = 0;
	memcpy(name, "\033]0;x\a\n", 7);
	CU_ASSERT_EQUAL(check_file(from, name, to, &err), STATUS_OK);
	fclose(from);
	errno = ENOENT;
	CU_ASSERT_EQUAL(check_file(NULL, name, to, &err), STATUS_FAIL);
	fclose(to);
	CU_ASSERT_EQUAL(strncmp(out, "?]0;x??nnn", 10), 0);
	CU_ASSERT_EQUAL(strncmp(err.text, "?]0;x??nnn", 10), 0);
	CU_ASSERT_TRUE(strstr(err.text, ": No such file") && strlen(err.text) < 200);
	free(text);
	free(out);
}

/* Cut anywhere: never a pass, and no verdict on what is left. */
static void truncated(void)
{
	char *text = trace_with_line(0, NULL);
	size_t len = strlen(text), head = strlen(trace_good[0]) + 1;

	for (size_t n = 0; n < len; n++) {
		struct error err;
		char *out;

		EXPECT(trace_check(text, n, &out, &err) == STATUS_FAIL, "cut at %zu of %zu", n,
		       len);
		if (!n)
			EXPECT(strstr(err.text, "t: there is no run in it"), "%s", err.text);
		else if (n < head)
			EXPECT(!strcmp(err.text, "t:1: the file ends within this line"), "%s",
			       err.text);
		else
			EXPECT(strstr(out, "-                   unknown the file ends "
					   "after line"),
			       "cut at %zu: %s%s", n, out, err.text);
		free(out);
	}
	free(text);
}

static void verdicts(void)
{
#define STALE "#8 CPU 1 access mm=1 addr=0x100000000000 op=read outcome=ok value=0x2000000 since=#7"
#define STALE_TEXT                                                                                 \
	"CPU 1 read 0x100000000000 of mm 1 and reached page 0x2000000 (#8), though it is page "    \
	"0x2200000, writable since #2 and CPU 0's flush #4 to #7 had returned (trial 0, step 0)\n"
#define HEAD(fault, applied, expect, claims, key)                                                  \
	CONFIG "cpus=2 trials=1 " CHOICE "fault=" fault " expect=" expect                          \
	       " fault-applied=" applied " claims=" claims " key=" key
#define PATCH	 "patch policy-key=by-patch policy-other=n"
#define NEVER	 "always-sync policy-key=never policy-other=y"
#define DECLARED "declared policy-key=by-declaration policy-other=y"
/* All that there is to know of a policy is in the trace: this build need not have it. */
#define UNKNOWN	 "not-ours policy-key=per-sync policy-other=y"
#define CHOSEN(request, policy, stress, expect, claims, key)                                       \
	CONFIG "cpus=2 trials=1 key-request=" request " policy=" policy " stress=" stress          \
	       " seed=18446744073709551615 fault=none expect=" expect                              \
	       " fault-applied=n claims=" claims " key=" key
	static const struct {
		const char *what;
		unsigned int nr;
		const char *line;
		int status;
		const char *says;
	} cases[] = {
		{ "an event left out", 6, NULL, 1,
		  "-                   unknown 1 events lost, 0 mal" },
		{ "the last event left out", 10, NULL, 1, "unknown 1 events lost" },
		{ "lost", 11, "# end events=9 last=12 lost=3 unused=0 malformed=0", 1,
		  "unknown 3 events lost, 0 malformed; nothing can be said\n" },
		{ "malformed", 11, "# end events=9 last=9 lost=0 unused=0 malformed=7", 1,
		  "unknown 0 events lost, 7 malformed" },
		{ "a number not used", 11, "# end events=9 last=10 lost=0 unused=1 malformed=0", 0,
		  " pass " },
		{ "failed", 11, GOOD_END " failed: triple fault", 1, "its end: triple fault" },
		{ "stale", 9, STALE, 1, STALE_TEXT "stale: CPU 1 " },
		{ "not interrupted", 7, "#6 CPU 0 irq_entry vector=0xfc", 1,
		  "CPU 1 did not take an interrupt" },
		{ "no key event", 2, "#1 CPU 0 boot step=start_kernel late=n refused=no", 1,
		  "native_pv_tlb_init() did not run" },
		{ "no check", 9, "#8 CPU 0 boot step=start_kernel late=n refused=no", 1,
		  "no access was checked" },
		{ "key off", 1, HEAD("none", "n", "hold", "key", "off"), 1, "key  " },
		{ "key off", 1, HEAD("none", "n", "hold", "key", "off"), 1,
		  "fail    key WRONGLY OFF" },
		{ "key off, not claimed", 1, HEAD("none", "n", "hold", "safe", "off"), 0,
		  " pass " },
		{ "no claims", 1, HEAD("none", "n", "hold", "-", "off"), 0,
		  "a diagnostic claims nothing" },
		{ "control", 1, HEAD("none", "n", "violation", "key", "off"), 0,
		  "caught in 1 of 1 trials" },
		{ "control, not caught", 1, HEAD("none", "n", "violation", "key", "on"), 1,
		  "NOT caught" },
		{ "fault", 1, HEAD("skip-ipi", "y", "hold", "key", "on"), 0, " pass " },
		{ "fault, not applied", 1, HEAD("skip-ipi", "n", "hold", "key", "on"), 1,
		  "was never applied" },
		{ "forced", 1, CHOSEN("on", PATCH, "0", "hold", "safe", "on"), 0, " pass " },
		{ "not as forced", 1, CHOSEN("off", PATCH, "0", "hold", "safe", "on"), 1,
		  "fail    the key was to be forced off, and the guest has it on" },
		{ "always-sync", 1, CHOSEN("auto", NEVER, "0", "hold", "key", "off"), 0,
		  "pass    off by policy, every sync is sent: native flushes interrupt every "
		  "target; a missed optimisation (policy always-sync)\n" },
		{ "always-sync, not done", 1,
		  CHOSEN("auto", NEVER, "0", "hold", "key", "on"), 1,
		  "fail    key WRONGLY ON, though every sync was to be sent (policy always-sync)\n" },
		{ "declared", 1, CHOSEN("auto", DECLARED, "0", "hold", "key", "off"), 1,
		  "fail    key WRONGLY OFF, as the backend declared (policy declared)\n" },
		{ "a policy of another build", 1, CHOSEN("auto", UNKNOWN, "0", "hold", "key", "off"), 0,
		  "off by policy, each sync decides: native flushes interrupt every target (policy "
		  "not-ours)\n" },
		{ "a policy of another build, on", 1, CHOSEN("auto", UNKNOWN, "0", "hold", "key", "on"),
		  1,
		  "key WRONGLY ON, though it was for each sync to decide (policy not-ours)\n" },
		{ "free run", 1, CHOSEN("auto", PATCH, "3", "hold", "key", "on"), 0,
		  "target (ran free for 3 s, --seed 18446744073709551615)\n" },
		{ "free run, control", 1, CHOSEN("auto", DECLARED, "3", "violation", "key", "off"), 0,
		  "caught in 1 of 1 trials: key WRONGLY OFF, as the backend declared (ran free for 3 s, "
		  "--seed 18446744073709551615) (policy declared)\n" },
		{ "key unread", 1, HEAD("none", "n", "hold", "key", "unread"), 1, "" },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		char *text = trace_with_line(cases[i].nr, cases[i].line), *out;
		struct error err;
		int status = trace_check(text, strlen(text), &out, &err);

		EXPECT(status == cases[i].status, "%s: exit %d: %s", cases[i].what, status, out);
		EXPECT(strstr(out, cases[i].says), "%s: %s%s", cases[i].what, out, err.text);
		free(text);
		free(out);
	}
}

/* What judge() says of lost events after a run, check says, too, and of a free run the seed. */
static void lost(void)
{
	static struct run_facts facts;
	struct trace_run run = trace_sample(NULL, 0);
	struct judgement ran, checked;

	for (unsigned int stress = 0; stress < 2; stress++) {
		run.config.stress = stress;
		run.complete = true;
		run.last = run.lost = 3;
		facts = (struct run_facts){ .lost = 3 };
		judge(&run.config, run.claims, &facts, &ran);
		check_run(&run, &facts, &checked);
		CU_ASSERT_EQUAL(ran.verdict, VERDICT_UNKNOWN);
		CU_ASSERT_EQUAL(checked.verdict, VERDICT_UNKNOWN);
		CU_ASSERT_STRING_EQUAL(checked.why, ran.why);
		CU_ASSERT_EQUAL(strstr(ran.why, "--seed") != NULL, stress);
	}
}

/* Runs of one file are judged one by one, up to where it goes wrong. */
static void several(void)
{
	char *one = trace_with_line(0, NULL), *stale = trace_with_line(9, STALE), text[8192], *out;
	struct error err;

	CU_ASSERT_TRUE_FATAL(3 * strlen(one) + 2 < sizeof(text));
	snprintf(text, sizeof(text), "%s%s%s", one, stale, one);
	CU_ASSERT_EQUAL(trace_check(text, strlen(text), &out, &err), STATUS_FAIL);
	CU_ASSERT_EQUAL(err.status, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(out, "\n   12 shootdown        native  none "));
	CU_ASSERT_PTR_NOT_NULL(strstr(out, "\n   23 shootdown        native  none "));
	free(out);
	snprintf(text, sizeof(text), "%s%sx\n%s", one, one, one);
	CU_ASSERT_EQUAL(trace_check(text, strlen(text), &out, &err), STATUS_FAIL);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "t:23: expected '" TRACE_HEAD));
	CU_ASSERT_PTR_NOT_NULL(strstr(out, "\n   12 shootdown        native  none "));
	free(out);
	free(one);
	free(stale);
}

/* As pvtlb run: what was skipped alone is no success. */
static void skipped(void)
{
#define REFUSED                                                                                    \
	TRACE_HEAD " scenario=key backend=kvm paravirt=y invlpgb=n install=boot cpus=1 trials=1 "  \
	REST "claims=key key=on\n"                                                                 \
	"#1 CPU 0 boot step=backend_refused late=n refused=one_cpu\n"                              \
	"# end events=1 last=1 lost=0 unused=0 malformed=0\n"
#define PASSED                                                                                     \
	CONFIG "cpus=1 trials=1 " REST "claims=- key=on\n"                                         \
	"#1 CPU 0 key flush_tlb_multi=0x1 native=0x1 invlpgb=n enabled=y\n"                        \
	"#2 CPU 0 boot step=done late=n refused=no\n"                                              \
	"# end events=2 last=2 lost=0 unused=0 malformed=0\n"
#define LOST                                                                                       \
	CONFIG "cpus=1 trials=1 " REST "claims=- key=on\n"                                         \
	"# end events=0 last=1 lost=1 unused=0 malformed=0\n"
	static const struct {
		const char *text;
		int status;
	} cases[] = {
		{ REFUSED, STATUS_SKIP },    { REFUSED REFUSED, STATUS_SKIP },
		{ REFUSED PASSED, STATUS_OK }, { PASSED REFUSED, STATUS_OK },
		{ REFUSED LOST, STATUS_FAIL }, { LOST REFUSED, STATUS_FAIL },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct error err;
		char *out;
		int status = trace_check(cases[i].text, strlen(cases[i].text), &out, &err);

		EXPECT(status == cases[i].status, "%zu: exit %d: %s%s", i, status, out, err.text);
		free(out);
	}
}

SUITE(unit_check, false, { "a run that holds", good_run }, { "file names", names },
      { "cut off anywhere", truncated }, { "verdicts", verdicts }, { "lost events", lost },
      { "several runs", several }, { "skipped", skipped });
