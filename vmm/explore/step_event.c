/* SPDX-License-Identifier: GPL-2.0-only */
/* What one step touched. */
#include "explore/step_event.h"

/* Words that are not in the guest's memory: those are at multiples of 8, and bit 2 is taken. */
#define WORD_IRQ(cpu)	 (16ull * (cpu) + 1) /* its pending interrupts */
#define WORD_PARKED(cpu) (16ull * (cpu) + 3) /* does the hypervisor let it run */

static void touch(struct step_event *event, uint64_t word, bool write)
{
	for (unsigned int i = 0; i < event->nr; i++) {
		if ((event->touch[i] & ~STEP_TOUCH_WRITE) == word) {
			event->touch[i] |= write ? STEP_TOUCH_WRITE : 0;
			return;
		}
	}
	event->touch[event->nr++] = word | (write ? STEP_TOUCH_WRITE : 0);
}

static void touch_parked(struct step_event *event, struct engine *engine, unsigned int cpu)
{
	uint64_t word = engine->ops->parked_word ? engine->ops->parked_word(engine, cpu) : 0;

	touch(event, WORD_PARKED(cpu), true);
	if (word)
		touch(event, word, true);
}

void step_event_run(struct step_event *event, struct engine *engine, const struct step_made *made)
{
	*event = (struct step_event){ .proc = made->cpu };
	if (made->access)
		touch(event, made->access->word, made->access->kind != STEP_READ);
	/* When it comes matters only to who can take it. */
	if (made->irqs_on || made->result->irqs_on || made->result->took_irq)
		touch(event, WORD_IRQ(made->cpu), false);
	if (made->was_parked)
		touch_parked(event, engine, made->cpu);
	else if (engine->can_park)
		touch(event, WORD_PARKED(made->cpu), false);
	for (unsigned int other = 0; other < engine->cpus; other++)
		if (made->result->sent >> other & 1)
			touch(event, WORD_IRQ(other), true);
}

void step_event_park(struct step_event *event, struct engine *engine, unsigned int cpu)
{
	*event = (struct step_event){ .proc = engine->cpus + cpu };
	touch_parked(event, engine, cpu);
}

bool step_events_conflict(const struct step_event *a, const struct step_event *b)
{
	for (unsigned int i = 0; i < a->nr; i++)
		for (unsigned int k = 0; k < b->nr; k++)
			if (!((a->touch[i] ^ b->touch[k]) & ~STEP_TOUCH_WRITE) &&
			    (a->touch[i] | b->touch[k]) & STEP_TOUCH_WRITE)
				return true;
	return false;
}
