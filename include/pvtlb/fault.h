/* SPDX-License-Identifier: GPL-2.0-only */
/* Faults that can be injected: deliberately wrong variants that a check must catch. */
#ifndef PVTLB_FAULT_H
#define PVTLB_FAULT_H

/* X(id, "name", "side that applies it", "what is done wrong"). The victim is the last CPU. */
#define PVTLB_FAULTS(X)                                                                            \
	X(SKIP_IPI, "skip-ipi", "guest", "one targeted CPU is not sent the flush IPI")             \
	X(EARLY_ACK, "early-ack", "guest", "a CPU acknowledges the flush before doing it")         \
	X(SKIP_LOCAL, "skip-local", "guest", "the initiator forgets its own flush")                \
	X(SKIP_TARGET, "hypercall-skip-target", "vmm", "the hypercall leaves one target out")      \
	X(NOT_WAITED, "hypercall-not-waited", "vmm",                                               \
	  "the hypercall returns before its targets have flushed")                                 \
	X(REFUSED, "hypercall-refused", "vmm",                                                     \
	  "every other flush is refused: no harm, if the guest then does it by IPIs")

enum pvtlb_fault {
	PVTLB_FAULT_NONE = 0,
#define X(id, ...) PVTLB_FAULT_##id,
	PVTLB_FAULTS(X)
#undef X
	PVTLB_FAULT_NR,
};

#endif
