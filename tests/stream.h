/* SPDX-License-Identifier: GPL-2.0-only */
/* Hand-written streams of events for the oracle's suites: how to write and to judge them. */
#ifndef TESTS_STREAM_H
#define TESTS_STREAM_H

#include "oracle/oracle.h"
#include "pvtlb/image.h"
#include "pvtlb/types.h"
#include "unit_util.h"

#define PAGE  PVTLB_PAGE_SIZE
#define VA    0x100000000000ull
#define OLD   0x2000000ull /* two pages of memory */
#define NEW   0x2200000ull
#define RW    7ull /* present, writable, user */
#define RO    5ull
#define LARGE 21
#define FULL  (~0ull)

/* A stream is an array of these; an event's sequence number is its place, from 1. */
#define EV(cpu, id, ...) PVTLB_EVENT(cpu, id, __VA_ARGS__)

#define TRIAL(trial, step)	EV(0, TRIAL, trial, step)
#define BEGIN(cpu)		EV(cpu, FLUSH_BEGIN, 1, VA, VA + PAGE)
#define BEGIN_AT(cpu, mm, s, e) EV(cpu, FLUSH_BEGIN, mm, s, e)
#define MULTI(cpu, set)		EV(cpu, FLUSH_MULTI, { { set } })
#define END(cpu)		EV(cpu, FLUSH_END, 1)
#define LOAD(cpu, mm)		EV(cpu, SWITCH_MM, mm)
#define LAZY(cpu, mm)		EV(cpu, LAZY, mm)
#define IRQ(cpu)		EV(cpu, IRQ_ENTRY, 0xfc), EV(cpu, IRQ_EXIT, 0xfc)

/* Two events: about to be stored, and stored. */
#define SET(old, new)			   SET_AT(1, VA, old, new, 12)
#define SET_AT(mm, a, old, new, shift)	   STORE(0, mm, a, old, new, shift), STORED(0, mm, a, shift)
#define STORE(cpu, mm, a, old, new, shift) EV(cpu, PTE_SET, mm, a, old, new, shift)
#define STORED(cpu, mm, a, shift)	   EV(cpu, PTE_STORED, mm, a, shift)

#define READ(cpu, since, value)	 LOOK(cpu, 1, VA, READ, OK, value, since)
#define WRITE(cpu, since, value) LOOK(cpu, 1, VA, WRITE, OK, value, since)
#define LOOK(cpu, mm, addr, op, outcome, value, since)                                             \
	EV(cpu, ACCESS, mm, addr, PVTLB_ACCESS_##op, PVTLB_ACCESS_##outcome, value, since)

/* Tables and walks. A walk loads an entry with the sequence at since or later. */
#define TABLE	 0x3000ull
#define ALLOC(t) EV(0, TABLE_ALLOC, t, 1)
#define UNHOOK_OF(cpu, t, mm, a)                                                                   \
	EV(cpu, TABLE_UNHOOK, mm, a, t, 1, LARGE), STORED(cpu, mm, a, LARGE)
#define UNHOOK(t)		 UNHOOK_OF(0, t, 1, VA)
#define HOOK(t)			 EV(0, TABLE_HOOK, 1, VA, t, 1, LARGE)
#define FREE(t)			 EV(0, TABLE_FREE, t, 1, POISON)
#define DEPOSIT(t)		 EV(0, TABLE_DEPOSIT, t, 1, 1)
#define OWN(t, mm)		 EV(0, TABLE_OWN, t, 1, mm)
#define POISON			 0x9000007ull
#define GUP(cpu)		 EV(cpu, WALK_BEGIN, 1, VA, PVTLB_WALK_GUP, true)
#define RCU(cpu)		 EV(cpu, WALK_BEGIN, 1, VA, PVTLB_WALK_RCU, false)
#define GO(cpu, t, shift, since) EV(cpu, WALK_LOAD, t, 1, shift, POISON, since)
#define TOOK(cpu, page)		 EV(cpu, WALK_END, PVTLB_WALK_PAGE, page)
#define NOTHING(cpu)		 EV(cpu, WALK_END, PVTLB_WALK_NONE)
#define SYNC(cpu, skipped)	 EV(cpu, SYNC, false, skipped)

#define STREAM(name) static const struct pvtlb_event name[]

/* What a stream has to be found to be. A name that begins with bad_ promises a violation. */
struct expect {
	const char *name;
	const struct pvtlb_event *event;
	size_t nr;
	enum interrupts promise;
	uint32_t claims; /* 0: all */
	uint64_t flushes, targets, interrupted, delivered_bad;
	uint64_t walkers, walkers_interrupted;
	uint64_t checks, large, walk_loads, safe_bad;
	uint32_t trials, violated; /* trials 0: 1 */
};
#define CASE(stream, ...)                                                                          \
	{                                                                                          \
		.name = #stream, .event = stream, .nr = NR_OF(stream), __VA_ARGS__                 \
	}
#define ALL  .promise = INTERRUPTS_ALL
#define NONE .promise = INTERRUPTS_NONE
#define RUNNING .promise = INTERRUPTS_RUNNING
#define SAFE .claims = PVTLB_CLAIM_SAFE
/* One violation, of one column or the other. */
#define BAD	    .safe_bad = 1, .violated = 1
#define UNDELIVERED .delivered_bad = 1, .violated = 1

/* What the last stream was found to be. */
extern struct findings found;

/* Number the events and judge them, by all columns. */
void judge_stream(const struct pvtlb_event *event, size_t nr, enum interrupts promise);
/* Judge each and hold what is found against what is expected. */
void expect_all(const struct expect *cases, size_t nr);
/* The same; and the first violation of each that has one is of that kind. */
void expect_kind(const struct expect *cases, size_t nr, enum violation_kind kind);

#define AGREES(field, got)                                                                         \
	EXPECT((got) == e->field, "%s: " #field " is %llu, not %llu", e->name,                     \
	       (unsigned long long)(got), (unsigned long long)e->field)

#endif
