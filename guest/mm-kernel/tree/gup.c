/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree's GUP-fast, and what a walk of it loads. The walk is done instruction by instruction
 * (RFLAGS.TF): before each one a decoder looks whether it reads memory that is a page table, and
 * behind it what was read is told of. That is exact, inlined or not, and needs no hook in it.
 */
#include "shim.h"

/* As hooks.S pushes them; g[] by their numbers in instructions. */
struct step_regs {
	unsigned long g[16];
	unsigned long flags, ip;
};

#define X86_FLAGS_ZF 0x40ul

word k_gup(word addr)
{
	struct hook_state *h = THIS_HOOK;
	struct page *page = NULL;

	h->walk = (typeof(h->walk)){ .addr = addr & PAGE_MASK, .page = &page };
	h->walking = WALK_WANTED;
	if (get_user_pages_fast_only(addr, 1, FOLL_WRITE, &page) != 1)
		return 0;
	/* Its walk was not seen, as that begins where IRQs go off. It must not look like a good one. */
	if (h->walking == WALK_WANTED)
		g_panic("get_user_pages_fast_only() got a page without turning IRQs off", addr);
	return (word)page_to_pfn(compound_head(page)) << PAGE_SHIFT;
}

/* From hooks.S: GUP-fast has turned IRQs off, and turns them on. */
void k_walk_begin(void)
{
	struct hook_state *h = THIS_HOOK;

	h->walking = WALK_GOES;
	h->walk.table = 0;
	h->walk.shift = PGDIR_SHIFT + 9;
	g_walk_begin(loaded_id(), h->walk.addr);
}

/* What the last entry maps there. */
static word leaf_page(const struct hook_state *h)
{
	word inside = (1ul << (h->walk.shift - 9)) - 1;

	return (h->walk.entry & PTE_PFN_MASK & ~inside) + (h->walk.addr & inside & PAGE_MASK);
}

void k_walk_end(void)
{
	struct hook_state *h = THIS_HOOK;

	/* The page is in its place before the walk has looked again: that says nothing. */
	h->walking = WALK_NOT;
	if (h->walk.holds && !h->walk.lost)
		g_walk_end(G_WALK_PAGE, (word)page_to_pfn(*h->walk.page) << PAGE_SHIFT);
	else
		g_walk_end(h->walk.grabbed || h->walk.lost ? G_WALK_CHANGED : G_WALK_NONE, 0);
}

/* Address of a memory operand, from the ModRM byte on; 0: none, or one relative to rip. */
static unsigned long operand(const struct step_regs *r, const u8 *p, unsigned int rex)
{
	unsigned int mod = *p >> 6, rm = *p & 7;
	unsigned long ea = 0;

	p++;
	if (mod == 3 || (rm == 5 && !mod))
		return 0;
	if (rm == 4) {
		unsigned int index = (*p >> 3 & 7) | (rex & 2) << 2, base = (*p & 7) | (rex & 1)
											       << 3;
		bool no_base = (*p & 7) == 5 && !mod;

		ea = no_base ? 0 : r->g[base];
		if (index != 4)
			ea += r->g[index] << (*p >> 6);
		p++;
		if (no_base)
			ea += *(s32 *)p;
	} else {
		ea = r->g[rm | (rex & 1) << 3];
	}
	if (mod == 1)
		ea += *(s8 *)p;
	else if (mod == 2)
		ea += *(s32 *)p;
	return ea;
}

/* mov, cmp, test, and, or, xor, add, sub: what a compiler reads a table's entry with. */
static bool reads_memory(u8 op)
{
	static const u8 ops[] = { 0x8b, 0x3b, 0x39, 0x85, 0x84, 0x23, 0x33, 0x03,
				  0x0b, 0x2b, 0xf7, 0xf6, 0x83, 0x81, 0x80 };

	unsigned int i = 0;

	while (i < ARRAY_SIZE(ops) && ops[i] != op)
		i++;
	return i < ARRAY_SIZE(ops);
}

static bool is_refcount(unsigned long addr)
{
	unsigned long at = addr - vmemmap_base;

	return at < vmemmap_bytes && at % sizeof(struct page) == offsetof(struct page, _refcount);
}

/* Nothing more is told of this walk but its end: no rule judges what was not seen. */
static void lose(struct hook_state *h)
{
	h->walk.lost = true;
	g_walk_lost(h->walk.addr);
}

/* It is about to read ea, which may be an entry of a page table. */
static void look_at(struct hook_state *h, unsigned long ea, int reg)
{
	unsigned long table = (ea - page_offset_base) & PAGE_MASK;

	if (!g_is_table(table))
		return;
	if (h->walk.table && table != h->walk.table) {
		/* Not the one that the last entry pointed to: that one was not seen. */
		if (table != (h->walk.entry & PTE_PFN_MASK)) {
			lose(h);
			return;
		}
		g_walk_next(table, h->walk.shift - 9);
	}
	h->walk.since = g_sequence();
	h->walk.load = ea;
	h->walk.load_reg = reg;
}

/* The instruction that is next: is it one that has to be looked at behind it? */
static void look_ahead(struct hook_state *h, const struct step_regs *r)
{
	const u8 *p = (const u8 *)r->ip;
	bool lock = *p == 0xf0;
	unsigned int rex = 0;
	u8 op;

	h->walk.load = 0;
	p += lock;
	if ((*p & 0xf0) == 0x40)
		rex = *p++;
	op = *p++;
	if (lock) {
		/* cmpxchg, xadd, add, inc. */
		p += op == 0x0f;
		h->walk.ip = is_refcount(operand(r, p, rex)) ? r->ip : 0;
	} else if (!h->walk.grabbed && reads_memory(op)) {
		look_at(h, operand(r, p, rex),
			op == 0x8b ? (int)((*p >> 3 & 7) | (rex & 4) << 1) : -1);
		h->walk.ip = h->walk.load ? r->ip : 0;
	}
}

/* It has been done: what was read is in a register, or, if it was only compared, in memory. */
static void loaded(struct hook_state *h, const struct step_regs *r)
{
	unsigned long ea = h->walk.load, table = (ea - page_offset_base) & PAGE_MASK;

	if (h->walk.table && table != h->walk.table)
		h->walk.shift -= 9;
	h->walk.table = table;
	h->walk.entry =
		h->walk.load_reg < 0 ? READ_ONCE(*(unsigned long *)ea) : r->g[h->walk.load_reg];
	g_walk_load(table, h->walk.shift, h->walk.entry, h->walk.since);
	if (h->walk.shift > PMD_SHIFT && h->walk.entry & _PAGE_PRESENT &&
	    !(h->walk.entry & _PAGE_PSE))
		g_walk_window();
}

/*
 * It takes a reference by cmpxchg, which if it fails is done again, and gives one back, by
 * whatever else, when it finds that something has changed.
 */
static void locked(struct hook_state *h, const struct step_regs *r)
{
	const u8 *p = (const u8 *)h->walk.ip + 1;

	if ((*p & 0xf0) == 0x40)
		p++;
	if (p[0] != 0x0f || p[1] != 0xb1) {
		h->walk.holds = false;
		return;
	}
	if (!(r->flags & X86_FLAGS_ZF))
		return;
	h->walk.holds = true;
	if (!h->walk.grabbed)
		g_walk_grab(leaf_page(h));
	h->walk.grabbed = true;
}

#define INSN_MAX 15

/*
 * From hooks.S, before the instruction at ip. Returns whether to do it and come back. An
 * interrupt that came first has the same instruction stepped at again. A host may lose steps, as
 * a software KVM does that takes its CPU away: of what was read in between nothing is known.
 */
int k_step(const struct step_regs *r)
{
	struct hook_state *h = THIS_HOOK;

	if (h->walking != WALK_GOES || h->walk.lost)
		return false;
	if (r->ip == h->walk.ip)
		return true;
	if (h->walk.ip && r->ip - h->walk.ip > INSN_MAX) {
		lose(h);
		return false;
	}
	if (h->walk.ip && h->walk.load)
		loaded(h, r);
	else if (h->walk.ip)
		locked(h, r);
	h->walk.ip = 0;
	look_ahead(h, r);
	return true;
}

#if !SINCE(6, 10)
/* Out of line there, and for leaves only. */
int pud_huge(pud_t pud)
{
	return !!(native_pud_val(pud) & _PAGE_PSE);
}

int pmd_huge(pmd_t pmd)
{
	return !pmd_none(pmd) &&
	       (native_pmd_val(pmd) & (_PAGE_PRESENT | _PAGE_PSE)) != _PAGE_PRESENT;
}
#endif
