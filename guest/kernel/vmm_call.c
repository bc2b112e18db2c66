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

static u32 text_len(const char *text)
{
	u32 len = __builtin_strlen(text);

	return len < PVTLB_CALL_PAYLOAD ? len : PVTLB_CALL_PAYLOAD;
}

void pr_info(const char *text)
{
	vmm_call(PVTLB_CALL_CONSOLE, text, text_len(text));
}

void panic(const char *why, u64 value)
{
	static const char hex[] = "0123456789abcdef";
	char text[128];
	u32 n = 0;

	local_irq_disable();
	while (why[n] && n < sizeof(text) - 20) {
		text[n] = why[n];
		n++;
	}
	__builtin_memcpy(text + n, " 0x", 3);
	n += 3;
	for (int shift = 60; shift >= 0; shift -= 4)
		text[n++] = hex[value >> shift & 15];
	vmm_call(PVTLB_CALL_PANIC, text, n);
	for (;;)
		cpu_relax();
}

struct pvtlb_cpu_status *cpu_status(void)
{
	return (struct pvtlb_cpu_status *)machine.status + smp_processor_id();
}

void status_wait(enum pvtlb_wait wait, unsigned int cpu, u64 tlb_gen)
{
	struct pvtlb_cpu_status *status = cpu_status();

	WRITE_ONCE(status->cpu, cpu);
	WRITE_ONCE(status->tlb_gen, tlb_gen);
	WRITE_ONCE(status->soft_irqs_on, !irqs_disabled());
	WRITE_ONCE(status->wait, wait);
}

void status_run(void)
{
	WRITE_ONCE(cpu_status()->wait, PVTLB_WAIT_NONE);
}
