/* SPDX-License-Identifier: GPL-2.0-only */
/* The tree's events as the guest's: typed, and with the tree's function in the place of a line. */
#include <asm/apic.h>
#include <asm/pgtable.h>
#include <asm/special_insns.h>
#include <asm/tlbflush.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/trace.h>

#include "../kernel/traps.h"
#include "../mm/internal.h"
#include "bridge.h"
#include "glue.h"

static struct pvtlb_cpuset cpuset(const word cpus[CPU_WORDS])
{
	struct pvtlb_cpuset set;

	__builtin_memcpy(&set, cpus, sizeof(set));
	return set;
}

void g_switch_begin(unsigned int id, unsigned int prev)
{
	trace_tree("switch_mm_irqs_off", SWITCH_BEGIN, id, prev);
}

void g_switch_mm(unsigned int id, unsigned int prev, word tlb_gen, int cr3)
{
	trace_tree("switch_mm_irqs_off", SWITCH_MM, id, prev, tlb_gen, cr3);
}

void g_lazy(unsigned int id)
{
	trace_tree("enter_lazy_tlb", LAZY, id);
}

void g_lazy_over(unsigned int id)
{
	trace_tree("switch_mm_irqs_off", LAZY_OVER, id);
}

void g_gathering(unsigned int id, int over)
{
	if (over)
		trace_tree("tlb_finish_mmu", GATHERING, id, true);
	else
		trace_tree("tlb_gather_mmu", GATHERING, id, false);
}

void g_gather(unsigned int id, word start, word end, int freed, int unshared, int fullmm)
{
	trace_tree("tlb_flush", GATHER, id, start, end, freed, unshared, fullmm);
}

/* One function for flushes of an mm, of a batch and of the kernel's addresses. */
void g_flush_begin(word id, word start, word end, word tlb_gen, int wake, unsigned int shift)
{
	if (id == PVTLB_MM_ALL)
		trace_tree("arch_tlbbatch_flush", FLUSH_BEGIN, id, start, end, tlb_gen, wake,
			   shift);
	else if (!id)
		trace_tree("flush_tlb_kernel_range", FLUSH_BEGIN, id, start, end, tlb_gen, wake,
			   shift);
	else
		trace_tree("flush_tlb_mm_range", FLUSH_BEGIN, id, start, end, tlb_gen, wake, shift);
}

void g_flush_only(const word cpus[CPU_WORDS])
{
	trace_tree("flush_tlb_multi", FLUSH_ONLY, cpuset(cpus));
}

void g_flush_multi(const word cpus[CPU_WORDS])
{
	trace_tree("flush_tlb_multi", FLUSH_MULTI, cpuset(cpus));
}

void g_flush_enter(word id, word tlb_gen, unsigned int initiator)
{
	trace_tree("flush_tlb_func", FLUSH_ENTER, id, tlb_gen, initiator);
}

void g_flush_func(word id, word tlb_gen, int how, unsigned int initiator)
{
	trace_tree("flush_tlb_func", FLUSH_FUNC, id, tlb_gen, how, initiator);
}

void g_flush_end(word id, word tlb_gen)
{
	trace_tree("flush_tlb_mm_range", FLUSH_END, id, tlb_gen);
}

void g_preempted(unsigned int cpu)
{
	trace_tree("kvm_flush_tlb_multi", PREEMPTED, cpu);
}

void g_elided(unsigned int cpu)
{
	trace_tree("kvm_flush_tlb_multi", ELIDED, cpu, PVTLB_ELIDED_PREEMPTED);
}

void g_sync(int skipped)
{
	struct cpumask cpus = cpu_online_mask;

	if (skipped) {
		trace_tree("tlb_remove_table_sync_one", SYNC, false, true);
		return;
	}
	cpumask_clear_cpu(smp_processor_id(), &cpus);
	trace_tree("tlb_remove_table_sync_one", SYNC, .rcu = false, .cpus = cpus.set);
}

void g_wait(unsigned int cpu, word gpa, int over)
{
	trace_tree("csd_lock_wait", WAIT, cpu, gpa, over);
	if (over)
		status_run();
	else
		status_wait(PVTLB_WAIT_CSD, cpu, 0);
}

void g_walk_begin(unsigned int id, word addr)
{
	trace_tree("get_user_pages_fast_only", WALK_BEGIN, id, addr, PVTLB_WALK_GUP,
		   irqs_disabled());
}

void g_walk_load(word table, unsigned int shift, word entry, word since)
{
	trace_tree("gup_fast_pgd_range", WALK_LOAD, table, table_gen(table), shift, entry, since);
}

void g_walk_next(word table, unsigned int shift)
{
	trace_tree("gup_fast_pgd_range", WALK_NEXT, table, table_gen(table), shift);
}

void g_walk_grab(word page)
{
	trace_tree("try_grab_folio_fast", WALK_GRAB, page);
}

void g_walk_lost(word addr)
{
	trace_tree("gup_fast_pgd_range", WALK_LOST, addr);
}

void g_walk_end(int outcome, word page)
{
	trace_tree("get_user_pages_fast_only", WALK_END, outcome, page);
}

/* Which of its two a CPU loads. */
static word own_pgd(unsigned int id, word pgd)
{
	return pgd + (id ? this_cpu_read(cpu_pgd) * PAGE_SIZE : 0);
}

void g_write_cr3(unsigned int id, word pgd, unsigned int pcid, int keep)
{
	write_cr3(own_pgd(id, pgd), pcid, keep);
}

int g_flush_all(unsigned int id, word pgd, unsigned int pcid)
{
	bool has_pcid = cpu_feature_enabled(X86_FEATURE_PCID);

	trace_tree("__flush_tlb_all", CR3, own_pgd(id, pgd), pcid, PVTLB_DROPS_ALL);
	gate(GATE_WRITE_CR3, own_pgd(id, pgd) | (has_pcid ? pcid : 0), 0);
	return has_pcid;
}

void g_invlpg(word addr)
{
	invlpg(addr);
}

void g_send_ipi(unsigned int cpu)
{
	send_ipi(cpu, CALL_FUNCTION_VECTOR);
}

word g_sequence(void)
{
	return trace_sequence();
}

/* The traps that stand where csd_lock_wait() and its like have a pause (build.sh): hlt, nop. */
static void spins(struct upcall_frame *frame)
{
	(void)frame;
	k_spins();
}

TRAPPED_INSN(spins, { .code = { 0xf4, 0x90 }, .len = 2, .emulate = spins });
