/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory as it is, in stepped mode. What stands in for these may give each CPU a store buffer: a
 * barrier, and an atomic operation, which is one, empties it.
 */
#define NO_STEP_POINTS
#include <linux/compiler.h>
#include <linux/step.h>

u64 memory_load(const volatile void *addr, unsigned int size)
{
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

void memory_store(volatile void *addr, unsigned int size, u64 val)
{
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

void memory_barrier(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}
