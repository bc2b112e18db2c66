/* SPDX-License-Identifier: GPL-2.0-only */
/* What CPUs may have cached of the kernel's own addresses: under every tag, and a flush of them. */
#include "permitted_stream.h"

#define HERE(d)	    SWITCH_OF(1, 1, 2, d)
#define THERE(d)    SWITCH_OF(1, 2, 3, d)
#define KMAP	    SET_AT(0, VA, 0, OLD | RW, 12)
#define KREMAP	    SET_AT(0, VA, OLD | RW, NEW | RW, 12)
#define KFLUSH(...) BEGIN_AT(0, 0, VA, VA + PAGE), MULTI(0, 2), __VA_ARGS__ EV(0, FLUSH_END, 0)
#define PICK	    EV(1, INVLPG, VA)
/* CPU 1 was in mm 1, under tag 2, and is in mm 2, under tag 3. */
#define IN_BOTH SPACES, KMAP, HERE(OF_TAG), THERE(OF_TAG)
STREAM(good_all_tags) = { IN_BOTH, KREMAP, KFLUSH(PICK, ), HERE(OF_TAG), THERE(KEEPS) };
STREAM(bad_one_tag) = { IN_BOTH, KREMAP, KFLUSH(PICK, ), HERE(KEEPS) };
STREAM(bad_one_tag_in_full) = { IN_BOTH, KREMAP, KFLUSH(CR3_OF(1, 2, 3, OF_TAG), ), HERE(KEEPS) };
STREAM(good_in_full) = { IN_BOTH, KREMAP, KFLUSH(CR3_OF(1, 2, 3, EVERYTHING), ), HERE(KEEPS) };
STREAM(bad_missed) = { IN_BOTH, KREMAP, KFLUSH() };
STREAM(good_not_flushed) = { IN_BOTH, KREMAP, HERE(KEEPS) };
/* What is mapped now it may have, as what was there when the flush began. */
STREAM(good_same_again) = { IN_BOTH, KREMAP, SET_AT(0, VA, NEW | RW, OLD | RW, 12), KFLUSH(PICK, ),
			    HERE(KEEPS) };
STREAM(good_other_range) = { IN_BOTH,
			     KREMAP,
			     BEGIN_AT(0, 0, VA + PAGE, VA + 2 * PAGE),
			     MULTI(0, 2),
			     EV(0, FLUSH_END, 0),
			     HERE(KEEPS) };
/* The tag was not in use in all the time that the page was mapped. */
STREAM(good_never_there) = { SPACES,	     HERE(OF_TAG), THERE(OF_TAG), KMAP,	      KREMAP,
			     KFLUSH(PICK, ), HERE(KEEPS),  THERE(KEEPS),  HERE(KEEPS) };
/* Being lazy is an excuse for user space. */
STREAM(bad_lazy) = { IN_BOTH, LAZY(1, 2), KREMAP, KFLUSH() };
STREAM(good_down) = { IN_BOTH,
		      EV(1, CPU_DOWN, 1),
		      KREMAP,
		      BEGIN_AT(0, 0, VA, VA + PAGE),
		      MULTI(0, 1),
		      EV(0, FLUSH_END, 0),
		      CR3_OF(1, 2, 3, OF_TAG),
		      EV(1, CPU_UP, 1),
		      HERE(OF_TAG) };
STREAM(bad_up_again) = { IN_BOTH,
			 EV(1, CPU_DOWN, 1),
			 KREMAP,
			 BEGIN_AT(0, 0, VA, VA + PAGE),
			 MULTI(0, 1),
			 EV(0, FLUSH_END, 0),
			 CR3_OF(1, 2, 3, OF_TAG),
			 EV(1, CPU_UP, 1),
			 HERE(KEEPS) };
/* It comes up with the tag that it went down with, and has dropped nothing. */
#define AWAY_AND(cr3)                                                                              \
	IN_BOTH, EV(1, CPU_DOWN, 1), KREMAP, BEGIN_AT(0, 0, VA, VA + PAGE), MULTI(0, 1),          \
		EV(0, FLUSH_END, 0), cr3, EV(1, CPU_UP, 1)
STREAM(bad_up_keeps) = { AWAY_AND(CR3_OF(1, 2, 3, KEEPS)) };
STREAM(good_up_drops) = { AWAY_AND(CR3_OF(1, 2, 3, OF_TAG)) };
STREAM(good_broadcast) = { IN_BOTH, KREMAP, KFLUSH(EV(0, INVLPGB, VA, 0, 0), EV(0, TLBSYNC, 0), ),
			   HERE(KEEPS) };
STREAM(bad_broadcast) = { IN_BOTH, KREMAP, KFLUSH(EV(0, INVLPGB, VA, 0, 0), ) };

static const struct permit kernels[] = {
	RIGHT(good_all_tags),
	WRONG(CAME_BACK, 1, bad_one_tag),
	WRONG(CAME_BACK, 1, bad_one_tag_in_full),
	RIGHT(good_in_full),
	WRONG(MISSED_FLUSH, 1, bad_missed),
	RIGHT(good_not_flushed),
	RIGHT(good_same_again),
	RIGHT(good_other_range),
	RIGHT(good_never_there),
	WRONG(MISSED_FLUSH, 1, bad_lazy),
	RIGHT(good_down),
	WRONG(CAME_BACK, 1, bad_up_again),
	WRONG(CAME_BACK, 1, bad_up_keeps),
	RIGHT(good_up_drops),
	RIGHT(good_broadcast),
	WRONG(MISSED_FLUSH, 1, bad_broadcast),
};

static void kernel(void)
{
	expect_permits(kernels, NR_OF(kernels));
}

SUITE(unit_permitted_kernel, false, { "the kernel's own addresses", kernel });
