/* SPDX-License-Identifier: GPL-2.0-only */
/* The backends that were linked in, found through their linker section. */
#include <stddef.h>
#include <string.h>

#include "machine/boot.h"
#include "pv/pv.h"

extern const struct pv_provider __start_pv_providers[], __stop_pv_providers[];

static int order(const struct pv_provider *a, const struct pv_provider *b)
{
	int by_name = strcmp(a->name, b->name);

	if (a->paravirt != b->paravirt)
		return a->paravirt - b->paravirt;
	/* The VMM, which is everywhere, before the host. */
	return by_name ? by_name : strcmp(b->provider, a->provider);
}

/* The linker's order is nobody's choice: the i-th is the one with i others before it. */
const struct pv_provider *pv_provider_at(unsigned int i)
{
	for (const struct pv_provider *p = __start_pv_providers; p < __stop_pv_providers; p++) {
		unsigned int before = 0;

		for (const struct pv_provider *q = __start_pv_providers; q < __stop_pv_providers; q++)
			before += order(q, p) < 0;
		if (before == i)
			return p;
	}
	return NULL;
}

const struct pv_provider *pv_provider_named(const char *name)
{
	return pv_provider_by(name, NULL);
}

const struct pv_provider *pv_provider_by(const char *name, const char *provider)
{
	const struct pv_provider *p;

	for (unsigned int i = 0; (p = pv_provider_at(i)); i++)
		if (!strcmp(p->name, name) && (!provider || !strcmp(p->provider, provider)))
			return p;
	return NULL;
}

void pv_hypercall_stub(uint8_t code[PV_STUB_BYTES], bool with_nr, uint32_t nr)
{
	static const uint8_t load[] = { 0x49, 0x8b, 0x03, 0xc3 }; /* mov (%r11),%rax; ret */
	uint64_t where = GVA_DOORBELL + DOORBELL_HYPERCALL;
	uint8_t *to = code;

	memset(code, 0xcc, PV_STUB_BYTES);
	if (with_nr) {
		*to++ = 0xb8; /* mov $nr,%eax */
		memcpy(to, &nr, sizeof(nr));
		to += sizeof(nr);
	}
	*to++ = 0x49; /* movabs $where,%r11 */
	*to++ = 0xbb;
	memcpy(to, &where, sizeof(where));
	memcpy(to + sizeof(where), load, sizeof(load));
}
