/* SPDX-License-Identifier: GPL-2.0-only */
/* What kind of /dev/kvm this is. */
#ifndef VMM_HOST_H
#define VMM_HOST_H

#include <stdbool.h>

#include "base/error.h"

enum host_kind { HOST_PVM, HOST_SVM, HOST_VMX, HOST_KINDS };
extern const char *const host_kind_names[HOST_KINDS];

struct host {
	int kvm; /* file descriptor of /dev/kvm */
	enum host_kind kind;
	const char *kind_why; /* how the kind was found out */
	int max_vcpus;
	int nr_cpus; /* host CPUs this process may use */
	bool shadow;   /* KVM shadows page tables: the CPU walks copies; see host_shadows() */
	bool smep;     /* usable for MMU roles */
	bool emulated; /* in the emulated machine of vmm/nested: slow, its timings mean nothing */
};

#define KVM_PATH "/dev/kvm"

/*
 * Do guests here run on copies of their page tables, which may be stale? On kind pvm always; on
 * hardware if its KVM is told not to let the CPU walk the guest's own (npt=0, ept=0).
 */
static inline bool host_shadows(const struct host *host)
{
	return host->kind == HOST_PVM || host->shadow;
}

/* Kind, why, shadow, by a directory as /sys/module, and whether KVM has nested state to offer. */
void host_recognise(struct host *host, const char *modules, bool nested_state);

/* Open path (KVM_PATH) and look. Check err for STATUS_SKIP: this machine cannot run guests. */
int host_open(struct host *host, const char *path, struct error *err);
void host_close(struct host *host);

/* What a run can show, on some kinds of host and not on others. */
enum host_show {
	SHOWS_STALE_4K,	      /* a stale 4 KiB translation of a CPU that spins */
	SHOWS_STALE_LASTING,  /* and one that lasts through exits, until that CPU flushes */
	SHOWS_STALE_OWN,      /* the initiator's, that forgot its own flush */
	SHOWS_STALE_IN_IRQ,   /* one in the interrupt that acknowledged too early */
	SHOWS_STALE_2M,	      /* a stale 2 MiB translation */
	SHOWS_RING0_NATIVE,   /* ring 0 at native speed */
	SHOWS_PREEMPTED,      /* `preempted` set by KVM for a real preemption */
	SHOWS_HYPERCALL_INSN, /* vmcall or vmmcall reaching the host's KVM */
	HOST_SHOWS,
};
bool host_shows(const struct host *host, enum host_show what);
/* What it is, and for this kind why it shows or does not; one clause each. */
const char *host_show_name(enum host_show what);
const char *host_show_evidence(enum host_show what); /* the test that needs it, and fails where it is not so */
const char *host_show_why(const struct host *host, enum host_show what);

/*
 * How long a guest CPU that waits should spin before it halts. A halt is a VM exit, and on
 * hardware that may end a staleness: with a host CPU for each vCPU it can spin for longer.
 */
unsigned int host_spins(const struct host *host, unsigned int cpus);

/* The instruction that reaches this host's KVM from ring 0: "vmcall", "vmmcall"; NULL: none. */
const char *host_hypercall(const struct host *host);

#endif
