/* SPDX-License-Identifier: GPL-2.0-only */
/* Address spaces: a fixed number of them, numbered for the events. */
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>

#include "internal.h"

#define MAX_MM	       128
#define MANY_CALLBACKS 32

static struct mm_struct mms[MAX_MM];
static spinlock_t mms_lock; /* which of them are in use */

bool any_mm(void)
{
	for (u32 i = 0; i < MAX_MM; i++)
		if (mms[i].pgd)
			return true;
	return false;
}

void clear_mm_cpumasks(unsigned int cpu)
{
	for (u32 i = 0; i < MAX_MM; i++)
		cpumask_clear_cpu(cpu, mm_cpumask(&mms[i]));
}

struct mm_struct *mm_alloc(void)
{
	spin_lock(&mms_lock);
	for (u32 i = 0; i < MAX_MM; i++) {
		struct mm_struct *mm = &mms[i];

		if (mm->pgd)
			continue;
		*mm = (struct mm_struct){ .id = i + 1 };
		pgd_init(mm);
		init_new_context(mm);
		spin_unlock(&mms_lock);
		return mm;
	}
	panic("out of mm's", MAX_MM);
}

void mm_free(struct mm_struct *mm)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (READ_ONCE(per_cpu(cpu_tlbstate, cpu).loaded_mm) == mm)
			panic("mm_free: still loaded on CPU", cpu);
	exit_mmap(mm);
	spin_lock(&mms_lock);
	pgd_free(mm);
	mm->pgd = NULL;
	spin_unlock(&mms_lock);
	/* Nobody else would: there is no idle time in which callbacks run. */
	if (rcu_callbacks() > MANY_CALLBACKS)
		rcu_barrier();
}
