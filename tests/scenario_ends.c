/* SPDX-License-Identifier: GPL-2.0-only */
/* Guests that end before they are through: none of their runs passes, whatever else is right. */
#include <string.h>

#include "lab.h"
#include "test.h"

static const struct {
	const char *scenario, *why;
} ends[] = {
	{ "done-early", "did not come to its boot's end" },
	{ "done-by-worker", "CPU 2 says that the guest is done: that is CPU 0's to say" },
	{ "no-trial", "ran 0 of the 2 trials asked for" },
	{ "worker-left", "had not arrived from its phase when the guest ended" },
};

static void check_backend(const char *backend)
{
	for (size_t i = 0; i < LAB_NR(ends); i++) {
		struct run_config config = lab_config(ends[i].scenario, backend, 3);
		struct run_result r;

		config.trials = 2;
		lab_run(&config, &r);
		CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_FAIL);
		CU_ASSERT_EQUAL(r.status, STATUS_FAIL);
		if (!strstr(r.judgement.why, ends[i].why))
			test_say("%s: %s", ends[i].scenario, r.judgement.why);
		CU_ASSERT_PTR_NOT_NULL(strstr(r.judgement.why, ends[i].why));
	}
}

static void test_ends(void)
{
	check_backend("native");
	check_backend("pvtlb");
}

/* Nor is one of them caught, as a control has to be. */
static void test_control(void)
{
	struct run_config config = lab_config("no-trial", "native", 3);
	struct run_result r;

	config.expect_violation = true;
	lab_run(&config, &r);
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_FAIL);
}

SUITE(scenario_ends, true, { "a guest that ends early does not pass", test_ends },
      { "nor as a control", test_control });
