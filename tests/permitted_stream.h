/* SPDX-License-Identifier: GPL-2.0-only */
/* Hand-written streams about what CPUs may have cached: how to write and to judge them. */
#ifndef TESTS_PERMITTED_STREAM_H
#define TESTS_PERMITTED_STREAM_H

#include "stream.h"

#define PGD(mm)	     (0x10000ull * (mm))
#define SPACE(mm)    EV(0, MM, mm, PGD(mm))
#define SPACES	     SPACE(1), SPACE(2)
#define CR3(cpu, mm) CR3_OF(cpu, mm, 0, PVTLB_DROPS_ALL)
/* drops: one of these. */
#define EVERYTHING		    PVTLB_DROPS_ALL
#define OF_TAG			    PVTLB_DROPS_TAG
#define KEEPS			    PVTLB_DROPS_NOTHING
#define CR3_OF(cpu, mm, tag, drops) EV(cpu, CR3, PGD(mm), tag, drops)
#define SWITCH(cpu, mm)		    CR3(cpu, mm), LOAD(cpu, mm)
#define SWITCH_OF(cpu, mm, tag, d)  CR3_OF(cpu, mm, tag, d), LOAD(cpu, mm)
#define MAP			    SET(0, OLD | RW)
#define UNMAP			    SET(OLD | RW, 0)
/* What nearly all begin with: CPU 1 has mm 1 loaded, VA maps OLD. Six events. */
#define LOADED	      SPACES, MAP, SWITCH(1, 1)
#define RELOAD(cpu)   CR3(cpu, 1), EV(cpu, FLUSH_FUNC, 1, 2, PVTLB_FLUSHED_CURRENT)
#define FLUSH(...)    BEGIN(0), __VA_ARGS__ END(0)
#define CALLED(mm, e) EV(0, RETURNS, mm, PVTLB_MM_ZAP, VA, VA + PAGE, e)
#define GIVE_BACK(p)  EV(0, PAGE_FREE, p, 12)
#define ONE(set)                                                                                   \
	{                                                                                          \
		{                                                                                  \
			set                                                                        \
		}                                                                                  \
	}
#define TOLD(cpu, set) EV(cpu, SERVED, 0, FULL, ONE(set))

struct permit {
	const char *name; /* bad_: CPU `cpu` violates the rule of that kind, and nothing else is
			     wrong */
	const struct pvtlb_event *event;
	size_t nr;
	enum violation_kind kind;
	unsigned int cpu;
	bool by_host, no_look;
};
#define RIGHT(stream, ...)                                                                         \
	{                                                                                          \
		.name = #stream, .event = stream, .nr = NR_OF(stream), __VA_ARGS__                 \
	}
#define WRONG(k, c, stream, ...) RIGHT(stream, .kind = VIOLATION_##k, .cpu = c, ##__VA_ARGS__)

void expect_permits(const struct permit *cases, size_t nr);

#endif
