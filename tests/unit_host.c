/* SPDX-License-Identifier: GPL-2.0-only */
/* What kind of host it is taken for, by what modules there are and how they are told to work. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kvm/roles.h"
#include "unit_util.h"

static char dir[32];

static const char *place(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void parameter(const char *module, const char *name, const char *value)
{
	char path[64];
	FILE *to;

	snprintf(path, sizeof(path), "%s/parameters", module);
	mkdir(place(path), 0700);
	snprintf(path, sizeof(path), "%s/parameters/%s", module, name);
	to = fopen(place(path), "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	fputs(value, to);
	fclose(to);
}

static void none_left(const char *module, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/parameters/%s", module, name);
	unlink(place(path));
	snprintf(path, sizeof(path), "%s/parameters", module);
	rmdir(place(path));
	rmdir(place(module));
}

static void recognised(void)
{
	static const struct {
		const char *module, *name, *value; /* NULL: the module has no such parameter */
		enum host_kind kind;
		bool shadow;
		const char *why;
	} cases[] = {
		{ "kvm_pvm", "npt", NULL, HOST_PVM, true, "module kvm_pvm, no hardware module" },
		{ "kvm_amd", "npt", NULL, HOST_SVM, false, "module kvm_amd" },
		{ "kvm_amd", "npt", "Y\n", HOST_SVM, false, "module kvm_amd" },
		{ "kvm_amd", "npt", "1\n", HOST_SVM, false, "module kvm_amd" },
		{ "kvm_amd", "npt", "", HOST_SVM, false, "module kvm_amd" },
		{ "kvm_amd", "ept", "N\n", HOST_SVM, false, "module kvm_amd" },
		{ "kvm_amd", "npt", "N\n", HOST_SVM, true,
		  "module kvm_amd, npt=0: shadow page tables" },
		{ "kvm_amd", "npt", "0\n", HOST_SVM, true,
		  "module kvm_amd, npt=0: shadow page tables" },
		{ "kvm_intel", "ept", "Y\n", HOST_VMX, false, "module kvm_intel" },
		{ "kvm_intel", "npt", "N\n", HOST_VMX, false, "module kvm_intel" },
		{ "kvm_intel", "ept", "N\n", HOST_VMX, true,
		  "module kvm_intel, ept=0: shadow page tables" },
	};

	strcpy(dir, "/tmp/pvtlb-test-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct host host = { .shadow = !cases[i].shadow };

		mkdir(place(cases[i].module), 0700);
		if (cases[i].value)
			parameter(cases[i].module, cases[i].name, cases[i].value);
		host_recognise(&host, dir, true);
		EXPECT(host.kind == cases[i].kind && host.shadow == cases[i].shadow &&
			       !strcmp(host.kind_why, cases[i].why),
		       "case %zu: %s, %s", i, host_kind_names[host.kind], host.kind_why);
		none_left(cases[i].module, cases[i].name);
	}
	CU_ASSERT_EQUAL(rmdir(dir), 0);
}

/* Hardware that is told to shadow has no TLB for each CPU, and shows what a kind pvm does. */
static void shadows(void)
{
	static const struct host hardware = { .kind = HOST_SVM },
				 told = { .kind = HOST_SVM, .shadow = true, .smep = true },
				 told_vmx = { .kind = HOST_VMX, .shadow = true },
				 pvm = { .kind = HOST_PVM };

	CU_ASSERT_EQUAL(host_tlbs(&hardware, 12), 12);
	CU_ASSERT_EQUAL(host_tlbs(&told, 12), 6);
	CU_ASSERT_EQUAL(host_tlbs(&told_vmx, 12), 4);
	CU_ASSERT_EQUAL(mmu_roles(&hardware), 1);
	CU_ASSERT_EQUAL(mmu_roles(&told), 6);
	for (int what = SHOWS_STALE_4K; what <= SHOWS_STALE_2M; what++) {
		CU_ASSERT_EQUAL(host_shows(&told, what), host_shows(&pvm, what));
		CU_ASSERT_STRING_EQUAL(host_show_why(&told, what), host_show_why(&pvm, what));
	}
	CU_ASSERT_TRUE(host_shows(&hardware, SHOWS_RING0_NATIVE));
	CU_ASSERT_FALSE(host_shows(&told, SHOWS_RING0_NATIVE));
	CU_ASSERT_TRUE(host_shows(&told_vmx, SHOWS_RING0_NATIVE));
	CU_ASSERT_TRUE(host_shows(&told, SHOWS_PREEMPTED));
	CU_ASSERT_STRING_EQUAL(host_hypercall(&told), "vmmcall");
}

SUITE(unit_host, false, { "kinds, and who walks the page tables", recognised },
      { "hardware that shadows page tables", shadows });
