/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stepped mode's loads and stores: each is done at once behind its point, so CPUs that run one at a
 * time see memory in one order. Something else may stand in for this file, with store buffers say.
 */
#define NO_STEP_POINTS
#include <linux/step.h>

u64 step_load(const volatile void *addr, unsigned int size)
{
	step_point(addr, PVTLB_STEP_WORD_SHIFT, PVTLB_STEP_READ);
	switch (size) {
	case 1:
		return *(const volatile u8 *)addr;
	case 2:
		return *(const volatile u16 *)addr;
	case 4:
		return *(const volatile u32 *)addr;
	}
	return *(const volatile u64 *)addr;
}

void step_store(volatile void *addr, unsigned int size, u64 val)
{
	step_point(addr, PVTLB_STEP_WORD_SHIFT, PVTLB_STEP_WRITE);
	switch (size) {
	case 1:
		*(volatile u8 *)addr = val;
		return;
	case 2:
		*(volatile u16 *)addr = val;
		return;
	case 4:
		*(volatile u32 *)addr = val;
		return;
	}
	*(volatile u64 *)addr = val;
}

void step_mb(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void step_rmw(const volatile void *addr)
{
	step_point(addr, PVTLB_STEP_WORD_SHIFT, PVTLB_STEP_RMW);
	step_mb();
}
