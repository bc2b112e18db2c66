/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A CPU's store buffer, as x86 lets others see it (Owens, Sarkar, Sewell, "A Better x86 Memory
 * Model: x86-TSO", 2009): stores reach memory one by one, in their order, at any later time; the
 * CPU's own loads see the newest one.
 */
#ifndef VMM_EXPLORE_BUFFER_H
#define VMM_EXPLORE_BUFFER_H

#include <stdbool.h>
#include <stdint.h>

#define BUFFER_STORES 32 /* the oldest makes room */

struct buffer {
	unsigned int first, nr;
	struct buffered_store {
		uint64_t addr; /* in this process */
		uint64_t value;
		uint8_t size; /* 1, 2, 4 or 8, to which addr is aligned */
	} store[BUFFER_STORES];
};

void buffer_store(struct buffer *buffer, uint64_t addr, unsigned int size, uint64_t value);
/* The CPU's own load. One that a buffered store has only a part of waits until that is in memory.
 */
uint64_t buffer_load(struct buffer *buffer, uint64_t addr, unsigned int size);
/* The oldest store reaches memory; all do. */
void buffer_drain_one(struct buffer *buffer);
void buffer_drain(struct buffer *buffer);
/* NULL: there is none. */
const struct buffered_store *buffer_oldest(const struct buffer *buffer);

#endif
