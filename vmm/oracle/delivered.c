/* SPDX-License-Identifier: GPL-2.0-only */
/* The delivered column: who took an interrupt between the start and the return of a flush. */
#include <string.h>

#include "oracle/oracle.h"
#include "pvtlb/types.h"

#define WORDS PVTLB_CPUSET_WORDS
#define CPUS  (64 * WORDS)

/* The mm a CPU has loaded, before its first switch_mm event: any. */
#define ANY_MM (~0ull)

/* The flush a CPU is in. */
struct flush {
	bool open, multi;
	uint64_t begin, mm;
	uint64_t target[WORDS], interrupted[WORDS];
};

static bool test(const uint64_t *set, unsigned int cpu)
{
	return set[cpu / 64] >> (cpu % 64) & 1;
}

static void begin(struct flush *f, const struct pvtlb_event *e)
{
	*f = (struct flush){ .open = true, .begin = e->seq, .mm = e->arg[0] };
}

static void clear(uint64_t *set, unsigned int cpu)
{
	set[cpu / 64] &= ~(1ull << (cpu % 64));
}

static void multi(struct flush *f, const struct pvtlb_event *e, const uint64_t *loaded)
{
	if (!f->open)
		return;
	f->multi = true;
	memcpy(f->target, e->arg, sizeof(f->target));
	clear(f->target, e->cpu);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		if (loaded[cpu] != ANY_MM && loaded[cpu] != f->mm)
			clear(f->target, cpu);
}

static void end(struct flush *f, const struct pvtlb_event *e, enum interrupts promise,
		struct violation *v, struct delivered *out, violation_fn *hit, void *ctx)
{
	if (!f->open || !f->multi) {
		out->flushes += f->open;
		f->open = false;
		return;
	}
	f->open = false;
	out->flushes++;
	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		bool took = test(f->interrupted, cpu);

		if (!test(f->target, cpu))
			continue;
		out->targets++;
		out->interrupted += took;
		if (took == (promise == INTERRUPTS_ALL))
			continue;
		v->kind = took ? VIOLATION_INTERRUPTED : VIOLATION_NOT_INTERRUPTED;
		v->cpu = cpu;
		v->mm = f->mm;
		v->initiator = e->cpu;
		v->flush_begin = f->begin;
		v->flush_end = e->seq;
		violations_add(&out->bad, v);
		if (hit)
			hit(ctx, v);
	}
}

void oracle_delivered(const struct event_stream *stream, enum interrupts promise,
		      struct delivered *out, violation_fn *hit, void *ctx)
{
	struct flush flush[CPUS] = { 0 };
	uint64_t loaded[CPUS];
	struct violation v = { 0 };

	*out = (struct delivered){ 0 };
	memset(loaded, 0xff, sizeof(loaded)); /* ANY_MM */
	for (size_t i = 0; i < stream->nr; i++) {
		const struct pvtlb_event *e = &stream->event[i];

		if (e->cpu >= CPUS)
			continue;
		switch (e->id) {
		case PVTLB_EV_TRIAL:
			v.trial = e->arg[0];
			v.step = e->arg[1];
			break;
		case PVTLB_EV_FLUSH_BEGIN:
			begin(&flush[e->cpu], e);
			break;
		case PVTLB_EV_FLUSH_MULTI:
			multi(&flush[e->cpu], e, loaded);
			break;
		case PVTLB_EV_SWITCH_MM:
			loaded[e->cpu] = e->arg[0];
			for (unsigned int cpu = 0; cpu < CPUS; cpu++)
				clear(flush[cpu].target, e->cpu);
			break;
		case PVTLB_EV_IRQ_ENTRY:
			for (unsigned int cpu = 0; cpu < CPUS; cpu++)
				if (flush[cpu].open)
					flush[cpu].interrupted[e->cpu / 64] |= 1ull << (e->cpu % 64);
			break;
		case PVTLB_EV_FLUSH_END:
			end(&flush[e->cpu], e, promise, &v, out, hit, ctx);
			break;
		}
	}
}
