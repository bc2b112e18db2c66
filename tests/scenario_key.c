/* SPDX-License-Identifier: GPL-2.0-only */
/* The key scenario on real VMs: every configuration, against a table written by hand. */
#include <string.h>

#include "lab.h"
#include "test.h"

/* Which way the key goes; spelled out, as the code under test has its own way of computing it. */
static const struct {
	const char *backend;
	bool paravirt, invlpgb, late, on;
} expected[] = {
	{ "native", true, false, false, true },	  { "native", false, false, false, true },
	{ "native", true, true, false, false },	  { "native", false, true, false, false },
	{ "pvtlb", true, false, false, false },	  { "pvtlb", true, true, false, false },
	{ "pvtlb", true, false, true, true },
};
#define NR_EXPECTED (sizeof(expected) / sizeof(expected[0]))

static void check_evidence(const struct run_result *r, bool on)
{
	const struct key_evidence *key = &r->facts.key;

	CU_ASSERT_EQUAL(key->value, on);
	CU_ASSERT_TRUE(key->nr_sites >= 2); /* _sync_one and _sync_rcu at least */
	for (unsigned int i = 0; i < key->nr_sites; i++) {
		const struct key_site *site = &key->site[i];

		CU_ASSERT_EQUAL(site->insn, on ? SITE_NOP : SITE_JMP);
		CU_ASSERT_EQUAL(site->key_on, on);
		CU_ASSERT_TRUE(site->likely);
		CU_ASSERT_FALSE(site->target_bad);
	}
	CU_ASSERT_TRUE(evidence_agrees(key));
}

static void check_one(size_t i, unsigned int cpus)
{
	struct run_config config = lab_config("key", expected[i].backend, cpus);
	struct run_result r;
	bool pv = !strcmp(expected[i].backend, "pvtlb");

	config.paravirt = expected[i].paravirt;
	config.invlpgb = expected[i].invlpgb;
	config.late = config.expect_violation = expected[i].late;
	lab_run(&config, &r);
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_PASS);
	CU_ASSERT_EQUAL(r.status, STATUS_OK);
	check_evidence(&r, expected[i].on);
	CU_ASSERT_EQUAL(r.judgement.key_wrong, expected[i].late);
	CU_ASSERT_EQUAL(r.facts.key_decided_before_install, expected[i].late);
	CU_ASSERT_EQUAL(r.facts.key.has_pv_ops, expected[i].paravirt);
	CU_ASSERT_STRING_EQUAL(r.facts.key.flush_symbol,
			       pv ? "pvtlb_flush_tlb_multi" : "native_flush_tlb_multi");
}

static void test_matrix(void)
{
	for (size_t c = 0; c < lab_nr_cpus(); c++)
		for (size_t i = 0; i < NR_EXPECTED; i++)
			check_one(i, lab_cpus[c]);
}

/* Without the expectation a late install is what it is: a claim that fails. */
static void test_late_install_fails(void)
{
	struct run_config config = lab_config("key", "pvtlb", 2);
	struct run_result r;

	config.late = true;
	lab_run(&config, &r);
	CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_FAIL);
	CU_ASSERT_EQUAL(r.status, STATUS_FAIL);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.judgement.why, "WRONGLY ON"));
	CU_ASSERT_PTR_NOT_NULL(strstr(r.judgement.why, "after native_pv_tlb_init()"));
}

static void test_forced_key(void)
{
	static const struct {
		const char *backend;
		enum key_request key;
		enum verdict verdict;
		bool on;
	} cases[] = {
		{ "native", KEY_ON, VERDICT_PASS, true },
		{ "native", KEY_OFF, VERDICT_FAIL, false },
		{ "pvtlb", KEY_ON, VERDICT_FAIL, true },
		{ "pvtlb", KEY_OFF, VERDICT_PASS, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run_config config = lab_config("key", cases[i].backend, 2);
		struct run_result r;

		config.key = cases[i].key;
		lab_run(&config, &r);
		CU_ASSERT_EQUAL(r.judgement.verdict, cases[i].verdict);
		check_evidence(&r, cases[i].on);
	}
}

static void test_senseless_is_skipped(void)
{
	static const struct {
		const char *scenario, *backend;
		bool paravirt, late;
	} cases[] = {
		{ "key", "pvtlb", false, false },
		{ "key", "native", true, true },
		{ "deadlock", "native", true, false }, /* takes two CPUs */
	};

	for (size_t i = 0; i < LAB_NR(cases); i++) {
		struct run_config config = lab_config(cases[i].scenario, cases[i].backend, 1);
		struct run_result r;

		config.paravirt = cases[i].paravirt;
		config.late = cases[i].late;
		lab_run(&config, &r);
		CU_ASSERT_EQUAL(r.judgement.verdict, VERDICT_SKIP);
		CU_ASSERT_EQUAL(r.status, STATUS_SKIP);
		CU_ASSERT_TRUE(r.judgement.why[0]);
	}
}

SUITE(scenario_key, true,
	{ "every configuration, by CPU count", test_matrix },
	{ "a late install fails when nobody expects it", test_late_install_fails },
	{ "a forced key is judged by what is right", test_forced_key },
	{ "what makes no sense is skipped, with the reason", test_senseless_is_skipped });
