/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between two worlds: the tree's (its headers, its structures) and the guest's (guest/include).
 * Both include this and nothing else of each other, so there are plain types only. k_ is the
 * tree's side, g_ the guest's. An mm is its number, 0 init_mm; a page or a table is its
 * guest-physical address; a set of CPUs is 256 bits, CPU n is bit n % 64 of word n / 64.
 */
#ifndef GUEST_MM_KERNEL_BRIDGE_H
#define GUEST_MM_KERNEL_BRIDGE_H

typedef unsigned long word;
#define CPU_WORDS 4

struct k_machine {
	unsigned int cpus;
	word percpu, percpu_stride; /* CPU 0's data, a gva; bytes from one CPU's to the next */
	word direct_map;	    /* gva of gpa 0 */
	word pgd;		    /* init_mm's, a gva */
	word pages, frames;	    /* room for k_page_bytes() of struct pages, a gva; how many */
};

/* Setting up. k_boot() is first, on CPU 0; k_cpu_up() on each CPU before anybody tells it. */
word k_page_bytes(word frames);
void k_boot(const struct k_machine *machine);
void k_cpu_up(unsigned int cpu);
void k_mm_init(unsigned int id, word pgd);
/* The 2^shift bytes are somebody's: a reference, and a struct page that GUP-fast takes. */
void k_page_init(word page, unsigned int shift);
unsigned int *k_page_ref(word page); /* NULL: before k_boot() */
/* The tree's native_pv_tlb_init(), if it has one. */
void k_pv_tlb_init(void);
word k_flush_tlb_multi(void); /* what pv_ops points to */

/* asm/tlbflush.h, as in the tree. */
void k_switch_mm(unsigned int id);
void k_lazy(void);
void k_flush_mm_range(unsigned int id, word start, word end, unsigned int shift, int wake);
void k_flush_cpus(unsigned int id, word start, word end, unsigned int shift, int wake,
		  const word cpus[CPU_WORDS]);
void k_flush_kernel_range(word start, word end);
void k_batch_add(word cpus[CPU_WORDS], unsigned int id, word start, word end);
void k_batch_flush(word cpus[CPU_WORDS]);
int k_other_cpus_have(unsigned int id); /* besides this one, by mm_cpumask() */

/* asm/tlb.h. A gather is one of this CPU's; the last one begun is the first one finished. */
void *k_gather(unsigned int id, int fullmm);
void k_gather_entry(void *gather, word addr, unsigned int shift);
int k_gather_page(void *gather, word page, int no_batch); /* true: flush before the next one */
void k_gather_table(void *gather, word table, word addr, unsigned int shift, int no_batch);
void k_gather_unshare(void *gather, word table, word addr, unsigned int sharers);
void k_gather_flush_unshared(void *gather);
void k_gather_flush(void *gather);
void k_gather_finish(void *gather);
void k_sync_one(void);

/* linux/smp.h */
void k_call_function(void (*func)(void *info), void *info, int wait);
void k_call_interrupt(void);
/* A CPU spins in smp.c (build.sh has put a trap there): tell for whom. */
void k_spins(void);

/*
 * A part of a scenario is over on this CPU: ends the run unless the tree's code has left RCU, the
 * preempt count and the IRQ flag as it found them.
 */
void k_contracts(void);

/* The page's head that GUP-fast took a reference on, or 0. */
word k_gup(word addr);
/* Where a CPU goes on that has done one instruction of a walk, with debug_rip, debug_flags. */
extern const unsigned char k_step_entry[];

/* Backends of the tree. 0: there is none of that name. */
int k_install_kvm(void);
word k_steal_time(unsigned int cpu); /* gva */
/* hints: CPUID leaf 4's eax; page: there is a hypercall page. */
int k_install_hyperv(unsigned int hints, int page);
/* The number that the hypervisor knows the CPU by; a page for its calls' input, a gva. */
void k_hyperv_cpu_up(unsigned int cpu, unsigned int vp, word input);
int k_install_xen(void);
/* The model's, in a tree that has none of that name: pv_ops points to a way to it. */
void k_install_model(void);
void k_flush_multi_natively(void); /* the flush that it was asked for */
int k_is_lazy(unsigned int cpu);

/* A symbol that the objects want and nobody has, by an address that faulted; NULL: none. */
const char *k_undefined(word addr);

/* Events: arguments as in include/pvtlb/event.h. */
void g_switch_begin(unsigned int id, unsigned int prev);
void g_switch_mm(unsigned int id, unsigned int prev, word tlb_gen, int cr3);
void g_lazy(unsigned int id);
void g_lazy_over(unsigned int id);
void g_gathering(unsigned int id, int over);
void g_gather(unsigned int id, word start, word end, int freed, int unshared, int fullmm);
void g_flush_begin(word id, word start, word end, word tlb_gen, int wake, unsigned int shift);
void g_flush_only(const word cpus[CPU_WORDS]);
void g_flush_multi(const word cpus[CPU_WORDS]);
void g_flush_enter(word id, word tlb_gen, unsigned int initiator);
void g_flush_func(word id, word tlb_gen, int how, unsigned int initiator);
void g_flush_end(word id, word tlb_gen);
void g_preempted(unsigned int cpu);
void g_elided(unsigned int cpu);
/* lazy: whoever of them is not asked for is ELIDED. input: a gpa. Returns the result value. */
word g_hyperv_call(word control, word input, const word lazy[CPU_WORDS]);
void g_hyperv_nobody(const word lazy[CPU_WORDS]); /* no call: they were all there were */
void g_hyperv_native(void);			  /* no call: it goes on natively */
/* To the model's backend: a struct flush_tlb_info, id G_ALL_MMS: its mm is NULL. */
void g_flush_by_model(const word cpus[CPU_WORDS], word id, word start, word end, word tlb_gen,
		      unsigned int initiator, unsigned int shift, int wake);
/* Who of cpus is not asked for is ELIDED. Returns what Xen does. */
long g_xen_hypercall(word nr, const word args[5], const word cpus[CPU_WORDS]);
void g_sync(int skipped);
void g_wait(unsigned int cpu, word gpa, int over);
void g_walk_begin(unsigned int id, word addr);
void g_walk_load(word table, unsigned int shift, word entry, word since);
void g_walk_next(word table, unsigned int shift);
void g_walk_grab(word page);
void g_walk_lost(word addr);
void g_walk_end(int outcome, word page);
enum {
	G_FLUSHED_NOT_LOADED = 1,
	G_FLUSHED_LAZY,
	G_FLUSHED_CURRENT,
	G_FLUSHED_PARTIAL,
	G_FLUSHED_FULL
};
enum { G_WALK_PAGE = 1, G_WALK_NONE, G_WALK_CHANGED };
#define G_ALL_MMS (~0ul)

/* Ring 0, and what emits the events CR3, INVLPG and IPI_SEND. pgd: an mm's first one. */
void g_write_cr3(unsigned int id, word pgd, unsigned int pcid, int keep);
int g_flush_all(unsigned int id, word pgd, unsigned int pcid); /* true: the CPU has PCIDs */
void g_invlpg(word addr);
void g_send_ipi(unsigned int cpu);

/* The rest of the kernel. */
word g_sequence(void);
void g_loaded(unsigned int id);
void g_walk_window(void);
int g_is_table(word page);
word g_page_alloc(void);
void g_put_page(word page);
void g_table_free(word table);
void g_rcu_read_lock(void);
void g_rcu_read_unlock(void);
int g_rcu_nesting(void);
void g_synchronize_rcu(void);
void g_call_rcu(void *head, void *func);
void g_key_set(int on);
/* A site of tlb_ipi_broadcast_key, for the guest's jump table. */
void g_key_site(word code, word target, int likely);
void g_panic(const char *why, word value) __attribute__((noreturn));

#endif
