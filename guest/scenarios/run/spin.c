/* SPDX-License-Identifier: GPL-2.0-only */
/* Spinning, for CPUs that must stay awake. */
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/trace.h>
#include <linux/wait.h>

#include "internal.h"

void relax_or_yield(u32 turn)
{
	if (turn % 1024)
		cpu_relax();
	else
		cpu_yield();
}

void spin_until_zero(const u32 *word)
{
	for (u32 turn = 1; smp_load_acquire(word); turn++)
		relax_or_yield(turn);
}

void scn_spin_until(const u32 *word, u32 value)
{
	for (u32 turn = 1; smp_load_acquire(word) < value; turn++)
		relax_or_yield(turn);
}

void scn_drain(void)
{
	trace_drain();
}

/* In stepped mode no time passes. */
void scn_delay(u32 turns)
{
	while (!step_on() && turns--)
		cpu_relax();
}

void scn_relax(void)
{
	cpu_relax();
}
