/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest-to-VMM calls: the doorbell, the per-CPU call block, call numbers and errors. */
#ifndef PVTLB_CALL_H
#define PVTLB_CALL_H

#include "pvtlb/types.h"

/*
 * A call: the guest fills its CPU's call block and stores the call number, 32 bits, to the
 * doorbell. The VMM copies the block once, checks it, acts, and writes status and result.
 * Doorbell and blocks are described in the device tree (docs/pvtlb-hypercall.md).
 */
#define PVTLB_CALL_BLOCK_SIZE 4096u
#define PVTLB_CALL_PAYLOAD    (PVTLB_CALL_BLOCK_SIZE - 64u)

struct pvtlb_call_block {
	uint32_t version;     /* PVTLB_ABI_VERSION */
	uint32_t nr;	      /* enum pvtlb_call_nr; equals the value stored to the doorbell */
	uint32_t len;	      /* payload bytes that count */
	uint32_t reserved0;   /* 0 */
	uint64_t reserved[4]; /* 0 */
	int64_t status;	      /* out: PVTLB_OK or -PVTLB_E* */
	uint64_t result;      /* out */
	uint8_t payload[PVTLB_CALL_PAYLOAD];
};

enum pvtlb_status {
	PVTLB_OK = 0,
	PVTLB_EINVAL = 22, /* an argument is malformed, out of range or has reserved bits set */
	PVTLB_ENOSYS = 38, /* no such call, or not offered to this guest */
	PVTLB_EBUSY = 16,  /* the CPU is already on */
	PVTLB_ERANGE = 34, /* an address or CPU number that does not exist in this machine */
};

/* Calls of the machine itself. Backends own the blocks of 256 numbers from 0x100 on. */
enum pvtlb_call_nr {
	PVTLB_CALL_CONSOLE = 1, /* payload: text, not terminated */
	PVTLB_CALL_CPU_ON,	/* payload: struct pvtlb_cpu_on */
	PVTLB_CALL_DRAIN,	/* no payload: empty this CPU's event ring */
	PVTLB_CALL_DONE,	/* no payload, CPU 0 only: the scenario is over */
	PVTLB_CALL_PANIC,	/* payload: struct pvtlb_panic, text; ends the run as failed */
	PVTLB_CALL_TRACEPOINT,	/* payload: struct pvtlb_event, just emitted: may hold the CPU */
	PVTLB_CALL_YIELD,	/* no payload: let other CPUs run */

	PVTLB_CALL_BACKEND = 0x100,
};

/* Start a CPU at ring 3: rip = entry, rsp = stack, rdi = arg. */
struct pvtlb_cpu_on {
	uint32_t cpu;
	uint32_t reserved; /* 0 */
	gva_t entry;
	gva_t stack;
	uint64_t arg;
};

/* In front of the text of a panic: the value it is about, and where it came from. */
struct pvtlb_panic {
	uint64_t value;
	gva_t rip;
};

/*
 * What a CPU is doing, for the watchdog's report: one per CPU, written by the guest with plain
 * stores, read by the VMM only when a run is ended. "held" goes the other way.
 */
enum pvtlb_wait {
	PVTLB_WAIT_NONE = 0,
	PVTLB_WAIT_CSD,	     /* for cpu to acknowledge the function call of flush tlb_gen */
	PVTLB_WAIT_PHASE,    /* a worker: for the scenario's next phase */
	PVTLB_WAIT_GATHER,   /* CPU 0: for every other CPU's phase to become 0 */
	PVTLB_WAIT_ONLINE,   /* for cpu to come online */
	PVTLB_WAIT_WAKE_IPI, /* for a wake-up that is on its way */
	PVTLB_WAIT_FOREVER,  /* spins on purpose */
	PVTLB_WAIT_HELD,     /* for cpu to be held by the VMM */
	PVTLB_WAIT_GRACE,    /* for a grace period; cpu is in a read section */
	PVTLB_WAIT_LOCK,     /* for cpu to let go of a lock */
	PVTLB_WAIT_NR,
};

enum pvtlb_held {
	PVTLB_HELD_NOT,
	PVTLB_HELD_YES,	  /* the VMM holds this CPU outside of guest mode, or had it preempted */
	PVTLB_HELD_SPINS, /* is to be preempted: spins, in PVTLB_CALL_TRACEPOINT, until NOT */
};

struct pvtlb_cpu_status {
	uint32_t wait; /* enum pvtlb_wait */
	uint32_t cpu;
	uint64_t tlb_gen;
	uint32_t soft_irqs_on; /* the guest's own interrupt flag, mirrored when it starts to wait */
	uint32_t role;	       /* 0: booting, 1: boot CPU's role, 2: another CPU's role */
	uint32_t held;	       /* enum pvtlb_held, written by the VMM */
	uint32_t reserved0;
	gva_t phase; /* of the scenario, by its function, from release to arrival; 0: in none */
	uint64_t reserved[3];
};

#endif
