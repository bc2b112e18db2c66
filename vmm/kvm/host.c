/* SPDX-License-Identifier: GPL-2.0-only */
/* What kind of /dev/kvm this is. */
#include <cpuid.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/shortage.h"
#include "kvm/host.h"
#include "kvm/kvm.h"

#define CR4_SMEP (1ull << 20)

const char *const host_kind_names[HOST_KINDS] = { "pvm", "svm", "vmx" };

/* Is that there, below a directory as /sys/module? */
static bool module(const char *modules, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", modules, name);
	return access(path, F_OK) == 0;
}

/* A parameter that is a bool, as older modules have it and as newer: is it off? */
static bool parameter_off(const char *modules, const char *name)
{
	char path[256], value = 'Y';
	FILE *from;

	snprintf(path, sizeof(path), "%s/%s", modules, name);
	from = fopen(path, "r");
	if (!from)
		return false;
	if (fread(&value, 1, 1, from) != 1)
		value = 'Y';
	fclose(from);
	return value == 'N' || value == '0';
}

static bool is_intel(void)
{
	unsigned int max, b, c, d;

	__cpuid(0, max, b, c, d);
	return b == signature_INTEL_ebx && d == signature_INTEL_edx && c == signature_INTEL_ecx;
}

/*
 * A software KVM (kvm_pvm) shadows page tables and interprets ring 0. It gives itself away by
 * its module, without a hardware one, and by offering no nested state.
 */
void host_recognise(struct host *host, const char *modules, bool nested_state)
{
	bool intel = module(modules, "kvm_intel"), amd = module(modules, "kvm_amd");

	host->shadow = false;
	if (module(modules, "kvm_pvm") && !intel && !amd) {
		host->kind = HOST_PVM;
		host->shadow = true;
		host->kind_why = nested_state ?
					 "module kvm_pvm, no hardware module" :
					 "module kvm_pvm, no hardware module, no nested state";
	} else if (intel || (!amd && is_intel())) {
		host->kind = HOST_VMX;
		host->shadow = parameter_off(modules, "kvm_intel/parameters/ept");
		host->kind_why = host->shadow ? "module kvm_intel, ept=0: shadow page tables" :
				 intel	      ? "module kvm_intel" :
						"no module seen, Intel CPU";
	} else {
		host->kind = HOST_SVM;
		host->shadow = parameter_off(modules, "kvm_amd/parameters/npt");
		host->kind_why = host->shadow ? "module kvm_amd, npt=0: shadow page tables" :
				 amd	      ? "module kvm_amd" :
						"no module seen, no Intel CPU";
	}
}

/*
 * Can a vCPU of this KVM have CR4.SMEP, advertised or not? Tried on a VM of its own. Where none
 * can be had for now it is not known, and less would be shown: that is an error.
 */
static int try_smep(int kvm, bool *ok, struct error *err)
{
	struct kvm_cpuid2 *cpuid = kvm_supported_cpuid(kvm);
	struct kvm_cpuid_entry2 *leaf = kvm_cpuid_leaf(cpuid, 7);
	int vm = kvm_try(kvm, KVM_CREATE_VM, 0);
	int vcpu = vm < 0 ? vm : kvm_try(vm, KVM_CREATE_VCPU, 0);
	struct kvm_sregs sregs;

	*ok = false;
	if (vcpu < 0 && is_shortage(-vcpu))
		fail_errno(err, STATUS_FAIL, -vcpu, "%s",
			   vm < 0 ? "KVM_CREATE_VM" : "KVM_CREATE_VCPU 0");
	if (vcpu >= 0 && leaf) {
		leaf->ebx |= 1u << 7;
		kvm_must(vcpu, KVM_SET_CPUID2, cpuid);
		kvm_must(vcpu, KVM_GET_SREGS, &sregs);
		sregs.cr4 |= CR4_SMEP;
		*ok = kvm_try(vcpu, KVM_SET_SREGS, &sregs) >= 0;
	}
	if (vcpu >= 0)
		close(vcpu);
	if (vm >= 0)
		close(vm);
	free(cpuid);
	return err->status ? -1 : 0;
}

static int count_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : CPU_COUNT(&set);
}

int host_open(struct host *host, const char *path, struct error *err)
{
	static const struct {
		int cap;
		const char *name;
	} need[] = {
		{ KVM_CAP_USER_MEMORY, "KVM_CAP_USER_MEMORY" },
		{ KVM_CAP_IRQCHIP, "KVM_CAP_IRQCHIP" },
		{ KVM_CAP_MP_STATE, "KVM_CAP_MP_STATE" },
		{ KVM_CAP_IMMEDIATE_EXIT, "KVM_CAP_IMMEDIATE_EXIT" },
	};

	*host = (struct host){ .kvm = kvm_open(path, err) };
	if (host->kvm < 0)
		return -1;
	for (size_t i = 0; i < sizeof(need) / sizeof(need[0]); i++) {
		if (kvm_cap(host->kvm, need[i].cap))
			continue;
		host_close(host);
		return fail(err, STATUS_SKIP, "%s has no %s, which guests here need", path,
			    need[i].name);
	}
	host_recognise(host, "/sys/module", kvm_cap(host->kvm, KVM_CAP_NESTED_STATE));
	host->emulated = getenv("PVTLB_EMULATED");
	host->max_vcpus = kvm_cap(host->kvm, KVM_CAP_MAX_VCPUS);
	host->nr_cpus = count_cpus();
	if (!host_shadows(host) || !try_smep(host->kvm, &host->smep, err))
		return 0;
	host_close(host);
	return -1;
}

void host_close(struct host *host)
{
	if (host->kvm >= 0)
		close(host->kvm);
	host->kvm = -1;
}

unsigned int host_spins(const struct host *host, unsigned int cpus)
{
	return cpus <= (unsigned int)host->nr_cpus ? 200000 : 2000;
}

/*
 * vmx is kvm-intel in Bochs, which drops all that is cached at each VM entry and exit. It shows what
 * kvm-amd in QEMU does; where the reason is another one, vmx has its own.
 */
static const struct {
	const char *name;
	bool pvm, svm;
	const char *pvm_why, *svm_why;
	const char *evidence; /* what fails if this is not so */
	bool stale;	      /* it is about what the CPU walks */
	const char *vmx_why;  /* NULL: as svm */
} shows[HOST_SHOWS] = {
	[SHOWS_STALE_4K] = { "stale 4 KiB translations", true, true,
			     "shadow leaf tables stay as they were until a flush",
			     "a CPU that spins keeps what it has cached",
			     "scenario_shootdown, control: the hypercall skips a target", .stale = true },
	[SHOWS_STALE_LASTING] = { "staleness that outlives VM exits", true, false,
				  "an exit does not touch the shadow tables",
				  "an exit may flush, and does where SVM is emulated",
				  "scenario_shootdown, the same control with 8 and 64 CPUs", .stale = true,
				  .vmx_why = "Bochs flushes at every entry and exit; hardware has not been tried" },
	[SHOWS_STALE_OWN] = { "an initiator that forgets its own flush", true, false,
			      "its own shadow stays stale", "its own exits flush it",
			      "scenario_shootdown, control: the initiator forgets its own", .stale = true,
			      .vmx_why = "its own exits flush it in Bochs; hardware has not been tried" },
	[SHOWS_STALE_IN_IRQ] = { "an acknowledgement before the flush", true, false,
				 "an interrupt does not touch the shadow tables",
				 "injecting the interrupt takes an exit, which flushes",
				 "scenario_shootdown, control: acknowledged before the flush", .stale = true,
				 .vmx_why = "injecting the interrupt takes an exit, which flushes in "
					    "Bochs; hardware has not been tried" },
	[SHOWS_STALE_2M] = { "stale 2 MiB pages, replaced tables", false, true,
			     "tables above the leaves are write-protected: never stale",
			     "what is cached does not depend on the level",
			     "scenario_shootdown, 2 MiB pages; scenario_swap_table", .stale = true },
	[SHOWS_RING0_NATIVE] = { "ring 0 at native speed", false, true, "ring 0 is interpreted",
				 "ring 0 runs on the CPU", "cli_doctor, ring 0 and ring 3" },
	[SHOWS_PREEMPTED] = { "`preempted` set by a real preemption", false, true,
			      "KVM never sets it here", "KVM sets it when the thread is preempted",
			      "cli_doctor, a real preemption sets `preempted`" },
	[SHOWS_HYPERCALL_INSN] = { "hypercall instructions", false, true,
				   "vmmcall does not come back", "KVM serves them",
				   "scenario_wrong, the host's own hypercalls" },
};

/* What becomes stale goes by whose tables the CPU walks; all else by who runs ring 0. */
static bool is_as_pvm(const struct host *host, enum host_show what)
{
	return host->kind == HOST_PVM || (host->shadow && shows[what].stale);
}

/* With npt=0 doctor has measured otherwise, in the emulated machine; why, nobody knows. */
static bool is_slow_ring0(const struct host *host, enum host_show what)
{
	return what == SHOWS_RING0_NATIVE && host->kind == HOST_SVM && host->shadow;
}

bool host_shows(const struct host *host, enum host_show what)
{
	if (is_slow_ring0(host, what))
		return false;
	return is_as_pvm(host, what) ? shows[what].pvm : shows[what].svm;
}

const char *host_show_name(enum host_show what)
{
	return shows[what].name;
}

const char *host_show_why(const struct host *host, enum host_show what)
{
	if (is_slow_ring0(host, what))
		return "measured to be slow where page tables are shadowed";
	if (is_as_pvm(host, what))
		return shows[what].pvm_why;
	return host->kind == HOST_VMX && shows[what].vmx_why ? shows[what].vmx_why :
							       shows[what].svm_why;
}

const char *host_show_evidence(enum host_show what)
{
	return shows[what].evidence;
}

const char *host_hypercall(const struct host *host)
{
	static const char *const insn[HOST_KINDS] = {
		[HOST_SVM] = "vmmcall",
		[HOST_VMX] = "vmcall",
	};

	return insn[host->kind];
}
