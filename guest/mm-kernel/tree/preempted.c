/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where kvm_flush_tlb_multi() has found a CPU preempted, and not left it word yet: between its
 * load and its exchange. Both are inlined, so the exchange is moved into hooks.S, with a call in
 * its place.
 */
#include "shim.h"
#include <linux/kvm_para.h>

#ifdef KVM_EXCHANGE

/* In hooks.S. */
extern void k_exchange(void);
extern u8 k_exchange_lea[], k_exchange_insn[];

#define CALL_LEN 5

/* lock, perhaps REX, 0f b0, then what is exchanged: of that, from ModRM on, the lea is made. */
void preempted_init(void)
{
	u8 *insn = (u8 *)kvm_flush_tlb_multi + KVM_EXCHANGE, *p = insn + 1, rex = 0;
	s32 rel = (unsigned long)k_exchange - ((unsigned long)insn + CALL_LEN);

	if ((*p & 0xf0) == 0x40)
		rex = *p++;
	if (insn[0] != 0xf0 || p[0] != 0x0f || p[1] != 0xb0)
		g_panic("kvm_flush_tlb_multi() is not as it was when it was linked",
			(unsigned long)insn);
	p += 2;
	k_exchange_lea[0] = 0x48 | (rex & 3);
	k_exchange_lea[1] = 0x8d;
	memcpy(k_exchange_lea + 2, p, insn + KVM_EXCHANGE_LEN - p);
	k_exchange_lea[2] &= 0xc7; /* to rax */
	memcpy(k_exchange_insn, insn, KVM_EXCHANGE_LEN);
	memset(insn, 0x90, KVM_EXCHANGE_LEN);
	insn[0] = 0xe8;
	memcpy(insn + 1, &rel, sizeof(rel));
}

/* From hooks.S, with the address of a steal_time.preempted. */
void k_found_preempted(unsigned long addr)
{
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		if (addr == k_steal_time(cpu) + offsetof(struct kvm_steal_time, preempted))
			g_preempted(cpu);
}

#else

void preempted_init(void)
{
}

void k_found_preempted(unsigned long addr)
{
}

#endif
