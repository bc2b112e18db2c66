/* SPDX-License-Identifier: GPL-2.0-only */
/* The image's descriptor: what the VMM must know about it, filled in by the linker. */
#include <asm/paravirt.h>
#include <asm/tlb.h>
#include <asm/tlbflush.h>
#include <pvtlb/image.h>

extern const u8 idt_stubs[], ring0_start[], ring0_end[];
extern const u8 percpu_start[], percpu_end[], percpu_load[];
extern const u8 __start_scenarios[], __stop_scenarios[];
extern const u8 __start_policies[], __stop_policies[];
extern const u8 __start_event_sources[], __stop_event_sources[];
extern const u8 __start___jump_table[], __stop___jump_table[];

/* Of the guest's own pv_ops; where a kernel tree's is linked, by the name that the Makefile gives. */
#ifdef FLUSH_TLB_MULTI_SLOT
extern const u8 FLUSH_TLB_MULTI_SLOT[];
#else
#define FLUSH_TLB_MULTI_SLOT &pv_ops.mmu.flush_tlb_multi
#endif

extern const struct pvtlb_image pvtlb_image;
const struct pvtlb_image pvtlb_image __used = {
	.magic = PVTLB_IMAGE_MAGIC,
	.version = PVTLB_ABI_VERSION,
	.idt_stubs = (gva_t)idt_stubs,
	.ring0_start = (gva_t)ring0_start,
	.ring0_end = (gva_t)ring0_end,
	.percpu_start = (gva_t)percpu_start,
	.percpu_end = (gva_t)percpu_end,
	.percpu_load = (gva_t)percpu_load,
	.scenarios_start = (gva_t)__start_scenarios,
	.scenarios_end = (gva_t)__stop_scenarios,
	.policies_start = (gva_t)__start_policies,
	.policies_end = (gva_t)__stop_policies,
	.sources_start = (gva_t)__start_event_sources,
	.sources_end = (gva_t)__stop_event_sources,
	.jump_table_start = (gva_t)__start___jump_table,
	.jump_table_end = (gva_t)__stop___jump_table,
	.key = (gva_t)&tlb_ipi_broadcast_key,
	.key_enabled = (gva_t)&tlb_ipi_broadcast_key.enabled,
	.native_flush_tlb_multi = (gva_t)native_flush_tlb_multi,
#ifdef CONFIG_PARAVIRT
	.flags = PVTLB_IMAGE_PARAVIRT,
	.flush_tlb_multi_slot = (gva_t)FLUSH_TLB_MULTI_SLOT,
#endif
};
