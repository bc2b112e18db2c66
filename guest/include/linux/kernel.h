/* SPDX-License-Identifier: GPL-2.0-only */
/* Console, panic, and calls to the VMM. */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <pvtlb/call.h>

struct pvtlb_event;

void pr_info(const char *text);
/* End the run: why, a value that belongs to it, and where: the caller, or rip. */
void __noreturn panic(const char *why, u64 value);
void __noreturn panic_at(const char *why, u64 value, u64 rip);

/*
 * Call the VMM: len bytes of payload, at most PVTLB_CALL_PAYLOAD, in, status out. Disables
 * IRQs around the call block's use.
 */
s64 vmm_call(u32 nr, const void *payload, u32 len);
/* Where doorbell and call blocks are, gva's: before anything else that may panic. */
void vmm_call_init(u64 doorbell, u64 call_blocks);

/*
 * The same in two steps, for a payload that is built in place: get this CPU's call block (IRQs
 * must be off), fill payload and len, ring.
 */
struct pvtlb_call_block *vmm_call_block(void);
s64 vmm_call_ring(struct pvtlb_call_block *block, u32 nr);
/* Tell of an event that was just emitted. The block may be in use, and keeps what it says. */
void vmm_call_report(const struct pvtlb_event *event);

/* In stepped mode: this CPU has stopped; enum pvtlb_step_stop. Returns when it is to go on. */
void vmm_step(u32 why);
/* This CPU's part of a phase is over: ends the run if the mm has left something open. */
void contracts_check(void);

/* What the watchdog would say this CPU waits for; base: of all CPUs' statuses, a gva. */
void status_init(u64 base);
struct pvtlb_cpu_status *cpu_status(unsigned int cpu);
void status_wait(enum pvtlb_wait wait, unsigned int cpu, u64 tlb_gen);
void status_run(void);

#endif
