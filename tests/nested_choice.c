/* SPDX-License-Identifier: GPL-2.0-only */
/* Which tests the emulated machine runs. It is slow: a full lane takes minutes. */
#include <string.h>

#include "nested.h"

/*
 * What make check has besides tests that a kind svm shows and a kind pvm does not: that the
 * events, the calls and the holds are the same on hardware's KVM, once each.
 */
static const struct pick {
	const char *suite, *test; /* the beginning of its name */
} also[] = {
	{ "cli_doctor", "doctor" },
	{ "cli_doctor", "ring 0" },
	{ "scenario_backends", "conformance" },
	{ "scenario_backends", "all scenarios hold" },
	{ "scenario_backends", "key forced on" },
	{ "scenario_backends", "over-flushing" },
	{ "scenario_key", "every configuration" },
	{ "scenario_shootdown", "control: an IPI" },
	{ "scenario_shootdown", "control: the hypercall" },
	{ "scenario_walks", "masks are trimmed" },
	{ "scenario_wrong", "a hang" },
};
#define NR_ALSO (sizeof(also) / sizeof(also[0]))

/* All that a machine of kind vmx runs, unless suites are named. */
static const struct pick vmx[] = {
	{ "cli_doctor", "doctor" },
	{ "cli_doctor", "ring 0" },
	{ "cli_doctor", "a real preemption" },
	{ "scenario_wrong", "the host's own hypercalls" },
	{ "scenario_few", "key" },
	{ "scenario_few", "shootdown" },
	{ "scenario_few", "walks" },
	{ "scenario_few", "by the host" },
	{ "scenario_few", "control: an IPI" },
	{ "scenario_few", "control: the hypercall" },
	{ "scenario_few", "stale through a 2 MiB page" },
	{ "scenario_few", "what an exit flushes" },
	{ "scenario_swap_table", "upper levels go stale" },
};
#define NR_VMX (sizeof(vmx) / sizeof(vmx[0]))

/* What it has not: traces of the source, prlimit, a setpriv that changes the user. */
static const struct pick elsewhere[] = {
	{ "cli_fifos", "works" },
	{ "cli_limits", "open files" },
	{ "cli_limits", "processes" },
	{ "cli_limits", "a small stack" },
};
#define NR_ELSEWHERE (sizeof(elsewhere) / sizeof(elsewhere[0]))

/* Shown here, and not by the software KVM that the tests outside may have. */
static bool shown_by_svm_alone(const struct test *t)
{
	static const struct host pvm = { .kind = HOST_PVM }, svm = { .kind = HOST_SVM };

	return t->shows && host_shows(&svm, t->shows - 1) && !host_shows(&pvm, t->shows - 1);
}

static bool picks(const struct pick *row, const struct suite *s, const struct test *t)
{
	return !strcmp(row->suite, s->name) && !strncmp(row->test, t->name, strlen(row->test));
}

static bool any_picks(const struct pick *rows, size_t nr, const struct suite *s,
		      const struct test *t)
{
	for (size_t i = 0; i < nr; i++)
		if (picks(&rows[i], s, t))
			return true;
	return false;
}

bool nested_has(const struct suite *s, const struct test *t, bool named)
{
	/* It has no network interface that is up, and no gdb. */
	if (!s->needs_kvm || !strncmp(s->name, "gdb_", 4))
		return false;
	if (any_picks(elsewhere, NR_ELSEWHERE, s, t))
		return false;
	if (named)
		return true;
	if (nested_kind == HOST_VMX)
		return any_picks(vmx, NR_VMX, s, t);
	return test_full || shown_by_svm_alone(t) || any_picks(also, NR_ALSO, s, t);
}

static const char *stray(const struct pick *rows, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		unsigned int picked = 0;

		for (const struct suite *s = __start_test_suites; s < __stop_test_suites; s++)
			for (size_t t = 0; t < s->nr_tests; t++)
				picked += s->needs_kvm && picks(&rows[i], s, &s->tests[t]);
		if (picked != 1)
			return rows[i].test;
	}
	return NULL;
}

const char *nested_choice_stray(void)
{
	const char *first = stray(also, NR_ALSO);

	if (!first)
		first = stray(vmx, NR_VMX);
	return first ? first : stray(elsewhere, NR_ELSEWHERE);
}

/* In turn: then slow tests, which are next to each other, are in both. */
bool nested_in_part(unsigned int n, unsigned int part, unsigned int parts)
{
	return n % parts == part;
}
