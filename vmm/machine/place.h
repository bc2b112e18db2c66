/* SPDX-License-Identifier: GPL-2.0-only */
/* Where everything goes in guest memory, and putting it there. */
#ifndef VMM_PLACE_H
#define VMM_PLACE_H

#include <stdint.h>

struct guest_mem;
struct image;
struct layout;

/* Plan what lies above the image. Returns the bytes of RAM that a machine of so many CPUs needs. */
uint64_t place_plan(struct layout *layout, const struct image *image, unsigned int cpus);
/* Behind that, for a guest in stepped mode: room for what is shared of its steps. So many bytes
 * more. */
uint64_t place_steps(struct layout *layout, unsigned int cpus);
/* In RAM of that size: load the image, and place below it what ring 0 needs and small blocks. */
void place(struct guest_mem *mem, struct layout *layout, const struct image *image,
	   unsigned int cpus);

#endif
