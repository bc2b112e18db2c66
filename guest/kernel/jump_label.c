/* SPDX-License-Identifier: GPL-2.0-only */
/* Static keys: find the key's sites in the jump table and rewrite them. */
#include <cpuid.h>
#include <linux/cpumask.h>
#include <linux/jump_label.h>
#include <linux/kernel.h>
#include <linux/trace.h>

extern const struct pvtlb_jump_entry __start___jump_table[], __stop___jump_table[];

static const u8 nop2[] = { PVTLB_NOP2 };
static const u8 nop5[] = { PVTLB_NOP5 };

/* Length of the instruction at a site; its first byte is enough to tell. */
static unsigned int site_len(const u8 *code)
{
	switch (code[0]) {
	case PVTLB_JMP8:
	case 0x66:
		return 2;
	case PVTLB_JMP32:
	case 0x0f:
		return 5;
	}
	panic("no static-branch site at", (u64)code);
}

static void patch_site(const struct pvtlb_jump_entry *e, bool jump)
{
	u8 *code = (u8 *)e->code;
	unsigned int len = site_len(code);
	s32 rel = (s32)(e->target - (e->code + len));
	u8 jmp[PVTLB_INSN_MAX] = { len == 2 ? PVTLB_JMP8 : PVTLB_JMP32 };

	__builtin_memcpy(jmp + 1, &rel, len - 1);
	if (jump)
		__builtin_memcpy(code, jmp, len);
	else
		__builtin_memcpy(code, len == 2 ? nop2 : nop5, len);
}

/* tell: of each site. */
static void static_key_set(struct static_key_false *key, bool enabled, bool tell)
{
	const struct pvtlb_jump_entry *e;
	u32 a, b, c, d;

	if (key->enabled == enabled)
		return;
	if (cpumask_next_from(1, &cpu_online_mask) < nr_cpu_ids)
		panic("static key changed while other CPUs run", (u64)key);
	key->enabled = enabled;
	for (e = __start___jump_table; e < __stop___jump_table; e++) {
		if ((e->key & ~PVTLB_JUMP_LIKELY) != (u64)key)
			continue;
		patch_site(e, enabled ^ (e->key & PVTLB_JUMP_LIKELY));
		if (tell)
			trace(PATCH, e->code, (u64)key, enabled);
	}
	/* Serialize: the next instruction may be one of those (Intel SDM vol. 3, 9.3). */
	__cpuid(0, a, b, c, d);
}

void static_branch_enable(struct static_key_false *key)
{
	static_key_set(key, true, true);
}

void static_branch_disable(struct static_key_false *key)
{
	static_key_set(key, false, true);
}

void static_branch_enable_untold(struct static_key_false *key)
{
	static_key_set(key, true, false);
}
