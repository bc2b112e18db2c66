/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest-virtual addresses, by the guest's own page tables. */
#ifndef VMM_GVA_H
#define VMM_GVA_H

#include <stdbool.h>
#include <stddef.h>

#include "machine/mem.h"

/* An address space: the 4-level page tables that CR3 names (bits 51:12 of it count). */
struct gva_space {
	const struct guest_mem *mem;
	uint64_t cr3;
	bool ring0; /* what ring 0 may access, and not only what ring 3 may */
};

/*
 * Where a byte is that ring 3 (or 0) may read, or write, as the tables are now (Intel SDM vol. 3,
 * 4.5 and 4.6). The tables are only read: no accessed or dirty bit is set, and what a TLB may
 * still say does not count. The result need not be in RAM. false: such an access would fault.
 */
bool gva_translate(const struct gva_space *space, gva_t addr, bool write, gpa_t *gpa);

/*
 * Copy len bytes, page by page. false when one of them is not mapped so, is not in RAM, or is
 * behind the last address; a write that fails has changed nothing, unless the guest changes
 * its tables meanwhile.
 */
bool gva_read(const struct gva_space *space, gva_t addr, void *to, size_t len);
bool gva_write(const struct gva_space *space, gva_t addr, const void *from, size_t len);

#endif
