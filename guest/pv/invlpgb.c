/* SPDX-License-Identifier: GPL-2.0-only */
/* The invlpgb backend: global ASIDs come into use; the instructions are trapped and done by hand. */
#include <asm/cpufeature.h>
#include <asm/paravirt.h>
#include <asm/tlbflush.h>
#include <linux/kernel.h>
#include <linux/trace.h>
#include <pvtlb/invlpgb.h>

#include "../kernel/traps.h"

static void do_invlpgb(struct upcall_frame *frame)
{
	struct pvtlb_invlpgb operands = { frame->ax, frame->cx, frame->dx };
	s64 status;

	trace(INVLPGB, operands.rax, operands.ecx, operands.edx);
	status = vmm_call(PVTLB_CALL_INVLPGB, &operands, sizeof(operands));
	trace(HYPERCALL, PVTLB_CALL_INVLPGB, status);
	/* What the CPU would answer with #GP. */
	if (status)
		panic("INVLPGB: bad operands, rax", frame->ax);
}

static void do_tlbsync(struct upcall_frame *frame)
{
	s64 status = vmm_call(PVTLB_CALL_TLBSYNC, NULL, 0);

	(void)frame;
	trace(HYPERCALL, PVTLB_CALL_TLBSYNC, status);
	trace(TLBSYNC, status);
}

TRAPPED_INSN(invlpgb, { .code = { 0x0f, 0x01, 0xfe }, .len = 3, .emulate = do_invlpgb });
TRAPPED_INSN(tlbsync, { .code = { 0x0f, 0x01, 0xff }, .len = 3, .emulate = do_tlbsync });

/* pv_ops stays native: what the pointer does not show, native_pv_tlb_init() asks the CPU. */
static bool invlpgb_install(void)
{
	if (!cpu_feature_enabled(X86_FEATURE_INVLPGB))
		return false;
	use_global_asids = true;
	return true;
}

PV_BACKEND(invlpgb, { .name = "invlpgb", .install = invlpgb_install });
