/* SPDX-License-Identifier: GPL-2.0-only */
/* The hyperv backend's hypervisor side: its MSRs, the hypercall page, its CPUID leaves. */
#include <linux/kvm.h>
#include <stdlib.h>
#include <string.h>

#include "hyperv.h"
#include "machine/state.h"
#include "pv/stub.h"
#include "unit_util.h"

#define RAM_PAGES 4u
#define RAM_BYTES (RAM_PAGES * PAGE)

/* One register after the other, on one machine; what the hypercall page then is. */
static void registers(void)
{
#define MSR(page, bits) ((page) * (uint64_t)PAGE | (bits))
	enum { OS_ID = 0x40000000, CALLS, INDEX };
	static const struct {
		const char *what;
		uint32_t msr;
		uint64_t value;
		bool ok;
		uint64_t calls; /* CALLS as it reads afterwards */
	} steps[] = {
		{ "no identity, not enabled", CALLS, MSR(1, 1), true, MSR(1, 0) },
		{ "identity", OS_ID, 7, true, MSR(1, 0) },
		{ "enabled", CALLS, MSR(1, 1), true, MSR(1, 1) },
		{ "moved", CALLS, MSR(2, 1), true, MSR(2, 1) },
		{ "moved beyond memory", CALLS, MSR(RAM_PAGES, 1), false, MSR(2, 1) },
		{ "moved to the end of all", CALLS, MSR(0xfffffffffffff, 1), false, MSR(2, 1) },
		{ "same again", CALLS, MSR(2, 1), true, MSR(2, 1) },
		{ "reserved bits are kept", CALLS, MSR(2, 0xffd), true, MSR(2, 0xffd) },
		{ "disabled", CALLS, MSR(2, 0), true, MSR(2, 0) },
		{ "beyond memory, disabled", CALLS, MSR(RAM_PAGES, 0), true, MSR(RAM_PAGES, 0) },
		{ "enabled again", CALLS, MSR(0, 1), true, MSR(0, 1) },
		{ "identity gone", OS_ID, 0, true, MSR(0, 0) },
		{ "and the page with it", CALLS, MSR(0, 1), true, MSR(0, 0) },
		{ "identity is back", OS_ID, ~0ull, true, MSR(0, 0) },
		{ "index is read only", INDEX, 1, false, MSR(0, 0) },
		{ "no such register", INDEX + 1, 0, false, MSR(0, 0) },
		{ "nor this", 0x400000ff, 0, false, MSR(0, 0) },
		{ "locked", CALLS, MSR(1, 3), true, MSR(1, 3) },
		{ "locked is locked", CALLS, MSR(2, 1), false, MSR(1, 3) },
		{ "for good", CALLS, MSR(1, 3), false, MSR(1, 3) },
	};
	const struct hypervisor_ops *pv = hypervisor_ops(backend_by("hyperv", "vmm"));
	uint8_t ram[RAM_BYTES], want[RAM_BYTES], stub[HYPERCALL_STUB_BYTES];
	struct machine m = { .mem = { .host = ram, .size = sizeof(ram) }, .nr_vcpus = 9 };
	struct vcpu vcpu = { .machine = &m, .id = 5 };
	uint64_t value;

	for (size_t i = 0; i < sizeof(ram); i++)
		ram[i] = want[i] = i * 7 + i / PAGE;
	hypercall_stub(stub, false, 0);
	m.pv_state = calloc(1, pv->state_size);
	pthread_mutex_init(&m.pv_lock, NULL);
	for (size_t i = 0; i < NR_OF(steps); i++) {
		bool ok = pv->wrmsr(&vcpu, steps[i].msr, steps[i].value);
		uint64_t page = steps[i].calls / PAGE;

		EXPECT(ok == steps[i].ok, "%s", steps[i].what);
		EXPECT(pv->rdmsr(&vcpu, CALLS, &value) && value == steps[i].calls, "%s: %#llx",
		       steps[i].what, (unsigned long long)value);
		for (uint64_t p = 0; p < RAM_PAGES; p++) {
			const uint8_t *under = &want[p * PAGE], *is = &ram[p * PAGE];

			if (steps[i].calls & 1 && p == page)
				EXPECT(!memcmp(is, stub, sizeof(stub)), "%s: no stub",
				       steps[i].what);
			else
				EXPECT(!memcmp(is, under, PAGE), "%s: page %u", steps[i].what,
				       (unsigned int)p);
		}
	}
	EXPECT(pv->rdmsr(&vcpu, OS_ID, &value) && value == ~0ull, "identity");
	EXPECT(pv->rdmsr(&vcpu, INDEX, &value) && value == 6, "index");
	EXPECT(!pv->rdmsr(&vcpu, INDEX + 1, &value), "no such register");
	free(m.pv_state);
	pthread_mutex_destroy(&m.pv_lock);
}

/* Nobody who has not said who he is may call. */
static void not_established(void)
{
	const struct hypervisor_ops *pv = hypervisor_ops(backend_by("hyperv", "vmm"));
	const struct kvm_regs regs = { .rcx = SPACE, .rdx = 0 };
	struct machine m = { .nr_vcpus = 1 };
	struct vcpu vcpu = { .machine = &m };

	m.pv_state = calloc(1, pv->state_size);
	CU_ASSERT_EQUAL(pv->hypercall(&vcpu, &regs), HV_STATUS_ACCESS_DENIED);
	free(m.pv_state);
}

static void leaves(void)
{
	const struct hypervisor_ops *pv = hypervisor_ops(backend_by("hyperv", "vmm"));
	struct kvm_cpuid_entry2 leaf[8] = { 0 };

	CU_ASSERT_EQUAL(pv->cpuid(NULL, leaf, 5), 0);
	CU_ASSERT_EQUAL(pv->cpuid(NULL, leaf, 6), 6);
	for (unsigned int i = 0; i < 6; i++)
		CU_ASSERT_EQUAL(leaf[i].function, 0x40000000 + i);
	/* TLFS, "Feature and Interface Discovery". */
	CU_ASSERT_EQUAL(leaf[0].eax, 0x40000005);
	CU_ASSERT_EQUAL(leaf[0].ebx, 0x7263694d);
	CU_ASSERT_EQUAL(leaf[0].ecx, 0x666f736f);
	CU_ASSERT_EQUAL(leaf[0].edx, 0x76482074);
	CU_ASSERT_EQUAL(leaf[1].eax, 0x31237648);
	CU_ASSERT_EQUAL(leaf[3].eax, 0x60);
	CU_ASSERT_EQUAL(leaf[4].eax, 0x804);
}

SUITE(unit_hyperv, false, { "MSRs and the hypercall page", registers },
      { "no call without an identity", not_established }, { "CPUID leaves", leaves });
