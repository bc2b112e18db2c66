/* SPDX-License-Identifier: GPL-2.0-only */
/* What a policy may do: who decides whether a sync is sent, and to whom (guest/policies/). */
#ifndef _ASM_TLB_POLICY_H
#define _ASM_TLB_POLICY_H

#include <asm/tlb.h>
#include <asm/tlbflush.h>
#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/types.h>
#include <pvtlb/image.h>

/* Who has delivered a flush to the CPUs it is told with. One flush may be delivered in parts. */
enum tlb_delivery {
	TLB_DELIVERED_LOCAL,   /* nobody else uses the mm: the initiator, to itself */
	TLB_DELIVERED_IPI,     /* native_flush_tlb_multi(): those it interrupted have answered */
	TLB_DELIVERED_INVLPGB, /* a broadcast: everybody, and nobody was interrupted */
	TLB_DELIVERED_MULTI,   /* the backend's flush_tlb_multi() is through, in whatever way */
};

/* Each may be left out, and costs a look at a pointer then. */
struct tlb_policy_ops {
	/*
	 * At boot, in the place of native_pv_tlb_init(), after a backend has installed itself:
	 * decide about tlb_ipi_broadcast_key, by tlb_policy_decide() or by a function that
	 * emits KEY as it does. Left out: the key stays off.
	 */
	void (*decide)(void);
	/* A flush of a gather (info->tlb), or a part of it, has been delivered to cpus. */
	void (*delivered)(const struct flush_tlb_info *info, enum tlb_delivery by,
			  const struct cpumask *cpus);
	/* The key is off, and a sync of this gather is due: may it be left out? */
	bool (*may_skip)(struct mmu_gather *tlb);
	/*
	 * A sync for walkers with IRQs off is about to be sent to cpus, all others that are
	 * online: take out whom it is not for. mm: whose tables were unhooked, NULL: not known.
	 */
	void (*choose)(const struct mm_struct *mm, struct cpumask *cpus);
	/* Walkers with IRQs off say what they walk, so that choose may use lockless_walkers(). */
	bool walkers_tell;
};

/* Describes a policy in the image; the VMM's list is made from these. */
#define TLB_POLICY(ident, ...)                                                                     \
	static const struct pvtlb_policy tlb_policy_##ident __used __aligned(8)                    \
		__section(".policies") = __VA_ARGS__
#define TLB_POLICY_OPS(...) ((gva_t) & (const struct tlb_policy_ops)__VA_ARGS__)

/* The one in force; until the boot has come to it, one that does nothing. */
extern const struct tlb_policy_ops *tlb_policy;

/* Find the policy of this name, or the default one (NULL), and let it decide. */
void tlb_policy_init(const char *name);

/* Switch the key on, or leave it off, and emit KEY. */
void tlb_policy_decide(bool on);

/* Leave of cpus those that are in a walk of mm with IRQs off; NULL: of any mm. (mm/gup.c) */
void lockless_walkers(const struct mm_struct *mm, struct cpumask *cpus);

static inline void tlb_policy_delivered(const struct flush_tlb_info *info, enum tlb_delivery by,
					const struct cpumask *cpus)
{
	if (tlb_policy->delivered && info->tlb)
		tlb_policy->delivered(info, by, cpus);
}

static inline bool tlb_policy_may_skip(struct mmu_gather *tlb)
{
	return tlb_policy->may_skip && tlb && tlb_policy->may_skip(tlb);
}

#endif
