/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls to the VMM: the call block and the doorbell. */
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/percpu.h>

static u64 doorbell, call_blocks; /* gva */

void vmm_call_init(u64 bell, u64 blocks)
{
	doorbell = bell;
	call_blocks = blocks;
}

struct pvtlb_call_block *vmm_call_block(void)
{
	struct pvtlb_call_block *block = (void *)call_blocks;

	block += smp_processor_id();
	*block = (struct pvtlb_call_block){ .version = PVTLB_ABI_VERSION };
	return block;
}

s64 vmm_call_ring(struct pvtlb_call_block *block, u32 nr)
{
	block->nr = nr;
	barrier();
	WRITE_ONCE(*(u32 *)doorbell, nr);
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
