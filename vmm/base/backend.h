/* SPDX-License-Identifier: GPL-2.0-only */
/* Backends: what each says of itself. How its hypervisor's side is played is machine/hypervisor.h.
 */
#ifndef VMM_BACKEND_H
#define VMM_BACKEND_H

#include <stdbool.h>

struct hypervisor_ops;

/*
 * Which of the CPUs a flush is for does it interrupt? RUNNING: all but those that the guest
 * has found preempted and says so (PVTLB_EV_ELIDED). SOME: it depends; those that
 * it does not are flushed all the same. UNSAID: a backend has to say; no run of one passes that
 * does not.
 */
enum interrupts {
	INTERRUPTS_UNSAID = 0,
	INTERRUPTS_ALL,
	INTERRUPTS_NONE,
	INTERRUPTS_RUNNING,
	INTERRUPTS_SOME,
};

/* One way to deliver a flush, by one who plays the hypervisor for it. */
struct backend {
	const char *name;
	const char *provider; /* who plays the hypervisor: "none", "vmm", "host" */
	bool paravirt;	      /* needs /hypervisor and an image with pv_ops */
	bool invlpgb;	      /* is about that instruction: runs with it shown in CPUID only */
	enum interrupts interrupts;
	const char *why; /* the reason for the key's expected value, one clause */
	/* Its guest part says of itself that its flush is no IPI: --policy declared believes it. */
	bool says_no_ipi;
	const struct hypervisor_ops *ops; /* what a machine asks of it; NULL: nothing */
};

/* Registers one: in vmm/pv/NAME.c, and nowhere else. */
#define BACKEND(ident, ...)                                                                        \
	static const struct backend backend_##ident                                                \
		__attribute__((used, section("backends"), aligned(8))) = __VA_ARGS__

/* All of them, in the order of their names, native first. Returns NULL behind the last. */
const struct backend *backend_at(unsigned int i);
/* Of that name, by the VMM where there are several; NULL: none. */
const struct backend *backend_named(const char *name);
/* Of that name, by that provider; NULL: none. */
const struct backend *backend_by(const char *name, const char *provider);

/* How wide a column with their names has to be: that of its head, BACKEND, or wider. */
int backend_width(void);

/* Is it the host's own KVM that plays the hypervisor? */
bool backend_by_host(const struct backend *backend);

#endif
