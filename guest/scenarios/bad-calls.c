/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bad-calls: what a guest gets that calls its hypervisor wrongly: an error, and nothing else.
 *
 * Each call's number and status are in an event; the tests know what they must be.
 */
#include <pvtlb/flush.h>
#include <scenario.h>
#include <scenario/diagnostic.h>

static void flush(struct pvtlb_flush *f, const struct pvtlb_flush_range *range, u32 len)
{
	union {
		struct pvtlb_flush f;
		u8 room[sizeof(struct pvtlb_flush) + sizeof(struct pvtlb_flush_range)];
	} arg = { .f = *f };

	if (range)
		arg.f.range[0] = *range;
	scn_call(PVTLB_CALL_FLUSH_TLB, &arg, len);
}

static void leader(void)
{
	struct pvtlb_cpu_on on = { .cpu = 255, .entry = (u64)leader, .stack = 16 };
	struct pvtlb_flush f = { .flags = PVTLB_FLUSH_ALL_SPACES | PVTLB_FLUSH_ALL_PAGES };
	struct pvtlb_flush_range range = { 0x2000, 0x1000 };

	scn_call(0, NULL, 0);
	scn_call(0xffffffff, NULL, 0);
	scn_call(PVTLB_CALL_DRAIN, &on, 8);
	scn_call(PVTLB_CALL_CPU_ON, &on, sizeof(on));
	on.cpu = 0;
	scn_call(PVTLB_CALL_CPU_ON, &on, sizeof(on));
	on.entry = 1ull << 63;
	scn_call(PVTLB_CALL_CPU_ON, &on, sizeof(on));
	/* An empty set is not an error. */
	flush(&f, NULL, sizeof(f));
	flush(&f, NULL, sizeof(f) + 1);
	f.vcpus.bits[3] = 1ull << 63;
	flush(&f, NULL, sizeof(f));
	f.vcpus.bits[3] = 0;
	f.flags = PVTLB_FLUSH_ALL_SPACES;
	f.nr_ranges = 1;
	flush(&f, &range, sizeof(f) + sizeof(range));
	range.start = 0;
	flush(&f, &range, sizeof(f) + sizeof(range));
	f.flags |= 1u << 31;
	flush(&f, &range, sizeof(f) + sizeof(range));
}

SCENARIO(bad_calls, {
	.name = "bad-calls",
	.title = "calls that a hypervisor must refuse",
	.flags = PVTLB_SCENARIO_DIAGNOSTIC,
	.min_cpus = 1,
	.program = SCN_PROGRAM(.leader = leader),
});
