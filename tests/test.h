/* SPDX-License-Identifier: GPL-2.0-only */
/* A suite of tests: a file under tests/ that registers itself. */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <CUnit/CUnit.h>
#include <stdbool.h>
#include <stddef.h>

#include "kvm/host.h"

struct test {
	const char *name;
	void (*run)(void);
	unsigned int shows; /* 1 + the enum host_show that the host must have; 0: none */
};
#define NEEDS(what) (1 + (what))

struct suite {
	const char *name;
	bool needs_kvm; /* skipped, loudly, where there is none */
	const struct test *tests;
	size_t nr_tests;
};

#define SUITE(ident, kvm, ...)                                                                     \
	static const struct test tests_##ident[] = { __VA_ARGS__ };                                \
	static const struct suite suite_##ident                                                    \
		__attribute__((used, section("test_suites"), aligned(8))) = {                      \
			#ident, kvm, tests_##ident, sizeof(tests_##ident) / sizeof(struct test)    \
		}

/* All that are linked in. */
extern const struct suite __start_test_suites[], __stop_test_suites[];

/* For suites that need KVM: the open host, and the built images. */
extern struct host test_host;
extern const char *test_build, *test_image_pv, *test_image_nopv, *test_command;

/* Everything at full size, as make check-all has it? Suites ask lab.h, not this. */
extern bool test_full;

/*
 * A line, or lines, about the test that runs: shown when it fails, and with --verbose. Of
 * test_skipped(), which is for the part of a test that cannot be done here: shown always.
 */
void test_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void test_skipped(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
