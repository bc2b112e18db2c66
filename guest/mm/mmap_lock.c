/* SPDX-License-Identifier: GPL-2.0-only */
/* mmap_lock: who changes what an mm's address space consists of keeps the others out. */
#include <asm/page.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/trace.h>
#include <linux/wait.h>

#include "internal.h"

/* The mm whose lock this CPU has as a reader: its id; 0: none. */
static DEFINE_PER_CPU(u32, mmap_reads);

/* Behind a writer: to be one of many readers takes no longer than to be noted as one. */
void mmap_read_lock(struct mm_struct *mm)
{
	if (this_cpu_read(mmap_reads))
		panic("mmap_read_lock: this CPU is a reader already, of mm", mm->id);
	spin_lock(&mm->mmap_lock);
	mmap_write_downgrade(mm);
}

void mmap_read_unlock(struct mm_struct *mm)
{
	if (this_cpu_read(mmap_reads) != mm->id)
		panic("mmap_read_unlock: this CPU is no reader of mm", mm->id);
	smp_store_release(this_cpu_ptr(&mmap_reads), 0);
}

static void wait_for_reader(const struct mm_struct *mm, unsigned int cpu)
{
	const u32 *word = per_cpu_ptr(&mmap_reads, cpu);

	if (smp_load_acquire(word) != mm->id)
		return;
	trace(WAIT, cpu, __pa(word), false);
	status_wait(PVTLB_WAIT_LOCK, cpu, 0);
	while (smp_load_acquire(word) == mm->id)
		cpu_yield();
	status_run();
	trace(WAIT, cpu, __pa(word), true);
}

/* New readers wait for the spinlock; those there are, one by one, to be through. */
void mmap_write_lock(struct mm_struct *mm)
{
	if (this_cpu_read(mmap_reads) == mm->id)
		panic("mmap_write_lock: this CPU is a reader, of mm", mm->id);
	spin_lock(&mm->mmap_lock);
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		wait_for_reader(mm, cpu);
}

void mmap_write_unlock(struct mm_struct *mm)
{
	spin_unlock(&mm->mmap_lock);
	trace(MMAP_UNLOCK, mm->id);
}

void mmap_write_downgrade(struct mm_struct *mm)
{
	WRITE_ONCE(*this_cpu_ptr(&mmap_reads), mm->id);
	spin_unlock(&mm->mmap_lock);
}
