/* SPDX-License-Identifier: GPL-2.0-only */
/* For measurements only: time, what a trip to ring 0 or an event costs, counting IPIs. */
#ifndef GUEST_SCENARIO_BENCH_H
#define GUEST_SCENARIO_BENCH_H

#include <linux/trace_count.h>
#include <linux/types.h>

u64 scn_cycles(void);
void scn_gate(void); /* to ring 0 and back, by int3 */

#endif
