/* SPDX-License-Identifier: GPL-2.0-only */
/* What scenario suites share: running a configuration through libvmm. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "lab.h"
#include "machine/machine.h"
#include "base/backend.h"
#include "test.h"

const unsigned int lab_cpus[5] = { 1, 2, 4, 8, 64 };

/* The emulated machine has 4 CPUs that take turns on one. */
size_t lab_nr_cpus(void)
{
	if (test_host.emulated)
		return test_full ? 4 : 3;
	return test_full ? 5 : 4;
}

unsigned int lab_trials(void)
{
	return test_full ? 100 : 10;
}

unsigned int lab_many_cpus(void)
{
	return test_host.emulated || !test_full ? 66 : 100;
}

unsigned int lab_most_cpus(void)
{
	return test_host.emulated ? 64 : 255;
}

unsigned int lab_hang_timeout(void)
{
	return test_host.emulated ? 8 : 2;
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
		.timeout = 300,
	};
}

struct run_config lab_config_by(const char *scenario, const char *backend, const char *provider,
				unsigned int cpus)
{
	struct run_config config = lab_config(scenario, backend, cpus);

	config.backend = backend_by(backend, provider);
	return config;
}

void lab_run(const struct run_config *config, struct run_result *result)
{
	lab_run_report(config, result);
	run_result_free(result);
}

/* What a failure is about: the suites run many configurations by one line. */
static void say_config(const struct run_config *config, const char *what)
{
	test_say("%s, %s by %s, %u CPUs: %s", config->scenario, config->backend->name,
		 config->backend->provider, config->cpus, what);
}

void lab_run_report(const struct run_config *config, struct run_result *result)
{
	struct run_files files = { 0 };

	run_one(&test_host, lab_images(), config, &files, result);
	if (result->status == STATUS_FAIL && !config->expect_violation && !config->fault)
		say_config(config, result->judgement.why);
}

int lab_machine(struct machine *m, const struct run_config *config, struct error *err)
{
	const struct image *image = &lab_images()->image[config->paravirt];

	CU_ASSERT_EQUAL_FATAL(machine_create(m, &test_host, image, config, err), 0);
	m->console = NULL;
	return machine_run(m, err);
}

void lab_holds(const struct run_config *config, struct run_result *result)
{
	const struct findings *f = &result->facts.findings;

	lab_run(config, result);
	CU_ASSERT_EQUAL(result->judgement.verdict, VERDICT_PASS);
	CU_ASSERT_EQUAL(f->safe.bad.total, 0);
	CU_ASSERT_EQUAL(f->delivered.bad.total, 0);
}

void lab_holds_exactly(const struct run_config *config, uint64_t targets, uint64_t checks,
		       struct run_result *result)
{
	const struct findings *f = &result->facts.findings;
	bool native = !strcmp(config->backend->name, "native");

	lab_holds(config, result);
	CU_ASSERT_EQUAL(f->delivered.targets, targets);
	CU_ASSERT_EQUAL(f->delivered.interrupted, native ? targets : 0);
	CU_ASSERT_EQUAL(f->counts.interrupts, f->delivered.interrupted);
	CU_ASSERT_TRUE(f->safe.checks >= checks);
	CU_ASSERT_EQUAL(result->facts.lost, 0);
}

void lab_caught(struct run_config config, struct run_result *result)
{
	const struct findings *f = &result->facts.findings;
	char text[64];

	config.expect_violation = true;
	lab_run(&config, result);
	CU_ASSERT_EQUAL(result->judgement.verdict, VERDICT_PASS);
	CU_ASSERT_EQUAL(f->trials, config.trials);
	CU_ASSERT_EQUAL(f->violated, config.trials);
	snprintf(text, sizeof(text), "caught in %u of %u trials", f->violated, f->trials);
	say_config(&config, text);
}

void lab_sweep(const char *const *scenarios, struct run_config config, lab_fn *fn)
{
	for (; *scenarios; scenarios++) {
		for (size_t i = 1; i < lab_nr_cpus(); i++) {
			config.scenario = *scenarios;
			config.cpus = lab_cpus[i];
			fn(config);
		}
	}
}

int lab_pvtlb(const char *args, char *out, size_t len)
{
	char command[4096];
	size_t n = 0, got;
	FILE *from;
	int status;

	snprintf(command, sizeof(command), "timeout 300 %s %s 2>&1", test_command, args);
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
