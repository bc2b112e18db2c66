/* SPDX-License-Identifier: GPL-2.0-only */
/* Vector clocks over the steps of an execution. */
#include <stdlib.h>
#include <string.h>

#include "explore/happens_before.h"

void hb_begin(struct happens_before *hb, unsigned int procs)
{
	hb->procs = procs;
	hb->run++;
	memset(hb->clock, 0, sizeof(hb->clock));
}

/* Its place in the table; the table is larger than any trial's memory. */
static struct touched *find(struct happens_before *hb, uint64_t word)
{
	uint64_t at = word * 0x9e3779b97f4a7c15ull >> 50;

	for (unsigned int tried = 0;; tried++, at++) {
		struct touched *t = &hb->table[at % TOUCHED_ROOM];

		if (t->run == hb->run && t->word == word)
			return t;
		if (t->run != hb->run) {
			*t = (struct touched){ .word = word, .run = hb->run, .written = -1 };
			memset(t->read, 0xff, sizeof(t->read));
			return t;
		}
		if (tried == TOUCHED_ROOM)
			abort();
	}
}

static void join(const struct happens_before *hb, struct clock *to, const struct clock *from)
{
	for (unsigned int i = 0; i < hb->procs; i++)
		if (from->of[i] > to->of[i])
			to->of[i] = from->of[i];
}

/* It races with this one, if nothing orders them. */
static void note(struct hb_races *races, int32_t step)
{
	for (unsigned int i = 0; i < races->nr; i++)
		if (races->step[i] == (uint32_t)step)
			return;
	races->step[races->nr++] = step;
}

void hb_step(struct happens_before *hb, const struct step_event *event, uint32_t nr,
	     uint8_t (*proc_of)(void *ctx, uint32_t step), void *ctx, struct clock *clock,
	     struct hb_races *races)
{
	struct clock *mine = &hb->clock[event->proc];
	struct touched *at[STEP_TOUCHES];

	races->nr = 0;
	for (unsigned int i = 0; i < event->nr; i++) {
		const bool write = event->touch[i] & STEP_TOUCH_WRITE;
		struct touched *t = at[i] = find(hb, event->touch[i] & ~STEP_TOUCH_WRITE);

		for (unsigned int p = 0; p <= (write ? hb->procs : 0); p++) {
			int32_t before = p ? t->read[p - 1] : t->written;
			uint8_t by = before < 0 ? event->proc : proc_of(ctx, before);

			if (by != event->proc && mine->of[by] < (uint32_t)before + 1)
				note(races, before);
		}
	}
	mine->of[event->proc] = nr + 1;
	for (unsigned int i = 0; i < event->nr; i++) {
		join(hb, mine, &at[i]->write_clock);
		if (event->touch[i] & STEP_TOUCH_WRITE)
			join(hb, mine, &at[i]->read_clock);
	}
	for (unsigned int i = 0; i < event->nr; i++) {
		if (event->touch[i] & STEP_TOUCH_WRITE) {
			at[i]->written = nr;
			at[i]->write_clock = *mine;
			memset(at[i]->read, 0xff, sizeof(at[i]->read));
			at[i]->read_clock = (struct clock){ 0 };
		} else {
			at[i]->read[event->proc] = nr;
			join(hb, &at[i]->read_clock, mine);
		}
	}
	*clock = *mine;
}
