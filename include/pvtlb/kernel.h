/* SPDX-License-Identifier: GPL-2.0-only */
/* What a guest image says of the kernel tree whose objects are in it (pvtlb run --mm kernel). */
#ifndef PVTLB_KERNEL_H
#define PVTLB_KERNEL_H

#include "pvtlb/types.h"

/* In the image under this symbol; one without has the model's mm. */
#define PVTLB_KERNEL_SYMBOL "pvtlb_kernel"

#define PVTLB_KERNEL_SERIES	 (1u << 0) /* the tree has tlb_ipi_broadcast_key */
#define PVTLB_KERNEL_MODEL_PVTLB (1u << 1) /* backend pvtlb is the model's, under its pv_ops */

/* What cannot be run for want of something in the tree. "": any. All NUL-terminated. */
struct pvtlb_lack {
	char scenario[32];
	char backend[32];
	char why[160]; /* a clause; "": no entry */
};
#define PVTLB_LACKS 64

struct pvtlb_kernel {
	uint32_t version; /* PVTLB_ABI_VERSION */
	uint32_t flags;	  /* PVTLB_KERNEL_* */
	char release[64];
	char config[256];  /* what matters of it, as words */
	char objects[512]; /* the tree's, by their names, as words */
	struct pvtlb_lack lack[PVTLB_LACKS];
};

#endif
