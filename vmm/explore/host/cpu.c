/* SPDX-License-Identifier: GPL-2.0-only */
/* The model CPU: what kernel/entry.S does with a real one, and what a machine does around it. */
#include <string.h>

#include "explore/host/hosted.h"
#include "explore/host/switch.h"
#include "machine/call.h"
#include "machine/layout.h"

#define FLAGS_ON 0x202u

void hosted_cpu_start(struct hosted *h, struct hosted_cpu *cpu, gva_t entry, gva_t stack,
		      uint64_t arg)
{
	struct switch_frame *frame = (struct switch_frame *)(uintptr_t)stack - 1;

	(void)h;
	*frame = (struct switch_frame){ .di = arg, .flags = FLAGS_ON, .ip = entry };
	cpu->now.sp = (uintptr_t)frame;
	cpu->now.ip = switch_resume();
	cpu->now.if_on = true;
	cpu->now.on = true;
}

bool hosted_cpu_interrupted(const struct hosted_cpu *cpu)
{
	return cpu->now.if_on && cpu->step->irqs_on && lapic_pending(&cpu->now.lapic) >= 0;
}

/* As irq_entry of kernel/entry.S: an upcall, which goes back to where the CPU was. */
static void interrupt(struct hosted *h, struct hosted_cpu *cpu)
{
	struct hosted_cpu_state *now = &cpu->now;
	int vector = now->if_on && !h->hold_irqs ? lapic_pending(&now->lapic) : -1;

	if (vector < 0)
		return;
	/* An interrupt empties it, as an exception does (Intel SDM vol. 3, 11.10). */
	buffer_drain(&now->buffer);
	lapic_take(&now->lapic, vector);
	*(uint8_t *)hosted_percpu(cpu, h->symbol.irq_vector) = vector;
	*(uint64_t *)hosted_percpu(cpu, h->symbol.irq_rip) = now->ip;
	*(uint64_t *)hosted_percpu(cpu, h->symbol.irq_flags) = FLAGS_ON;
	now->ip = h->symbol.irq_upcall;
	now->if_on = false;
}

static void lapic_write(struct hosted *h, struct hosted_cpu *cpu, uint64_t reg, uint32_t val)
{
	uint32_t to = cpu->now.lapic.icr2 >> 24;

	if (reg == LAPIC_EOI)
		lapic_eoi(&cpu->now.lapic);
	else if (reg == LAPIC_ICR2)
		cpu->now.lapic.icr2 = val;
	else if (reg == LAPIC_ICR && to < h->machine.nr_vcpus)
		lapic_request(&h->cpu[to].now.lapic, val);
}

static void mmio(struct hosted *h, struct hosted_cpu *cpu, uint64_t addr, uint32_t val)
{
	/* Uncacheable: nothing that is older stays behind it. Points are not of the machine. */
	if (addr != GVA_DOORBELL + PVTLB_STEP_BELL)
		buffer_drain(&cpu->now.buffer);
	if (addr == GVA_DOORBELL)
		call_rung(cpu->vcpu, val);
	else if (addr == GVA_DOORBELL + PVTLB_STEP_BELL && val && val < PVTLB_STEP_STOPS)
		h->stopped = val;
	else if (addr - GVA_LAPIC < PVTLB_PAGE_SIZE)
		lapic_write(h, cpu, addr - GVA_LAPIC, val);
	else
		outcome_fail(&h->machine.outcome, STATUS_FAIL,
			     "CPU %u: a store of %#x to %#llx, where there is no device",
			     cpu->vcpu->id, val, (unsigned long long)addr);
}

/* Loads and stores of scenarios, through the CPU's translations: 8 bytes, aligned. */
static uint64_t probe(struct hosted *h, struct hosted_cpu *cpu, gva_t addr, uint64_t *value,
		      bool write)
{
	struct hosted_cpu_state *now = &cpu->now;
	uint16_t tag = now->cr4 & 1u << 17 ? now->cr3 & 0xfff : 0;
	uint64_t error, *at, had;
	gpa_t gpa;

	if (!tlb_translate(&now->tlb, &h->machine.mem, now->cr3, tag, addr, write, &gpa, &error) ||
	    !(at = guest_mem(&h->machine.mem, gpa & ~7ull, 8))) {
		*(uint64_t *)hosted_percpu(cpu, h->symbol.probe_error) = error;
		return 1;
	}
	if (pages_load(&h->pages, gpa & ~7ull, &had)) {
		if (!write)
			*value = had;
		else if (!pages_store(&h->pages, gpa & ~7ull, *value))
			outcome_fail(&h->machine.outcome, STATUS_FAIL,
				     "CPU %u: more than %u stores to one 2 MiB page", cpu->vcpu->id,
				     PAGES_STORES);
	} else if (write) {
		*at = *value;
	} else {
		*value = *at;
	}
	return 0;
}

static void clear(struct hosted *h, gpa_t gpa, unsigned int shift)
{
	if (!pages_clear(&h->pages, gpa, shift))
		memset(mem_own(&h->machine.mem, gpa, 1ull << shift), 0, 1ull << shift);
}

static void mark(struct hosted *h, gpa_t gpa, unsigned int shift)
{
	if (pages_mark(&h->pages, gpa, shift))
		return;
	for (gpa_t at = gpa; at < gpa + (1ull << shift); at += PVTLB_PAGE_SIZE)
		*(uint64_t *)mem_own(&h->machine.mem, at, 8) = at;
}

static void came_out(struct hosted *h, struct hosted_cpu *cpu, struct switch_frame *f)
{
	switch (f->exit) {
	case SWITCH_memory_load:
		f->ax = buffer_load(&cpu->now.buffer, f->di, f->si);
		break;
	case SWITCH_memory_store:
		buffer_store(&cpu->now.buffer, f->di, f->si, f->dx);
		break;
	case SWITCH_memory_barrier:
		buffer_drain(&cpu->now.buffer);
		break;
	case SWITCH_gate_enter:
		buffer_drain(&cpu->now.buffer);
		hosted_gate(h, cpu, f);
		break;
	case SWITCH_mmio_write32:
		mmio(h, cpu, f->di, f->si);
		break;
	case SWITCH_probe_load:
		f->ax = probe(h, cpu, f->di, (uint64_t *)(uintptr_t)f->si, false);
		break;
	case SWITCH_probe_store:
		f->ax = probe(h, cpu, f->di, &f->si, true);
		break;
	case SWITCH_page_clear:
		clear(h, f->di, f->si);
		break;
	case SWITCH_page_mark:
		mark(h, f->di, f->si);
		break;
	}
}

void hosted_cpu_run(struct hosted *h, struct hosted_cpu *cpu)
{
	struct hosted_cpu_state *now = &cpu->now;

	switch_gs(cpu->percpu);
	for (h->stopped = 0; !h->stopped && !outcome_over(&h->machine.outcome);) {
		struct switch_frame *frame;

		if (vcpu_take_flush(cpu->vcpu))
			tlb_drop_all(&now->tlb);
		interrupt(h, cpu);
		h->running = cpu;
		frame = switch_to(now->sp, now->ip);
		h->running = NULL;
		now->sp = (uintptr_t)frame;
		now->ip = switch_resume();
		came_out(h, cpu, frame);
	}
}
