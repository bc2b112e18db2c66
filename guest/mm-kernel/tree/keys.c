/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Static keys of the tree: its jump table, in its own form. Sites are what its compiler made them
 * with their keys as they begin. tlb_ipi_broadcast_key's go into the guest's jump table, where
 * the guest patches them and the VMM reads them; others' are patched here.
 */
#include "shim.h"

/* The tree's __jump_table; build.sh has given the section another name. */
extern struct jump_entry __start_k_jump_table[], __stop_k_jump_table[];

#ifdef HAVE_SERIES
extern struct static_key_false tlb_ipi_broadcast_key;
#else
struct static_key_false tlb_ipi_broadcast_key = STATIC_KEY_FALSE_INIT;
#endif

static unsigned long key_of(const struct jump_entry *e)
{
	return (unsigned long)jump_entry_key(e) & ~3ul;
}

/*
 * A nop of a length that only the assembler knows is compiled as a jmp, and bit 1 of its entry
 * set: objtool makes it a nop. Where it sees the linked kernel only, that has not been done yet.
 */
static void make_nop(const struct jump_entry *e)
{
	static const u8 nop2[] = { 0x66, 0x90 }, nop5[] = { 0x0f, 0x1f, 0x44, 0x00, 0x00 };
	u8 *code = (u8 *)jump_entry_code(e);

	if (code[0] == 0xeb)
		memcpy(code, nop2, sizeof(nop2));
	else if (code[0] == 0xe9)
		memcpy(code, nop5, sizeof(nop5));
}

void keys_init(void)
{
	struct jump_entry *e;

	for (e = __start_k_jump_table; e < __stop_k_jump_table; e++)
		if (e->key & 2)
			make_nop(e);
	for (e = __start_k_jump_table; e < __stop_k_jump_table; e++)
		if (key_of(e) == (unsigned long)&tlb_ipi_broadcast_key)
			g_key_site(jump_entry_code(e), jump_entry_target(e),
				   jump_entry_is_branch(e));
}

static void key_set(struct static_key *key, bool on)
{
	if (key != &tlb_ipi_broadcast_key.key)
		g_panic("the tree changes a static key that is not tlb_ipi_broadcast_key",
			(unsigned long)key);
	g_key_set(on);
}

void static_key_enable(struct static_key *key)
{
	key_set(key, true);
}

void static_key_disable(struct static_key *key)
{
	key_set(key, false);
}
