/* SPDX-License-Identifier: GPL-2.0-only */
/* Static keys: branches that are a nop or a jmp in the code, rewritten when the key changes. */
#ifndef _LINUX_JUMP_LABEL_H
#define _LINUX_JUMP_LABEL_H

#include <linux/types.h>
#include <pvtlb/jump_label.h>

struct static_key_false {
	u32 enabled;
};

#define DEFINE_STATIC_KEY_FALSE(name)  struct static_key_false name
#define DECLARE_STATIC_KEY_FALSE(name) extern struct static_key_false name

#define JUMP_TABLE_ENTRY                                                                           \
	".pushsection __jump_table, \"aw\"\n\t"                                                    \
	".balign 8\n\t"                                                                            \
	".quad 1b, %l[other], %c0\n\t"                                                             \
	".popsection"

/* Off: a 5-byte nop, the code of the true branch is elsewhere. */
static inline __attribute__((always_inline)) bool
static_branch_unlikely(struct static_key_false *const key)
{
	__asm__ goto("1: .byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n\t" JUMP_TABLE_ENTRY
		     :
		     : "i"(key)
		     :
		     : other);
	return false;
other:
	return true;
}

/* Off: a jmp around the true branch, 2 or 5 bytes as the assembler sees fit. */
static inline __attribute__((always_inline)) bool
static_branch_likely(struct static_key_false *const key)
{
	__asm__ goto("1: jmp %l[other]\n\t" JUMP_TABLE_ENTRY
		     :
		     : "i"((const char *)key + PVTLB_JUMP_LIKELY)
		     :
		     : other);
	return true;
other:
	return false;
}

#define static_key_enabled(key) ((key)->enabled != 0)

/* Before secondary CPUs run only: no other CPU may execute a site while it is rewritten. */
void static_branch_enable(struct static_key_false *key);
void static_branch_disable(struct static_key_false *key);
/* The same with no event for each site: the guest's code does not behave in another way. */
void static_branch_enable_untold(struct static_key_false *key);

#endif
