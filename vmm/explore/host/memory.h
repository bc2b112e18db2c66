/* SPDX-License-Identifier: GPL-2.0-only */
/* The model machine's RAM: it can be put back to what it was, to the byte. */
#ifndef VMM_EXPLORE_MEMORY_H
#define VMM_EXPLORE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct guest_mem;

/*
 * Where it lies, in every process: below 2 GiB, as the guest's code holds addresses of 32 bits,
 * and above what a program that is linked at a fixed address has there. One at a time.
 */
#define MEMORY_BASE 0x50000000ull

int memory_create(struct guest_mem *mem, uint64_t size, struct error *err);
void memory_destroy(struct guest_mem *mem);

/*
 * Remember it as it is. From now on each page is write-protected until it is first written to: only
 * those that ever were are put back. Text may be written, too.
 */
int memory_snapshot(struct guest_mem *mem, struct error *err);
void memory_reset(struct guest_mem *mem);
/* How many pages memory_reset() puts back. */
unsigned int memory_touched(void);

/* In a SIGSEGV handler: was that the first store to a page? Then it can be done again. */
bool memory_fault(const void *addr);

#endif
