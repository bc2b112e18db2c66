/* SPDX-License-Identifier: GPL-2.0-only */
/* What a guest image says about itself: the descriptor, and the table of its scenarios. */
#ifndef PVTLB_IMAGE_H
#define PVTLB_IMAGE_H

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

struct pvtlb_scenario {
	char name[32];	/* NUL-terminated */
	char title[96]; /* NUL-terminated, one line */
	uint32_t flags; /* PVTLB_CLAIM_* and PVTLB_SCENARIO_* */
	uint32_t min_cpus, max_cpus;
	uint32_t reserved; /* 0 */
	gva_t setup;	   /* run once on CPU 0, may be 0 */
	gva_t role[2];	   /* what CPU 0 runs, what every other CPU runs */
};

#endif
