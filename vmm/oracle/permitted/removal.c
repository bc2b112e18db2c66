/* SPDX-License-Identifier: GPL-2.0-only */
/* What removes entries from TLBs: instructions, and a hypervisor's work. */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "oracle/leaves.h"
#include "oracle/permitted/removal.h"
#include "oracle/permitted/spaces.h"
#include "pvtlb/invlpgb.h"

#define ALL (~0ull)

void removal_free(struct removal *r)
{
	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		free(r->cpu[cpu].ask_range);
}

static void raise(uint64_t *at, uint64_t seq)
{
	if (*at < seq)
		*at = seq;
}

/* Addresses start, start + stride and so on, below end; end ALL: every one. */
struct pages {
	uint64_t start, end, stride;
};

/* Is one of them in the entry? */
static bool hits(const struct pages *p, const struct entry *entry)
{
	uint64_t at = p->start;

	if (!entry_in(entry, p->start, p->end))
		return false;
	if (p->end == ALL)
		return true;
	if (entry->start > at)
		at += (entry->start - at + p->stride - 1) / p->stride * p->stride;
	return at < p->end && at - entry->start < entry->size;
}

/* From these CPUs, what was over by seq. What is cached of upper levels has a time of its own. */
static void remove_pages(struct removal *r, const struct space *space, const uint64_t cpus[WORDS],
			 const struct pages *p, uint64_t seq)
{
	for (struct version *v = space ? space->ended : NULL; v; v = v->space_next) {
		r->tlbs->en->column->work++;
		if (v->entry->table || v->done > seq || !hits(p, v->entry))
			continue;
		for (unsigned int w = 0; w < WORDS; w++)
			v->holders[w] &= ~cpus[w];
	}
}

static void remove_all(struct cached *c, uint64_t seq)
{
	raise(&c->flushed, seq);
	raise(&c->flushed_upper, seq);
}

/* INVLPG takes what is cached of upper levels along, whatever its address (SDM 3A, 4.10.4.1). */
static void invlpg(struct removal *r, const struct pvtlb_event *e)
{
	struct tlb *tlb = &r->tlbs->cpu[e->cpu];
	const struct pages page = { e->invlpg.addr, e->invlpg.addr + 1, 1 };
	uint64_t self[WORDS] = { 0 };

	if (!tlb->known)
		return;
	set_add(self, e->cpu);
	remove_pages(r, tlb->tag[tlb->now].space, self, &page, e->seq);
	raise(&tlb->tag[tlb->now].flushed_upper, e->seq);
	raise(&tlb->tag[tlb->now].picked, e->seq);
	tlb->removed = e->seq;
}

static void invlpgb(struct removing *by, const struct pvtlb_event *e)
{
	struct invlpgb *op = &by->op[by->nr_ops < INVLPGBS ? by->nr_ops++ : INVLPGBS - 1];

	*op = (struct invlpgb){ e->seq, e->invlpgb.rax, e->invlpgb.ecx, e->invlpgb.edx };
}

/*
 * By tag: global ASIDs are told apart by their PCID. What is cached of upper levels goes too, if
 * not only final translations are named (APM vol. 3, INVLPGB).
 */
static void done_on(struct removal *r, unsigned int cpu, const struct invlpgb *op)
{
	uint64_t stride = op->ecx & INVLPGB_STRIDE_2M ? 1ull << 21 : PVTLB_PAGE_SIZE;
	uint64_t start = op->rax & ~(PVTLB_PAGE_SIZE - 1);
	const struct pages pages = { start, start + ((op->ecx & INVLPGB_COUNT) + 1) * stride,
				     stride };
	struct tlb *tlb = &r->tlbs->cpu[cpu];
	uint64_t self[WORDS] = { 0 };

	set_add(self, cpu);
	for (unsigned int i = 0; i < tlb->nr; i++) {
		struct cached *c = &tlb->tag[i];

		if (op->rax & INVLPGB_PCID_VALID && c->tag != (op->edx >> 16 & 0xfff))
			continue;
		if (!(op->rax & INVLPGB_VA_VALID)) {
			remove_all(c, op->seq);
			continue;
		}
		remove_pages(r, c->space, self, &pages, op->seq);
		raise(&c->picked, op->seq);
		if (!(op->rax & INVLPGB_FINAL_ONLY))
			raise(&c->flushed_upper, op->seq);
	}
}

static void owe(struct removal *r, unsigned int cpu, uint64_t seq)
{
	if (r->flushed[cpu] < seq)
		r->owed[cpu] = seq;
}

/* Whatever was begun before it is done on every CPU; by a VMM, on those that it names. */
static void tlbsync(struct removal *r, const struct pvtlb_event *e)
{
	struct removing *by = &r->cpu[e->cpu];

	for (unsigned int cpu = 0; cpu < CPUS && by->nr_ops && !e->tlbsync.status; cpu++) {
		if (by->op_played && !set_test(by->op_done, cpu))
			continue;
		for (unsigned int i = 0; i < by->nr_ops; i++)
			done_on(r, cpu, &by->op[i]);
		r->tlbs->cpu[cpu].removed = e->seq;
	}
	by->nr_ops = 0;
	by->op_played = false;
	memset(by->op_done, 0, sizeof(by->op_done));
}

/* Done for a space, or for all of them, on these CPUs, as of event seq. */
struct work {
	const struct space *space;
	bool all_spaces;
	struct range range;
	const uint64_t *cpus;
	uint64_t seq;
};

static void do_work(struct removal *r, const struct work *w, const struct pvtlb_event *e)
{
	const struct pages pages = { w->range.start, w->range.end, PVTLB_PAGE_SIZE };
	struct entries *en = r->tlbs->en;

	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		struct tlb *tlb = &r->tlbs->cpu[cpu];

		if (!set_test(w->cpus, cpu))
			continue;
		tlb->removed = e->seq;
		for (unsigned int i = 0; i < tlb->nr; i++) {
			struct cached *c = &tlb->tag[i];

			if (!w->all_spaces && c->space != w->space)
				continue;
			raise(&c->flushed_upper, w->seq);
			raise(&c->picked, w->seq);
			if (w->range.end == ALL)
				raise(&c->flushed, w->seq);
		}
	}
	for (size_t i = 0; i < en->nr_spaces && w->range.end != ALL; i++)
		if (w->all_spaces || en->space[i] == w->space)
			remove_pages(r, en->space[i], w->cpus, &pages, w->seq);
}

static void serve(struct removal *r, const struct pvtlb_event *e)
{
	struct removing *by = &r->cpu[e->cpu];

	by->serving = true;
	by->serve = e->seq;
	by->all_spaces = e->serve.space == ALL;
	by->space = by->all_spaces ? NULL : space_of_cr3(r->tlbs->en, e->serve.space);
}

/* The CPUs named have been out of guest mode: they do it before they go on, and say so. */
static void served(struct removal *r, const struct pvtlb_event *e)
{
	struct removing *by = &r->cpu[e->cpu];
	uint64_t asked = by->serving ? by->serve : by->nr_ops ? by->op[by->nr_ops - 1].seq : 0;
	const struct work work = {
		.space = by->space,
		.all_spaces = by->all_spaces,
		.range = { e->served.start, e->served.end },
		.cpus = e->served.cpus.bits,
		.seq = by->serve,
	};

	for (unsigned int cpu = 0; asked && cpu < CPUS; cpu++)
		if (set_test(e->served.cpus.bits, cpu))
			owe(r, cpu, asked);
	if (by->serving && (by->space || by->all_spaces))
		do_work(r, &work, e);
	if (by->serving || !by->nr_ops)
		return;
	by->op_played = true;
	for (unsigned int w = 0; w < WORDS; w++)
		by->op_done[w] |= e->served.cpus.bits[w];
}

static void all_gone(struct removal *r, unsigned int cpu, uint64_t seq, const struct pvtlb_event *e)
{
	struct tlb *tlb = &r->tlbs->cpu[cpu];

	for (unsigned int i = 0; i < tlb->nr; i++)
		remove_all(&tlb->tag[i], seq);
	tlb->removed = e->seq;
}

static void ask(struct removal *r, const struct pvtlb_event *e)
{
	struct removing *by = &r->cpu[e->cpu];

	by->asking = true;
	by->ask = e->seq;
	by->ask_space = e->ask.space;
	memcpy(by->ask_cpus, e->ask.cpus.bits, sizeof(by->ask_cpus));
	r->tlbs->en->column->kept -= by->nr_ranges;
	free(by->ask_range);
	by->ask_range = NULL;
	by->nr_ranges = 0;
}

static void ask_range(struct removal *r, const struct pvtlb_event *e)
{
	struct removing *by = &r->cpu[e->cpu];

	by->ask_range = grow(by->ask_range, by->nr_ranges, sizeof(*by->ask_range));
	by->ask_range[by->nr_ranges++] = (struct range){ e->ask_range.start, e->ask_range.end };
	r->tlbs->en->column->kept++;
}

/* What the host's KVM was asked, and says that it has done. */
static void hypercall(struct removal *r, const struct pvtlb_event *e)
{
	struct removing *by = &r->cpu[e->cpu];
	struct work work = {
		.all_spaces = by->ask_space == ALL,
		.cpus = by->ask_cpus,
		.seq = by->ask,
	};

	by->serving = false;
	if (!r->believed || !by->asking || e->hypercall.status)
		return;
	if (!work.all_spaces)
		work.space = space_of_cr3(r->tlbs->en, by->ask_space);
	for (size_t i = 0; i < by->nr_ranges && (work.all_spaces || work.space); i++) {
		work.range = by->ask_range[i];
		do_work(r, &work, e);
	}
}

void removal_event(struct removal *r, const struct pvtlb_event *e)
{
	struct removing *by = &r->cpu[e->cpu];

	switch (e->id) {
	case PVTLB_EV_INVLPG:
		invlpg(r, e);
		break;
	case PVTLB_EV_INVLPGB:
		invlpgb(by, e);
		break;
	case PVTLB_EV_TLBSYNC:
		tlbsync(r, e);
		break;
	case PVTLB_EV_SERVE:
		serve(r, e);
		break;
	case PVTLB_EV_SERVED:
		served(r, e);
		break;
	case PVTLB_EV_DEFERRED:
		all_gone(r, e->cpu, e->seq, e);
		owe(r, e->cpu, e->seq);
		break;
	case PVTLB_EV_FLUSHED:
		r->flushed[e->cpu] = e->seq;
		r->owed[e->cpu] = 0;
		break;
	case PVTLB_EV_ASK:
		ask(r, e);
		break;
	case PVTLB_EV_ASK_RANGE:
		ask_range(r, e);
		break;
	case PVTLB_EV_HYPERCALL:
		hypercall(r, e);
		break;
	case PVTLB_EV_ELIDED: /* the host's KVM does it before the CPU runs again */
		if (r->believed && e->elided.why == PVTLB_ELIDED_PREEMPTED && e->elided.cpu < CPUS)
			all_gone(r, e->elided.cpu, by->flush, e);
		break;
	case PVTLB_EV_FLUSH_BEGIN:
		by->flush = e->seq;
		by->asking = false;
		break;
	case PVTLB_EV_FLUSH_END:
		by->flush = 0;
		break;
	}
}
