/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest memory, and the one way from a guest address to a host pointer. */
#ifndef VMM_MEM_H
#define VMM_MEM_H

#include <stdint.h>

#include "base/error.h"
#include "pvtlb/types.h"

/* RAM from gpa 0 on. */
struct guest_mem {
	uint8_t *host;
	uint64_t size; /* bytes */
	uint64_t next; /* mem_alloc()'s next free byte */
	gva_t direct; /* where the guest finds it without page tables; 0: nowhere */
};

int mem_create(struct guest_mem *mem, uint64_t size, struct error *err);
void mem_destroy(struct guest_mem *mem);

/* Host pointer to len bytes at gpa, or NULL when they are not all in RAM. Checks overflow. */
void *guest_mem(const struct guest_mem *mem, gpa_t gpa, uint64_t len);

/*
 * For the VMM's own structures, placed one after the other: len bytes aligned to align (a power
 * of two). Returns the gpa; the layout is computed beforehand, so running out is a bug.
 */
gpa_t mem_alloc(struct guest_mem *mem, uint64_t len, uint64_t align);

/* The same pointer for what the VMM itself has placed: being out of range is a bug. */
void *mem_own(const struct guest_mem *mem, gpa_t gpa, uint64_t len);

static inline uint64_t align_up(uint64_t value, uint64_t align)
{
	return (value + align - 1) & ~(align - 1);
}

#endif
