/* SPDX-License-Identifier: GPL-2.0-only */
/* A CPU's points, read from where the guest writes them; nothing in there is trusted. */
#include <stdio.h>
#include <stdlib.h>

#include "explore/record.h"

struct step_access record_access(uint64_t access)
{
	unsigned int kind = PVTLB_STEP_KIND(access);

	return (struct step_access){
		.word = PVTLB_STEP_GPA(access),
		.shift = PVTLB_STEP_SHIFT(access) & 63,
		.kind = kind < PVTLB_STEP_KINDS ? kind : STEP_RMW,
	};
}

uint64_t record_word(const struct guest_mem *mem, uint64_t access)
{
	const uint64_t *at = guest_mem(mem, PVTLB_STEP_GPA(access), sizeof(*at));

	return at ? __atomic_load_n(at, __ATOMIC_ACQUIRE) : 0;
}

void record_take(struct step_record *record, const volatile struct pvtlb_step *step)
{
	uint32_t passed = step->passed;

	if (passed > TRIAL_POINTS + PVTLB_STEP_LOG)
		passed = TRIAL_POINTS;
	if (passed + 2 > record->room) {
		record->room = 2 * (passed + 2);
		record->passed = realloc(record->passed, record->room * sizeof(*record->passed));
		if (!record->passed)
			abort();
	}
	for (; record->nr < passed; record->nr++)
		record->passed[record->nr] = record_access(step->log[record->nr % PVTLB_STEP_LOG]);
	record->passed[record->nr] = record_access(step->next);
}

void record_free(struct step_record *record)
{
	free(record->passed);
	*record = (struct step_record){ 0 };
}

bool record_piece(const volatile struct pvtlb_step *step, unsigned int cpu, uint32_t until,
		  uint32_t *piece, struct outcome *outcome)
{
	const uint32_t passed = step->passed;

	if (passed >= TRIAL_POINTS) {
		outcome_fail(outcome, STATUS_FAIL,
			     "CPU %u has passed %u points, and its trial has no end", cpu, passed);
		return false;
	}
	*piece = passed + PVTLB_STEP_LOG - 1;
	if (until < *piece)
		*piece = until;
	return true;
}

enum step_stop record_stop(struct engine *engine, const struct outcome *outcome, uint32_t stopped)
{
	if (outcome_over(outcome)) {
		snprintf(engine->failure, sizeof(engine->failure), "%.255s",
			 outcome->done ? "the guest has ended" : outcome->err.text);
		return STEP_STOP_FAILED;
	}
	return stopped == PVTLB_STEP_AT_POINT ? STEP_STOP_POINT
	       : stopped == PVTLB_STEP_SPINS  ? STEP_STOP_SPIN
					      : STEP_STOP_TRIAL;
}
