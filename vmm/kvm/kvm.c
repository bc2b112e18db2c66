/* SPDX-License-Identifier: GPL-2.0-only */
/* The KVM API: opening it, and ioctls that must not fail or whose failure is an answer. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/shortage.h"
#include "kvm/kvm.h"

int kvm_try_(int fd, unsigned long request, unsigned long arg)
{
	int ret = ioctl(fd, request, arg);

	return ret < 0 ? -errno : ret;
}

int kvm_must_(int fd, unsigned long request, unsigned long arg, const char *what, const char *file,
	      int line)
{
	int ret = kvm_try_(fd, request, arg);

	if (ret >= 0)
		return ret;
	fprintf(stderr, "pvtlb: %s:%d: %s: %s\n", file, line, what, strerror(-ret));
	abort();
}

/* The node's group can be joined if it may read and write; otherwise only its mode helps. */
static int explain_permission(const char *path, struct error *err)
{
	struct stat st;

	if (!stat(path, &st) && (st.st_mode & 060) == 060)
		return fail(err, STATUS_SKIP,
			    "%s: no permission; try: sudo usermod -aG $(stat -c %%G %s) $USER, then "
			    "log in again",
			    path, path);
	return fail(err, STATUS_SKIP, "%s: no permission; try: sudo chmod a+rw %s", path, path);
}

static int explain_open(const char *path, struct error *err)
{
	switch (errno) {
	case ENOENT:
		return fail(err, STATUS_SKIP,
			    "%s does not exist: this machine has no virtualization, or its module "
			    "is not loaded; try: modprobe kvm_intel || modprobe kvm_amd",
			    path);
	case EACCES:
	case EPERM:
		return explain_permission(path, err);
	case ENODEV:
	case ENXIO:
		return fail(err, STATUS_SKIP,
			    "%s is there but no module is behind it; try: modprobe kvm_intel || "
			    "modprobe kvm_amd",
			    path);
	}
	return fail_errno(err, STATUS_SKIP, errno, "%s", path);
}

int kvm_open(const char *path, struct error *err)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	int version;

	if (fd < 0)
		return explain_open(path, err);
	version = kvm_try(fd, KVM_GET_API_VERSION, 0);
	if (version == KVM_API_VERSION)
		return fd;
	close(fd);
	if (version < 0)
		return fail(err, STATUS_SKIP, "%s is no KVM: KVM_GET_API_VERSION: %s", path,
			    strerror(-version));
	return fail(err, STATUS_SKIP, "%s speaks KVM API %d, we speak %d", path, version,
		    KVM_API_VERSION);
}

struct kvm_cpuid2 *kvm_supported_cpuid(int fd)
{
	struct kvm_cpuid2 *cpuid;

	cpuid = calloc(1, sizeof(*cpuid) + KVM_MAX_CPUID * sizeof(cpuid->entries[0]));
	if (!cpuid)
		abort();
	cpuid->nent = KVM_MAX_CPUID;
	kvm_must(fd, KVM_GET_SUPPORTED_CPUID, cpuid);
	return cpuid;
}

struct kvm_cpuid_entry2 *kvm_cpuid_leaf(struct kvm_cpuid2 *cpuid, unsigned int leaf)
{
	for (unsigned int i = 0; i < cpuid->nent; i++)
		if (cpuid->entries[i].function == leaf)
			return &cpuid->entries[i];
	return NULL;
}

/* What KVM_GET_MSRS and KVM_SET_MSRS take, for one MSR. */
union one_msr {
	struct kvm_msrs msrs;
	uint8_t room[sizeof(struct kvm_msrs) + sizeof(struct kvm_msr_entry)];
};

bool kvm_get_msr(int vcpu, uint32_t msr, uint64_t *value)
{
	union one_msr one = { .msrs.nmsrs = 1 };

	one.msrs.entries[0].index = msr;
	if (kvm_must(vcpu, KVM_GET_MSRS, &one.msrs) != 1)
		return false;
	*value = one.msrs.entries[0].data;
	return true;
}

bool kvm_set_msr(int vcpu, uint32_t msr, uint64_t value)
{
	union one_msr one = { .msrs.nmsrs = 1 };

	one.msrs.entries[0] = (struct kvm_msr_entry){ .index = msr, .data = value };
	return kvm_try(vcpu, KVM_SET_MSRS, &one.msrs) == 1;
}
