/* SPDX-License-Identifier: GPL-2.0-only */
/* The console, and the end of a run that went wrong. */
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/wait.h>

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
