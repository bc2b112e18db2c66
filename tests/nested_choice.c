/* SPDX-License-Identifier: GPL-2.0-only */
/* Which tests the emulated machine runs. It is slow: a full lane takes minutes. */
#include <string.h>

#include "nested.h"

/*
 * What make check has besides tests that a kind svm shows and a kind pvm does not: that the
 * events, the calls and the holds are the same on hardware's KVM, once each.
 */
static const struct {
	const char *suite, *test; /* the beginning of its name */
} also[] = {
	{ "cli_kvm", "doctor" },
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

/* Shown here, and not by the software KVM that the tests outside may have. */
static bool shown_by_svm_alone(const struct test *t)
{
	static const struct host pvm = { .kind = HOST_PVM }, svm = { .kind = HOST_SVM };

	return t->shows && host_shows(&svm, t->shows - 1) && !host_shows(&pvm, t->shows - 1);
}

bool nested_has(const struct suite *s, const struct test *t, bool named)
{
	if (!s->needs_kvm)
		return false;
	if (test_full || named || shown_by_svm_alone(t))
		return true;
	for (size_t i = 0; i < sizeof(also) / sizeof(also[0]); i++)
		if (!strcmp(also[i].suite, s->name) &&
		    !strncmp(also[i].test, t->name, strlen(also[i].test)))
			return true;
	return false;
}

/* In turn: then slow tests, which are next to each other, are in both. */
bool nested_in_part(unsigned int n, unsigned int part, unsigned int parts)
{
	return n % parts == part;
}
