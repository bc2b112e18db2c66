/* SPDX-License-Identifier: GPL-2.0-only */
/* What each CPU has loaded and is doing, as far as its events tell. */
#include "oracle/cpus.h"
#include "oracle/describe.h"

#define FLUSH_ALL (~0ull)

void cpus_init(struct cpus *cpus, struct column *column)
{
	*cpus = (struct cpus){ .column = column };
	for (unsigned int i = 0; i < CPUS; i++)
		cpus->cpu[i].loaded = ANY_MM;
}

void cpus_free(struct cpus *cpus)
{
	map_free(&cpus->unhooked);
}

static void load(struct cpu *cpu, uint64_t mm, uint64_t seq)
{
	cpu->loaded = mm;
	if (cpu->lazy)
		cpu->lazy_until = seq;
	cpu->lazy = false;
}

/* From the first one on: who has not said so is offline, but for CPU 0, and in no mm. */
static void up(struct cpus *cpus, struct cpu *cpu)
{
	for (unsigned int i = 1; i < CPUS && !cpus->any_up; i++)
		if (cpus->cpu[i].loaded == ANY_MM)
			cpus->cpu[i].loaded = NO_MM;
	cpus->any_up = true;
	cpu->loaded = 0;
}

/*
 * Whether a flush is for page tables, too, is seen from what its CPU did, not from what it
 * asked for: a flush that should have woken lazy CPUs and did not must not pass for one that
 * need not.
 */
static void flush_begin(struct cpus *cpus, const struct pvtlb_event *e)
{
	const uint64_t *unhooked = map_find(&cpus->unhooked, e->flush_begin.mm, e->cpu, cpus->column);

	cpus->cpu[e->cpu].flush = (struct flush){
		.open = true,
		.tables = e->flush_begin.wake_lazy || (unhooked && *unhooked),
		.begin = e->seq,
		.mm = e->flush_begin.mm,
		.start = e->flush_begin.start,
		.end = e->flush_begin.end,
	};
}

static void flush_end(struct cpus *cpus, const struct pvtlb_event *e)
{
	struct flush *flush = &cpus->cpu[e->cpu].flush;
	uint64_t *unhooked = map_find(&cpus->unhooked, flush->mm, e->cpu, cpus->column);

	if (!flush->open)
		return;
	cpus->cpu[e->cpu].flushed = flush_ended(flush, e);
	if (unhooked)
		*unhooked = false;
	flush->open = false;
}

void cpus_event(struct cpus *cpus, const struct pvtlb_event *e)
{
	struct cpu *cpu = &cpus->cpu[e->cpu];

	switch (e->id) {
	case PVTLB_EV_CPU_UP:
		up(cpus, cpu);
		break;
	case PVTLB_EV_SWITCH_MM:
		load(cpu, e->switch_mm.mm, e->seq);
		break;
	case PVTLB_EV_LAZY:
		cpu->loaded = e->lazy.mm;
		cpu->lazy = true;
		break;
	case PVTLB_EV_FLUSH_FUNC: /* a lazy CPU goes to init_mm */
		if (e->flush_func.how == PVTLB_FLUSHED_LAZY)
			load(cpu, 0, e->seq);
		break;
	case PVTLB_EV_TABLE_UNHOOK:
		*map_add(&cpus->unhooked, e->table_unhook.mm, e->cpu, cpus->column) = true;
		break;
	case PVTLB_EV_FLUSH_BEGIN:
		flush_begin(cpus, e);
		break;
	case PVTLB_EV_FLUSH_END:
		flush_end(cpus, e);
		break;
	case PVTLB_EV_SYNC:
		cpu->sync = e->seq;
		cpu->sync_skipped = e->sync.skipped;
		break;
	case PVTLB_EV_WALK_BEGIN:
		cpu->walk = (struct walk){ true, e->seq, e->walk_begin.mm, e->walk_begin.addr,
					   e->walk_begin.kind };
		break;
	case PVTLB_EV_WALK_END:
		cpu->walk.open = false;
		break;
	}
}

struct flushed flush_ended(const struct flush *flush, const struct pvtlb_event *e)
{
	return (struct flushed){ flush->begin, e->seq, flush->mm, e->cpu, flush->tables };
}

void violation_set_flush(struct violation *v, const struct flushed *flush)
{
	struct part_flush *part = violation_part(v, PART_FLUSH);

	part->begin = flush->begin;
	part->end = flush->end;
	part->initiator = flush->initiator;
	part->tables = flush->tables;
}

bool flush_reaches(const struct flush *flush, uint64_t mm, uint64_t start, uint64_t size)
{
	if (!flush->open || flush->mm != mm)
		return false;
	/* In terms of last bytes: the topmost entry's end would wrap around. */
	return flush->end == FLUSH_ALL ||
	       (flush->start <= start + (size - 1) && flush->end > start);
}
