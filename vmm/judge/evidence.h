/* SPDX-License-Identifier: GPL-2.0-only */
/* The evidence for the key: its variable, its sites' bytes, pv_ops, read out of guest memory. */
#ifndef VMM_EVIDENCE_H
#define VMM_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "pvtlb/image.h"
#include "pvtlb/jump_label.h"

struct guest_mem;
struct image;

enum site_insn { SITE_UNKNOWN, SITE_NOP, SITE_JMP };

/* What stands at one static-branch site. */
struct key_site {
	gva_t address;
	char symbol[96]; /* function+offset */
	uint8_t bytes[PVTLB_INSN_MAX];
	unsigned int len; /* 2 or 5; 0: no instruction that belongs there */
	enum site_insn insn;
	bool likely;	 /* the branch is laid out for the key being on */
	bool key_on;	 /* the state of the key that these bytes stand for */
	bool target_bad; /* a jmp that goes elsewhere than its table entry says */
};

#define MAX_KEY_SITES 64u

struct key_evidence {
	bool value; /* tlb_ipi_broadcast_key's variable */
	unsigned int nr_sites;
	bool more_sites; /* than site[] has room for */
	struct key_site site[MAX_KEY_SITES];
	bool has_pv_ops;
	gva_t flush_tlb_multi; /* pv_ops.mmu.flush_tlb_multi */
	char flush_symbol[96];
	bool native; /* it is native_flush_tlb_multi */
};

/* Decode the PVTLB_INSN_MAX bytes at a site of a table entry. */
void site_decode(const struct pvtlb_jump_entry *entry, const uint8_t *bytes, struct key_site *site);

/* Read all of it. What the guest has made unreadable is left 0. */
void evidence_read(const struct guest_mem *mem, const struct image *image,
		   struct key_evidence *out);

/* Do all sites stand for the value the variable has? And is there one? */
bool evidence_agrees(const struct key_evidence *evidence);

#endif
