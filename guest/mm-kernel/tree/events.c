/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events from functions' entries and returns. Objects of a distribution's kernel have a call of
 * __fentry__, or room for one, at the head of each function, and a list of these places: the
 * functions of the table below get the call, all others a nop, as with ftrace. That one returns is
 * seen by a return address that is exchanged.
 */
#include "shim.h"

enum hooked {
	FLUSH_RANGE, /* flush_tlb_mm_range() */
	FLUSH_MULTI, /* what pv_ops points to, and the native one within it */
	HYPERV_MULTI,
	FLUSH_FUNC,
	FLUSH_KERNEL,
	KERNEL_FUNC,
	FLUSH_BATCH,
	SWITCH_MM,
	LAZY,
	SYNC,
	CALL,
};

/* build.sh makes those global that are static. */
extern void do_kernel_range_flush(void *info), do_flush_tlb_all(void *info);

static const struct {
	void *func;
	enum hooked what;
	bool returns; /* that it returns is an event, too */
} hooks[] = {
	{ flush_tlb_mm_range, FLUSH_RANGE, true },
	{ native_flush_tlb_multi, FLUSH_MULTI, true },
#ifdef HAVE_KVM
	{ kvm_flush_tlb_multi, FLUSH_MULTI, true },
#endif
#ifdef HAVE_HYPERV
	{ hyperv_flush_tlb_multi, HYPERV_MULTI, true },
#endif
#ifdef HAVE_XEN
	{ xen_flush_tlb_multi, FLUSH_MULTI, true },
#endif
	{ k_model_flush_tlb_multi, FLUSH_MULTI, true },
	{ flush_tlb_func, FLUSH_FUNC, true },
	{ flush_tlb_kernel_range, FLUSH_KERNEL, true },
	{ do_kernel_range_flush, KERNEL_FUNC, true },
	{ do_flush_tlb_all, KERNEL_FUNC, true },
	{ arch_tlbbatch_flush, FLUSH_BATCH, true },
	{ switch_mm_irqs_off, SWITCH_MM, true },
	{ enter_lazy_tlb, LAZY, false },
	{ tlb_remove_table_sync_one, SYNC, true },
	{ smp_call_function, CALL, true },
};

/* Places where a function can be hooked: of an endbr64 at its head, the address behind it. */
extern unsigned long __start_k_mcount_loc[], __stop_k_mcount_loc[];
extern void __fentry__(void), k_return(void);

#define SITE_MAX 16 /* bytes between a function's address and its place */

static int hook_at(unsigned long ip)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		if (ip - (unsigned long)hooks[i].func < SITE_MAX)
			return i;
	return -1;
}

void hooks_init(void)
{
	static const u8 nop5[] = { 0x0f, 0x1f, 0x44, 0x00, 0x00 };
	unsigned long *at;
	u32 found = 0;
	int i;

	for (at = __start_k_mcount_loc; at < __stop_k_mcount_loc; at++) {
		u8 *site = (u8 *)*at;
		s32 rel = (unsigned long)__fentry__ - (*at + 5);

		i = hook_at(*at);
		memcpy(site, nop5, sizeof(nop5));
		if (i < 0)
			continue;
		site[0] = 0xe8;
		memcpy(site + 1, &rel, sizeof(rel));
		found |= 1u << i;
	}
	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		if (!(found & 1u << i))
			g_panic("a function of the tree cannot be hooked: no __fentry__ in it",
				(unsigned long)hooks[i].func);
}

unsigned long flushed_id(const struct flush_tlb_info *info)
{
	return info->mm ? id_of(info->mm) : G_ALL_MMS;
}

/* The generation is known when somebody is told: FLUSH_BEGIN waits for that, or for the end. */
void flush_opens(unsigned long id, unsigned long start, unsigned long end, bool wake,
		 unsigned int shift)
{
	THIS_HOOK->flush = (struct flush){
		.open = true, .id = id, .start = start, .end = end, .wake = wake, .shift = shift
	};
}

void flush_told(unsigned long tlb_gen)
{
	struct flush *f = &THIS_HOOK->flush;

	if (!f->open || f->told)
		return;
	f->told = true;
	f->tlb_gen = tlb_gen;
	g_flush_begin(f->id, f->start, f->end, f->tlb_gen, f->wake, f->shift);
}

void flush_closes(void)
{
	struct flush *f = &THIS_HOOK->flush;
	bool of_mm = f->id && f->id != G_ALL_MMS;

	wait_over();
	/* Who would have been told has gone meanwhile: when it had to be clean nobody knows. */
	if (!f->told)
		f->end = f->start;
	flush_told(of_mm ? atomic64_read(&mm_of(f->id)->context.tlb_gen) : 0);
	g_flush_end(f->id, f->tlb_gen);
	f->open = false;
}

/* r: rdi, rsi, rdx, rcx, r8, r9 */

static void enter_range(struct hook_state *h, const unsigned long *r)
{
	const struct mmu_gather *tlb = h->gather;
	struct mm_struct *mm = (void *)r[0];

	flush_opens(id_of(mm), r[1], r[2], r[4] & 0xff, r[3] & 0xff);
	if (tlb && tlb->mm == mm)
		g_gather(id_of(tlb->mm), r[1], r[2], tlb->freed_tables,
#ifdef HAVE_UNSHARE
			 tlb->unshared_tables,
#else
			 false,
#endif
			 tlb->fullmm);
	/* Nobody has it: nobody is going to be told. */
	if (mm != this_cpu_read(cpu_tlbstate.loaded_mm) &&
	    cpumask_any_but(mm_cpumask(mm), smp_processor_id()) >= nr_cpu_ids)
		flush_told(atomic64_read(&mm->context.tlb_gen) + 1);
}

static void enter_multi(struct hook_state *h, const unsigned long *r)
{
	enum hooked outer = h->depth ? h->call[h->depth - 1].what : CALL;
	const struct flush_tlb_info *info = (void *)r[1];
	unsigned long words[CPU_WORDS];
	unsigned int cpu;

	mask_to_words(words, (void *)r[0]);
	flush_told(info->new_tlb_gen);
	if (outer != FLUSH_MULTI && outer != HYPERV_MULTI) {
		memcpy(h->mask, words, sizeof(words));
		g_flush_multi(words);
		return;
	}
	if (outer == HYPERV_MULTI) {
		hyperv_goes_native(h);
		return;
	}
	/* Within a backend's: whom has that left out? */
	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		if ((h->mask[cpu / 64] & ~words[cpu / 64]) >> (cpu % 64) & 1)
			g_elided(cpu);
}

/* What it is going to find; 0: that is to be seen by what it does. */
static int enter_func(struct hook_state *h, const struct flush_tlb_info *info)
{
	const struct mm_struct *loaded = this_cpu_read(cpu_tlbstate.loaded_mm);

	if (info->initiating_cpu == smp_processor_id())
		flush_told(info->new_tlb_gen);
	h->one = h->all = 0;
	g_flush_enter(flushed_id(info), info->new_tlb_gen, info->initiating_cpu);
	if ((info->mm && loaded != info->mm) || loaded == &init_mm)
		return G_FLUSHED_NOT_LOADED;
	return this_cpu_read(cpu_tlbstate_shared.is_lazy) ? G_FLUSHED_LAZY : 0;
}

static int what_was_done(const struct hook_state *h)
{
	return h->all ? G_FLUSHED_FULL : h->one ? G_FLUSHED_PARTIAL : G_FLUSHED_CURRENT;
}

/* Who has begun the last flush of the kernel's addresses: do_flush_tlb_all() is not told. */
static unsigned int kernel_flusher;

static void enter_kernel(const unsigned long *r)
{
	unsigned long words[CPU_WORDS];

	kernel_flusher = smp_processor_id();
	flush_opens(0, r[0], r[1], false, PAGE_SHIFT);
	flush_told(0);
	mask_to_words(words, cpu_online_mask);
	g_flush_multi(words);
}

static void enter_switch(struct hook_state *h, const unsigned long *r)
{
	const struct mm_struct *prev = this_cpu_read(cpu_tlbstate.loaded_mm);
	const struct mm_struct *next = (void *)r[1];

	h->switching = true;
	h->loaded = false;
	h->was_lazy = this_cpu_read(cpu_tlbstate_shared.is_lazy);
	h->from = id_of(prev);
	h->to = id_of(next);
	if (h->was_lazy)
		g_lazy_over(h->from);
	if (prev != next)
		g_switch_begin(h->to, h->from);
}

static void leave_switch(struct hook_state *h)
{
	h->switching = false;
	/* It stays: CR3 was left alone. */
	if (h->was_lazy && h->from == h->to && !h->loaded)
		g_switch_mm(h->to, h->from, atomic64_read(&mm_of(h->to)->context.tlb_gen), false);
	g_loaded(h->to);
}

static int enter(struct hook_state *h, enum hooked what, const unsigned long *r)
{
	switch (what) {
	case FLUSH_RANGE:
		enter_range(h, r);
		break;
	case FLUSH_MULTI:
		enter_multi(h, r);
		break;
	case HYPERV_MULTI:
		enter_multi(h, r);
		hyperv_begins(h, (void *)r[0]);
		break;
	case FLUSH_FUNC:
		return enter_func(h, (void *)r[0]);
	case FLUSH_KERNEL:
		enter_kernel(r);
		break;
	case KERNEL_FUNC:
		h->one = h->all = 0;
		g_flush_enter(0, 0, kernel_flusher);
		break;
	case FLUSH_BATCH:
		flush_opens(G_ALL_MMS, 0, TLB_FLUSH_ALL, false, PAGE_SHIFT);
		flush_told(0);
		break;
	case SWITCH_MM:
		enter_switch(h, r);
		break;
	case LAZY:
		g_lazy(loaded_id());
		break;
	case SYNC:
		h->syncs = true;
		break;
	case CALL:
		if (h->syncs)
			g_sync(false);
		h->syncs = false;
		break;
	}
	return 0;
}

static void leave(struct hook_state *h, const struct call *c)
{
	const struct flush_tlb_info *info = (void *)c->arg;

	switch (c->what) {
	case FLUSH_RANGE:
	case FLUSH_KERNEL:
	case FLUSH_BATCH:
		flush_closes();
		break;
	case HYPERV_MULTI:
		hyperv_ends(h);
		break;
	case FLUSH_MULTI:
	case CALL:
		wait_over();
		break;
	case FLUSH_FUNC:
		g_flush_func(flushed_id(info), info->new_tlb_gen,
			     c->how ? c->how : what_was_done(h), info->initiating_cpu);
		break;
	case KERNEL_FUNC:
		g_flush_func(0, 0, what_was_done(h), kernel_flusher);
		break;
	case SWITCH_MM:
		leave_switch(h);
		break;
	case SYNC:
		/* Nobody was called: it was skipped. */
		if (h->syncs)
			g_sync(true);
		h->syncs = false;
		break;
	}
}

/*
 * From hooks.S: ip is behind the call, *parent where the function returns to. An interrupt may
 * come at any point, and hook others: a call's slot is taken first, and given back last.
 */
void k_enter(unsigned long ip, const unsigned long *r, unsigned long *parent)
{
	struct hook_state *h = THIS_HOOK;
	int i = hook_at(ip - 5), how;
	struct call *c;

	if (i < 0)
		return;
	if (!hooks[i].returns) {
		enter(h, hooks[i].what, r);
		return;
	}
	if (h->depth == CALLS)
		g_panic("too many hooked functions within each other", ip);
	how = enter(h, hooks[i].what, r);
	c = &h->call[h->depth++];
	barrier();
	*c = (struct call){ .what = hooks[i].what, .ret = *parent, .arg = r[0], .how = how };
	*parent = (unsigned long)k_return;
}

unsigned long k_leave(void)
{
	struct hook_state *h = THIS_HOOK;
	struct call c = h->call[h->depth - 1];

	leave(h, &c);
	barrier();
	h->depth--;
	return c.ret;
}

/* WAIT. smp.c's struct call_function_data begins with the csds, one for each CPU. */
extern void *cfd_data;

void wait_over(void)
{
	struct hook_state *h = THIS_HOOK;

	if (h->wait_word)
		g_wait(h->waits_for, h->wait_word, true);
	h->wait_word = 0;
}

/* Those before it have answered: it is the first one that has not. */
void k_spins(void)
{
	struct hook_state *h = THIS_HOOK;
	unsigned long csds =
		*(unsigned long *)((unsigned long)&cfd_data + __per_cpu_offset[smp_processor_id()]);
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		call_single_data_t *csd = (void *)(csds + __per_cpu_offset[cpu]);
		unsigned long word = __pa(&csd->node.u_flags);

		if (!READ_ONCE(csd->node.u_flags))
			continue;
		if (h->wait_word == word)
			return;
		wait_over();
		h->waits_for = cpu;
		h->wait_word = word;
		g_wait(cpu, word, false);
		return;
	}
}
