/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xen-calls: hypercalls to Xen that are wrong in some way, and some that are not.
 *
 * Beside the backend, and by the page that it has had filled: what counts is what comes back
 * through the registers, and that handles are looked up in the tables that this CPU runs on.
 * Each call's number and status are in an event; the tests know what they must be.
 */
#include <asm/gate.h>
#include <linux/trace.h>
#include <pvtlb/xen.h>
#include <scenario.h>

#define HOLE 0x123456789000ull
#define ADDR 0x100000000000ull

static struct mmuext_op op[2];
static struct multicall_entry call[3];
static u64 mask[4];
static u32 done;

static s64 hypercall(u64 nr, u64 a0, u64 a1, u64 a2, u64 a3)
{
	struct gate_regs regs = { .di = a0, .si = a1, .dx = a2, .r10 = a3 };
	s64 status = gate_call(hypercall_page + nr * XEN_HYPERCALL_SLOT, &regs);

	trace(HYPERCALL, nr, status);
	return status;
}

static void ask(u64 uops, u64 count, u64 domid)
{
	hypercall(__HYPERVISOR_mmuext_op, uops, count, (u64)&done, domid);
}

static void one(u32 cmd, const void *vcpumask)
{
	op[0].cmd = cmd;
	op[0].arg2.vcpumask.p = vcpumask;
	ask((u64)op, 1, DOMID_SELF);
}

/* Tables that came after the start: a page of an mm of our own, while it is loaded and not. */
static void in_an_mm(void)
{
	struct mm_struct *mm = scn_mm_create();

	scn_map(mm, ADDR, scn_page_alloc(SCN_4K), false, SCN_4K);
	one(MMUEXT_TLB_FLUSH_MULTI, (void *)ADDR);
	scn_switch_mm(mm);
	one(MMUEXT_TLB_FLUSH_MULTI, (void *)ADDR);
	/* It can be read there, and not written. */
	hypercall(__HYPERVISOR_multicall, ADDR, 1, 0, 0);
	scn_switch_mm(NULL);
}

static void leader(void)
{
	u32 leaf[4];

	gate_cpuid(XEN_CPUID_FIRST_LEAF, 0, leaf);
	if (leaf[1] != XEN_CPUID_SIGNATURE_EBX || leaf[2] != XEN_CPUID_SIGNATURE_ECX ||
	    leaf[3] != XEN_CPUID_SIGNATURE_EDX)
		return;

	hypercall(__HYPERVISOR_xen_version, 0, 0, 0, 0);
	hypercall(__HYPERVISOR_iret, 0, 0, 0, 0);
	hypercall(127, 0, 0, 0, 0);

	one(MMUEXT_TLB_FLUSH_LOCAL, 0);
	one(MMUEXT_TLB_FLUSH_ALL, 0);
	one(MMUEXT_TLB_FLUSH_MULTI, mask); /* nobody */
	one(MMUEXT_TLB_FLUSH_MULTI, 0);
	one(MMUEXT_TLB_FLUSH_MULTI, hypercall_page); /* ring 0's */
	one(MMUEXT_PIN_L4_TABLE, mask);
	ask(HOLE, 1, DOMID_SELF);
	ask((u64)op, 1, DOMID_XEN);
	ask((u64)op, 1, 0);

	/* The first is done, and the second is not. */
	op[0].cmd = MMUEXT_TLB_FLUSH_LOCAL;
	op[1].cmd = ~0u;
	ask((u64)op, 2, DOMID_SELF);
	trace(HYPERCALL, __HYPERVISOR_mmuext_op, done);

	call[0] = (struct multicall_entry){ .op = __HYPERVISOR_mmuext_op,
					    .args = { (u64)op, 1, 0, DOMID_SELF } };
	call[1] = (struct multicall_entry){ .op = __HYPERVISOR_multicall,
					    .args = { (u64)call, 3 } };
	call[2] = (struct multicall_entry){ .op = ~0ull };
	hypercall(__HYPERVISOR_multicall, (u64)call, 3, 0, 0);
	for (int i = 0; i < 3; i++)
		trace(HYPERCALL, call[i].op, call[i].result);
	hypercall(__HYPERVISOR_multicall, (u64)call, ~0ull, 0, 0);
	hypercall(__HYPERVISOR_multicall, (u64)hypercall_page, 1, 0, 0);

	in_an_mm();
}

SCENARIO(xen_calls, {
	.name = "xen-calls",
	.title = "calls that Xen must refuse, and some that it must not",
	.flags = PVTLB_SCENARIO_DIAGNOSTIC,
	.min_cpus = 1,
	.program = SCN_PROGRAM(.leader = leader),
});
