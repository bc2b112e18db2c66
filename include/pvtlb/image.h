/* SPDX-License-Identifier: GPL-2.0-only */
/* What a guest image says about itself: the descriptor, its scenarios and its policies. */
#ifndef PVTLB_IMAGE_H
#define PVTLB_IMAGE_H

#include <stdbool.h>

#include "pvtlb/event.h"
#include "pvtlb/types.h"

#define PVTLB_IMAGE_SYMBOL "pvtlb_image"
#define PVTLB_IMAGE_MAGIC  0x31424c5456504b50ull /* "PKPVTLB1" */

/* Interrupt stubs lie this far apart, one for each of the 256 vectors. */
#define PVTLB_IDT_STUB_STRIDE 16u

#define PVTLB_IMAGE_PARAVIRT (1u << 0) /* built with CONFIG_PARAVIRT=y: has pv_ops */

/* In the image under the symbol pvtlb_image. Addresses are the image's own, linked ones. */
struct pvtlb_image {
	uint64_t magic;
	uint32_t version; /* PVTLB_ABI_VERSION */
	uint32_t flags;	  /* PVTLB_IMAGE_* */

	gva_t idt_stubs;
	gva_t ring0_start, ring0_end; /* pages that are mapped for ring 0 only */

	/* Per-CPU data: link range of the template; the VMM makes a copy for each CPU. */
	gva_t percpu_start, percpu_end;
	gpa_t percpu_load; /* where the template is loaded */

	gva_t scenarios_start, scenarios_end; /* struct pvtlb_scenario[] */
	gva_t policies_start, policies_end;   /* struct pvtlb_policy[] */
	gva_t sources_start, sources_end;     /* struct pvtlb_source[]: where events come from */

	/* The evidence. */
	gva_t jump_table_start, jump_table_end; /* struct pvtlb_jump_entry[] */
	gva_t key;				/* tlb_ipi_broadcast_key, as in the jump table */
	gva_t key_enabled;			/* its variable, 32 bits */
	gva_t flush_tlb_multi_slot;		/* pv_ops.mmu.flush_tlb_multi; 0: no pv_ops */
	gva_t native_flush_tlb_multi;
};

/* What a run of the scenario gives evidence for; the VMM judges no more than that. */
#define PVTLB_CLAIM_KEY	      (1u << 0) /* the key's value and sites */
#define PVTLB_CLAIM_DELIVERED (1u << 1) /* which targets were interrupted by a flush */
#define PVTLB_CLAIM_SAFE      (1u << 2) /* no stale access */
#define PVTLB_CLAIMS	      (PVTLB_CLAIM_KEY | PVTLB_CLAIM_DELIVERED | PVTLB_CLAIM_SAFE)
/* Not part of "all": shows what the VMM does about a guest that goes wrong. */
#define PVTLB_SCENARIO_DIAGNOSTIC (1u << 16)
/* Wrong wherever the sync is skipped: with the key on this is a control, expected to violate. */
#define PVTLB_SCENARIO_NEEDS_SYNC (1u << 17)
/* Wrong in every configuration: always a control. */
#define PVTLB_SCENARIO_CONTROL (1u << 19)
/* The last CPU is there and is never brought up. */
#define PVTLB_SCENARIO_ONE_OFFLINE (1u << 20)
/* Races walks with changes of the tables: has a free-running form, too. */
#define PVTLB_SCENARIO_WALKS (1u << 18)
/* Goes by chance: that a run of it finds nothing says nothing of what was asked for. */
#define PVTLB_SCENARIO_RANDOM (1u << 21)
/* The VMM is slow between two accesses to what it and the guest change side by side. */
#define PVTLB_SCENARIO_SLOW_HOST (1u << 22)

/*
 * Where the VMM holds CPUs, so that an interleaving is the same in every run: each CPU of cpus
 * that emits event `at`, with argument at_arg equal to at_value, is held outside of guest mode
 * until any CPU emits event `until` with argument until_arg equal to until_value, or waits for
 * the held one (PVTLB_EV_WAIT), or the run ends. A CPU that another one is waiting for is not
 * held at all: the word it waits for says whether it still is. An argument number of
 * PVTLB_HOLD_ANY: whatever the arguments are.
 */
enum pvtlb_hold_cpus {
	PVTLB_HOLD_NONE = 0, /* no rule */
	PVTLB_HOLD_LEADER,   /* CPU 0 */
	PVTLB_HOLD_FIRST,    /* CPU 1 */
	PVTLB_HOLD_LAST,     /* the CPU with the highest number */
	PVTLB_HOLD_WORKERS,  /* all but CPU 0 */
	PVTLB_HOLD_NR,
};

/* Is cpu, one of nr, among them? Holding CPUs and waiting for held ones must agree about it. */
static inline bool pvtlb_hold_is_about(uint32_t cpus, unsigned int cpu, unsigned int nr)
{
	switch (cpus) {
	case PVTLB_HOLD_LEADER:
		return cpu == 0;
	case PVTLB_HOLD_FIRST:
		return cpu == 1;
	case PVTLB_HOLD_LAST:
		return cpu && cpu == nr - 1;
	case PVTLB_HOLD_WORKERS:
		return cpu != 0;
	default:
		return false;
	}
}

#define PVTLB_HOLD_ANY 0xffffffffu
#define PVTLB_HOLDS    2

/* Members of a rule: PVTLB_HOLD_AT(ELIDED, why, PVTLB_ELIDED_LAZY), PVTLB_HOLD_UNTIL_ANY(TRIAL). */
#define PVTLB_HOLD_AT(ev, arg, value)                                                              \
	.at = PVTLB_EV_##ev, .at_arg = PVTLB_ARG(ev, arg), .at_value = (value)
#define PVTLB_HOLD_AT_ANY(ev) .at = PVTLB_EV_##ev, .at_arg = PVTLB_HOLD_ANY
#define PVTLB_HOLD_UNTIL(ev, arg, value)                                                           \
	.until = PVTLB_EV_##ev, .until_arg = PVTLB_ARG(ev, arg), .until_value = (value)
#define PVTLB_HOLD_UNTIL_ANY(ev) .until = PVTLB_EV_##ev, .until_arg = PVTLB_HOLD_ANY

struct pvtlb_hold {
	uint32_t cpus;		    /* enum pvtlb_hold_cpus */
	uint32_t at, at_arg;	    /* enum pvtlb_event_id, PVTLB_ARG() */
	uint32_t until, until_arg;
	uint32_t reserved;	    /* 0 */
	uint64_t at_value, until_value;
};

struct pvtlb_scenario {
	char name[32];	/* NUL-terminated */
	char title[96]; /* NUL-terminated, one line */
	uint32_t flags; /* PVTLB_CLAIM_* and PVTLB_SCENARIO_* */
	uint32_t min_cpus, max_cpus; /* 0: 2, and PVTLB_MAX_CPUS */
	uint32_t reserved;	     /* 0 */
	gva_t program; /* what its CPUs do: the guest's own (struct scn_program), not looked at */
	struct pvtlb_hold hold[PVTLB_HOLDS];
};

/*
 * A policy: who decides whether a sync with lockless walkers is sent, and to whom. How the key
 * comes out under it; or it is left off, as whether to send is decided at each sync.
 */
enum pvtlb_policy_key {
	PVTLB_KEY_BY_PATCH = 0,	  /* on where every flush interrupts every target, and no INVLPGB */
	PVTLB_KEY_NEVER,	  /* off: every sync is sent */
	PVTLB_KEY_BY_DECLARATION, /* on where the backend says that of itself, and no INVLPGB */
	PVTLB_KEY_PER_SYNC,	  /* off: the policy looks at each sync anew */
	PVTLB_POLICY_KEYS,
};

#define PVTLB_POLICY_DEFAULT (1u << 0) /* the one that decides when none is named: exactly one */
#define PVTLB_POLICY_NAME    32	       /* bytes, with the NUL */

struct pvtlb_policy {
	char name[PVTLB_POLICY_NAME];  /* NUL-terminated */
	char alias[PVTLB_POLICY_NAME]; /* another name for it, NUL-terminated; "": none */
	char title[96];		       /* NUL-terminated, one line */
	uint32_t flags;		       /* PVTLB_POLICY_* */
	uint32_t key;		       /* enum pvtlb_policy_key */
	gva_t ops;		       /* what it does: the image's own business */
};

#endif
