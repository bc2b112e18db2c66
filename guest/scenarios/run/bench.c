/* SPDX-License-Identifier: GPL-2.0-only */
/* What measurements are made of. */
#include <asm/gate.h>
#include <scenario/bench.h>

u64 scn_cycles(void)
{
	return __builtin_ia32_rdtsc();
}

void scn_gate(void)
{
	gate(GATE_READ_CR3, 0, 0);
}
