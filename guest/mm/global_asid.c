/* SPDX-License-Identifier: GPL-2.0-only */
/* Global ASIDs: the same on every CPU, so that INVLPGB can flush them everywhere at once. */
#include <asm/cpufeature.h>
#include <asm/invlpgb.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <linux/trace.h>
#include <linux/wait.h>

#include "internal.h"

/* Each is used once: when they run out, mm's that come later have none. */
#define MAX_ASID 4000

bool use_global_asids;

/* A global ASID is the same on every CPU; while an mm moves to one, CPUs differ about it. */
bool mm_in_asid_transition(const struct mm_struct *mm)
{
	return cpu_feature_enabled(X86_FEATURE_INVLPGB) && mm && READ_ONCE(mm->asid_transition);
}

static u16 global_pcid(const struct mm_struct *mm)
{
	return mm_global_asid(mm) ? kern_pcid(mm_global_asid(mm)) : 0;
}

bool mm_set_asid_transition(struct mm_struct *mm, bool transition)
{
	if (!cpu_feature_enabled(X86_FEATURE_INVLPGB))
		return false;
	/* Said only while it is so: a flush in between may tell all CPUs, or need not. */
	if (!transition)
		trace(ASID, mm->id, false, global_pcid(mm));
	WRITE_ONCE(mm->asid_transition, transition);
	if (transition)
		trace(ASID, mm->id, true, global_pcid(mm));
	return true;
}

/* From here on flushes go by it. */
static void publish_global_asid(struct mm_struct *mm, u16 asid)
{
	smp_store_release(&mm->global_asid, asid);
	trace(GLOBAL_ASID, mm->id, asid);
}

/*
 * An mm that several CPUs use: from the next flush on by INVLPGB. Linux waits until they are
 * more than three, and looks only now and then (consider_global_asid()).
 */
void consider_global_asid(struct mm_struct *mm)
{
	static u16 next = TLB_NR_DYN_ASIDS;
	u16 asid;

	if (!use_global_asids || mm_global_asid(mm) || READ_ONCE(next) > MAX_ASID)
		return;
	asid = atomic_fetch_add(&next, 1);
	mm_set_asid_transition(mm, true);
	publish_global_asid(mm, asid);
}

/* Which ASID the CPU is going to use is not to be seen while it switches. */
static void wait_for_switch(const struct tlb_state *state, unsigned int cpu)
{
	u64 word = __pa(&state->loaded_mm);

	if (READ_ONCE(state->loaded_mm) != LOADED_MM_SWITCHING)
		return;
	/* The word does not become 0: the CPU is waited for, and not held, until "over". */
	trace(WAIT, cpu, word, false);
	while (READ_ONCE(state->loaded_mm) == LOADED_MM_SWITCHING)
		cpu_relax();
	trace(WAIT, cpu, word, true);
}

/* Has every CPU that has the mm loaded adopted the ASID? */
static bool all_have_adopted(struct mm_struct *mm)
{
	unsigned int cpu;

	for_each_cpu(cpu, mm_cpumask(mm)) {
		const struct tlb_state *state = per_cpu_ptr(&cpu_tlbstate, cpu);

		wait_for_switch(state, cpu);
		if (READ_ONCE(state->loaded_mm) == mm &&
		    READ_ONCE(state->loaded_mm_asid) != mm_global_asid(mm))
			return false;
	}
	return true;
}

bool finish_asid_transition(struct mm_struct *mm)
{
	if (!mm_in_asid_transition(mm))
		return true;
	if (!all_have_adopted(mm))
		return false;
	mm_set_asid_transition(mm, false);
	return true;
}

void invlpgb_flush_all_nonglobals(void)
{
	invlpgb(0, 0, 0);
	tlbsync();
}

void invlpgb_flush_kernel_range(u64 start, u64 end)
{
	u64 nr = (end - start) / PAGE_SIZE;

	if (end == TLB_FLUSH_ALL)
		invlpgb(INVLPGB_GLOBAL, 0, 0);
	for (u64 i = 0; end != TLB_FLUSH_ALL && i < nr; i++)
		invlpgb((start + i * PAGE_SIZE) | INVLPGB_VA_VALID | INVLPGB_GLOBAL, 0, 0);
	tlbsync();
}

void invlpgb_flush_range(const struct flush_tlb_info *info)
{
	u64 how = INVLPGB_PCID_VALID | INVLPGB_GLOBAL, page = 1ull << info->stride_shift, addr;
	u32 stride = info->stride_shift == PMD_SHIFT ? INVLPGB_STRIDE_2M : 0;
	u32 pcid = (u32)global_pcid(info->mm) << 16 & ~INVLPGB_EDX_MBZ;

	if (info->end == TLB_FLUSH_ALL)
		invlpgb(how, 0, pcid);
	for (addr = info->start; info->end != TLB_FLUSH_ALL && addr < info->end;) {
		u64 nr = (info->end - addr + page - 1) / page;

		if (nr > INVLPGB_COUNT_MAX + 1)
			nr = INVLPGB_COUNT_MAX + 1;
		invlpgb(addr | INVLPGB_VA_VALID | how, stride | (nr - 1), pcid);
		addr += nr * page;
	}
}
