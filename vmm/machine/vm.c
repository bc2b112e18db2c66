/* SPDX-License-Identifier: GPL-2.0-only */
/* A KVM virtual machine with the guest's memory, and whose MSRs are whose. */
#include <unistd.h>

#include "base/shortage.h"
#include "kvm/host.h"
#include "kvm/kvm.h"
#include "machine/hypervisor.h"
#include "machine/mem.h"
#include "machine/vm.h"

#define SHADOW_PAGES 65536 /* more than all roles need: a recycled one hides staleness */

/* The hypervisor MSRs that the backend serves come to us, and not to KVM. */
static int trap_msrs(int vm, const struct backend *backend, struct error *err)
{
	static uint8_t none[32]; /* a bit per MSR: 0 denies it to the guest */
	static const uint32_t base[] = { HYPERVISOR_MSRS, HYPERVISOR_KVM_MSRS };
	struct kvm_enable_cap cap = {
		.cap = KVM_CAP_X86_USER_SPACE_MSR,
		.args[0] = KVM_MSR_EXIT_REASON_UNKNOWN | KVM_MSR_EXIT_REASON_FILTER,
	};
	struct kvm_msr_filter filter = {
		.flags = KVM_MSR_FILTER_DEFAULT_ALLOW,
	};

	int ret;

	if (!hypervisor_ops(backend)->wrmsr)
		return 0;
	for (size_t i = 0; i < sizeof(base) / sizeof(base[0]); i++)
		filter.ranges[i] = (struct kvm_msr_filter_range){
			.flags = KVM_MSR_FILTER_READ | KVM_MSR_FILTER_WRITE,
			.nmsrs = 256,
			.base = base[i],
			.bitmap = none,
		};
	ret = kvm_try(vm, KVM_ENABLE_CAP, &cap);
	if (ret >= 0)
		ret = kvm_try(vm, KVM_X86_SET_MSR_FILTER, &filter);
	if (ret < 0)
		return fail_errno(
			err, STATUS_SKIP, -ret,
			"this KVM has no KVM_CAP_X86_USER_SPACE_MSR, by which %s's MSRs are served",
			backend->name);
	return 0;
}

static int fill(int vm, const struct guest_mem *mem, const struct backend *backend,
		struct error *err)
{
	struct kvm_userspace_memory_region region = {
		.memory_size = mem->size,
		.userspace_addr = (uint64_t)(uintptr_t)mem->host,
	};
	int ret = kvm_try(vm, KVM_SET_USER_MEMORY_REGION, &region);

	if (ret < 0)
		return fail_errno(err, STATUS_FAIL, -ret, "KVM_SET_USER_MEMORY_REGION of %llu bytes",
				  (unsigned long long)region.memory_size);
	ret = kvm_try(vm, KVM_CREATE_IRQCHIP, 0);
	if (ret < 0)
		return fail_errno(err, STATUS_FAIL, -ret, "KVM_CREATE_IRQCHIP");
	if (trap_msrs(vm, backend, err))
		return -1;
	/* Where this is not offered there are no shadow pages to run out of. */
	kvm_try(vm, KVM_SET_NR_MMU_PAGES, SHADOW_PAGES);
	return 0;
}

int vm_create(const struct host *host, const struct guest_mem *mem, const struct backend *backend,
	      struct error *err)
{
	int vm = kvm_try(host->kvm, KVM_CREATE_VM, 0);

	if (vm < 0)
		return fail_errno(err, STATUS_SKIP, -vm, "KVM_CREATE_VM");
	if (!fill(vm, mem, backend, err))
		return vm;
	close(vm);
	return -1;
}
