/* SPDX-License-Identifier: GPL-2.0-only */
/* Fault injection: which fault is on, and whom it hits. */
#include <linux/cpumask.h>
#include <linux/fault.h>
#include <linux/kernel.h>
#include <linux/trace.h>

DEFINE_STATIC_KEY_FALSE(fault_key);

static void nothing(void)
{
}
void (*fault_window)(void) = nothing;
void (*fault_make_good)(void) = nothing;

static enum pvtlb_fault injected;

static const char *const names[PVTLB_FAULT_NR] = {
#define X(id, name, ...) [PVTLB_FAULT_##id] = name,
	PVTLB_FAULTS(X)
#undef X
};

/* A fault that the VMM applies has a name here, too, and no site. */
void fault_init(const char *name, void (*make_good)(void))
{
	fault_make_good = make_good;
	if (!name)
		return;
	for (int i = 1; i < PVTLB_FAULT_NR; i++) {
		if (__builtin_strcmp(names[i], name))
			continue;
		injected = i;
		static_branch_enable(&fault_key);
		return;
	}
	panic("device tree: no such fault to inject", 0);
}

bool __should_fail(enum pvtlb_fault fault, unsigned int cpu)
{
	if (fault != injected)
		return false;
	if (fault != PVTLB_FAULT_SKIP_LOCAL && cpu != nr_cpu_ids - 1)
		return false;
	trace(FAULT, fault, cpu);
	return true;
}
