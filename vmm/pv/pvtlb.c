/* SPDX-License-Identifier: GPL-2.0-only */
/* Hypervisor side of the pvtlb backend, to docs/pvtlb-hypercall.md. */
#include <string.h>

#include "base/cpuset.h"
#include "machine/serve.h"
#include "machine/state.h"
#include "pv/pvtlb.h"
#include "pv/vcpu_nr.h"

static int64_t check_ranges(const uint8_t *at, uint32_t nr)
{
	for (; nr; nr--, at += sizeof(struct pvtlb_flush_range)) {
		struct pvtlb_flush_range range;

		memcpy(&range, at, sizeof(range));
		if (range.start >= range.end || (range.start | range.end) % PVTLB_PAGE_SIZE ||
		    !canonical(range.start) || !canonical(range.end - 1) ||
		    (range.start ^ (range.end - 1)) >> 63)
			return -PVTLB_EINVAL;
	}
	return PVTLB_OK;
}

static int64_t check_vcpus(const struct pvtlb_cpuset *set, unsigned int cpus)
{
	for (unsigned int cpu = cpus; cpu < 64 * PVTLB_CPUSET_WORDS; cpu++)
		if (cpuset_has(set, cpu))
			return -PVTLB_ERANGE;
	return PVTLB_OK;
}

static int64_t check_space(const struct pvtlb_flush *flush, uint64_t ram)
{
	if (flush->flags & PVTLB_FLUSH_ALL_SPACES)
		return flush->space ? -PVTLB_EINVAL : PVTLB_OK;
	if (flush->space % PVTLB_PAGE_SIZE)
		return -PVTLB_EINVAL;
	return flush->space && flush->space < ram ? PVTLB_OK : -PVTLB_ERANGE;
}

int64_t pvtlb_check_flush(const void *payload, uint32_t len, unsigned int cpus, uint64_t ram,
			  struct pvtlb_flush *flush)
{
	int64_t status;

	if (len < sizeof(*flush))
		return -PVTLB_EINVAL;
	memcpy(flush, payload, sizeof(*flush));
	if (flush->flags & ~PVTLB_FLUSH_FLAGS || flush->nr_ranges > PVTLB_FLUSH_MAX_RANGES ||
	    !flush->nr_ranges != !!(flush->flags & PVTLB_FLUSH_ALL_PAGES) ||
	    len != sizeof(*flush) + flush->nr_ranges * sizeof(flush->range[0]))
		return -PVTLB_EINVAL;
	status = check_space(flush, ram);
	if (!status)
		status = check_vcpus(&flush->vcpus, cpus);
	if (!status)
		status = check_ranges((const uint8_t *)payload + sizeof(*flush), flush->nr_ranges);
	return status;
}

/* The host's flush of a vCPU drops everything; the ranges are told apart for the record only. */
static void serve(struct vcpu *caller, const struct pvtlb_flush *flush,
		  const struct pvtlb_cpuset *cpus, const uint8_t *ranges)
{
	uint64_t space = flush->flags & PVTLB_FLUSH_ALL_SPACES ? SERVE_ALL : flush->space;
	struct pvtlb_flush_range range = { 0, SERVE_ALL };
	struct pvtlb_cpuset done;

	if (flush->nr_ranges)
		memcpy(&range, ranges, sizeof(range));
	done = serve_flush(caller, cpus, space, range.start, range.end);
	for (uint32_t i = 1; i < flush->nr_ranges; i++) {
		memcpy(&range, ranges + i * sizeof(range), sizeof(range));
		serve_note(caller, &done, range.start, range.end);
	}
}

static int64_t flush_tlb(struct vcpu *caller, const void *payload, uint32_t len)
{
	struct machine *m = caller->machine;
	struct pvtlb_flush flush;
	struct pvtlb_cpuset cpus;
	int64_t status;

	status = pvtlb_check_flush(payload, len, m->nr_vcpus, m->mem.size, &flush);
	if (status)
		return status;
	if (serve_refuses(caller))
		return -PVTLB_EINVAL;
	cpus = vcpu_nr_cpus(&flush.vcpus, m->nr_vcpus);
	serve_skip_target(caller, &cpus);
	serve(caller, &flush, &cpus, (const uint8_t *)payload + sizeof(flush));
	return PVTLB_OK;
}

static int64_t call(struct vcpu *caller, uint32_t nr, const void *payload, uint32_t len,
		    uint64_t *result)
{
	if (nr == PVTLB_CALL_FLUSH_TLB)
		return flush_tlb(caller, payload, len);
	if (len)
		return -PVTLB_EINVAL;
	*result = vcpu_nr(caller->id, caller->machine->nr_vcpus);
	return PVTLB_OK;
}

static const struct hypervisor_ops ops = {
	.call_first = PVTLB_CALL_FLUSH_TLB,
	.nr_calls = 2,
	.call = call,
};

BACKEND(pvtlb, {
	.name = "pvtlb",
	.provider = "vmm",
	.paravirt = true,
	.interrupts = INTERRUPTS_NONE,
	.why = "the hypercall interrupts no guest context",
	.ops = &ops,
});
