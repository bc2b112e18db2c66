/* SPDX-License-Identifier: GPL-2.0-only */
/* Any request to the hyperv backend's hypervisor side: what it accepts must make sense. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kvm/kvm.h"
#include "machine/machine.h"
#include "machine/hypervisor.h"
#include "pv/hyperv_check.h"

/* Under libFuzzer, or one of many random requests of tests/unit_hyperv.c, which includes this. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * An input is 8 bytes of rcx, 8 of rdx, a number of CPUs less one, and what is in memory from
 * rdx on. The machine is a sham: memory, vCPUs that never run, a log.
 */
#define HEAD	       17u
#define RAM_PAGES      4u
#define RAM_BYTES      (RAM_PAGES * HV_PAGE_SIZE)
#define HYPERCALL_PAGE (3u * HV_PAGE_SIZE)

#define HOLDS(what)                                                                                \
	do {                                                                                       \
		if (!(what))                                                                       \
			return #what;                                                              \
	} while (0)

static struct machine sham;
static const struct hypervisor_ops *hyperv;
static uint64_t sequence;

static void sham_create(void)
{
	hyperv = hypervisor_ops(backend_by("hyperv", "vmm"));
	sham.vcpu = calloc(PVTLB_MAX_CPUS, sizeof(*sham.vcpu));
	sham.pv_state = calloc(1, hyperv->state_size);
	sham.mem.host = calloc(1, RAM_BYTES);
	sham.mem.size = RAM_BYTES;
	if (!sham.vcpu || !sham.pv_state || !sham.mem.host)
		abort();
	pthread_mutex_init(&sham.pv_lock, NULL);
	event_log_init(&sham.log, 0);
	event_log_number(&sham.log, &sequence);
	for (unsigned int cpu = 0; cpu < PVTLB_MAX_CPUS; cpu++) {
		sham.vcpu[cpu].machine = &sham;
		sham.vcpu[cpu].id = cpu;
	}
	if (!hyperv->wrmsr(sham.vcpu, HV_X64_MSR_GUEST_OS_ID, 1) ||
	    !hyperv->wrmsr(sham.vcpu, HV_X64_MSR_HYPERCALL,
			   HYPERCALL_PAGE | HV_X64_MSR_HYPERCALL_ENABLE))
		abort();
}

static void sham_reset(unsigned int cpus)
{
	sham.nr_vcpus = cpus;
	sham.log.nr = 0;
	sequence = 0;
	for (unsigned int cpu = 0; cpu < cpus; cpu++)
		atomic_store_explicit(&sham.vcpu[cpu].flush_owed, false, memory_order_relaxed);
}

/* The rules once more, each by itself, from the bits that came in. */
static const char *check_call(const struct hv_request *r, const struct hv_call *call)
{
	uint64_t code = r->input & 0xffff, reps = r->input >> 32 & 0xfff,
		 start = r->input >> 48 & 0xfff;
	bool ex = code == 0x13 || code == 0x14, list = code == 3 || code == 0x14;

	HOLDS(code == 2 || code == 3 || code == 0x13 || code == 0x14);
	HOLDS(!(r->input >> 16 & 1));
	HOLDS(!(r->input >> 27 & 0x1f) && !(r->input >> 44 & 0xf) && !(r->input >> 60));
	HOLDS(ex || !(r->input >> 17 & 0x3ff));
	HOLDS(list ? reps && start < reps : !reps && !start);
	HOLDS(call->ex == ex && call->list == list && call->start == start && call->end == reps);
	HOLDS(call->varhead == (r->input >> 17 & 0x3ff));
	HOLDS(call->bytes == 8 * ((ex ? 4 : 3) + call->varhead + reps));
	HOLDS(call->bytes <= HV_PAGE_SIZE && r->params % 8 == 0);
	HOLDS(r->params < RAM_BYTES && r->params + call->bytes <= RAM_BYTES);
	HOLDS(r->params / HV_PAGE_SIZE == (r->params + call->bytes - 1) / HV_PAGE_SIZE);
	return NULL;
}

static bool in_set(const struct pvtlb_cpuset *set, unsigned int cpu)
{
	return set->bits[cpu / 64] >> (cpu % 64) & 1;
}

/* Is the VP in the set as it was passed? */
static bool asked_for(const struct hv_call *call, const uint64_t *p, unsigned int vp)
{
	uint64_t below;

	if (p[1] & 1 || (call->ex && p[2] == 1))
		return true;
	if (!call->ex)
		return vp < 64 && p[2] >> vp & 1;
	below = p[3] & ((1ull << vp / 64) - 1);
	return p[3] >> vp / 64 & 1 && p[4 + __builtin_popcountll(below)] >> vp % 64 & 1;
}

static const char *check_flush(const struct hv_call *call, const uint64_t *p, unsigned int cpus,
			       const struct hv_flush *flush)
{
	HOLDS(!(p[1] & (call->list ? ~3ull : ~7ull)));
	HOLDS(p[1] & 2 || (p[0] & ~0xfffull) < RAM_BYTES);
	HOLDS(!call->ex || p[1] & 1 || p[2] <= 1);
	HOLDS(!call->ex || p[1] & 1 || call->varhead == (unsigned int)__builtin_popcountll(p[3]));
	HOLDS(call->ex || p[1] & 1 || p[2]);
	HOLDS(8 * (flush->list + call->end) == call->bytes);
	for (unsigned int vp = 0; vp < 256; vp++)
		HOLDS(in_set(&flush->vps, vp) == (vp < cpus && asked_for(call, p, vp)));
	return NULL;
}

/* So many elements of a list are done at once. */
static unsigned int list_end(const struct hv_call *call)
{
	return call->end - call->start > 2 ? call->start + 2 : call->end;
}

/* The CPU's VP is one further, and the last CPU's the first. */
static bool is_for(const struct hv_flush *flush, unsigned int cpu)
{
	return in_set(&flush->vps, cpu == sham.nr_vcpus - 1 ? 0 : cpu + 1);
}

/* Whose the set of an event is: of all that are asked for, and nobody else. */
static bool is_set(const struct hv_flush *flush, const struct pvtlb_cpuset *cpus)
{
	for (unsigned int cpu = 0; cpu < 256; cpu++)
		if (in_set(cpus, cpu) != (cpu < sham.nr_vcpus && is_for(flush, cpu)))
			return false;
	return true;
}

/*
 * Events of the flush: which address space, then the ranges of the list in its order, all for
 * the same CPUs.
 */
static const char *check_served(const struct hv_call *call, const struct hv_flush *flush,
				const uint64_t *p)
{
	const uint64_t *bits = flush->vps.bits;
	bool nobody = !(bits[0] | bits[1] | bits[2] | bits[3]);
	uint64_t start, end;
	size_t nr = sham.log.nr ? 1 : 0;

	if (nr) {
		HOLDS(sham.log.event[0].id == PVTLB_EV_SERVE);
		HOLDS(sham.log.event[0].serve.space == (p[1] & 2 ? ~0ull : p[0] & 0x000ffffffffff000));
		HOLDS(is_set(flush, &sham.log.event[0].serve.cpus));
	}
	for (unsigned int i = call->start; i < list_end(call) && !nobody; i++) {
		const uint64_t element = p[flush->list + i];

		if (!hyperv_range(element, &start, &end))
			continue;
		HOLDS(start < end && !(start & 0xfff) && !(end & 0xfff));
		HOLDS(end - start <= ((element & 0xfff) + 1) * HV_PAGE_SIZE);
		HOLDS(end <= 1ull << 47 || start >= -(1ull << 47));
		HOLDS(nr < sham.log.nr);
		HOLDS(sham.log.event[nr].served.start == start);
		HOLDS(sham.log.event[nr].served.end == end);
		nr++;
	}
	if (!call->list && !nobody) {
		HOLDS(sham.log.nr == 2 && !sham.log.event[1].served.start);
		HOLDS(sham.log.event[nr++].served.end == ~0ull);
	}
	HOLDS(nr == sham.log.nr);
	for (size_t i = 1; i < nr; i++)
		HOLDS(is_set(flush, &sham.log.event[i].served.cpus));
	for (unsigned int cpu = 0; cpu < sham.nr_vcpus; cpu++)
		HOLDS(atomic_load(&sham.vcpu[cpu].flush_owed) == (nr && is_for(flush, cpu)));
	return NULL;
}

/* What a call that was refused may do: nothing. */
static const char *check_nothing(uint64_t result)
{
	HOLDS(!(result >> 16));
	HOLDS(!sham.log.nr);
	for (unsigned int cpu = 0; cpu < sham.nr_vcpus; cpu++)
		HOLDS(!atomic_load(&sham.vcpu[cpu].flush_owed));
	return NULL;
}

/* Through the provider, as from a guest; status: what the checks have said. */
static const char *serve(const struct hv_request *r, const struct hv_call *call,
			 const struct hv_flush *flush, const uint64_t *p, enum hv_status status)
{
	static uint8_t before[RAM_BYTES];
	const struct kvm_regs regs = { .rcx = r->input, .rdx = r->params, .r8 = ~0ull };
	uint64_t result;

	memcpy(before, sham.mem.host, RAM_BYTES);
	result = hyperv->hypercall(sham.vcpu, &regs);
	HOLDS(!memcmp(before, sham.mem.host, RAM_BYTES));
	HOLDS((result & 0xffff) == status);
	if (status)
		return check_nothing(result);
	HOLDS(result == (uint64_t)list_end(call) << 32);
	return check_served(call, flush, p);
}

static const char *one(const struct hv_request *r, unsigned int cpus, enum hv_status *status)
{
	struct hv_flush flush = { 0 };
	struct hv_call call;
	uint64_t *p = NULL;
	const char *wrong = NULL;

	*status = hyperv_check_call(r, RAM_BYTES, &call);
	if (!*status) {
		wrong = check_call(r, &call);
		/* Of the size it says: ASan sees what is read behind it. */
		p = malloc(call.bytes);
		if (wrong || !p)
			return wrong;
		memcpy(p, sham.mem.host + r->params, call.bytes);
		*status = hyperv_check_flush(&call, p, cpus, RAM_BYTES, &flush);
		if (!*status)
			wrong = check_flush(&call, p, cpus, &flush);
	}
	if (!wrong)
		wrong = serve(r, &call, &flush, p, *status);
	free(p);
	return wrong;
}

/* NULL, or what does not hold. *status: what became of the request. */
static const char *hyperv_fuzz(const uint8_t *data, size_t size, enum hv_status *status)
{
	struct hv_request r;
	unsigned int cpus;

	*status = HV_STATUS_SUCCESS;
	if (size < HEAD)
		return NULL;
	if (!hyperv)
		sham_create();
	memcpy(&r.input, data, 8);
	memcpy(&r.params, data + 8, 8);
	cpus = 1 + data[16] % PVTLB_MAX_CPUS;
	size -= HEAD;
	if (r.params < HYPERCALL_PAGE)
		memcpy(sham.mem.host + r.params, data + HEAD,
		       size < HYPERCALL_PAGE - r.params ? size : HYPERCALL_PAGE - r.params);
	sham_reset(cpus);
	return one(&r, cpus, status);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum hv_status status;
	const char *wrong = hyperv_fuzz(data, size, &status);

	if (!wrong)
		return 0;
	fprintf(stderr, "does not hold: %s\n", wrong);
	abort();
}
