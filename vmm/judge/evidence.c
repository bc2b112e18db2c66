/* SPDX-License-Identifier: GPL-2.0-only */
/* The evidence for the key: its variable, its sites' bytes, pv_ops, read out of guest memory. */
#include <string.h>

#include "judge/evidence.h"
#include "machine/image.h"
#include "machine/mem.h"

static const uint8_t nop2[] = { PVTLB_NOP2 };
static const uint8_t nop5[] = { PVTLB_NOP5 };
static const uint8_t jmp8[] = { PVTLB_JMP8 };
static const uint8_t jmp32[] = { PVTLB_JMP32 };

/* Where a jmp of this form at the site goes. */
static gva_t jmp_target(gva_t at, const uint8_t *bytes, unsigned int len)
{
	int8_t rel8;
	int32_t rel32;

	memcpy(&rel8, bytes + 1, sizeof(rel8));
	memcpy(&rel32, bytes + 1, sizeof(rel32));
	return at + len + (len == 2 ? (int64_t)rel8 : (int64_t)rel32);
}

void site_decode(const struct pvtlb_jump_entry *entry, const uint8_t *bytes, struct key_site *site)
{
	static const struct {
		const uint8_t *bytes;
		unsigned int match, len;
		enum site_insn insn;
	} forms[] = {
		{ nop2, sizeof(nop2), 2, SITE_NOP },
		{ nop5, sizeof(nop5), 5, SITE_NOP },
		{ jmp8, sizeof(jmp8), 2, SITE_JMP },
		{ jmp32, sizeof(jmp32), 5, SITE_JMP },
	};

	*site = (struct key_site){ .address = entry->code };
	site->likely = entry->key & PVTLB_JUMP_LIKELY;
	memcpy(site->bytes, bytes, sizeof(site->bytes));
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (memcmp(bytes, forms[i].bytes, forms[i].match))
			continue;
		site->len = forms[i].len;
		site->insn = forms[i].insn;
		break;
	}
	/* A likely site jumps away while the key is off, an unlikely one while it is on. */
	site->key_on = site->insn == (site->likely ? SITE_NOP : SITE_JMP);
	site->target_bad = site->insn == SITE_JMP &&
			   jmp_target(entry->code, bytes, site->len) != entry->target;
}

/* len bytes at a linked address, from guest memory as it is now; NULL when there are none. */
static const void *at(const struct guest_mem *mem, const struct image *image, gva_t addr,
		      uint64_t len)
{
	gpa_t gpa = image_gpa(image, addr, len);

	return gpa ? guest_mem(mem, gpa, len) : NULL;
}

static void read_sites(const struct guest_mem *mem, const struct image *image,
		       struct key_evidence *out)
{
	const struct pvtlb_image *d = &image->desc;
	struct pvtlb_jump_entry entry;

	for (gva_t e = d->jump_table_start; e + sizeof(entry) <= d->jump_table_end;
	     e += sizeof(entry)) {
		const void *raw = at(mem, image, e, sizeof(entry));
		struct key_site *site;
		const uint8_t *code;

		if (!raw)
			return;
		memcpy(&entry, raw, sizeof(entry));
		if ((entry.key & ~PVTLB_JUMP_LIKELY) != d->key)
			continue;
		if (out->nr_sites == MAX_KEY_SITES) {
			out->more_sites = true;
			return;
		}
		site = &out->site[out->nr_sites];
		code = at(mem, image, entry.code, PVTLB_INSN_MAX);
		if (code)
			site_decode(&entry, code, site);
		image_symbolize(image, entry.code, site->symbol, sizeof(site->symbol));
		out->nr_sites++;
	}
}

void evidence_read(const struct guest_mem *mem, const struct image *image, struct key_evidence *out)
{
	const struct pvtlb_image *d = &image->desc;
	const void *raw = at(mem, image, d->key_enabled, sizeof(uint32_t));
	uint32_t enabled = 0;

	*out = (struct key_evidence){ .flush_tlb_multi = d->native_flush_tlb_multi };
	if (raw)
		memcpy(&enabled, raw, sizeof(enabled));
	out->value = enabled;
	read_sites(mem, image, out);
	raw = d->flush_tlb_multi_slot ? at(mem, image, d->flush_tlb_multi_slot, sizeof(gva_t)) : NULL;
	out->has_pv_ops = raw;
	if (raw)
		memcpy(&out->flush_tlb_multi, raw, sizeof(gva_t));
	out->native = out->flush_tlb_multi == d->native_flush_tlb_multi;
	image_symbolize(image, out->flush_tlb_multi, out->flush_symbol, sizeof(out->flush_symbol));
}

bool evidence_agrees(const struct key_evidence *evidence)
{
	for (unsigned int i = 0; i < evidence->nr_sites; i++) {
		const struct key_site *site = &evidence->site[i];

		if (!site->len || site->target_bad || site->key_on != evidence->value)
			return false;
	}
	return evidence->nr_sites && !evidence->more_sites;
}
