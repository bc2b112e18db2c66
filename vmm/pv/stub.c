/* SPDX-License-Identifier: GPL-2.0-only */
/* Code for a hypercall page: a load from behind the doorbell, which is an exit. */
#include <string.h>

#include "machine/layout.h"
#include "pv/stub.h"

#define MOV_EAX 0xb8

uint64_t hypercall_stub_rax(const uint8_t code[HYPERCALL_STUB_BYTES], uint64_t was)
{
	uint32_t nr;

	if (code[0] != MOV_EAX)
		return was;
	memcpy(&nr, code + 1, sizeof(nr));
	return nr;
}

void hypercall_stub(uint8_t code[HYPERCALL_STUB_BYTES], bool with_nr, uint32_t nr)
{
	static const uint8_t load[] = { 0x49, 0x8b, 0x03, 0xc3 }; /* mov (%r11),%rax; ret */
	uint64_t where = GVA_DOORBELL + DOORBELL_HYPERCALL;
	uint8_t *to = code;

	memset(code, 0xcc, HYPERCALL_STUB_BYTES);
	if (with_nr) {
		*to++ = MOV_EAX; /* mov $nr,%eax */
		memcpy(to, &nr, sizeof(nr));
		to += sizeof(nr);
	}
	*to++ = 0x49; /* movabs $where,%r11 */
	*to++ = 0xbb;
	memcpy(to, &where, sizeof(where));
	memcpy(to + sizeof(where), load, sizeof(load));
}
