/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CPU's part of INVLPGB and TLBSYNC. The one begins a flush, and the other waits for it; a CPU
 * may take its time between the two. This one takes as much as it may: it has done nothing before
 * somebody waits, and then a thread of its own does it.
 */
#include <linux/kvm.h>
#include <string.h>

#include "base/cpuset.h"
#include "base/shortage.h"
#include "machine/later.h"
#include "machine/serve.h"
#include "machine/state.h"
#include "pv/invlpgb.h"

#define MAX_PENDING 64u /* ranges between two TLBSYNCs that are told apart */

/* What a CPU has asked for since its last TLBSYNC. */
struct pending {
	bool due; /* it waits */
	unsigned int nr;
	struct {
		uint64_t start, end;
	} range[MAX_PENDING];
};

struct state {
	struct later later;
	pthread_mutex_t lock; /* of what is pending */
	struct pending cpu[PVTLB_MAX_CPUS];
	uint64_t cr4[PVTLB_MAX_CPUS]; /* bits of CR4_OURS; by the CPU's own thread */
};

static bool counts(const struct pvtlb_invlpgb *op, bool pcide)
{
	unsigned int pcid = op->edx >> INVLPGB_PCID_SHIFT & INVLPGB_PCID;

	if (op->rax & INVLPGB_RAX_MBZ || op->ecx & INVLPGB_ECX_MBZ || op->edx & INVLPGB_EDX_MBZ ||
	    op->rax & INVLPGB_NESTED || (op->ecx & INVLPGB_COUNT) > INVLPGB_COUNT_MAX)
		return false;
	if (op->rax & INVLPGB_ASID_VALID && (op->edx & INVLPGB_ASID) > INVLPGB_ASID_MAX)
		return false;
	return !(op->rax & INVLPGB_PCID_VALID) || !pcid || pcide;
}

int64_t invlpgb_check(const void *payload, uint32_t len, bool pcide, uint64_t *start, uint64_t *end)
{
	struct pvtlb_invlpgb op;
	uint64_t page, size;

	if (len != sizeof(op))
		return -PVTLB_EINVAL;
	memcpy(&op, payload, sizeof(op));
	if (!counts(&op, pcide))
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

int64_t invlpgb_check_cr4(uint64_t value, uint64_t cr4, uint64_t cr3)
{
	/* What the CPU has itself is not for us to change. */
	if ((value ^ cr4) & ~INVLPGB_CR4_OURS)
		return -PVTLB_EINVAL;
	if (value & ~cr4 & X86_CR4_PCIDE && cr3 & X86_CR3_PCID)
		return -PVTLB_EINVAL;
	return PVTLB_OK;
}

static void pend(struct state *state, struct pending *p, uint64_t start, uint64_t end)
{
	unsigned int at;

	pthread_mutex_lock(&state->lock);
	at = p->nr < MAX_PENDING ? p->nr++ : MAX_PENDING - 1;
	/* The vCPUs lose all they have cached; beyond so many ranges it is not told any finer. */
	if (p->nr == MAX_PENDING) {
		start = 0;
		end = SERVE_ALL;
	}
	p->range[at].start = start;
	p->range[at].end = end;
	pthread_mutex_unlock(&state->lock);
}

static void sync(struct state *state, struct pending *p)
{
	bool any;

	pthread_mutex_lock(&state->lock);
	any = p->due = p->nr;
	pthread_mutex_unlock(&state->lock);
	if (any)
		later_wait(&state->later, later_ask(&state->later));
}

/* Take over what this CPU waits for; false: nothing. */
static bool take(struct state *state, struct pending *from, struct pending *to)
{
	bool due;

	pthread_mutex_lock(&state->lock);
	due = from->due;
	if (due) {
		*to = *from;
		from->due = false;
		from->nr = 0;
	}
	pthread_mutex_unlock(&state->lock);
	return due;
}

static void flush_for(struct vcpu *caller, const struct pending *p)
{
	struct machine *m = caller->machine;
	struct pvtlb_cpuset all = { 0 }, done;

	/* A CPU that is off has no TLB. */
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		if (vcpu_is_on(&m->vcpu[cpu]))
			cpuset_add(&all, cpu);
	done = serve_out(caller, &all);
	for (unsigned int i = 0; i < p->nr; i++)
		serve_note(caller, &done, p->range[i].start, p->range[i].end);
}

/* On the thread. */
static void work(void *ctx)
{
	struct machine *m = ctx;
	struct state *state = m->pv_state;
	struct pending p;

	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		if (take(state, &state->cpu[cpu], &p))
			flush_for(&m->vcpu[cpu], &p);
}

/* As the guest sees it: the CPU's, and what is played of it here. */
static uint64_t cr4_of(struct vcpu *vcpu, uint64_t *cr3)
{
	const struct state *state = vcpu->machine->pv_state;
	struct kvm_sregs sregs;

	vcpu_get_sregs(vcpu, &sregs);
	if (cr3)
		*cr3 = sregs.cr3;
	return sregs.cr4 | state->cr4[vcpu->id];
}

static int64_t write_cr4(struct vcpu *vcpu, const void *payload, uint32_t len)
{
	struct state *state = vcpu->machine->pv_state;
	uint64_t value, cr3, cr4 = cr4_of(vcpu, &cr3);
	int64_t status;

	if (len != sizeof(value))
		return -PVTLB_EINVAL;
	memcpy(&value, payload, sizeof(value));
	status = invlpgb_check_cr4(value, cr4, cr3);
	if (!status)
		state->cr4[vcpu->id] = value & INVLPGB_CR4_OURS;
	return status;
}

static int64_t call(struct vcpu *caller, uint32_t nr, const void *payload, uint32_t len,
		    uint64_t *result)
{
	struct state *state = caller->machine->pv_state;
	struct pending *p = &state->cpu[caller->id];
	bool pcide;
	uint64_t start, end;
	int64_t status;

	if (nr == PVTLB_CALL_WRITE_CR4)
		return write_cr4(caller, payload, len);
	if (nr != PVTLB_CALL_INVLPGB && len)
		return -PVTLB_EINVAL;
	if (nr == PVTLB_CALL_READ_CR4) {
		*result = cr4_of(caller, NULL);
		return PVTLB_OK;
	}
	if (nr == PVTLB_CALL_TLBSYNC) {
		sync(state, p);
		return PVTLB_OK;
	}
	pcide = cr4_of(caller, NULL) & X86_CR4_PCIDE;
	status = invlpgb_check(payload, len, pcide, &start, &end);
	if (!status)
		pend(state, p, start, end);
	return status;
}

static int create(struct machine *m, struct error *err)
{
	struct state *state = m->pv_state;
	int ret = m->one_thread ? later_start_here(&state->later, work, m) :
				  later_start(&state->later, work, m);

	if (ret)
		return fail_errno(err, STATUS_FAIL, ret, "cannot start the thread that does INVLPGB");
	pthread_mutex_init(&state->lock, NULL);
	return 0;
}

static void destroy(struct machine *m)
{
	struct state *state = m->pv_state;

	later_stop(&state->later);
	pthread_mutex_destroy(&state->lock);
}

static const struct hypervisor_ops ops = {
	.call_first = PVTLB_CALL_INVLPGB,
	.nr_calls = 4,
	.state_size = sizeof(struct state),
	.create = create,
	.destroy = destroy,
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
