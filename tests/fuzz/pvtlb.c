/* SPDX-License-Identifier: GPL-2.0-only */
/* Fuzz target: the header of a call, and the pvtlb backend's flush in its payload. */
#include <stdlib.h>
#include <string.h>

#include "machine/call.h"
#include "pv/pvtlb.h"
#include "must.h"

#define RAM 0x4000000ull

static void header(const uint8_t *data, size_t len)
{
	static struct pvtlb_call_block block;
	uint32_t rung = 0;
	int64_t status;

	memset(&block, 0, sizeof(block));
	memcpy(&rung, data, len < 4 ? len : 4);
	block.version = PVTLB_ABI_VERSION;
	block.nr = rung;
	/* The input lies over it, so that a short one is a good header. */
	if (len > 4)
		memcpy(&block, data + 4, len - 4 < sizeof(block) ? len - 4 : sizeof(block));
	status = call_check(&block, rung);
	MUST(!status || status == -PVTLB_EINVAL);
	if (status)
		return;
	MUST(block.version == PVTLB_ABI_VERSION && block.nr == rung && block.len <= sizeof(block.payload));
	MUST(!(block.reserved0 | block.reserved[0] | block.reserved[1] | block.reserved[2] |
	       block.reserved[3]));
}

static void must_be_range(const struct pvtlb_flush_range *r)
{
	MUST(!(r->start % 4096) && !(r->end % 4096) && r->start < r->end);
	MUST(r->end <= 1ull << 47 || r->start >= 0xffff800000000000);
}

static void must_be_flush(const struct pvtlb_flush *f, const uint8_t *payload, uint32_t len,
			  unsigned int cpus)
{
	MUST(!memcmp(f, payload, sizeof(*f)));
	MUST(f->flags < 4 && f->nr_ranges <= 64);
	MUST((f->nr_ranges == 0) == (f->flags >> 1));
	MUST(len == sizeof(*f) + 16 * f->nr_ranges);
	MUST(f->flags & 1 ? !f->space : f->space && f->space < RAM && !(f->space % 4096));
	for (unsigned int n = cpus; n < 256; n++)
		MUST(!(f->vcpus.bits[n / 64] >> (n % 64) & 1));
	for (uint32_t i = 0; i < f->nr_ranges; i++) {
		struct pvtlb_flush_range range;

		memcpy(&range, payload + sizeof(*f) + i * sizeof(range), sizeof(range));
		must_be_range(&range);
	}
}

static void flush(const uint8_t *data, size_t len)
{
	unsigned int cpus = 1 + (len ? *data : 0) % PVTLB_MAX_CPUS;
	uint32_t rest = len ? len - 1 : 0;
	/* Of the size it says, not aligned: a sanitizer sees what is read beyond it. */
	uint8_t *payload = malloc(rest + 1);
	struct pvtlb_flush out;
	int64_t status;

	memcpy(payload + 1, data + !!len, rest);
	status = pvtlb_check_flush(payload + 1, rest, cpus, RAM, &out);
	MUST(!status || status == -PVTLB_EINVAL || status == -PVTLB_ERANGE);
	if (!status)
		must_be_flush(&out, payload + 1, rest, cpus);
	free(payload);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len && *data & 1)
		header(data + 1, len - 1);
	else if (len)
		flush(data + 1, len - 1);
	return 0;
}
