/* SPDX-License-Identifier: GPL-2.0-only */
/* What diagnostics are made of: measuring the host, calling it, going wrong. */
#include <asm/gate.h>
#include <asm/pgtable.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/trace.h>
#include <linux/wait.h>
#include <pvtlb/event.h>
#include <scenario/diagnostic.h>

#include "internal.h"

void scn_call(u32 nr, const void *payload, u32 len)
{
	s64 status = vmm_call(nr, payload, len);

	trace(HYPERCALL, nr, status);
}

void scn_measure_ring0(void)
{
	u64 gate_least = ~0ull, loop_least = ~0ull;

	for (int i = 0; i < 200; i++) {
		u64 start = __builtin_ia32_rdtsc(), middle, end;

		gate(GATE_READ_CR3, 0, 0);
		middle = __builtin_ia32_rdtsc();
		for (int turn = 0; turn < 1000; turn++)
			barrier();
		end = __builtin_ia32_rdtsc();
		if (middle - start < gate_least)
			gate_least = middle - start;
		if (end - middle < loop_least)
			loop_least = end - middle;
	}
	trace(MEASURE, PVTLB_MEASURE_GATE, gate_least);
	trace(MEASURE, PVTLB_MEASURE_LOOP, loop_least);
}

void scn_host_call(u64 nr)
{
	s64 ret = -PVTLB_ENOSYS;

	if (scenario_run.hypercall && !__builtin_strcmp(scenario_run.hypercall, "vmcall"))
		ret = gate_hypercall(GATE_VMCALL, nr, 0);
	else if (scenario_run.hypercall)
		ret = gate_hypercall(GATE_VMMCALL, nr, 0);
	trace(HYPERCALL, nr, ret);
}

void scn_spin_forever(void)
{
	status_wait(PVTLB_WAIT_FOREVER, 0, 0);
	for (;;)
		cpu_relax();
}

void scn_irqs_off(void)
{
	local_irq_disable();
}

void scn_triple_fault(void)
{
	/* An empty page table: no instruction, no IDT, no stack. */
	gate(GATE_WRITE_CR3, page_alloc(PAGE_SHIFT), 0);
}
