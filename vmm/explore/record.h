/* SPDX-License-Identifier: GPL-2.0-only */
/* What both engines read of a stepped guest: the points that a CPU has passed, and why it stopped.
 */
#ifndef VMM_EXPLORE_RECORD_H
#define VMM_EXPLORE_RECORD_H

#include "explore/engine.h"
#include "machine/mem.h"
#include "machine/outcome.h"
#include "pvtlb/step.h"

#define TRIAL_POINTS (1u << 20) /* of a CPU; more is a loop that never spins */
#define BOOT_TURNS   100000u	/* stops before the first trial */
#define QUIET_TURNS  1000u	/* of a CPU, behind a trial */

/* The accesses of one CPU's trial: nr, and behind these the one that it stands before. */
struct step_record {
	struct step_access *passed;
	uint32_t nr, room;
};

/* An access as the guest writes it, whatever that is. */
struct step_access record_access(uint64_t access);
/* What is in its word now; 0 where there is no memory. */
uint64_t record_word(const struct guest_mem *mem, uint64_t access);
/* What the CPU has passed since the last time, at most a logful. */
void record_take(struct step_record *record, const volatile struct pvtlb_step *step);
void record_free(struct step_record *record);

/*
 * Up to how many points the CPU's next piece of a turn may go: a turn of more than a log holds is
 * made of pieces. False: it has no end, which the outcome says.
 */
bool record_piece(const volatile struct pvtlb_step *step, unsigned int cpu, uint32_t until,
		  uint32_t *piece, struct outcome *outcome);

/* Why a CPU has stopped, by PVTLB_STEP_*; if the run is over the engine's failure says how. */
enum step_stop record_stop(struct engine *engine, const struct outcome *outcome, uint32_t stopped);

#endif
