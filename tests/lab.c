/* SPDX-License-Identifier: GPL-2.0-only */
/* What scenario suites share: running a configuration through libvmm. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "lab.h"
#include "base/backend.h"
#include "test.h"

const unsigned int lab_cpus[5] = { 1, 2, 4, 8, 64 };

size_t lab_nr_cpus(void)
{
	return test_host.emulated ? 4 : 5;
}

unsigned int lab_most_cpus(void)
{
	return test_host.emulated ? 64 : 255;
}

unsigned int lab_hang_timeout(void)
{
	return test_host.emulated ? 4 : 1;
}

const struct images *lab_images(void)
{
	static struct images images;
	struct error err = { 0 };

	if (images.image[0].path)
		return &images;
	if (!images_load(&images, test_image_nopv, test_image_pv, &err))
		return &images;
	fprintf(stderr, "tests: %s\n", err.text);
	exit(STATUS_FAIL);
}

struct run_config lab_config(const char *scenario, const char *backend, unsigned int cpus)
{
	return (struct run_config){
		.scenario = scenario,
		.backend = backend_named(backend),
		.paravirt = true,
		.cpus = cpus,
		.trials = 1,
		.timeout = 120,
	};
}

void lab_run(const struct run_config *config, struct run_result *result)
{
	lab_run_report(config, result);
	run_result_free(result);
}

void lab_run_report(const struct run_config *config, struct run_result *result)
{
	struct run_files files = { 0 };

	run_one(&test_host, lab_images(), config, &files, result);
	if (result->status == STATUS_FAIL && !config->expect_violation && !config->fault)
		printf("\n      %s %s %u CPUs: %s\n", config->scenario, config->backend->name,
		       config->cpus, result->judgement.why);
}

void lab_holds(const struct run_config *config, uint64_t targets, uint64_t checks,
	       struct run_result *result)
{
	const struct findings *f = &result->facts.findings;
	bool native = !strcmp(config->backend->name, "native");

	lab_run(config, result);
	CU_ASSERT_EQUAL(result->judgement.verdict, VERDICT_PASS);
	CU_ASSERT_EQUAL(f->delivered.targets, targets);
	CU_ASSERT_EQUAL(f->delivered.interrupted, native ? targets : 0);
	CU_ASSERT_EQUAL(f->counts.interrupts, f->delivered.interrupted);
	CU_ASSERT_TRUE(f->safe.checks >= checks);
	CU_ASSERT_EQUAL(f->safe.bad.total, 0);
	CU_ASSERT_EQUAL(result->facts.lost, 0);
}

int lab_pvtlb(const char *args, char *out, size_t len)
{
	char command[4096];
	size_t n = 0, got;
	FILE *from;
	int status;

	snprintf(command, sizeof(command), "timeout 120 %s %s 2>&1", test_command, args);
	from = popen(command, "r");
	if (!from)
		return -1;
	while ((got = fread(out + n, 1, len - 1 - n, from)) > 0)
		n += got;
	out[n] = 0;
	while (fgetc(from) != EOF)
		;
	status = pclose(from);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
