/* SPDX-License-Identifier: GPL-2.0-only */
/* The doorbell: taking a call, checking it, doing it. */
#include <ctype.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "kvm/kvm.h"
#include "machine/call.h"
#include "machine/state.h"

#define CONSOLE_LINES 1000u /* of a run */

int64_t call_check(const struct pvtlb_call_block *copy, uint32_t rung)
{
	if (copy->version != PVTLB_ABI_VERSION || copy->nr != rung || copy->reserved0 ||
	    copy->len > PVTLB_CALL_PAYLOAD)
		return -PVTLB_EINVAL;
	for (unsigned int i = 0; i < sizeof(copy->reserved) / sizeof(copy->reserved[0]); i++)
		if (copy->reserved[i])
			return -PVTLB_EINVAL;
	return PVTLB_OK;
}

int64_t call_check_cpu_on(const void *payload, uint32_t len, unsigned int cpus,
			  struct pvtlb_cpu_on *on)
{
	if (len != sizeof(*on))
		return -PVTLB_EINVAL;
	memcpy(on, payload, sizeof(*on));
	if (on->reserved || !canonical(on->entry) || !canonical(on->stack) || on->stack % 16)
		return -PVTLB_EINVAL;
	return on->cpu < cpus ? PVTLB_OK : -PVTLB_ERANGE;
}

int64_t call_check_tracepoint(const void *payload, uint32_t len, unsigned int cpu,
			      unsigned int cpus, uint32_t nr_sources, struct pvtlb_event *event)
{
	if (len != sizeof(*event))
		return -PVTLB_EINVAL;
	memcpy(event, payload, sizeof(*event));
	return event_well_formed(event, cpu, cpus, nr_sources) ? PVTLB_OK : -PVTLB_EINVAL;
}

/* Text of the guest's, made harmless for a terminal. */
static void clean_text(char *to, size_t size, const void *payload, uint32_t len)
{
	const unsigned char *text = payload;
	size_t n = 0;

	while (n < len && n < size - 1) {
		to[n] = isprint(text[n]) ? text[n] : '?';
		n++;
	}
	to[n] = 0;
}

static int64_t call_console(struct vcpu *vcpu, const void *payload, uint32_t len, uint64_t *result)
{
	struct machine *m = vcpu->machine;
	unsigned int lines;
	char text[256];

	(void)result;
	clean_text(text, sizeof(text), payload, len);
	lines = atomic_fetch_add(&m->console_lines, 1);
	if (m->console && lines < CONSOLE_LINES)
		fprintf(m->console, "guest CPU %u: %s\n", vcpu->id, text);
	else if (m->console && lines == CONSOLE_LINES)
		fprintf(m->console, "guest: more than %u lines, the rest is not shown\n", CONSOLE_LINES);
	return PVTLB_OK;
}

static int64_t call_cpu_on(struct vcpu *vcpu, const void *payload, uint32_t len, uint64_t *result)
{
	struct machine *m = vcpu->machine;
	struct pvtlb_cpu_on on;
	int64_t status = call_check_cpu_on(payload, len, m->nr_vcpus, &on);

	(void)result;
	if (status)
		return status;
	return vcpu_power_on(&m->vcpu[on.cpu], &on) ? PVTLB_OK : -PVTLB_EBUSY;
}

static int64_t call_drain(struct vcpu *vcpu, const void *payload, uint32_t len, uint64_t *result)
{
	struct machine *m = vcpu->machine;

	(void)payload;
	if (len)
		return -PVTLB_EINVAL;
	*result = event_log_drain(&m->log, vcpu->id);
	return PVTLB_OK;
}

static int64_t call_done(struct vcpu *vcpu, const void *payload, uint32_t len, uint64_t *result)
{
	(void)payload;
	(void)result;
	if (len)
		return -PVTLB_EINVAL;
	if (vcpu->id)
		outcome_fail(vcpu->outcome, STATUS_FAIL,
			     "CPU %u says that the guest is done: that is CPU 0's to say", vcpu->id);
	else
		outcome_done(vcpu->outcome);
	return PVTLB_OK;
}

static int64_t call_panic(struct vcpu *vcpu, const void *payload, uint32_t len, uint64_t *result)
{
	struct machine *m = vcpu->machine;
	struct pvtlb_panic panic;
	char text[256], at[128];

	(void)result;
	if (len < sizeof(panic))
		return -PVTLB_EINVAL;
	memcpy(&panic, payload, sizeof(panic));
	clean_text(text, sizeof(text), (const uint8_t *)payload + sizeof(panic), len - sizeof(panic));
	image_symbolize(m->image, panic.rip, at, sizeof(at));
	outcome_fail(&m->outcome, STATUS_FAIL, "guest panic on CPU %u: %s %#llx, at %s", vcpu->id, text,
		     (unsigned long long)panic.value, at);
	return PVTLB_OK;
}

static int64_t call_tracepoint(struct vcpu *vcpu, const void *payload, uint32_t len,
			       uint64_t *result)
{
	struct pvtlb_event event;
	int64_t status = call_check_tracepoint(payload, len, vcpu->id, vcpu->machine->nr_vcpus,
					       vcpu->machine->image->nr_sources, &event);

	(void)result;
	if (!status)
		hold_tracepoint(&vcpu->machine->holds, vcpu->id, &event);
	return status;
}

static int64_t call_yield(struct vcpu *vcpu, const void *payload, uint32_t len, uint64_t *result)
{
	(void)vcpu;
	(void)payload;
	(void)result;
	if (len)
		return -PVTLB_EINVAL;
	sched_yield();
	return PVTLB_OK;
}

typedef int64_t call_fn(struct vcpu *vcpu, const void *payload, uint32_t len, uint64_t *result);

static call_fn *const calls[] = {
	[PVTLB_CALL_CONSOLE] = call_console, [PVTLB_CALL_CPU_ON] = call_cpu_on,
	[PVTLB_CALL_DRAIN] = call_drain,     [PVTLB_CALL_DONE] = call_done,
	[PVTLB_CALL_PANIC] = call_panic,     [PVTLB_CALL_TRACEPOINT] = call_tracepoint,
	[PVTLB_CALL_YIELD] = call_yield,
};

static int64_t dispatch(struct vcpu *vcpu, const struct pvtlb_call_block *call, uint64_t *result)
{
	const struct hypervisor_ops *ops = vcpu->machine->ops;

	if (call->nr < sizeof(calls) / sizeof(calls[0]) && calls[call->nr])
		return calls[call->nr](vcpu, call->payload, call->len, result);
	/* Only the backend that this guest was told about answers. */
	if (call->nr >= ops->call_first && call->nr - ops->call_first < ops->nr_calls)
		return ops->call(vcpu, call->nr, call->payload, call->len, result);
	return -PVTLB_ENOSYS;
}

/* A load from behind the doorbell: the registers are the call, the value its result. */
static bool hypercall(struct vcpu *vcpu)
{
	const struct hypervisor_ops *ops = vcpu->machine->ops;
	struct kvm_run *run = vcpu->run;
	struct kvm_regs regs;
	uint64_t result;

	if (!ops->hypercall || run->mmio.phys_addr != GPA_DOORBELL + DOORBELL_HYPERCALL ||
	    run->mmio.is_write || run->mmio.len != sizeof(result))
		return false;
	kvm_must(vcpu->fd, KVM_GET_REGS, &regs);
	result = ops->hypercall(vcpu, &regs);
	memcpy(run->mmio.data, &result, sizeof(result));
	return true;
}

void call_rung(struct vcpu *vcpu, uint32_t rung)
{
	struct machine *m = vcpu->machine;
	struct pvtlb_call_block *block, copy;
	uint64_t result = 0;
	int64_t status;

	block = mem_own(&m->mem, m->layout.call_blocks + vcpu->id * sizeof(*block), sizeof(*block));
	/* Once: another CPU may be writing to it. */
	memcpy(&copy, block, sizeof(copy));
	status = call_check(&copy, rung);
	if (!status)
		status = dispatch(vcpu, &copy, &result);
	memcpy(&block->status, &status, sizeof(status));
	memcpy(&block->result, &result, sizeof(result));
}

void call_mmio(struct vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;
	struct machine *m = vcpu->machine;
	uint32_t rung;

	if (hypercall(vcpu))
		return;
	if (run->mmio.phys_addr != GPA_DOORBELL || !run->mmio.is_write || run->mmio.len != 4) {
		outcome_fail(&m->outcome, STATUS_FAIL,
			     "CPU %u: %s of %u bytes at gpa %#llx, where there is neither memory nor "
			     "a device",
			     vcpu->id, run->mmio.is_write ? "store" : "load", run->mmio.len,
			     run->mmio.phys_addr);
		return;
	}
	memcpy(&rung, run->mmio.data, sizeof(rung));
	call_rung(vcpu, rung);
}
