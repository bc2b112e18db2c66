/* SPDX-License-Identifier: GPL-2.0-only */
/* Fuzz target: the operands of an INVLPGB. */
#include <stdint.h>
#include <string.h>

#include "machine/call.h"
#include "machine/layout.h"
#include "must.h"
#include "pv/invlpgb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	/* Of its exact size, not aligned: a sanitizer sees what is read beyond it. */
	uint8_t *payload = malloc(len + 1);
	struct pvtlb_invlpgb op = { 0 };
	uint64_t start = 1, end = 0;
	bool pcide = len > sizeof(op) && data[sizeof(op)] & 1;
	size_t size = len > sizeof(op) ? sizeof(op) : len;
	int64_t status;

	memcpy(payload + 1, data, len);
	/* A byte behind the operands is no part of them: it turns PCIDs on. */
	status = invlpgb_check(payload + 1, size, pcide, &start, &end);
	MUST(!status || status == -PVTLB_EINVAL);
	if (!status) {
		MUST(size == sizeof(op));
		memcpy(&op, data, sizeof(op));
		MUST(!(op.rax & 0xfc0) && !(op.ecx & 0x7fff0000) && !(op.edx & 0xf0000000));
		MUST((op.ecx & 0xffff) <= 7 && start < end);
		MUST(!(op.rax & 32) && (!(op.rax & 4) || !(op.edx & 0xffff)));
		MUST(pcide || !(op.rax & 2) || !(op.edx >> 16));
		if (op.rax & 1) {
			MUST(canonical(start) && canonical(end - 1) && !((start | end) % 4096));
			MUST(end - start <= 8ull << 21 && start <= (op.rax & ~0xfffull));
		} else {
			MUST(!start && end == ~0ull);
		}
	}
	free(payload);
	return 0;
}
