/* SPDX-License-Identifier: GPL-2.0-only */
/* Which values an event's argument can have at all, by its kind. */
#include <stdio.h>

#include "events/described.h"
#include "events/range.h"
#include "events/value.h"
#include "pvtlb/fault.h"

/* Intel SDM 3A, 4.1.4 (MAXPHYADDR is at most 52) and 4.5.4 (levels of 4-level paging). */
#define GPA_BITS 52
#define GVA_BITS 48
#define SIZES	 (1ull << 12 | 1ull << 21 | 1ull << 30 | 1ull << 39 | 1ull << 48)

enum limit { ANY, ONE_OF, A_CPU, SOME_CPUS, EARLIER, PHYSICAL, PHYSICAL_OR_ALL, VIRTUAL, AN_END };

/* ONE_OF: bit n of the set: n is a value. */
static const struct range {
	enum limit limit;
	uint64_t set;
} ranges[PVTLB_KIND_NR] = { [PVTLB_KIND_SEQ] = { EARLIER, 0 },
			    [PVTLB_KIND_CPU] = { A_CPU, 0 },
			    [PVTLB_KIND_CPUS] = { SOME_CPUS, 0 },
			    [PVTLB_KIND_GVA] = { VIRTUAL, 0 },
			    [PVTLB_KIND_END] = { AN_END, 0 },
			    [PVTLB_KIND_GPA] = { PHYSICAL, 0 },
			    [PVTLB_KIND_TABLE] = { PHYSICAL, 0 },
			    [PVTLB_KIND_SPACE] = { PHYSICAL_OR_ALL, 0 },
			    [PVTLB_KIND_SHIFT] = { ONE_OF, SIZES },
			    [PVTLB_KIND_BOOL] = { ONE_OF, 3 },
			    [PVTLB_KIND_FAULT] = { ONE_OF, (1ull << PVTLB_FAULT_NR) - 1 },
#define V(id, value, name) | 1ull << (value)
#define N(id, values)	   [PVTLB_KIND_##id] = { ONE_OF, 0 values(V) },
			    PVTLB_NAMED_KINDS(N)
#undef N
#undef V
};

static bool canonical(uint64_t gva)
{
	return (uint64_t)((int64_t)(gva << (64 - GVA_BITS)) >> (64 - GVA_BITS)) == gva;
}

static bool cpus_exist(const uint64_t *set, unsigned int cpus)
{
	uint64_t beyond = 0;

	for (unsigned int i = 0; i < PVTLB_CPUSET_WORDS; i++) {
		unsigned int first = 64 * i;

		if (cpus <= first)
			beyond |= set[i];
		else if (cpus < first + 64)
			beyond |= set[i] >> (cpus - first);
	}
	return !beyond;
}

static bool in_range(enum pvtlb_kind kind, const uint64_t *value, uint64_t seq, unsigned int cpus)
{
	switch (ranges[kind].limit) {
	case ANY:
		break;
	case ONE_OF:
		return *value < 64 && ranges[kind].set >> *value & 1;
	case A_CPU:
		return *value < cpus;
	case SOME_CPUS:
		return cpus_exist(value, cpus);
	case EARLIER:
		return *value < seq;
	case PHYSICAL:
		return !(*value >> GPA_BITS);
	case PHYSICAL_OR_ALL:
		return !(*value >> GPA_BITS) || !~*value;
	case VIRTUAL:
		return canonical(*value);
	case AN_END:
		/* Behind the last address, too; ~0, all, is canonical. */
		return canonical(*value) || canonical(*value - 1);
	}
	return true;
}

/*
 * What a guest asks of its hypervisor may be anything, and is for the oracle to judge: which
 * addresses, and so those in the VMM's own events; which CPUs, and all of them are all bits.
 */
static bool asked_for(unsigned int id, enum limit limit)
{
	bool asks = id == PVTLB_EV_ASK || id == PVTLB_EV_ASK_RANGE;

	if (limit == SOME_CPUS)
		return asks;
	return (asks || event_is_ours(id)) && (limit == PHYSICAL || limit == PHYSICAL_OR_ALL ||
					       limit == VIRTUAL || limit == AN_END);
}

int event_out_of_range(const struct pvtlb_event *event, unsigned int cpus)
{
	const struct event_arg *args = event_args[event->id];
	const uint64_t *value = event->arg;

	for (int i = 0; args[i].name; value += args[i++].words)
		if (!in_range(args[i].kind, value, event->seq, cpus) &&
		    !asked_for(event->id, ranges[args[i].kind].limit))
			return i;
	return -1;
}

const char *range_text(enum pvtlb_kind kind, unsigned int cpus, char *buf, size_t len)
{
	switch (ranges[kind].limit) {
	case A_CPU:
		snprintf(buf, len, "a CPU from 0 to %u", cpus - 1);
		break;
	case SOME_CPUS:
		snprintf(buf, len, "CPUs from 0 to %u", cpus - 1);
		break;
	case EARLIER:
		snprintf(buf, len, "the number of an earlier event");
		break;
	case PHYSICAL:
	case PHYSICAL_OR_ALL:
		snprintf(buf, len, "an address of at most %u bits", GPA_BITS);
		break;
	case VIRTUAL:
	case AN_END:
		snprintf(buf, len, "a canonical address of %u bits", GVA_BITS);
		break;
	case ONE_OF:
	case ANY:
		value_expected(kind, buf, len);
		break;
	}
	return buf;
}
