/* SPDX-License-Identifier: GPL-2.0-only */
/* Steps of a reduced search: made on the engine, and what they touch. */
#include <stdio.h>

#include "explore/dpor_step.h"

/* One more turn, or more of the last one. NULL: there is no room, and the execution is over. */
static struct made_turn *made_turn(struct walk *w, unsigned int cpu, uint32_t ready, bool still)
{
	struct attempt *a = w->attempt;
	struct made_turn *last = a->nr ? &a->made[a->nr - 1] : NULL;

	if (last && last->turn.cpu == cpu && !last->turn.park)
		return last;
	if (a->nr == MADE_MAX) {
		a->ending = ENDING_ENDLESS;
		w->ended = true;
		return NULL;
	}
	a->made[a->nr] = (struct made_turn){ .turn = { .cpu = cpu, .still = still },
					     .from = w->passed[cpu],
					     .stop = STEP_STOP_POINT,
					     .ready = ready };
	return &a->made[a->nr++];
}

/* The hypervisor takes the CPU away, where it stands. */
int step_park(struct walk *w, unsigned int cpu, uint32_t ready, struct step_event *event)
{
	const struct step_turn turn = {
		.cpu = cpu, .until = w->passed[cpu], .park = true, .still = true
	};
	struct made_turn *made = made_turn(w, cpu, ready, true);
	struct step_result result;

	if (!made)
		return 0;
	if (w->engine->ops->run(w->engine, &turn, &result, w->err))
		return -1;
	step_event_park(event, w->engine, cpu);
	made->turn.park = true;
	w->parked |= 1u << cpu;
	w->parks[cpu]++;
	return 0;
}

/*
 * What is filled at once, a page that becomes a table, say, conflicts with each of its words. From
 * then on all of the page is one word, and the search begins again.
 */
#define PAGE_BITS 0xfffull
struct step_access as_touched(struct walk *w, struct step_access access)
{
	const uint64_t page = access.word & ~PAGE_BITS;

	if (access.shift >= 12)
		w->again |= hashes_add(&w->filled, page);
	if (hashes_has(&w->filled, page))
		access.word = page;
	return access;
}

int step_run(struct walk *w, unsigned int cpu, uint32_t ready, struct step_event *event)
{
	struct engine *engine = w->engine;
	/* An interrupt comes first, and what it stands before is announced again behind it. */
	const bool access = w->stands[cpu] && !engine->ops->irq_pending(engine, cpu);
	const struct step_turn turn = { .cpu = cpu, .until = w->passed[cpu] + access };
	struct made_turn *made = made_turn(w, cpu, ready, false);
	struct step_result result;
	bool in_vain;

	if (!made)
		return 0;
	if (engine->ops->run(engine, &turn, &result, w->err))
		return -1;
	in_vain = result.stop == STEP_STOP_SPIN && w->before[cpu].kind == STEP_READ;
	/*
	 * A look after which it waits for that word to change comes to the same as none, as it
	 * looks again then. So nothing races with it.
	 */
	step_event_run(
		event, engine,
		&(struct step_made){
			.cpu = cpu,
			.access = (access || w->waits[cpu]) && !in_vain ? &w->before[cpu] : NULL,
			.was_parked = w->parked >> cpu & 1,
			.irqs_on = w->irqs_on >> cpu & 1,
			.result = &result,
		});
	w->parked &= ~(1u << cpu);
	w->irqs_on = (w->irqs_on & ~(1u << cpu)) | (uint32_t)result.irqs_on << cpu;
	w->passed[cpu] += result.passed;
	w->attempt->points += result.passed;
	w->before[cpu] = as_touched(w, result.next);
	w->stands[cpu] = result.stop == STEP_STOP_POINT;
	w->waits[cpu] = result.stop == STEP_STOP_SPIN;
	made->passed += result.passed;
	made->stop = result.stop;
	made->sent |= result.sent;
	w->cpu = cpu;
	if (result.stop == STEP_STOP_TRIAL || result.stop == STEP_STOP_FAILED) {
		w->attempt->ending = result.stop == STEP_STOP_TRIAL ? ENDING_WHOLE : ENDING_FAILED;
		if (result.stop == STEP_STOP_FAILED)
			snprintf(w->attempt->why, sizeof(w->attempt->why), "%s", engine->failure);
		w->ended = true;
	}
	return 0;
}
