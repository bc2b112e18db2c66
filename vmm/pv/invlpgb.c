/* SPDX-License-Identifier: GPL-2.0-only */
/* The CPU's part of INVLPGB and TLBSYNC: flushes that are under way until they are waited for. */
#include <string.h>

#include "base/cpuset.h"
#include "machine/serve.h"
#include "machine/state.h"
#include "pv/invlpgb.h"

#define MAX_PENDING 64u /* ranges between two TLBSYNCs that are told apart */

/* What a CPU has asked for since its last TLBSYNC. */
struct pending {
	bool any;
	struct vcpu_token token[PVTLB_MAX_CPUS];
	unsigned int nr;
	struct {
		uint64_t start, end;
	} range[MAX_PENDING];
};

struct state {
	struct pending cpu[PVTLB_MAX_CPUS];
};

int64_t invlpgb_check(const void *payload, uint32_t len, uint64_t *start, uint64_t *end)
{
	struct pvtlb_invlpgb op;
	uint64_t page, size;

	if (len != sizeof(op))
		return -PVTLB_EINVAL;
	memcpy(&op, payload, sizeof(op));
	if (op.rax & INVLPGB_RAX_MBZ || op.ecx & INVLPGB_ECX_MBZ || op.edx & INVLPGB_EDX_MBZ ||
	    (op.ecx & INVLPGB_COUNT) > INVLPGB_COUNT_MAX)
		return -PVTLB_EINVAL;
	*start = 0;
	*end = SERVE_ALL;
	if (!(op.rax & INVLPGB_VA_VALID))
		return PVTLB_OK;
	page = op.rax & ~(PVTLB_PAGE_SIZE - 1);
	/* Each address flushes the whole page that maps it; apart by 4 KiB or by 2 MiB. */
	size = op.ecx & INVLPGB_STRIDE_2M ? 1ull << 21 : PVTLB_PAGE_SIZE;
	*start = page & ~(size - 1);
	*end = *start + ((op.ecx & INVLPGB_COUNT) + 1) * size;
	if (!canonical(page) || !canonical(*end - 1) || *end <= *start)
		return -PVTLB_EINVAL;
	return PVTLB_OK;
}

/* Begun, not waited for: that is what TLBSYNC is for. */
static void begin(struct vcpu *caller, struct pending *p, uint64_t start, uint64_t end)
{
	struct machine *m = caller->machine;
	unsigned int at = p->nr < MAX_PENDING ? p->nr++ : MAX_PENDING - 1;

	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		p->token[cpu] = vcpu_owe_flush(&m->vcpu[cpu]);
	/* The vCPUs lose all they have cached; beyond so many ranges it is not told any finer. */
	if (p->nr == MAX_PENDING) {
		start = 0;
		end = SERVE_ALL;
	}
	p->range[at].start = start;
	p->range[at].end = end;
	p->any = true;
}

static void sync(struct vcpu *caller, struct pending *p)
{
	struct machine *m = caller->machine;
	struct pvtlb_cpuset all = { 0 }, done;

	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		vcpu_wait_out(&m->vcpu[cpu], p->token[cpu]);
	/* A CPU that is off has no TLB. */
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		if (vcpu_is_on(&m->vcpu[cpu]))
			cpuset_add(&all, cpu);
	done = serve_were_out(caller, &all, p->token);
	for (unsigned int i = 0; i < p->nr; i++)
		serve_note(caller, &done, p->range[i].start, p->range[i].end);
	p->nr = 0;
	p->any = false;
}

static int64_t call(struct vcpu *caller, uint32_t nr, const void *payload, uint32_t len,
		    uint64_t *result)
{
	struct state *state = caller->machine->pv_state;
	struct pending *p = &state->cpu[caller->id];
	uint64_t start, end;
	int64_t status;

	(void)result;
	if (nr == PVTLB_CALL_TLBSYNC) {
		if (len)
			return -PVTLB_EINVAL;
		if (p->any)
			sync(caller, p);
		return PVTLB_OK;
	}
	status = invlpgb_check(payload, len, &start, &end);
	if (!status)
		begin(caller, p, start, end);
	return status;
}

static const struct hypervisor_ops ops = {
	.call_first = PVTLB_CALL_INVLPGB,
	.nr_calls = 2,
	.state_size = sizeof(struct state),
	.call = call,
};

BACKEND(invlpgb, {
	.name = "invlpgb",
	.provider = "vmm",
	.paravirt = true,
	.invlpgb = true,
	.interrupts = INTERRUPTS_SOME,
	.why = "INVLPGB flushes an mm with a global ASID and interrupts nobody",
	.ops = &ops,
});
