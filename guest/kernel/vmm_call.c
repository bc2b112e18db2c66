/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls to the VMM: the call block and the doorbell. */
#define NO_STEP_POINTS
#include <asm/io.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <pvtlb/event.h>

static u64 doorbell, call_blocks; /* gva */

void vmm_call_init(u64 bell, u64 blocks)
{
	doorbell = bell;
	call_blocks = blocks;
}

void vmm_step(u32 why)
{
	mmio_write32(doorbell + PVTLB_STEP_BELL, why);
	barrier();
}

static struct pvtlb_call_block *this_block(void)
{
	return (struct pvtlb_call_block *)call_blocks + smp_processor_id();
}

struct pvtlb_call_block *vmm_call_block(void)
{
	struct pvtlb_call_block *block = this_block();

	*block = (struct pvtlb_call_block){ .version = PVTLB_ABI_VERSION };
	return block;
}

s64 vmm_call_ring(struct pvtlb_call_block *block, u32 nr)
{
	block->nr = nr;
	barrier();
	mmio_write32(doorbell, nr);
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

/* The part of a call block that the report of an event takes. */
struct report_block {
	u8 head[__builtin_offsetof(struct pvtlb_call_block, payload)];
	struct pvtlb_event event;
};

/*
 * An event may happen while this CPU's block is in use: between filling it and ringing, or before
 * the status is read. Whoever uses it must not notice, so it is put back as it was.
 */
void vmm_call_report(const struct pvtlb_event *event)
{
	struct pvtlb_call_block *block;
	struct report_block kept;
	bool flags;

	local_irq_save(flags);
	block = this_block();
	__builtin_memcpy(&kept, block, sizeof(kept));
	__builtin_memset(block, 0, sizeof(kept.head));
	block->version = PVTLB_ABI_VERSION;
	block->len = sizeof(*event);
	__builtin_memcpy(block->payload, event, sizeof(*event));
	vmm_call_ring(block, PVTLB_CALL_TRACEPOINT);
	__builtin_memcpy(block, &kept, sizeof(kept));
	barrier();
	local_irq_restore(flags);
}
