/* SPDX-License-Identifier: GPL-2.0-only */
/* Stores to devices: the local APIC and the doorbell. Not memory, and no CPU shares them. */
#include <asm/io.h>

void mmio_write32(u64 addr, u32 val)
{
	*(volatile u32 *)addr = val;
}
