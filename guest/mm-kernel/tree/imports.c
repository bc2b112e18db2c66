/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tree's objects call, and what is left of it here. What is not here, and not in another
 * file of the shim, is an address in a page that is not mapped (build.sh): who calls or reads it
 * ends the run by its name.
 */
#include "shim.h"

/* No LDTs, no CR4 that anybody looks at. */
void switch_ldt(struct mm_struct *prev, struct mm_struct *next)
{
}

void cr4_update_irqsoff(unsigned long set, unsigned long clear)
{
}

unsigned long cr4_read_shadow(void)
{
	return X86_CR4_PCIDE | X86_CR4_PGE;
}

/* Memory that is never given back: at boot, and of this CPU's data. */
bool alloc_cpumask_var_node(cpumask_var_t *mask, gfp_t flags, int node)
{
#ifdef CONFIG_CPUMASK_OFFSTACK
	static struct cpumask pool[2 * (NR_CPUS < 256 ? NR_CPUS : 256) + 8];
	static unsigned int used;

	if (used == ARRAY_SIZE(pool))
		return false;
	*mask = &pool[used++];
#endif
	return true;
}

/* smp.c has a request here for each CPU. */
static DEFINE_PER_CPU(char[256 * sizeof(call_single_data_t)], dynamic_area) __aligned(64);

static void *per_cpu_memory(size_t size, size_t align)
{
	static unsigned long used;
	unsigned long at = ALIGN(used, align);

	if (at + size > sizeof(dynamic_area))
		return NULL;
	used = at + size;
	return (void *)((unsigned long)&dynamic_area + at);
}

#if SINCE(6, 10)
void __percpu *pcpu_alloc_noprof(size_t size, size_t align, bool reserved, gfp_t gfp)
#else
void __percpu *__alloc_percpu(size_t size, size_t align)
#endif
{
	return (void __percpu *)per_cpu_memory(size, align);
}

/* A CPU may be told to come out of an idle state by other means than an IPI: not here. */
bool call_function_single_prep_ipi(int cpu)
{
	return true;
}

void arch_touch_nmi_watchdog(void)
{
}

void touch_softlockup_watchdog(void)
{
}

/* What it says as it boots nobody reads. */
int _printk(const char *fmt, ...)
{
	return 0;
}

void __stack_chk_fail(void)
{
	g_panic("the tree's code has written beyond its stack frame", _RET_IP_);
}

/* A WARN() with a text; one without is an ud2, and ends the run as that. */
void __warn_printk(const char *fmt, ...)
{
	g_panic(fmt, _RET_IP_);
}

struct undefined {
	unsigned long addr;
	const char *name;
};
extern const struct undefined k_undefined_begin[], k_undefined_end[];

const char *k_undefined(word addr)
{
	const struct undefined *u;

	for (u = k_undefined_begin; u < k_undefined_end; u++)
		if (addr - u->addr < PAGE_SIZE)
			return u->name;
	return NULL;
}
