/* SPDX-License-Identifier: GPL-2.0-only */
/* A vCPU's local APIC, as KVM keeps it (Intel SDM vol. 3, table 11-1): IRR and TPR. */
#include <linux/kvm.h>
#include <string.h>

#include "explore/kvm_lapic.h"
#include "kvm/kvm.h"

#define APIC_TPR 0x080
#define APIC_IRR 0x200 /* 8 registers of 32 bits, 16 bytes apart */
#define TPR_NONE 0xff  /* class 15: no vector has a higher one */

bool lapic_requests(int fd)
{
	struct kvm_lapic_state lapic;
	uint32_t any = 0, word;

	kvm_must(fd, KVM_GET_LAPIC, &lapic);
	for (unsigned int i = 0; i < 8; i++) {
		memcpy(&word, lapic.regs + APIC_IRR + 16 * i, sizeof(word));
		any |= word;
	}
	return any;
}

void lapic_hold(int fd, bool hold)
{
	struct kvm_lapic_state lapic;
	uint32_t tpr = hold ? TPR_NONE : 0;

	kvm_must(fd, KVM_GET_LAPIC, &lapic);
	memcpy(lapic.regs + APIC_TPR, &tpr, sizeof(tpr));
	kvm_must(fd, KVM_SET_LAPIC, &lapic);
}
