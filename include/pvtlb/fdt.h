/* SPDX-License-Identifier: GPL-2.0-only */
/* Names in the device tree that configures a guest. */
#ifndef PVTLB_FDT_H
#define PVTLB_FDT_H

/*
 * /memory reg                   all RAM; memory reservations cover what the VMM has placed there
 * /cpus/cpu@N reg               APIC id; pvtlb,pgd: which of an mm's two pgds this CPU loads
 * /hypervisor compatible        the PV backend, "pvtlb,NAME"; no node: a native machine
 *             pvtlb,late        present: install the backend after native_pv_tlb_init()
 * /pvtlb                        the machine's own interface:
 */
#define FDT_HYPERVISOR	 "/hypervisor"
#define FDT_PVTLB	 "/pvtlb"
#define FDT_COMPAT	 "pvtlb,machine-1"
#define FDT_BACKEND	 "pvtlb,"	  /* prefix of a backend's compatible */
#define FDT_LATE	 "pvtlb,late"	  /* empty */
#define FDT_CPU_PGD	 "pvtlb,pgd"	  /* u32, 0 or 1 */
#define FDT_DOORBELL	 "doorbell"	  /* u64 gva, one page */
#define FDT_LAPIC	 "lapic"	  /* u64 gva, one page */
#define FDT_DIRECT_MAP	 "direct-map"	  /* u64 gva of gpa 0 */
#define FDT_CALL_BLOCKS	 "call-blocks"	  /* u64 gpa, PVTLB_CALL_BLOCK_SIZE per CPU */
#define FDT_STATUS	 "cpu-status"	  /* u64 gpa, one struct pvtlb_cpu_status per CPU */
#define FDT_RINGS	 "event-rings"	  /* u64 gpa, u64 bytes per CPU */
#define FDT_SEQUENCE	 "event-sequence" /* u64 gpa of the shared sequence, 8 bytes */
#define FDT_PERCPU	 "per-cpu"	  /* u64 gva of CPU 0's area, u64 bytes per CPU */
#define FDT_SCENARIO	 "scenario"	  /* string */
#define FDT_TRIALS	 "trials"	  /* u32, 1 or more */
#define FDT_KEY		 "key"		  /* string: auto, on, off */
#define FDT_POLICY	 "policy"	  /* string: a policy of the image; absent: its default */
#define FDT_STOPS	 "stops"	  /* u64s: a struct pvtlb_event_set, to be reported by TRACEPOINT */
#define FDT_STRESS	 "stress-cycles"  /* u64 TSC cycles to run free; absent: trials, held */
#define FDT_SEED	 "seed"		  /* u64, of all that is random: a free run's delays, say */
#define FDT_SPINS	 "spins"	  /* u32, turns to spin before a CPU that waits halts */
#define FDT_HYPERCALL	 "hypercall"	  /* string: vmcall or vmmcall, the host's own; absent: none */
#define FDT_STEPS	 "steps"	  /* u64 gpa of CPU 0's struct pvtlb_step, u64 bytes per CPU: stepped mode */
#define FDT_FAULT	 "fault"	  /* string: a fault to inject; absent: none */

#endif
