/* SPDX-License-Identifier: GPL-2.0-only */
/* Breakpoints in the guest's code: instructions that lead to us (machine/trap.h). */
#ifndef VMM_BREAKPOINT_H
#define VMM_BREAKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pvtlb/types.h"

struct guest_mem;
struct image;

#define BREAKPOINTS_MAX 256u

struct breakpoint {
	gva_t addr;
	gpa_t gpa;
	uint8_t was; /* the byte that it replaced */
};

/* All vCPUs are out of guest mode while they change, or somebody's lock keeps the others away. */
struct breakpoints {
	struct breakpoint at[BREAKPOINTS_MAX];
	unsigned int nr;
};

enum breakpoint_error {
	BREAKPOINT_OK,
	BREAKPOINT_NO_CODE, /* not in the image's code for ring 3 */
	BREAKPOINT_FULL,    /* there are BREAKPOINTS_MAX of them */
};

/* One that is there already is as good as a new one. */
enum breakpoint_error breakpoint_insert(struct breakpoints *b, const struct guest_mem *mem,
					const struct image *image, gva_t addr);
/*
 * The byte that was there comes back, unless the guest has put another one in its place. One
 * that is not there is as good as removed.
 */
void breakpoint_remove(struct breakpoints *b, const struct guest_mem *mem, gva_t addr);
void breakpoint_remove_all(struct breakpoints *b, const struct guest_mem *mem);

bool breakpoint_at(const struct breakpoints *b, gva_t addr);
/* len bytes that were read at addr, as they are without breakpoints. */
void breakpoint_hide(const struct breakpoints *b, gva_t addr, uint8_t *bytes, size_t len);
/* Does one of them lie there? */
bool breakpoint_within(const struct breakpoints *b, gva_t addr, size_t len);

#endif
