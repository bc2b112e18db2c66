/* SPDX-License-Identifier: GPL-2.0-only */
/* Fuzz target: what a guest stores to MSR_KVM_STEAL_TIME, for machines of any size. */
#include <stdint.h>
#include <string.h>

#include "must.h"
#include "pv/kvm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint64_t in[2] = { 0 };

	memcpy(in, data, len < sizeof(in) ? len : sizeof(in));
	if (!kvm_check_steal_time(in[0], in[1]))
		return 0;
	MUST(!(in[0] & 0x3e));
	/* Off, or an area of 64 bytes in memory. */
	if (in[0] & 1)
		MUST((in[0] & ~0x3full) <= in[1] && in[1] - (in[0] & ~0x3full) >= 64);
	return 0;
}
