/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls to the VMM through the doorbell, the console, and what the watchdog is told. */
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/trace.h>
#include <linux/wait.h>

#include "kernel.h"

struct pvtlb_call_block *vmm_call_block(void)
{
	struct pvtlb_call_block *block = (void *)machine.call_blocks;

	block += smp_processor_id();
	*block = (struct pvtlb_call_block){ .version = PVTLB_ABI_VERSION };
	return block;
}

s64 vmm_call_ring(struct pvtlb_call_block *block, u32 nr)
{
	block->nr = nr;
	barrier();
	WRITE_ONCE(*(u32 *)machine.doorbell, nr);
	barrier();
	return READ_ONCE(block->status);
}

s64 vmm_call(u32 nr, const void *payload, u32 len)
{
	struct pvtlb_call_block *block;
	bool flags;
	s64 status;

	local_irq_save(flags);
	block = vmm_call_block();
	block->len = len;
	__builtin_memcpy(block->payload, payload, len);
	status = vmm_call_ring(block, nr);
	local_irq_restore(flags);
	return status;
}

#define MAX_TEXT 200u

static u32 text_len(const char *text)
{
	u32 len = __builtin_strlen(text);

	return len < MAX_TEXT ? len : MAX_TEXT;
}

void pr_info(const char *text)
{
	vmm_call(PVTLB_CALL_CONSOLE, text, text_len(text));
}

void panic_at(const char *why, u64 value, u64 rip)
{
	struct pvtlb_panic panic = { .value = value, .rip = rip };
	struct pvtlb_call_block *block;
	u32 len = text_len(why);

	local_irq_disable();
	block = vmm_call_block();
	__builtin_memcpy(block->payload, &panic, sizeof(panic));
	__builtin_memcpy(block->payload + sizeof(panic), why, len);
	block->len = sizeof(panic) + len;
	vmm_call_ring(block, PVTLB_CALL_PANIC);
	for (;;)
		cpu_relax();
}

void panic(const char *why, u64 value)
{
	/* Behind the call, and perhaps behind the function: it does not return. */
	panic_at(why, value, (u64)__builtin_return_address(0) - 1);
}

struct pvtlb_cpu_status *cpu_status(unsigned int cpu)
{
	return (struct pvtlb_cpu_status *)machine.status + cpu;
}

void status_wait(enum pvtlb_wait wait, unsigned int cpu, u64 tlb_gen)
{
	struct pvtlb_cpu_status *status = cpu_status(smp_processor_id());

	WRITE_ONCE(status->cpu, cpu);
	WRITE_ONCE(status->tlb_gen, tlb_gen);
	WRITE_ONCE(status->soft_irqs_on, !irqs_disabled());
	WRITE_ONCE(status->wait, wait);
}

void status_run(void)
{
	WRITE_ONCE(cpu_status(smp_processor_id())->wait, PVTLB_WAIT_NONE);
}
