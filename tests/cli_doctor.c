/* SPDX-License-Identifier: GPL-2.0-only */
/* pvtlb doctor: what it says of this host, and what it measures. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/doctor.h"
#include "kvm/roles.h"
#include "cli.h"
#include "lab.h"
#include "test.h"

/* To be freed. */
static char *doctor_says(void)
{
	char *report = NULL;
	size_t len;
	FILE *to = open_memstream(&report, &len);

	CU_ASSERT_EQUAL(doctor(KVM_PATH, lab_images(), false, to), STATUS_OK);
	fclose(to);
	return report;
}

static void test_doctor(void)
{
	char *report = doctor_says();

	CU_ASSERT_PTR_NOT_NULL(strstr(report, "usable, API version 12"));
	CU_ASSERT_PTR_NOT_NULL(strstr(report, "KVM_CAP_IMMEDIATE_EXIT"));
	CU_ASSERT_PTR_NOT_NULL(strstr(report, "independent TLBs: "));
	CU_ASSERT_PTR_NULL(strstr(report, "not measured"));
	free(report);
}

static void test_preempted(void)
{
	char *report = doctor_says();

	CU_ASSERT_PTR_NOT_NULL(strstr(report, "set by KVM when a vCPU is preempted"));
	free(report);
}

/* A row of docs/tested-on.md, and all that doctor says. */
static void test_report(void)
{
	CU_ASSERT_EQUAL(cli_run("doctor --report"), 0);
	CU_ASSERT_EQUAL(strncmp(cli_out, "| CPU | kernel | kind |", 23), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "\n```\n/dev/kvm: usable, API version 12\n"));
	CU_ASSERT_PTR_NULL(strstr(cli_out, "| - |"));
	/* Without a KVM there is nothing to tell of it, and that is said, too. */
	CU_ASSERT_EQUAL(cli_run("doctor --report --kvm /dev/null"), 77);
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "| - | - | - |"));
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_out, "\nproblem: /dev/null"));
}

/* A host that runs ring 0 natively is told from one that does not by two orders of magnitude. */
static void test_ring0(void)
{
	struct error err = { 0 };
	unsigned int turns = measure_ring0(&test_host, lab_images(), &err);

	test_say("a trip into ring 0: %u turns of a loop at ring 3", turns);
	CU_ASSERT_TRUE(turns > 0);
	CU_ASSERT_EQUAL(turns < RING0_INTERPRETED, host_shows(&test_host, SHOWS_RING0_NATIVE));
}

/* The number of TLBs a guest counts is the number that reports rely on. */
static void test_measured_tlbs(void)
{
	struct error err = { 0 };

	CU_ASSERT_EQUAL(measure_tlbs(&test_host, lab_images(), 12, &err),
			host_tlbs(&test_host, 12));
	CU_ASSERT_EQUAL(measure_tlbs(&test_host, lab_images(), 4, &err), 4);
	CU_ASSERT_EQUAL(err.status, 0);
}

SUITE(cli_doctor, true, { "doctor", test_doctor }, { "to be pasted", test_report },
      { "as many independent TLBs as claimed", test_measured_tlbs, NEEDS(SHOWS_STALE_LASTING) },
      { "ring 0 and ring 3", test_ring0 },
      { "a real preemption sets `preempted`", test_preempted, NEEDS(SHOWS_PREEMPTED) });
