/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of a column share. */
#include "oracle/column.h"

#define EVENTS_APART 4096u /* of two looks whether to go on */
#define WORK_APART   (1u << 20)

bool column_run(struct column *c, const struct event_stream *stream, column_event_fn *fn,
		void *state)
{
	uint64_t worked = 0;

	for (size_t i = 0; i < stream->nr; i++) {
		const struct pvtlb_event *e = &stream->event[i];
		bool look = !(i % EVENTS_APART) || c->work - worked > WORK_APART;

		if (look)
			worked = c->work;
		if (look && event_stream_over(stream))
			return false;
		if (c->work > ORACLE_MAX_WORK || c->kept > ORACLE_MAX_KEPT)
			return false;
		if (e->cpu >= CPUS)
			continue;
		if (e->id == PVTLB_EV_TRIAL) {
			c->trial = e->trial.trial;
			c->step = e->trial.step;
		}
		fn(state, e);
	}
	return true;
}

void violations_add(struct violations *all, const struct violation *v)
{
	all->total++;
	if (all->kept < VIOLATIONS_KEPT)
		all->v[all->kept++] = *v;
}

void column_violation(struct column *c, struct violation *v)
{
	v->trial = c->trial;
	v->step = c->step;
	violations_add(c->bad, v);
	if (c->hit)
		c->hit(c->ctx, v);
}
