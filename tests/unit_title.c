/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run is called: one clause, wherever it is named. */
#include <string.h>

#include "base/backend.h"
#include "base/title.h"
#include "policy.h"
#include "report/totals.h"
#include "unit_util.h"

static void title(void)
{
	static const struct backend by_host = { .name = "hyper", .provider = "host" };
	const struct backend *invlpgb = backend_named("invlpgb");
	const struct run_config plain = { .scenario = "key",
					  .backend = backend_named("xen"),
					  .cpus = 4,
					  .paravirt = true,
					  .policy = P_PATCH };
	const struct {
		struct run_config config;
		const char *title, *label; /* NULL: the same */
	} cases[] = {
		{ plain, "key, backend xen, 4 CPUs", NULL },
		{ { .scenario = "key", .backend = &by_host, .cpus = 1, .paravirt = true },
		  "key, backend hyper by the host, 1 CPU",
		  NULL },
		{ { .scenario = "key",
		    .backend = plain.backend,
		    .cpus = 2,
		    .invlpgb = true,
		    .late = true,
		    .policy = P_DECLARED,
		    .fault = PVTLB_FAULT_SKIP_IPI,
		    .key = KEY_ON },
		  "key, backend xen, 2 CPUs, no CONFIG_PARAVIRT, INVLPGB shown, late install, "
		  "policy declared, fault skip-ipi",
		  "key, backend xen, 2 CPUs, no CONFIG_PARAVIRT, INVLPGB shown, late install, "
		  "policy declared, fault skip-ipi, key on" },
		{ { .scenario = "key",
		    .backend = plain.backend,
		    .mm = "kernel/6.12.117+series",
		    .cpus = 2,
		    .paravirt = true },
		  "key, backend xen, 2 CPUs, mm kernel/6.12.117+series",
		  NULL },
		/* What it is about needs not be said. */
		{ { .scenario = "key",
		    .backend = invlpgb,
		    .cpus = 2,
		    .paravirt = true,
		    .invlpgb = true,
		    .key = KEY_OFF },
		  "key, backend invlpgb, 2 CPUs",
		  "key, backend invlpgb, 2 CPUs, key off" },
	};
	char is[TITLE_MAX], label[256];

	for (size_t i = 0; i < NR_OF(cases); i++) {
		const char *want = cases[i].label ? cases[i].label : cases[i].title;

		config_title(&cases[i].config, is);
		EXPECT(!strcmp(is, cases[i].title), "%s", is);
		run_label(&cases[i].config, label, sizeof(label));
		EXPECT(!strcmp(label, want), "%s", label);
	}
}

SUITE(unit_title, false, { "of each part", title });
