/* SPDX-License-Identifier: GPL-2.0-only */
/* The invlpgb backend: global ASIDs come into use; the instructions are trapped and done by hand.
 */
#include <asm/cpufeature.h>
#include <asm/paravirt.h>
#include <asm/tlbflush.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/trace.h>
#include <pvtlb/invlpgb.h>

#include "../kernel/traps.h"

/* What the CPU would answer with #GP, or #UD. */
static void must(s64 status, const char *why, u64 value)
{
	if (status)
		panic(why, value);
}

static void do_invlpgb(struct upcall_frame *frame)
{
	struct pvtlb_invlpgb operands = { frame->ax, frame->cx, frame->dx };
	s64 status;

	trace(INVLPGB, operands.rax, operands.ecx, operands.edx);
	status = vmm_call(PVTLB_CALL_INVLPGB, &operands, sizeof(operands));
	trace(HYPERCALL, PVTLB_CALL_INVLPGB, status);
	must(status, "INVLPGB: bad operands, rax", frame->ax);
}

static void do_tlbsync(struct upcall_frame *frame)
{
	s64 status = vmm_call(PVTLB_CALL_TLBSYNC, NULL, 0);

	(void)frame;
	trace(HYPERCALL, PVTLB_CALL_TLBSYNC, status);
	trace(TLBSYNC, status);
}

static void do_read_cr4(struct upcall_frame *frame)
{
	struct pvtlb_call_block *block;
	bool flags;

	local_irq_save(flags);
	block = vmm_call_block();
	must(vmm_call_ring(block, PVTLB_CALL_READ_CR4), "CR4 cannot be read: CPU",
	     smp_processor_id());
	frame->ax = block->result;
	local_irq_restore(flags);
}

static void do_write_cr4(struct upcall_frame *frame)
{
	must(vmm_call(PVTLB_CALL_WRITE_CR4, &frame->ax, sizeof(frame->ax)), "CR4: bad value",
	     frame->ax);
}

TRAPPED_INSN(invlpgb, { .code = { 0x0f, 0x01, 0xfe }, .len = 3, .emulate = do_invlpgb });
TRAPPED_INSN(tlbsync, { .code = { 0x0f, 0x01, 0xff }, .len = 3, .emulate = do_tlbsync });
TRAPPED_INSN(read_cr4, { .code = { 0x0f, 0x20, 0xe0 }, .len = 3, .emulate = do_read_cr4 });
TRAPPED_INSN(write_cr4, { .code = { 0x0f, 0x22, 0xe0 }, .len = 3, .emulate = do_write_cr4 });

/* Global ASIDs are PCIDs: a CPU that has none on names none but 0 in an INVLPGB. */
static void invlpgb_cpu_up(void)
{
	u64 cr4;

	__asm__ volatile("mov %%cr4, %0" : "=a"(cr4));
	cr4 |= X86_CR4_PCIDE;
	__asm__ volatile("mov %0, %%cr4" : : "a"(cr4) : "memory");
}

/* pv_ops stays native: what the pointer does not show, native_pv_tlb_init() asks the CPU. */
static bool invlpgb_install(void)
{
	if (!cpu_feature_enabled(X86_FEATURE_INVLPGB))
		return refuse(PVTLB_REFUSED_NO_FEATURE);
	use_global_asids = true;
	return true;
}

PV_BACKEND(invlpgb, { .name = "invlpgb", .install = invlpgb_install, .cpu_up = invlpgb_cpu_up });
