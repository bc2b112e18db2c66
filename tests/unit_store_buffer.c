/* SPDX-License-Identifier: GPL-2.0-only */
/* A store buffer: others see stores late and in order, the CPU itself at once. */
#include "explore/host/buffer.h"
#include "test.h"

static uint64_t at(const void *word)
{
	return (uintptr_t)word;
}

static void in_order(void)
{
	uint64_t word[2] = { 1, 2 };
	struct buffer b = { 0 };

	CU_ASSERT_PTR_NULL(buffer_oldest(&b));
	buffer_store(&b, at(&word[0]), 8, 10);
	buffer_store(&b, at(&word[1]), 8, 20);
	CU_ASSERT_EQUAL(word[0], 1);
	CU_ASSERT_EQUAL(buffer_load(&b, at(&word[0]), 8), 10);
	CU_ASSERT_EQUAL(buffer_oldest(&b)->addr, at(&word[0]));
	buffer_drain_one(&b);
	CU_ASSERT_EQUAL(word[0], 10);
	CU_ASSERT_EQUAL(word[1], 2);
	CU_ASSERT_EQUAL(buffer_load(&b, at(&word[1]), 8), 20);
	buffer_drain(&b);
	CU_ASSERT_EQUAL(word[1], 20);
	buffer_drain_one(&b);
	CU_ASSERT_PTR_NULL(buffer_oldest(&b));
}

/* Two CPUs, each a store and then a load of the other's word: both may see nothing. */
static void both_miss(void)
{
	uint64_t x = 0, y = 0;
	struct buffer b[2] = { { 0 } };

	buffer_store(&b[0], at(&x), 8, 1);
	buffer_store(&b[1], at(&y), 8, 1);
	CU_ASSERT_EQUAL(buffer_load(&b[0], at(&y), 8), 0);
	CU_ASSERT_EQUAL(buffer_load(&b[1], at(&x), 8), 0);
	/* With a barrier between one of them cannot. */
	buffer_drain(&b[0]);
	CU_ASSERT_EQUAL(buffer_load(&b[1], at(&x), 8), 1);
}

static void sizes(void)
{
	uint64_t word = 0x1111111111111111;
	uint8_t *byte = (uint8_t *)&word;
	struct buffer b = { 0 };

	buffer_store(&b, at(&word), 8, 0x8877665544332211);
	CU_ASSERT_EQUAL(buffer_load(&b, at(byte + 2), 1), 0x33);
	CU_ASSERT_EQUAL(buffer_load(&b, at(byte + 4), 4), 0x88776655);
	/* The newest counts. */
	buffer_store(&b, at(byte + 2), 1, 0xaa);
	CU_ASSERT_EQUAL(buffer_load(&b, at(byte + 2), 1), 0xaa);
	CU_ASSERT_EQUAL(word, 0x1111111111111111);
	/* A load that is wider than the newest store cannot be answered from the buffer. */
	CU_ASSERT_EQUAL(buffer_load(&b, at(&word), 8), 0x8877665544aa2211);
	CU_ASSERT_EQUAL(b.nr, 0);
}

static void full(void)
{
	uint64_t word[BUFFER_STORES + 1] = { 0 };
	struct buffer b = { 0 };

	for (unsigned int i = 0; i <= BUFFER_STORES; i++)
		buffer_store(&b, at(&word[i]), 8, i + 1);
	CU_ASSERT_EQUAL(word[0], 1);
	CU_ASSERT_EQUAL(word[1], 0);
	CU_ASSERT_EQUAL(b.nr, BUFFER_STORES);
	buffer_drain(&b);
	CU_ASSERT_EQUAL(word[BUFFER_STORES], BUFFER_STORES + 1);
}

SUITE(unit_store_buffer, false, { "in order", in_order }, { "both miss", both_miss },
      { "sizes", sizes }, { "full", full });
