/* SPDX-License-Identifier: GPL-2.0-only */
/* The local APIC, by MMIO from ring 3, and the vectors. */
#ifndef _ASM_APIC_H
#define _ASM_APIC_H

#include <linux/types.h>

#include <pvtlb/event.h>

#define CALL_FUNCTION_VECTOR 0xfc
#define RESCHEDULE_VECTOR    PVTLB_WAKE_VECTOR

void apic_init(u64 base); /* gva */
void apic_eoi(void);
/* Fixed delivery, physical destination; APIC id == CPU number (Intel SDM vol. 3, 11.6.1). */
void send_ipi(unsigned int cpu, u8 vector);

#endif
