/* SPDX-License-Identifier: GPL-2.0-only */
/* A CPU's store buffer, as x86 lets others see it. */
#include <stddef.h>
#include <string.h>

#include "explore/host/buffer.h"

static struct buffered_store *nth(const struct buffer *b, unsigned int n)
{
	return (struct buffered_store *)&b->store[(b->first + n) % BUFFER_STORES];
}

const struct buffered_store *buffer_oldest(const struct buffer *b)
{
	return b->nr ? nth(b, 0) : NULL;
}

void buffer_drain_one(struct buffer *b)
{
	const struct buffered_store *s = buffer_oldest(b);

	if (!s)
		return;
	memcpy((void *)(uintptr_t)s->addr, &s->value, s->size);
	b->first = (b->first + 1) % BUFFER_STORES;
	b->nr--;
}

void buffer_drain(struct buffer *b)
{
	while (b->nr)
		buffer_drain_one(b);
}

void buffer_store(struct buffer *b, uint64_t addr, unsigned int size, uint64_t value)
{
	if (b->nr == BUFFER_STORES)
		buffer_drain_one(b);
	*nth(b, b->nr++) = (struct buffered_store){ .addr = addr, .value = value, .size = size };
}

static uint64_t low_bytes(uint64_t value, unsigned int size)
{
	return size < 8 ? value & ((1ull << 8 * size) - 1) : value;
}

uint64_t buffer_load(struct buffer *b, uint64_t addr, unsigned int size)
{
	uint64_t value = 0;

	for (unsigned int n = b->nr; n-- > 0;) {
		const struct buffered_store *s = nth(b, n);

		if (addr >= s->addr + s->size || s->addr >= addr + size)
			continue;
		if (addr >= s->addr && addr + size <= s->addr + s->size)
			return low_bytes(s->value >> 8 * (addr - s->addr), size);
		/* And with it all that are older. */
		for (unsigned int older = 0; older <= n; older++)
			buffer_drain_one(b);
		break;
	}
	memcpy(&value, (void *)(uintptr_t)addr, size);
	return value;
}
