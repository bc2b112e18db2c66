/* SPDX-License-Identifier: GPL-2.0-only */
/* The nested lane: tests that need KVM, run in an emulated machine beside this run. */
#include <CUnit/TestRun.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "nested.h"
#include "nested_machine.h"
#include "progress.h"
#include "results.h"

#define MACHINES 2

enum host_kind nested_kind = HOST_SVM;

static struct emulated machines[MACHINES];
static unsigned int nr_machines;

/* "FILE:LINE: CONDITION", as one that failed here. */
static void replay_failure(const char *text)
{
	char file[256];
	unsigned int line;
	int n = 0;

	if (sscanf(text, "%255[^:]:%u: %n", file, &line, &n) < 2 || !n)
		CU_assertImplementation(CU_FALSE, 0, text, "nested", "", CU_FALSE);
	else
		CU_assertImplementation(CU_FALSE, line, text + n, file, "", CU_FALSE);
}

/* What a test of the lane does here: say what came of it there. */
static void replay(void)
{
	CU_pTest test = CU_get_current_test();
	struct result *r = result_of(test);
	struct remote *remote = NULL;
	char *save, *line;

	for (size_t i = 0; i < nr_remotes; i++)
		if (remotes[i].test == test)
			remote = &remotes[i];
	if (!remote || !emulated_wait(remote)) {
		CU_FAIL("the machine did not come to this test");
		return;
	}
	r->shown = true;
	r->seconds = remote->result.seconds;
	if (remote->result.said)
		text_add(&r->said, remote->result.said);
	if (!remote->result.failures) {
		CU_PASS("in the machine");
		return;
	}
	for (line = strtok_r(remote->result.failures, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		replay_failure(line);
}

void nested_add(const struct suite *s, const struct test *t)
{
	struct remote *last = nr_remotes ? &remotes[nr_remotes - 1] : NULL;
	CU_pSuite suite = last && last->suite == s ? last->cu : NULL;
	char *name;

	if (!suite) {
		if (asprintf(&name, "%s (nested): %s", host_kind_names[nested_kind], s->name) < 0)
			abort();
		suite = CU_add_suite(name, NULL, NULL);
		free(name);
	}
	remotes = realloc(remotes, (nr_remotes + 1) * sizeof(*remotes));
	if (!remotes)
		abort();
	remotes[nr_remotes] = (struct remote){ .suite = s, .cu = suite };
	remotes[nr_remotes].test = CU_add_test(suite, t->name, replay);
	result_add(suite, remotes[nr_remotes].test);
	nr_remotes++;
}

void nested_start(char **names)
{
	if (!nr_remotes)
		return;
	nr_machines = test_full && nested_kind == HOST_SVM ? MACHINES : 1;
	for (size_t i = 0; i < nr_remotes; i++)
		for (unsigned int part = 0; part < nr_machines; part++)
			if (nested_in_part(i, part, nr_machines))
				remotes[i].machine = &machines[part];
	progress_note("The nested lane: %zu tests that need KVM, on %s in %s.", nr_remotes,
		      nested_kind == HOST_VMX ? "kvm-intel" : "kvm-amd",
		      nr_machines > 1 ? "emulated machines" : "an emulated machine");
	for (unsigned int i = 0; i < nr_machines; i++) {
		machines[i].part = i;
		machines[i].parts = nr_machines;
		emulated_start(&machines[i], names);
	}
}

void nested_before(CU_pSuite suite)
{
	for (size_t i = 0; i < nr_remotes; i++) {
		struct remote *r = &remotes[i];

		if (r->cu != suite)
			continue;
		if (emulated_wait(r) && r->result.outcome == OUTCOME_SKIPPED)
			result_skip(result_of(r->test), r->result.said);
		else if (r->result.outcome == OUTCOME_PENDING && r->machine->status == STATUS_SKIP)
			result_skip(result_of(r->test),
				    "no emulated machine: see the reason above");
	}
}

bool nested_none(void)
{
	unsigned int none = 0;

	for (unsigned int i = 0; i < nr_machines; i++)
		none += machines[i].status == STATUS_SKIP;
	return nr_machines && none == nr_machines;
}

unsigned int nested_finish(void)
{
	unsigned int bad = 0, active = 0, failed = 0;

	for (unsigned int i = 0; i < nr_machines; i++) {
		unsigned int retries = emulated_end(&machines[i]);

		if (retries)
			progress_note(PROGRESS_LOUD "RETRIED: the emulated machine hung and was "
						    "booted again, %u times",
				      retries);
	}
	for (size_t i = 0; i < nr_remotes; i++) {
		active += remotes[i].result.outcome != OUTCOME_SKIPPED;
		failed += remotes[i].result.outcome == OUTCOME_FAILED;
	}
	if (nested_none()) {
		progress_note(PROGRESS_LOUD "SKIPPED: the whole nested lane: no emulated machine");
		return 0;
	}
	for (unsigned int i = 0; i < nr_machines; i++) {
		const struct emulated *m = &machines[i];

		if (m->complete && (!m->status || failed))
			continue;
		progress_note(PROGRESS_LOUD "FAILED: the nested lane %s (status %d)",
			      m->complete ? "failed, and none of its tests did"
					  : "did not come to its end",
			      m->status);
		bad++;
	}
	if (nr_machines && !active) {
		progress_note(PROGRESS_LOUD "FAILED: no test of the nested lane ran");
		bad++;
	}
	return bad;
}
