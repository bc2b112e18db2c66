/* SPDX-License-Identifier: GPL-2.0-only */
/* The KVM API: opening it, and ioctls that must not fail or whose failure is an answer. */
#ifndef VMM_KVM_H
#define VMM_KVM_H

#include <linux/kvm.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Open a KVM device node. On failure err says which of absent, no permission, no module or
 * wrong API version it is, and what to do about it; its status is STATUS_SKIP.
 * Returns a file descriptor or -1.
 */
int kvm_open(const char *path, struct error *err);

/* An ioctl whose failure is an answer: the result, or -errno. */
int kvm_try_(int fd, unsigned long request, unsigned long arg);
#define kvm_try(fd, request, arg) kvm_try_(fd, request, (unsigned long)(arg))

/* An ioctl that cannot fail in a sane world: the result, or a message and abort(). */
int kvm_must_(int fd, unsigned long request, unsigned long arg, const char *what, const char *file,
	      int line);
#define kvm_must(fd, request, arg)                                                                 \
	kvm_must_(fd, request, (unsigned long)(arg), #request, __FILE__, __LINE__)

/* KVM_CHECK_EXTENSION: 0 when missing, else the capability's value. */
static inline int kvm_cap(int fd, int cap)
{
	int ret = kvm_try(fd, KVM_CHECK_EXTENSION, cap);

	return ret < 0 ? 0 : ret;
}

/* Supported CPUID leaves, with room for KVM_MAX_CPUID, to be freed by the caller. */
#define KVM_MAX_CPUID 256u
struct kvm_cpuid2 *kvm_supported_cpuid(int fd);
struct kvm_cpuid_entry2 *kvm_cpuid_leaf(struct kvm_cpuid2 *cpuid, unsigned int leaf);

/* One MSR of a vCPU, by its file descriptor. false: KVM has no such MSR, or takes no such value. */
bool kvm_get_msr(int vcpu, uint32_t msr, uint64_t *value);
bool kvm_set_msr(int vcpu, uint32_t msr, uint64_t value);

#endif
