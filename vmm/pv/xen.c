/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypervisor side of the xen backend: HYPERVISOR_mmuext_op's TLB flushes, alone or in a
 * HYPERVISOR_multicall, with the answers of Xen's do_mmuext_op() (xen/arch/x86/mm.c) and
 * do_multicall() (xen/common/multicall.c).
 *
 * A handle is translated by the caller's page tables at its CR3 (vmm/machine/gva.c), not by the map
 * that vmm/machine/layout.h lays out at the start: that map is a promise to the guest and none by it. A
 * guest may point at anything that it has mapped since, and what it has taken away from ring
 * 3, where all of it runs, must not be reached for it either.
 */
#include <linux/kvm.h>
#include <stddef.h>
#include <string.h>

#include "base/cpuset.h"
#include "machine/serve.h"
#include "machine/state.h"
#include "pv/stub.h"
#include "pv/vcpu_nr.h"
#include "pv/xen.h"

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

#define XEN_VERSION (4u << 16 | 17) /* major, minor: of the headers this is built with */
#define XEN_MSR	    0x40000000u	    /* in EBX of leaf +2: the guest is to look there */

enum who { WHO_NONE, WHO_CALLER, WHO_MASK, WHO_ALL };

/* The flushes among mmuext_op's commands. All others are -XEN_ENOSYS here. */
static const struct flush_op {
	enum who who;
	bool page; /* that of arg1.linear_addr, not everything */
} flush_ops[] = {
	[MMUEXT_TLB_FLUSH_LOCAL] = { WHO_CALLER, false },
	[MMUEXT_INVLPG_LOCAL] = { WHO_CALLER, true },
	[MMUEXT_TLB_FLUSH_MULTI] = { WHO_MASK, false },
	[MMUEXT_INVLPG_MULTI] = { WHO_MASK, true },
	[MMUEXT_TLB_FLUSH_ALL] = { WHO_ALL, false },
	[MMUEXT_INVLPG_ALL] = { WHO_ALL, true },
};

_Static_assert(sizeof(struct mmuext_op) == 24, "not Xen's ABI");
_Static_assert(sizeof(struct multicall_entry) == 64, "not Xen's ABI");
_Static_assert(PVTLB_PAGE_SIZE / XEN_HYPERCALL_SLOT > __HYPERVISOR_mmuext_op, "no such slot");
_Static_assert(XEN_HYPERCALL_SLOT == HYPERCALL_STUB_BYTES, "a stub is a slot");

/* __addr_ok() of xen/arch/x86/include/asm/x86_64/uaccess.h. */
bool xen_addr_ok(gva_t addr)
{
	return addr < 1ull << 47 || addr >= HYPERVISOR_VIRT_END;
}

/* Does an array of nr at that address end before addresses do? */
static bool array_ok(gva_t addr, uint64_t nr, uint64_t size)
{
	return !nr || addr <= UINT64_MAX - (nr * size - 1);
}

/*
 * As vcpumask_to_pcpumask() (xen/arch/x86/mm.c): so many words are read as there are CPUs for,
 * and bits of CPUs that do not exist are ignored.
 */
static int64_t read_mask(const struct xen_caller *caller, gva_t handle, struct pvtlb_cpuset *set)
{
	unsigned int words = (caller->cpus + 63) / 64, last = caller->cpus % 64;

	if (!gva_read(&caller->space, handle, set->bits, words * sizeof(set->bits[0])))
		return -XEN_EINVAL; /* not EFAULT: do_mmuext_op() says so for any failure of it */
	if (last)
		set->bits[words - 1] &= (1ull << last) - 1;
	return 0;
}

static int64_t choose_cpus(const struct xen_caller *caller, enum who who, gva_t mask,
			   struct pvtlb_cpuset *set)
{
	switch (who) {
	case WHO_NONE:
		return -XEN_ENOSYS;
	case WHO_CALLER:
		cpuset_add(set, caller->cpu);
		return 0;
	case WHO_MASK:
		return read_mask(caller, mask, set);
	case WHO_ALL:
		for (unsigned int cpu = 0; cpu < caller->cpus; cpu++)
			cpuset_add(set, cpu);
		return 0;
	}
	return -XEN_ENOSYS;
}

static int64_t one_op(const struct xen_caller *caller, const struct mmuext_op *op)
{
	static const struct flush_op none;
	const struct flush_op *flush = op->cmd < NR_OF(flush_ops) ? &flush_ops[op->cmd] : &none;
	gva_t addr = op->arg1.linear_addr, mask = (uintptr_t)op->arg2.vcpumask.p;
	uint64_t page = addr & ~(PVTLB_PAGE_SIZE - 1);
	struct pvtlb_cpuset set = { { 0 } };
	int64_t status = choose_cpus(caller, flush->who, mask, &set);

	if (status || cpuset_empty(&set) || (flush->page && !xen_addr_ok(addr)))
		return status;
	if (!flush->page)
		return caller->flush(caller->ctx, &set, 0, SERVE_ALL);
	if (page == -PVTLB_PAGE_SIZE) /* no address is behind the last page */
		return caller->flush(caller->ctx, &set, page, SERVE_ALL);
	return caller->flush(caller->ctx, &set, page, page + PVTLB_PAGE_SIZE);
}

/*
 * Whose pages? The caller's own only. get_pg_owner() finds DOMID_IO and DOMID_XEN, which an
 * unprivileged domain may not touch, and here no other domain, the caller by its number
 * included. Bits above a domid_t's 16 are not cut off, as Xen does it: they name nobody.
 */
static int64_t check_domain(uint32_t domid)
{
	if (domid == DOMID_SELF)
		return 0;
	return domid == DOMID_IO || domid == DOMID_XEN ? -XEN_EPERM : -XEN_ESRCH;
}

/* Ops are done in their order until one fails; *pdone is told how many were. */
static int64_t mmuext_op(const struct xen_caller *caller, const uint64_t args[5])
{
	gva_t uops = args[0], pdone = args[2];
	uint32_t count = args[1] & ~MMU_UPDATE_PREEMPTED, done = 0, i;
	int64_t status;

	/* We make no continuations. A guest that makes one up goes on counting, as in Xen. */
	if (args[1] & MMU_UPDATE_PREEMPTED && pdone)
		gva_read(&caller->space, pdone, &done, sizeof(done));
	if (count > XEN_MAX_OPS)
		return -XEN_E2BIG;
	if (!array_ok(uops, count, sizeof(struct mmuext_op)))
		return -XEN_EFAULT;
	status = check_domain(args[3]);
	if (status)
		return status;
	for (i = 0; i < count; i++) {
		struct mmuext_op op;

		status = -XEN_EFAULT;
		if (gva_read(&caller->space, uops + i * sizeof(op), &op, sizeof(op)))
			status = one_op(caller, &op);
		if (status)
			break;
	}
	done += i;
	if (pdone)
		gva_write(&caller->space, pdone, &done, sizeof(done));
	return status;
}

static int64_t multicall(const struct xen_caller *caller, const uint64_t args[5])
{
	gva_t list = args[0];
	uint64_t nr = args[1];

	if (nr > XEN_MAX_CALLS)
		return -XEN_E2BIG;
	if (!array_ok(list, nr, sizeof(struct multicall_entry)))
		return -XEN_EFAULT;
	for (uint64_t i = 0; i < nr; i++) {
		gva_t at = list + i * sizeof(struct multicall_entry);
		struct multicall_entry e;

		if (!gva_read(&caller->space, at, &e, sizeof(e)))
			return -XEN_EFAULT;
		/* Not within itself: that is where recursion ends. */
		if (e.op == __HYPERVISOR_multicall)
			e.result = -XEN_EINVAL;
		else
			e.result = xen_hypercall(caller, e.op, e.args);
		at += offsetof(struct multicall_entry, result);
		if (!gva_write(&caller->space, at, &e.result, sizeof(e.result)))
			return -XEN_EFAULT;
	}
	return 0;
}

int64_t xen_hypercall(const struct xen_caller *caller, uint64_t nr, const uint64_t args[5])
{
	switch (nr) {
	case __HYPERVISOR_multicall:
		return multicall(caller, args);
	case __HYPERVISOR_mmuext_op:
		return mmuext_op(caller, args);
	}
	return -XEN_ENOSYS;
}

/* From here on: the machine. */

static int64_t flush(void *ctx, const struct pvtlb_cpuset *vcpus, uint64_t start, uint64_t end)
{
	struct vcpu *caller = ctx;
	struct pvtlb_cpuset set = vcpu_nr_cpus(vcpus, caller->machine->nr_vcpus);

	if (serve_refuses(caller))
		return -XEN_EINVAL;
	serve_skip_target(caller, &set);
	serve_flush(caller, &set, SERVE_ALL, start, end);
	return 0;
}

static uint64_t hypercall(struct vcpu *vcpu, const struct kvm_regs *regs)
{
	const uint64_t args[5] = { regs->rdi, regs->rsi, regs->rdx, regs->r10, regs->r8 };
	struct kvm_sregs sregs;
	struct xen_caller caller = {
		.space.mem = &vcpu->machine->mem,
		.cpu = vcpu_nr(vcpu->id, vcpu->machine->nr_vcpus),
		.cpus = vcpu->machine->nr_vcpus,
		.flush = flush,
		.ctx = vcpu,
	};

	vcpu_get_sregs(vcpu, &sregs);
	caller.space.cr3 = sregs.cr3;
	return xen_hypercall(&caller, regs->rax, args);
}

/* Which leaf is what: xen/arch-x86/cpuid.h. */
static unsigned int cpuid(const struct vcpu *vcpu, struct kvm_cpuid_entry2 *leaf,
			  unsigned int max)
{
	const struct kvm_cpuid_entry2 leaves[] = {
		{ .function = XEN_CPUID_LEAF(0), .eax = XEN_CPUID_LEAF(XEN_LEAVES),
		  .ebx = XEN_CPUID_SIGNATURE_EBX, .ecx = XEN_CPUID_SIGNATURE_ECX,
		  .edx = XEN_CPUID_SIGNATURE_EDX },
		{ .function = XEN_CPUID_LEAF(1), .eax = XEN_VERSION },
		{ .function = XEN_CPUID_LEAF(2), .eax = 1, .ebx = XEN_MSR },
		{ .function = XEN_CPUID_LEAF(3) },
		{ .function = XEN_CPUID_LEAF(4), .eax = XEN_HVM_CPUID_VCPU_ID_PRESENT,
		  .ebx = vcpu_nr(vcpu->id, vcpu->machine->nr_vcpus) },
	};

	if (max < NR_OF(leaves))
		return 0;
	memcpy(leaf, leaves, sizeof(leaves));
	return NR_OF(leaves);
}

/*
 * The hypercall page's address; the low bits are which of the pages it is, and there is one
 * (guest_wrmsr_xen() in xen/arch/x86/msr.c). A number that is not served has code all the
 * same, and an answer.
 */
static bool wrmsr(struct vcpu *vcpu, uint32_t msr, uint64_t value)
{
	uint8_t *page = guest_mem(&vcpu->machine->mem, value, PVTLB_PAGE_SIZE);

	if (msr != XEN_MSR || value % PVTLB_PAGE_SIZE || !page)
		return false;
	for (uint32_t nr = 0; nr < PVTLB_PAGE_SIZE / XEN_HYPERCALL_SLOT; nr++)
		hypercall_stub(page + nr * XEN_HYPERCALL_SLOT, true, nr);
	return true;
}

/* It is for writing; Xen reads as 0 there. */
static bool rdmsr(struct vcpu *vcpu, uint32_t msr, uint64_t *value)
{
	(void)vcpu;
	*value = 0;
	return msr == XEN_MSR;
}

/* No provider "host": KVM can play Xen (KVM_XEN), but in Debian's kernels that is not built in. */
static const struct hypervisor_ops ops = {
	.cpuid = cpuid,
	.wrmsr = wrmsr,
	.rdmsr = rdmsr,
	.hypercall = hypercall,
};

BACKEND(xen, {
	.name = "xen",
	.provider = "vmm",
	.paravirt = true,
	.interrupts = INTERRUPTS_NONE,
	.says_no_ipi = true,
	.why = "Xen flushes without interrupting a guest context",
	.ops = &ops,
});
