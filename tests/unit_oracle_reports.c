/* SPDX-License-Identifier: GPL-2.0-only */
/* The oracle: reports of violations, word for word, and streams made to hurt. */
#include <stdlib.h>
#include <string.h>

#include "stream.h"

#define UPPER (TABLE + PAGE) /* the table above TABLE */

/* Judge, and the report of the first violation of a column, to be freed. */
static char *report_of(const struct pvtlb_event *event, size_t nr, bool safe,
		       enum interrupts promise)
{
	struct pvtlb_event *copy = malloc(nr * sizeof(*copy));
	const struct event_stream stream = { .event = copy, .nr = nr };
	const struct violations *bad = safe ? &found.safe.bad : &found.delivered.bad;
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	memcpy(copy, event, nr * sizeof(*copy));
	for (size_t i = 0; i < nr; i++)
		copy[i].seq = i + 1;
	oracle(&stream, PVTLB_CLAIMS, promise, &found);
	if (bad->total)
		violation_report(to, &stream, &bad->v[0]);
	fclose(to);
	free(copy);
	return text;
}

/* A table that is freed under a walk; the VMM holds the walker. */
STREAM(bad_freed) = {
	ALLOC(UPPER),
	ALLOC(TABLE),
	GUP(1),
	GO(1, UPPER, 30, 3),
	EV(1, HELD, 4),
	UNHOOK(TABLE),
	EV(0, FLUSH_BEGIN, 1, VA, VA + (1ull << LARGE), 3, true, 12),
	EV(0, FLUSH_END, 1, 3),
	SYNC(0, true),
	FREE(TABLE),
	EV(1, RESUMED, 11),
	GO(1, TABLE, 21, 12),
	EV(1, WALK_END, PVTLB_WALK_CHANGED),
};
static const char golden_freed[] =
	"use-after-free: CPU 1 walked through a page table that had been freed (trial "
	"0, step 0)\n"
	"  walk       gup-fast by CPU 1 of 0x100000000000 of mm 1, IRQs off, begun at "
	"#3, ended at #14\n"
	"  table      0x3000, generation 1, through it 2 MiB are mapped\n"
	"  pointer    loaded at #4\n"
	"  unhooked   at #6 by CPU 0, from 0x100000000000 of mm 1\n"
	"  flush      #8 to #9 by CPU 0, of mm 1, tlb_gen 3, with tables\n"
	"  sync       #10 by CPU 0, skipped\n"
	"  freed      at #11 by CPU 0\n"
	"  used       at #13 by CPU 1, which read the entry 0x9000007, the poison of "
	"freed tables\n"
	"  held       CPU 1 by the VMM, from #5 to #12\n"
	"  events #4 to #13:\n"
	"    #4 CPU 1 walk_load table=0x4000 gen=1 size=1 GiB entry=0x9000007 "
	"since=#3\n"
	"    #5 CPU 1 held at=#4 preempts=n\n"
	"    #6 CPU 0 table_unhook mm=1 addr=0x100000000000 table=0x3000 gen=1 "
	"size=2 MiB\n"
	"    #7 CPU 0 pte_stored mm=1 addr=0x100000000000 size=2 MiB\n"
	"    #8 CPU 0 flush_begin mm=1 start=0x100000000000 end=0x100000200000 "
	"tlb_gen=3 wake_lazy=y size=4 KiB\n"
	"    #9 CPU 0 flush_end mm=1 tlb_gen=3\n"
	"    #10 CPU 0 sync rcu=n skipped=y\n"
	"    #11 CPU 0 table_free table=0x3000 gen=1 poison=0x9000007\n"
	"    #12 CPU 1 resumed by=#11\n"
	"    #13 CPU 1 walk_load table=0x3000 gen=1 size=2 MiB entry=0x9000007 "
	"since=#12\n";

/* Deposited with no flush that tables need, and without a sync. */
STREAM(bad_deposited) = {
	ALLOC(TABLE), GUP(1),	      UNHOOK(TABLE), BEGIN_AT(2, 1, 0, FULL),
	END(2),	      DEPOSIT(TABLE), HOOK(TABLE),   GO(1, TABLE, 21, 9),
	TOOK(1, OLD),
};
static const char golden_deposited[] =
	"use-after-deposit: CPU 1 walked through a page table that had been put aside "
	"to be used again (trial 0, step 0)\n"
	"  walk       gup-fast by CPU 1 of 0x100000000000 of mm 1, IRQs off, begun at "
	"#2, ended at #10\n"
	"  table      0x3000, generation 1, through it 2 MiB are mapped\n"
	"  pointer    came with the walk, #2\n"
	"  unhooked   at #3 by CPU 0, from 0x100000000000 of mm 1\n"
	"  flush      #5 to #6 by CPU 2, of mm 1, tlb_gen 0, without tables\n"
	"  sync       none by CPU 0 since\n"
	"  deposited  at #7 by CPU 0\n"
	"  later      hooked into mm 1 at #8\n"
	"  used       at #9 by CPU 1, which read the entry 0x9000007\n"
	"  events #2 to #9:\n"
	"    #2 CPU 1 walk_begin mm=1 addr=0x100000000000 kind=gup irqs_off=y\n"
	"    #3 CPU 0 table_unhook mm=1 addr=0x100000000000 table=0x3000 gen=1 "
	"size=2 MiB\n"
	"    #4 CPU 0 pte_stored mm=1 addr=0x100000000000 size=2 MiB\n"
	"    #5 CPU 2 flush_begin mm=1 start=0 end=all tlb_gen=0 "
	"wake_lazy=n size=1 B\n"
	"    #6 CPU 2 flush_end mm=1 tlb_gen=0\n"
	"    #7 CPU 0 table_deposit table=0x3000 gen=1 mm=1\n"
	"    #8 CPU 0 table_hook mm=1 addr=0x100000000000 table=0x3000 gen=1 "
	"size=2 MiB\n"
	"    #9 CPU 1 walk_load table=0x3000 gen=1 size=2 MiB entry=0x9000007 "
	"since=#9\n";

/* Left to another mm by a CPU that sent a sync too early. */
STREAM(bad_unshared) = {
	ALLOC(UPPER),
	ALLOC(TABLE),
	SYNC(0, false),
	GUP(1),
	GO(1, UPPER, 30, 4),
	UNHOOK_OF(0, TABLE, 2, VA + (1ull << 30)),
	BEGIN_AT(0, 2, VA + (1ull << 30), VA + (1ull << 31)),
	END(0),
	OWN(TABLE, 3),
	GO(1, TABLE, 21, 10),
};
static const char golden_unshared[] =
	"use-after-unshare: CPU 1 walked through a page table that was another mm's "
	"alone (trial 0, step 0)\n"
	"  walk       gup-fast by CPU 1 of 0x100000000000 of mm 1, IRQs off, begun at "
	"#4, not ended\n"
	"  table      0x3000, generation 1, through it 2 MiB are mapped\n"
	"  pointer    loaded at #5\n"
	"  unhooked   at #6 by CPU 0, from 0x100040000000 of mm 2\n"
	"  flush      #8 to #9 by CPU 0, of mm 2, tlb_gen 0, with tables\n"
	"  sync       none by CPU 0 since\n"
	"  unshared   left to mm 3 alone, at #10 by CPU 0\n"
	"  used       at #11 by CPU 1, which read the entry 0x9000007\n"
	"  events #5 to #11:\n"
	"    #5 CPU 1 walk_load table=0x4000 gen=1 size=1 GiB entry=0x9000007 "
	"since=#4\n"
	"    #6 CPU 0 table_unhook mm=2 addr=0x100040000000 table=0x3000 gen=1 "
	"size=2 MiB\n"
	"    #7 CPU 0 pte_stored mm=2 addr=0x100040000000 size=2 MiB\n"
	"    #8 CPU 0 flush_begin mm=2 start=0x100040000000 end=0x100080000000 "
	"tlb_gen=0 wake_lazy=n size=1 B\n"
	"    #9 CPU 0 flush_end mm=1 tlb_gen=0\n"
	"    #10 CPU 0 table_own table=0x3000 gen=1 mm=3\n"
	"    #11 CPU 1 walk_load table=0x3000 gen=1 size=2 MiB entry=0x9000007 "
	"since=#10\n";

/* A walk that ends at a page of before. */
STREAM(bad_wrong_page) = {
	SET(0, OLD | RW), SET(OLD | RW, NEW | RO), GUP(1), GO(1, TABLE, 21, 5), TOOK(1, OLD),
};
static const char golden_wrong_page[] =
	"wrong-page: CPU 1 took a page, by a walk, that was not mapped there meanwhile "
	"(trial 0, step 0)\n"
	"  walk       gup-fast by CPU 1 of 0x100000000000 of mm 1, IRQs off, begun at "
	"#5, ended at #7\n"
	"  took       page 0x2000000 at #7\n"
	"  entry      page 0x2200000, read-only, since #3\n"
	"  events #5 to #7:\n"
	"    #5 CPU 1 walk_begin mm=1 addr=0x100000000000 kind=gup irqs_off=y\n"
	"    #6 CPU 1 walk_load table=0x3000 gen=1 size=2 MiB entry=0x9000007 "
	"since=#5\n"
	"    #7 CPU 1 walk_end outcome=page page=0x2000000\n";

STREAM(bad_stale) = {
	TRIAL(2, 1),	  SET(OLD | RW, NEW | RW), EV(0, FLUSH_BEGIN, 1, VA, VA + PAGE, 7),
	MULTI(0, 2),	  EV(0, FLUSH_END, 1, 7),  SET(NEW | RW, 0),
	WRITE(1, 6, OLD),
};
static const char golden_stale[] =
	"stale: CPU 1 used a translation that a flush had ended (trial 2, step 1)\n"
	"  access     #9 by CPU 1, begun after #6, write of 0x100000000000 of mm 1: "
	"reached page 0x2000000\n"
	"  flush      #4 to #6 by CPU 0, of mm 1, tlb_gen 7, without tables\n"
	"  entry      not mapped, since #7\n"
	"  events #4 to #9:\n"
	"    #4 CPU 0 flush_begin mm=1 start=0x100000000000 end=0x100000001000 "
	"tlb_gen=7 wake_lazy=n size=1 B\n"
	"    #5 CPU 0 flush_multi cpus=1\n"
	"    #6 CPU 0 flush_end mm=1 tlb_gen=7\n"
	"    #7 CPU 0 pte_set mm=1 addr=0x100000000000 old=0x2200007 new=0 size=4 KiB\n"
	"    #8 CPU 0 pte_stored mm=1 addr=0x100000000000 size=4 KiB\n"
	"    #9 CPU 1 access mm=1 addr=0x100000000000 op=write outcome=ok "
	"value=0x2000000 since=#6\n";

/* Freed after a sync that keeps no RCU walk waiting. */
STREAM(bad_rcu) = {
	ALLOC(TABLE),  RCU(1),
	UNHOOK(TABLE), BEGIN(0),
	END(0),	       EV(0, SYNC, true, true),
	FREE(TABLE),   GO(1, TABLE, 21, 8),
};
static const char golden_rcu[] =
	"use-after-free: CPU 1 walked through a page table that had been freed (trial "
	"0, step 0)\n"
	"  walk       RCU by CPU 1 of 0x100000000000 of mm 1, IRQs on, begun at #2, "
	"not ended\n"
	"  table      0x3000, generation 1, through it 2 MiB are mapped\n"
	"  pointer    came with the walk, #2\n"
	"  unhooked   at #3 by CPU 0, from 0x100000000000 of mm 1\n"
	"  flush      #5 to #6 by CPU 0, of mm 1, tlb_gen 0, with tables\n"
	"  sync       #7 (rcu) by CPU 0, skipped\n"
	"  grace      period asked for by CPU 0: none since\n"
	"  freed      at #8 by CPU 0\n"
	"  used       at #9 by CPU 1, which read the entry 0x9000007, the poison of "
	"freed tables\n"
	"  events #2 to #9:\n"
	"    #2 CPU 1 walk_begin mm=1 addr=0x100000000000 kind=rcu irqs_off=n\n"
	"    #3 CPU 0 table_unhook mm=1 addr=0x100000000000 table=0x3000 gen=1 "
	"size=2 MiB\n"
	"    #4 CPU 0 pte_stored mm=1 addr=0x100000000000 size=2 MiB\n"
	"    #5 CPU 0 flush_begin mm=1 start=0x100000000000 end=0x100000001000 "
	"tlb_gen=0 wake_lazy=n size=1 B\n"
	"    #6 CPU 0 flush_end mm=1 tlb_gen=0\n"
	"    #7 CPU 0 sync rcu=y skipped=y\n"
	"    #8 CPU 0 table_free table=0x3000 gen=1 poison=0x9000007\n"
	"    #9 CPU 1 walk_load table=0x3000 gen=1 size=2 MiB entry=0x9000007 "
	"since=#8\n";

STREAM(bad_walk_interrupted) = {
	GUP(1),
	IRQ(1),
	NOTHING(1),
};
static const char golden_walk_interrupted[] =
	"walk-interrupted: CPU 1 was interrupted in a walk that was to run with IRQs "
	"off (trial 0, step 0)\n"
	"  walk       gup-fast by CPU 1 of 0x100000000000 of mm 1, IRQs off, begun at "
	"#1, ended at #4\n"
	"  interrupt  at #2, vector 0xfc\n"
	"  events #1 to #2:\n"
	"    #1 CPU 1 walk_begin mm=1 addr=0x100000000000 kind=gup irqs_off=y\n"
	"    #2 CPU 1 irq_entry vector=0xfc\n";

STREAM(bad_not_flushed) = {
	ALLOC(TABLE),
	UNHOOK(TABLE),
	SYNC(0, false),
	FREE(TABLE),
};
static const char golden_not_flushed[] =
	"not-flushed: CPU 0 released a page table that hardware may still walk through "
	"(trial 0, step 0)\n"
	"  table      0x3000, generation 1, through it 2 MiB are mapped\n"
	"  unhooked   at #2 by CPU 0, from 0x100000000000 of mm 1\n"
	"  flush      none since\n"
	"  sync       #4 by CPU 0, sent\n"
	"  freed      at #5 by CPU 0\n"
	"  events #2 to #5:\n"
	"    #2 CPU 0 table_unhook mm=1 addr=0x100000000000 table=0x3000 gen=1 "
	"size=2 MiB\n"
	"    #3 CPU 0 pte_stored mm=1 addr=0x100000000000 size=2 MiB\n"
	"    #4 CPU 0 sync rcu=n skipped=n\n"
	"    #5 CPU 0 table_free table=0x3000 gen=1 poison=0x9000007\n";

/* The VMM holds the walker to the end. */
STREAM(bad_walker) = {
	ALLOC(TABLE), GUP(1),	     EV(1, HELD, 2), UNHOOK(TABLE),    BEGIN(0),
	END(0),	      SYNC(0, true), DEPOSIT(TABLE), EV(1, RESUMED, 0),
};
static const char golden_walker[] =
	"walker-not-interrupted: CPU 1 was in a walk that nothing had waited for when "
	"a page table was released (trial 0, step 0)\n"
	"  walk       gup-fast by CPU 1 of 0x100000000000 of mm 1, IRQs off, begun at "
	"#2, not ended\n"
	"  table      0x3000, generation 1, through it 2 MiB are mapped\n"
	"  unhooked   at #4 by CPU 0, from 0x100000000000 of mm 1\n"
	"  flush      #6 to #7 by CPU 0, of mm 1, tlb_gen 0, with tables\n"
	"  sync       #8 by CPU 0, skipped\n"
	"  deposited  at #9 by CPU 0\n"
	"  held       CPU 1 by the VMM, from #3 to #10\n"
	"  events #2 to #9:\n"
	"    #2 CPU 1 walk_begin mm=1 addr=0x100000000000 kind=gup irqs_off=y\n"
	"    #3 CPU 1 held at=#2 preempts=n\n"
	"    #4 CPU 0 table_unhook mm=1 addr=0x100000000000 table=0x3000 gen=1 "
	"size=2 MiB\n"
	"    #5 CPU 0 pte_stored mm=1 addr=0x100000000000 size=2 MiB\n"
	"    #6 CPU 0 flush_begin mm=1 start=0x100000000000 end=0x100000001000 "
	"tlb_gen=0 wake_lazy=n size=1 B\n"
	"    #7 CPU 0 flush_end mm=1 tlb_gen=0\n"
	"    #8 CPU 0 sync rcu=n skipped=y\n"
	"    #9 CPU 0 table_deposit table=0x3000 gen=1 mm=1\n";

STREAM(bad_ack_early) = {
	EV(0, FLUSH_BEGIN, 1, VA, VA + PAGE, 2),
	MULTI(0, 2),
	EV(1, IRQ_ENTRY, 0xfc),
	EV(1, FLUSH_ENTER, 1, 2, 0),
	EV(0, FLUSH_END, 1, 2),
	EV(1, FLUSH_FUNC, 1, 2, PVTLB_FLUSHED_FULL, 0),
	EV(1, IRQ_EXIT, 0xfc),
};
static const char golden_ack_early[] =
	"ack-early: CPU 1 had not done its part of a flush when that returned (trial "
	"0, step 0)\n"
	"  flush      #1 to #5 by CPU 0, of mm 1, tlb_gen 2, without tables\n"
	"  part       of CPU 1, begun at #4, done at #6\n"
	"  events #1 to #5:\n"
	"    #1 CPU 0 flush_begin mm=1 start=0x100000000000 end=0x100000001000 "
	"tlb_gen=2 wake_lazy=n size=1 B\n"
	"    #2 CPU 0 flush_multi cpus=1\n"
	"    #3 CPU 1 irq_entry vector=0xfc\n"
	"    #4 CPU 1 flush_enter mm=1 tlb_gen=2 initiator=0\n"
	"    #5 CPU 0 flush_end mm=1 tlb_gen=2\n";

STREAM(bad_not_interrupted) = {
	BEGIN(0),
	MULTI(0, 6),
	IRQ(2),
	END(0),
};
static const char golden_not_interrupted[] =
	"not-interrupted: CPU 1 was not interrupted by a flush that it was a target of "
	"(trial 0, step 0)\n"
	"  flush      #1 to #5 by CPU 0, of mm 1, tlb_gen 0, without tables\n"
	"  interrupt  none of CPU 1 meanwhile\n"
	"  events #1 to #5:\n"
	"    #1 CPU 0 flush_begin mm=1 start=0x100000000000 end=0x100000001000 "
	"tlb_gen=0 wake_lazy=n size=1 B\n"
	"    #2 CPU 0 flush_multi cpus=1-2\n"
	"    #3 CPU 2 irq_entry vector=0xfc\n"
	"    #4 CPU 2 irq_exit vector=0xfc\n"
	"    #5 CPU 0 flush_end mm=1 tlb_gen=0\n";

STREAM(bad_interrupted) = {
	BEGIN(0),
	MULTI(0, 2),
	IRQ(1),
	END(0),
};
static const char golden_interrupted[] =
	"interrupted: CPU 1 was interrupted in the course of a flush that was to "
	"interrupt nobody (trial 0, step 0)\n"
	"  flush      #1 to #5 by CPU 0, of mm 1, tlb_gen 0, without tables\n"
	"  interrupt  of CPU 1 at #3, vector 0xfc\n"
	"  events #1 to #5:\n"
	"    #1 CPU 0 flush_begin mm=1 start=0x100000000000 end=0x100000001000 "
	"tlb_gen=0 wake_lazy=n size=1 B\n"
	"    #2 CPU 0 flush_multi cpus=1\n"
	"    #3 CPU 1 irq_entry vector=0xfc\n"
	"    #4 CPU 1 irq_exit vector=0xfc\n"
	"    #5 CPU 0 flush_end mm=1 tlb_gen=0\n";

static void reports(void)
{
	static const struct {
		const char *name;
		const struct pvtlb_event *event;
		size_t nr;
		bool safe;
		enum interrupts promise;
		const char *want;
	} cases[] = {
#define REPORT(name, column, promise)                                                              \
	{ #name,                                                                                   \
	  bad_##name,                                                                              \
	  NR_OF(bad_##name),                                                                       \
	  !strcmp(#column, "safe"),                                                                \
	  INTERRUPTS_##promise,                                                                    \
	  golden_##name }
		REPORT(freed, safe, ALL),
		REPORT(deposited, safe, ALL),
		REPORT(unshared, safe, ALL),
		REPORT(wrong_page, safe, ALL),
		REPORT(stale, safe, ALL),
		REPORT(rcu, safe, ALL),
		REPORT(walk_interrupted, safe, ALL),
		REPORT(not_flushed, safe, ALL),
		REPORT(walker, delivered, ALL),
		REPORT(ack_early, delivered, ALL),
		REPORT(not_interrupted, delivered, ALL),
		REPORT(interrupted, delivered, NONE),
#undef REPORT
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		char *text =
			report_of(cases[i].event, cases[i].nr, cases[i].safe, cases[i].promise);

		EXPECT(!strcmp(text, cases[i].want), "%s:\n%s", cases[i].name, text);
		free(text);
	}
}

/* Of many events the first and the last ones are listed, with the two that are named. */
static void long_list(void)
{
	static const char first[] = "  events #1 to #103:\n"
				    "    #1 CPU 0 flush_begin";
	static const char middle[] = "    #20 CPU 0 cpu_up cpu=0\n"
				     "    ... 63 more ...\n"
				     "    #84 CPU 0 cpu_up cpu=0\n";
	struct pvtlb_event event[103] = { BEGIN(0), MULTI(0, 2) };
	char *text;

	for (size_t i = 2; i < 102; i++)
		event[i] = (struct pvtlb_event)EV(0, CPU_UP);
	event[102] = (struct pvtlb_event)END(0);
	text = report_of(event, NR_OF(event), false, INTERRUPTS_ALL);
	EXPECT(strstr(text, first) && strstr(text, middle) &&
		       strstr(text, "    #103 CPU 0 flush_end"),
	       "%s", text);
	free(text);
	/* As many as are listed whole. */
	event[39] = (struct pvtlb_event)END(0);
	text = report_of(event, 40, false, INTERRUPTS_ALL);
	EXPECT(!strstr(text, "more ...") && strstr(text, "    #20 ") && strstr(text, "    #21 "),
	       "%s", text);
	free(text);
}

/* A violation of which the stream knows nothing. */
static void strange(void)
{
	static const struct pvtlb_event other[] = { { .seq = 5, .id = PVTLB_EV_CPU_UP } };
	static const struct event_stream streams[] = { { 0 }, { .event = other, .nr = 1 } };
	struct violation v;

	for (size_t i = 0; i < NR_OF(streams); i++) {
		for (unsigned int kind = 0; kind < VIOLATION_KINDS; kind++) {
			for (int byte = 0; byte < 256; byte += 255) {
				char text[16384] = "";
				FILE *to = fmemopen(text, sizeof(text), "w");

				memset(&v, byte, sizeof(v));
				v.kind = kind;
				v.sync_skipped = v.flush_tables = byte;
				violation_report(to, &streams[i], &v);
				fclose(to);
				EXPECT(strstr(text, violation_names[kind]) == text, "kind %u",
				       kind);
			}
		}
	}
}

/* One of a few values that fit together, now and then any. */
static uint64_t pick(struct rnd *rng, const uint64_t *from, size_t nr)
{
	return rnd_below(rng, 32) ? from[rnd_below(rng, nr)] : rnd(rng);
}

/* An event of a kind that the oracle follows, with arguments that others may have, too. */
static struct pvtlb_event random_event(struct rnd *rng)
{
	static const uint64_t shifts[] = { 12, 12, 12, 21, 21, 30, 39, 63, 64, FULL };
	static const uint64_t addrs[] = {
		VA, VA, VA + PAGE, VA + (1ull << 21), 0, FULL, 1ull << 63
	};
	static const uint64_t tables[] = { TABLE, TABLE, UPPER, UPPER + PAGE, 0 };
	static const uint64_t small[] = { 0, 1, 1, 2, 3, 4, 5 };
	static const uint64_t ptes[] = { 0, OLD | RW, NEW | RW, NEW | RO };
#define ANY(values) pick(rng, values, NR_OF(values))
	const uint64_t mm = ANY(small), addr = ANY(addrs), table = ANY(tables), gen = ANY(small);
	const uint64_t shift = ANY(shifts), one = ANY(small), since = rnd_below(rng, 4000);
	const unsigned int cpu = rnd_below(rng, 64) ? rnd_below(rng, 4) : rnd_below(rng, 65536);
	const struct pvtlb_event kinds[] = {
		EV(cpu, IRQ_ENTRY, one),
		EV(cpu, IRQ_EXIT, one),
		EV(cpu, SWITCH_MM, mm),
		EV(cpu, LAZY, mm),
		EV(cpu, ASID, mm, one),
		EV(cpu, PTE_SET, mm, addr, ANY(ptes), ANY(ptes), shift),
		EV(cpu, PTE_SET, mm, addr, ANY(ptes), ANY(ptes), shift),
		EV(cpu, PTE_STORED, mm, addr, shift),
		EV(cpu, PTE_STORED, mm, addr, shift),
		EV(cpu, TABLE_ALLOC, table, gen),
		EV(cpu, TABLE_HOOK, mm, addr, table, gen, shift),
		EV(cpu, TABLE_UNHOOK, mm, addr, table, gen, shift),
		EV(cpu, TABLE_DEPOSIT, table, gen, mm),
		EV(cpu, TABLE_OWN, table, gen, mm),
		EV(cpu, TABLE_FREE, table, gen, POISON),
		EV(cpu, FLUSH_BEGIN, mm, ANY(addrs), ANY(addrs), gen, one),
		EV(cpu, FLUSH_MULTI, { { one, one, one, one } }),
		EV(cpu, SERVED, ANY(addrs), ANY(addrs), { { one, one, one, one } }),
		EV(cpu, ELIDED, one, gen),
		EV(cpu, FLUSH_ENTER, mm, gen, one),
		EV(cpu, FLUSH_FUNC, mm, gen, one, one),
		EV(cpu, FLUSH_END, mm, gen),
		EV(cpu, SYNC, one, gen),
		EV(cpu, GRACE, one),
		EV(cpu, WALK_BEGIN, mm, addr, 1 + rnd_below(rng, 2), one),
		EV(cpu, WALK_LOAD, table, gen, shift, POISON, since),
		EV(cpu, WALK_LOAD, table, gen, shift, POISON, since),
		EV(cpu, WALK_END, one, OLD),
		EV(cpu, ACCESS, mm, addr, one, one, OLD, since),
		EV(cpu, TRIAL, one, one),
		EV(cpu, HELD, one),
		EV(cpu, RESUMED, one),
	};

	return kinds[rnd_below(rng, NR_OF(kinds))];
}

static void report_all(const struct event_stream *stream, const struct violations *bad,
		       unsigned int seen[VIOLATION_KINDS])
{
	for (unsigned int i = 0; i < bad->kept; i++) {
		char text[1024], *report = NULL;
		size_t len;
		FILE *to = open_memstream(&report, &len);

		violation_report(to, stream, &bad->v[i]);
		fclose(to);
		EXPECT(len > 0 && violation_text(&bad->v[i], text, sizeof(text)), "no text");
		free(report);
		seen[bad->v[i].kind]++;
	}
}

/* Whatever the events say, the oracle comes to an end, and has words for what it found. */
static void random_streams(void)
{
	static struct pvtlb_event event[4000];
	const struct event_stream stream = { .event = event, .nr = NR_OF(event) };
	unsigned int seen[VIOLATION_KINDS] = { 0 };
	struct rnd rng = { 0x77616c6b };

	for (unsigned int round = 0; round < 60; round++) {
		for (size_t i = 0; i < NR_OF(event); i++) {
			event[i] = random_event(&rng);
			event[i].seq = i + 1;
		}
		oracle(&stream, PVTLB_CLAIMS, round % 3, &found);
		EXPECT(!found.safe.gave_up, "round %u", round);
		EXPECT(found.delivered.walkers_interrupted <= found.delivered.walkers, "round %u",
		       round);
		report_all(&stream, &found.safe.bad, seen);
		report_all(&stream, &found.delivered.bad, seen);
	}
	/* It is no test of a kind that never occurs. */
	for (unsigned int kind = 0; kind < VIOLATION_KINDS; kind++)
		EXPECT(seen[kind], "%s: never seen", violation_names[kind]);
}

/* A history that every load looks at from its end to its beginning: that must have an end. */
static void too_much_history(void)
{
	const size_t nr = 1u << 18;
	struct pvtlb_event *event = calloc(nr, sizeof(*event));
	const struct event_stream stream = { .event = event, .nr = nr };

	for (size_t i = 0; i < nr; i++) {
		event[i] = i < nr / 2 ? (struct pvtlb_event)HOOK(TABLE)
			   : i % 2    ? (struct pvtlb_event)GUP(1)
				      : (struct pvtlb_event)GO(1, TABLE, 21, 0);
		event[i].seq = i + 1;
	}
	event[0] = (struct pvtlb_event)ALLOC(TABLE);
	oracle(&stream, PVTLB_CLAIM_SAFE, INTERRUPTS_ALL, &found);
	CU_ASSERT_TRUE(found.safe.gave_up);
	free(event);
}

SUITE(unit_oracle_reports, false, { "violation_report, word for word", reports },
      { "violation_report of many events", long_list },
      { "violation_report of what the stream does not know", strange },
      { "random streams", random_streams },
      { "more history than can be looked at", too_much_history });
