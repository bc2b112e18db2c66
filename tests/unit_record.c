/* SPDX-License-Identifier: GPL-2.0-only */
/* What is read of a stepped guest, whatever the guest writes there. */
#include <string.h>

#include "explore/record.h"
#include "unit_util.h"

static struct pvtlb_step step;

/* In their order, over pieces that begin anywhere; and behind them what the CPU stands before. */
static void honest(void)
{
	struct step_record record = { 0 };

	step = (struct pvtlb_step){ 0 };
	for (uint32_t upto = 1000; upto <= 3 * PVTLB_STEP_LOG; upto += 1000) {
		while (step.passed < upto) {
			step.log[step.passed % PVTLB_STEP_LOG] =
				PVTLB_STEP_ACCESS(8ull * step.passed, 3ull, PVTLB_STEP_WRITE);
			step.passed++;
		}
		step.next = PVTLB_STEP_ACCESS(8ull * upto, 3ull, PVTLB_STEP_READ);
		record_take(&record, &step);
		EXPECT(record.nr == upto, "%u of %u", record.nr, upto);
		CU_ASSERT_EQUAL(record.passed[upto].kind, STEP_READ);
	}
	for (uint32_t i = 0; i <= record.nr; i++)
		EXPECT(record.passed[i].word == 8ull * i, "%u", i);
	record_free(&record);
}

/* A count that nobody has come to, and one that goes back: no more is believed than a trial has. */
static void counts(void)
{
	static const uint32_t said[] = { UINT32_MAX, TRIAL_POINTS + PVTLB_STEP_LOG + 1, 5, 0 };
	struct step_record record = { 0 };
	uint32_t last = 0;

	memset(&step, 0xff, sizeof(step));
	for (size_t i = 0; i < NR_OF(said); i++) {
		step.passed = said[i];
		record_take(&record, &step);
		EXPECT(record.nr >= last && record.nr <= TRIAL_POINTS + PVTLB_STEP_LOG,
		       "%#x: %u points", said[i], record.nr);
		EXPECT(record.nr < record.room, "%#x: %u of %u", said[i], record.nr, record.room);
		last = record.nr;
	}
	record_free(&record);
}

static void accesses(void)
{
	uint8_t ram[64];
	const struct guest_mem mem = { .host = ram, .size = sizeof(ram) };
	const struct step_access any = record_access(UINT64_MAX);

	CU_ASSERT_EQUAL(any.kind, STEP_RMW);
	CU_ASSERT_TRUE(any.shift < 64);
	memset(ram, 7, sizeof(ram));
	CU_ASSERT_EQUAL(record_word(&mem, PVTLB_STEP_ACCESS(8, 3ull, PVTLB_STEP_READ)),
			0x0707070707070707ull);
	CU_ASSERT_EQUAL(record_word(&mem, PVTLB_STEP_ACCESS(64, 3ull, PVTLB_STEP_READ)), 0);
	CU_ASSERT_EQUAL(record_word(&mem, UINT64_MAX), 0);
}

static void nobody_stops(void *ctx)
{
	(void)ctx;
}

/* A turn goes on in pieces, and not for ever. */
static void pieces(void)
{
	struct outcome outcome;
	uint32_t piece;

	outcome_init(&outcome, nobody_stops, NULL);
	step.passed = 10;
	CU_ASSERT_TRUE(record_piece(&step, 1, 20, &piece, &outcome));
	CU_ASSERT_EQUAL(piece, 20);
	CU_ASSERT_TRUE(record_piece(&step, 1, STEP_NO_END, &piece, &outcome));
	CU_ASSERT_EQUAL(piece, 10 + PVTLB_STEP_LOG - 1);
	CU_ASSERT_FALSE(outcome_over(&outcome));
	step.passed = TRIAL_POINTS;
	CU_ASSERT_FALSE(record_piece(&step, 1, STEP_NO_END, &piece, &outcome));
	CU_ASSERT_TRUE(outcome_over(&outcome) &&
		       strstr(outcome.err.text, "CPU 1 has passed 1048576 points"));
	outcome_destroy(&outcome);
}

SUITE(unit_record, false, { "points, in pieces", honest }, { "counts", counts },
      { "accesses", accesses }, { "turns", pieces });
