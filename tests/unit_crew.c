/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs side by side: which must have none beside them, and how many there can be. */
#include "base/backend.h"
#include "cli/crew_room.h"
#include "unit_util.h"

static void alone(void)
{
	static struct pvtlb_scenario scenarios[] = {
		{ .name = "race", .flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS },
		{ .name = "hang", .flags = PVTLB_SCENARIO_DIAGNOSTIC },
	};
	const struct images images = { .image = {
					       { .scenario = scenarios, .nr_scenarios = 2 },
					       { .scenario = scenarios, .nr_scenarios = 2 },
				       } };
	static const struct {
		const char *scenario, *backend, *provider;
		unsigned int stress;
		enum host_kind kind;
		bool alone;
	} cases[] = {
		{ "race", "xen", "vmm", 0, HOST_SVM, false },
		{ "race", "xen", "vmm", 1, HOST_SVM, true },
		{ "hang", "xen", "vmm", 0, HOST_SVM, true },
		{ "none", "xen", "vmm", 0, HOST_SVM, false },
		/* Preempted for real, where the host does so and says so. */
		{ "race", "kvm", "host", 0, HOST_SVM, true },
		{ "race", "kvm", "host", 0, HOST_VMX, true },
		{ "race", "kvm", "host", 0, HOST_PVM, false },
		{ "race", "kvm", "vmm", 0, HOST_SVM, false },
		{ "race", "hyperv", "host", 0, HOST_SVM, false },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		const struct host host = { .kind = cases[i].kind };
		const struct run_config config = {
			.scenario = cases[i].scenario,
			.backend = backend_by(cases[i].backend, cases[i].provider),
			.stress = cases[i].stress,
		};

		CU_ASSERT_PTR_NOT_NULL_FATAL(config.backend);
		EXPECT(crew_is_alone(&host, &images, &config) == cases[i].alone, "%zu: %s, %s", i,
		       cases[i].scenario, cases[i].backend);
	}
}

static void fits(void)
{
	static const struct {
		unsigned long files;
		unsigned int cpus, fits;
	} cases[] = {
		{ 0, 4, 0 },	  { 32, 4, 0 },		 { 36, 4, 0 },
		{ 37, 4, 1 },	  { 41, 4, 1 },		 { 42, 4, 2 },
		{ 1024, 255, 3 }, { 1024, 4, JOBS_MAX }, { -1ul, 255, JOBS_MAX },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		unsigned int is = crew_fits(cases[i].files, cases[i].cpus);

		EXPECT(is == cases[i].fits, "%lu, %u: %u", cases[i].files, cases[i].cpus, is);
	}
}

SUITE(unit_crew, false, { "alone", alone }, { "open files", fits });
