/* SPDX-License-Identifier: GPL-2.0-only */
/* Violations in words: sentences, and the names of the kinds. */
#include <string.h>

#include "stream.h"

/* Sentences: a violation, and what it is in words. */
static void sentences(void)
{
	static const struct {
		struct violation v;
		const char *want;
	} cases[] = {
		{ { .kind = VIOLATION_NOT_INTERRUPTED,
		    .cpu = 3,
		    .trial = 7,
		    .step = 2,
		    .mm = 1,
		    .target = { .flush = { .initiator = 0, .begin = 120, .end = 131 } } },
		  "CPU 3 did not take an interrupt between the start and the return of CPU 0's "
		  "flush #120 to #131 of mm 1, which it was a target of (trial 7, step 2)" },
		{ { .kind = VIOLATION_INTERRUPTED,
		    .cpu = 254,
		    .mm = UINT64_MAX,
		    .target = { .flush = { .initiator = 1, .begin = 1, .end = UINT64_MAX } } },
		  "CPU 254 took an interrupt between the start and the return of CPU 1's flush "
		  "#1 to #18446744073709551615 of mm all, which it was a target "
		  "of (trial 0, step 0)" },
		{ { .kind = VIOLATION_STALE,
		    .cpu = 1,
		    .trial = 4,
		    .step = 3,
		    .mm = 2,
		    .stale = { .flush = { .begin = 20, .end = 29 },
			       .access = { .at = 33,
					   .addr = VA,
					   .op = PVTLB_ACCESS_READ,
					   .outcome = PVTLB_ACCESS_OK,
					   .page = OLD },
			       .entry = { .pte = NEW | RW, .set = 19 } } },
		  "CPU 1 read 0x100000000000 of mm 2 and reached page 0x2000000 (#33), though it "
		  "is page 0x2200000, writable since #19 and CPU 0's flush #20 to #29 had "
		  "returned (trial 4, step 3)" },
		{ { .kind = VIOLATION_STALE,
		    .cpu = 1,
		    .mm = 2,
		    .stale = { .flush = { .initiator = 5, .begin = 20, .end = 29 },
			       .access = { .at = 33,
					   .addr = VA,
					   .op = PVTLB_ACCESS_WRITE,
					   .outcome = PVTLB_ACCESS_OK,
					   .page = OLD },
			       .entry = { .pte = OLD | RO, .set = 19 } } },
		  "CPU 1 wrote to 0x100000000000 of mm 2 and reached page 0x2000000 (#33), "
		  "though it is page 0x2000000, read-only since #19 and CPU 5's flush #20 to #29 "
		  "had returned (trial 0, step 0)" },
		{ { .kind = VIOLATION_STALE,
		    .cpu = 1,
		    .stale = { .access = { .at = 33,
					   .addr = VA,
					   .op = PVTLB_ACCESS_READ,
					   .outcome = PVTLB_ACCESS_NOT_PRESENT },
			       .entry = { .pte = (1ull << 63) | OLD | RW, .set = 19 } } },
		  "CPU 1 read 0x100000000000 of mm 0 and found nothing mapped (#33), though it "
		  "is page 0x2000000, writable since #19 and CPU 0's flush #0 to #0 had returned "
		  "(trial 0, step 0)" },
		{ { .kind = VIOLATION_STALE,
		    .stale = { .access = { .op = PVTLB_ACCESS_WRITE,
					   .outcome = PVTLB_ACCESS_PROTECTED },
			       .entry = { .pte = OLD | 6 } } },
		  "CPU 0 wrote to 0 of mm 0 and found it write-protected (#0), though it is not "
		  "mapped since #0 and CPU 0's flush #0 to #0 had returned (trial 0, step 0)" },
		{ { .kind = VIOLATION_STALE,
		    .stale = { .access = { .op = 77, .outcome = UINT64_MAX } } },
		  "CPU 0 read 0 of mm 0 and ? (#0), though it is not mapped since #0 and CPU 0's "
		  "flush #0 to #0 had returned (trial 0, step 0)" },
		{ { .kind = VIOLATION_USE_AFTER_FREE,
		    .cpu = 2,
		    .mm = 1,
		    .use_after = { .walk = { .addr = VA, .begin = 10 },
				   .table = { .table = TABLE },
				   .pointer = { .at = 14 },
				   .release = { .at = 23, .as = RELEASED_FREED },
				   .use = { .at = 26 } } },
		  "CPU 2's walk #10 of 0x100000000000 of mm 1 read page table 0x3000 (#26) "
		  "through a pointer from #14, though CPU 0 freed it at #23 (trial 0, step 0)" },
		{ { .kind = VIOLATION_USE_AFTER_DEPOSIT,
		    .use_after = { .release = { .cpu = 3, .as = RELEASED_DEPOSITED } } },
		  "CPU 0's walk #0 of 0 of mm 0 read page table 0 (#0) through a pointer from "
		  "#0, though CPU 3 deposited it at #0 (trial 0, step 0)" },
		{ { .kind = VIOLATION_USE_AFTER_UNSHARE,
		    .use_after = { .release = { .as = RELEASED_UNSHARED } } },
		  "CPU 0's walk #0 of 0 of mm 0 read page table 0 (#0) through a pointer from "
		  "#0, though CPU 0 unshared it at #0 (trial 0, step 0)" },
		{ { .kind = VIOLATION_WRONG_PAGE,
		    .cpu = 2,
		    .mm = 1,
		    .wrong_page = { .walk = { .addr = VA, .begin = 10 },
				    .took = { .page = OLD, .at = 26 },
				    .entry = { .pte = NEW | RO, .set = 8 } } },
		  "CPU 2's walk #10 of 0x100000000000 of mm 1 took page 0x2000000 (#26), which "
		  "was not mapped there at any time since it began; it is page 0x2200000, "
		  "read-only since #8 (trial 0, step 0)" },
		{ { .kind = VIOLATION_WALK_INTERRUPTED,
		    .cpu = 2,
		    .walk_interrupted = { .walk = { .begin = 10 },
					  .interrupt = { .vector = 0xfc, .at = 12 } } },
		  "CPU 2's walk #10 of 0 of mm 0, which was to run with IRQs off, was "
		  "interrupted (#12, vector 0xfc) (trial 0, step 0)" },
		{ { .kind = VIOLATION_NOT_FLUSHED,
		    .mm = 1,
		    .not_flushed = { .unhook = { .addr = VA, .at = 15, .mm = 1 },
				     .table = { .table = TABLE },
				     .release = { .at = 23, .as = RELEASED_FREED } } },
		  "CPU 0 freed page table 0x3000 (#23), unhooked from 0x100000000000 of mm 1 at "
		  "#15, though no flush of that had returned: hardware may still walk through it "
		  "(trial 0, step 0)" },
		{ { .kind = VIOLATION_ACK_EARLY,
		    .cpu = 3,
		    .mm = 1,
		    .ack = { .flush = { .begin = 17, .end = 21 }, .func = { .begin = 19 } } },
		  "CPU 0's flush #17 to #21 of mm 1 returned before CPU 3, which had begun its "
		  "part at #19, had done it (trial 0, step 0)" },
		{ { .kind = VIOLATION_WALKER_NOT_INTERRUPTED,
		    .cpu = 2,
		    .mm = 1,
		    .walker = { .walk = { .begin = 10 },
				.table = { .table = TABLE },
				.unhook = { .at = 15 },
				.release = { .at = 23, .as = RELEASED_DEPOSITED },
				.sync = { .at = 20, .skipped = true } } },
		  "CPU 0 deposited page table 0x3000 (#23), unhooked at #15, with sync #20 "
		  "skipped, while CPU 2 was still in its walk #10 of mm 1 and had not been "
		  "interrupted (trial 0, step 0)" },
		{ { .kind = VIOLATION_WALKER_NOT_INTERRUPTED,
		    .walker = { .release = { .as = RELEASED_FREED } } },
		  "CPU 0 freed page table 0 (#0), unhooked at #0, with no sync, while CPU 0 was "
		  "still in its walk #0 of mm 0 and had not been interrupted (trial 0, step 0)" },
		{ { .kind = VIOLATION_NOT_SERVED,
		    .cpu = 1,
		    .mm = 1,
		    .not_served = { .flush = { .begin = 2, .end = 6 } } },
		  "CPU 0's flush #2 to #6 of mm 1 was for CPU 1, which was not interrupted, and "
		  "when it returned the hypervisor had not served all of its range there (trial 0, "
		  "step 0)" },
		{ { .kind = VIOLATION_OVER_SERVED,
		    .cpu = 2,
		    .mm = 1,
		    .served = { .flush = { .begin = 2, .end = 5 } } },
		  "CPU 0's flush #2 to #5 of mm 1 was not for CPU 2, and the hypervisor was "
		  "asked to flush it all the same (trial 0, step 0)" },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		char text[512], small[16];

		CU_ASSERT_PTR_EQUAL(violation_text(&cases[i].v, text, sizeof(text)), text);
		EXPECT(!strcmp(text, cases[i].want), "%zu: %s", i, text);
		violation_text(&cases[i].v, small, sizeof(small));
		EXPECT(strlen(small) == sizeof(small) - 1 &&
			       !strncmp(small, cases[i].want, sizeof(small) - 1),
		       "%zu, cut off: %.16s", i, small);
	}
}

static void names(void)
{
	static const char *const want[VIOLATION_KINDS] = {
		[VIOLATION_NOT_INTERRUPTED] = "not-interrupted",
		[VIOLATION_INTERRUPTED] = "interrupted",
		[VIOLATION_ACK_EARLY] = "ack-early",
		[VIOLATION_NOT_SERVED] = "not-served",
		[VIOLATION_OVER_SERVED] = "over-served",
		[VIOLATION_WALKER_NOT_INTERRUPTED] = "walker-not-interrupted",
		[VIOLATION_STALE] = "stale",
		[VIOLATION_USE_AFTER_FREE] = "use-after-free",
		[VIOLATION_USE_AFTER_DEPOSIT] = "use-after-deposit",
		[VIOLATION_USE_AFTER_UNSHARE] = "use-after-unshare",
		[VIOLATION_WRONG_PAGE] = "wrong-page",
		[VIOLATION_WALK_INTERRUPTED] = "walk-interrupted",
		[VIOLATION_NOT_FLUSHED] = "not-flushed",
		[VIOLATION_GRABBED] = "walk-unhooked",
		[VIOLATION_MISSED_FLUSH] = "missed-flush",
		[VIOLATION_UNFLUSHED] = "unflushed",
		[VIOLATION_PAGE_EARLY] = "page-early",
		[VIOLATION_TABLE_EARLY] = "table-early",
		[VIOLATION_CAME_BACK] = "came-back",
		[VIOLATION_ASKED_WRONG] = "asked-wrong",
		[VIOLATION_SERVED_SHORT] = "served-short",
		[VIOLATION_NOT_DONE] = "not-done",
		[VIOLATION_TAG_REUSED] = "tag-reused",
		[VIOLATION_MODEL_FAULT] = "model-fault",
	};

	/* Programs go by them: a new kind says its name here as well. */
	for (unsigned int i = 0; i < VIOLATION_KINDS; i++)
		CU_ASSERT_TRUE(want[i] && !strcmp(violation_names[i], want[i]));
}

SUITE(unit_violation_text, false, { "violation_text", sentences }, { "violation_names", names });
