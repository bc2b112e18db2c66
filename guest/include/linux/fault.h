/* SPDX-License-Identifier: GPL-2.0-only */
/* Fault injection: off unless the device tree names a fault. */
#ifndef _LINUX_FAULT_H
#define _LINUX_FAULT_H

#include <linux/jump_label.h>
#include <pvtlb/fault.h>

DECLARE_STATIC_KEY_FALSE(fault_key);
bool __should_fail(enum pvtlb_fault fault, unsigned int cpu);

/* Is the fault to be applied to this CPU now? Says so in an event. A nop when none is on. */
static inline bool should_fail(enum pvtlb_fault fault, unsigned int cpu)
{
	return static_branch_unlikely(&fault_key) && __should_fail(fault, cpu);
}

/*
 * What a CPU does between a wrong step and the right one. Real windows are short; a scenario
 * that sets this makes them as long as it needs to be seen in every trial.
 */
extern void (*fault_window)(void);
/* In the place of a call that it did not do in time, and whose argument may be gone. */
extern void (*fault_make_good)(void);

/* Apply the fault of this name, NULL: none; panics if there is none such. */
void fault_init(const char *name, void (*make_good)(void));

#endif
