/* SPDX-License-Identifier: GPL-2.0-only */
/* What the image says of the kernel tree in it: its policy, and what it lacks. */
#include <asm/tlb_policy.h>
#include <pvtlb/image.h>
#include <pvtlb/kernel.h>

/* tree.h, which build.sh makes, is included by its command line. */

/* The tree decides: there is no other policy in it. */
TLB_POLICY(tree, {
			 .name = "tree",
#ifdef HAVE_SERIES
			 .title = "as the tree has it: native_pv_tlb_init()",
			 .key = PVTLB_KEY_BY_PATCH,
#else
			 .title = "as the tree has it: no key, every sync is sent",
			 .key = PVTLB_KEY_NEVER,
#endif
			 .flags = PVTLB_POLICY_DEFAULT,
			 .ops = TLB_POLICY_OPS({ .decide = native_pv_tlb_init }),
		 });

#define LACK(name, reason)                                                                         \
	{                                                                                          \
		.scenario = name, .why = reason                                                    \
	}
#define NO_ASIDS "this tree has no global ASIDs, which come with INVLPGB"
#ifdef HAVE_INVLPGB
#define NO_INVLPGB "this tree's flushes by INVLPGB are not bridged yet"
#else
#define NO_INVLPGB                                                                                 \
	"this tree has no INVLPGB, which Linux's own flush_tlb_mm_range() uses, from 6.15 on: "    \
	"there is no backend in pv_ops to bridge"
#endif
#define NO_HOTPLUG "CPU hotplug is not bridged to the tree yet"
#ifdef HAVE_ONE_SYNCED
#define NO_SYNC_RCU                                                                                \
	"this tree frees a table that has no batch after tlb_remove_table_sync_one(), which does " \
	"not wait for walkers under RCU"
#else
#define NO_SYNC_RCU                                                                                \
	"how this tree frees a table that has no batch was not tried with walkers under RCU: it "  \
	"is not by tlb_remove_table_sync_one()"
#endif
#define NO_UNSHARE "this tree has no tlb_unshare_pmd_ptdesc()"
#define EARLY_CLEAR                                                                                \
	"this tree takes a CPU out of mm_cpumask() before it loads CR3: until then it may use "    \
	"what no flush reaches, by chance"
#define NO_PREEMPTED                                                                               \
	"where kvm_flush_tlb_multi() finds a CPU preempted is not seen: no CPU can be held there"

extern const struct pvtlb_kernel pvtlb_kernel;
const struct pvtlb_kernel pvtlb_kernel __used = {
	.version = PVTLB_ABI_VERSION,
#ifdef HAVE_SERIES
	.flags = PVTLB_KERNEL_SERIES | PVTLB_KERNEL_MODEL_PVTLB,
#else
	.flags = PVTLB_KERNEL_MODEL_PVTLB,
#endif
	.release = TREE_RELEASE,
	.config = TREE_CONFIG,
	.objects = TREE_OBJECTS,
	.lack = {
#ifndef HAVE_KVM
		{ .backend = "kvm", .why = "the tree was built without CONFIG_KVM_GUEST" },
#endif
#ifndef HAVE_HYPERV
		{ .backend = "hyperv", .why = "the tree was built without CONFIG_HYPERV" },
#endif
#ifndef HAVE_XEN
		{ .backend = "xen", .why = "the tree was built without CONFIG_XEN_PV" },
#endif
		{ .backend = "invlpgb", .why = NO_INVLPGB },
		LACK("asid-published", NO_ASIDS),
		LACK("asid-transition", NO_ASIDS),
		LACK("transition-race", NO_ASIDS),
		LACK("trim", "when the tree trims mm_cpumask() goes by jiffies, which are not bridged yet"),
		LACK("cpu-offline", NO_HOTPLUG),
		LACK("offline-asids", NO_HOTPLUG),
		LACK("offline-kernel", NO_HOTPLUG),
		LACK("offline-leaves", NO_HOTPLUG),
		LACK("offline-reuse", NO_HOTPLUG),
		LACK("rcu-walker", NO_SYNC_RCU),
		LACK("rcu-nested", NO_SYNC_RCU),
		LACK("rcu-walker-sync", NO_SYNC_RCU),
#ifndef KVM_EXCHANGE
		{ .scenario = "preempted-race", .backend = "kvm", .why = NO_PREEMPTED },
#endif
#ifdef HAVE_EARLY_CLEAR
		LACK("churn", EARLY_CLEAR),
#endif
#ifndef HAVE_UNSHARE
		LACK("unshare-vs-gup", NO_UNSHARE),
		LACK("unshare-all", NO_UNSHARE),
		LACK("unshare3-here", NO_UNSHARE),
		LACK("unshare3-there", NO_UNSHARE),
		LACK("unshare3-nowhere", NO_UNSHARE),
		LACK("lazy-cpu", NO_UNSHARE),
#endif
	},
};
