/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * churn: everything that changes an mm, at random, by two CPUs, under CPUs that come and go.
 *
 * CPU 0 and CPU 1 change two mm's: map, protect, zap, munmap in all three ways, collapse, mremap,
 * reclaim, share and unshare, each in places of its own and in one that both use. The others, and
 * these two in between, switch, go lazy, look, and walk. Now and then all leave, and the mm's are
 * made anew under the same numbers. Nobody is held: which interleavings come about is chance and
 * --seed; --stress is for longer. Teaches nothing; finds what no other scenario has thought of.
 */
#include <scenario.h>

#define ADDR  0x100000000000ull
#define SIZE  (1ull << SCN_2M)
#define GIB   (1ull << 30)
#define PAGES 12
#define OPS   8 /* of a CPU, in a trial */
#define ANEW  8 /* trials that a pair of mm's lives for */

/* Places: one GiB for each mutator, one for both, one that is shared. In the first ones: */
enum place { SMALL, DENSE, MOVED, HUGE, NR_PLACES };
#define OF_BOTH (ADDR + 2 * GIB)
#define SHARED	(ADDR + 3 * GIB)

static struct mm_struct *mm[2], *sharer;
/* What each CPU is in; a lazy one uses no user space. */
static struct mm_struct *in[PVTLB_MAX_CPUS];
static bool lazy[PVTLB_MAX_CPUS];

static u64 place(unsigned int mutator, enum place which)
{
	return ADDR + mutator * GIB + which * SIZE;
}

/* Sparse, so that a flush that steps too far is seen. */
static u64 page_in(u64 start)
{
	return start + (u64)scn_random(PAGES) * 3 * 4096;
}

static u64 anywhere(void)
{
	switch (scn_random(5)) {
	case 0:
		return page_in(OF_BOTH);
	case 1:
		return SHARED + scn_random(2) * SIZE;
	default:
		return page_in(place(scn_random(2), scn_random(NR_PLACES)));
	}
}

static void use(void)
{
	struct mm_struct *m = in[scn_cpu()];

	if (!m || lazy[scn_cpu()])
		return;
	for (int i = 0; i < 4; i++)
		scn_access(m, anywhere(), scn_random(4) ? PVTLB_ACCESS_READ : PVTLB_ACCESS_WRITE);
	scn_gup(anywhere());
}

static void go_to(struct mm_struct *m)
{
	scn_switch_mm(m);
	in[scn_cpu()] = m;
	lazy[scn_cpu()] = false;
}

static void live(void)
{
	switch (scn_random(6)) {
	case 0:
		go_to(NULL);
		break;
	case 1:
		if (in[scn_cpu()]) {
			lazy[scn_cpu()] = true;
			scn_enter_lazy();
		}
		break;
	case 2:
	case 3:
		go_to(mm[scn_random(2)]);
		break;
	}
	use();
}

static void fill(struct mm_struct *m, u64 start)
{
	for (unsigned int i = 0; i < PAGES; i++)
		scn_fault(m, start + (u64)i * 3 * 4096);
}

static void share(struct mm_struct *m)
{
	static unsigned int mapped;

	scn_share_pmd(sharer, m, SHARED);
	use();
	scn_unshare_pmd(m, SHARED);
	scn_zap(sharer, SHARED, SHARED + SIZE);
	scn_map(sharer, SHARED, scn_page_alloc(SCN_2M), mapped ^= 1, SCN_2M);
}

static void collapse(struct mm_struct *m, u64 at)
{
	fill(m, at);
	live();
	scn_collapse(m, at, scn_page_alloc(SCN_2M), true);
	live();
	scn_zap_huge(m, at);
}

/* Small pages, and behind them a large one, in one go. */
static void zap_mixed(struct mm_struct *m, u64 from, u64 at)
{
	fill(m, from);
	scn_map(m, at, scn_page_alloc(SCN_2M), true, SCN_2M);
	live();
	scn_zap(m, from + scn_random(2) * 30 * 4096, at + SIZE);
}

static void move(struct mm_struct *m, u64 from, u64 to)
{
	fill(m, from);
	live();
	scn_mremap(m, from, to, PAGES * 3 * 4096);
	live();
	scn_zap(m, to, to + SIZE);
}

static void protect(struct mm_struct *m, u64 at)
{
	fill(m, at);
	live();
	scn_protect(m, at, at + SIZE / 2, false);
	scn_protect(m, page_in(at), at + SIZE / 2, true);
}

static void reclaim(unsigned int self)
{
	for (int i = 0; i < 2; i++) {
		fill(mm[i], place(self, SMALL));
		fill(mm[i], OF_BOTH);
	}
	live();
	for (int i = 0; i < 2; i++) {
		scn_reclaim(mm[i], place(self, SMALL), page_in(place(self, SMALL)));
		scn_reclaim(mm[i], OF_BOTH, page_in(OF_BOTH));
	}
	live();
	scn_reclaim_flush();
}

static void mutate(unsigned int self)
{
	struct mm_struct *m = mm[scn_random(2)];
	u64 end;

	switch (scn_random(9)) {
	case 0:
		fill(m, OF_BOTH);
		live();
		end = page_in(OF_BOTH) + 4096;
		scn_zap(m, OF_BOTH, end);
		break;
	case 1:
		fill(m, place(self, DENSE));
		live();
		end = place(self, DENSE) + SIZE;
		scn_munmap(m, place(self, DENSE), end, scn_random(3));
		scn_rcu_barrier();
		break;
	case 2:
		collapse(m, place(self, HUGE));
		break;
	case 3:
		zap_mixed(m, place(self, MOVED), place(self, HUGE));
		break;
	case 4:
		move(m, place(self, SMALL), place(self, MOVED));
		break;
	case 5:
		protect(m, scn_random(2) ? OF_BOTH : place(self, SMALL));
		break;
	case 6:
		reclaim(self);
		break;
	case 7: /* one of them: the file that is mapped there knows of one table */
		if (!self)
			share(m);
		break;
	default:
		scn_munmap(m, ADDR + self * GIB, ADDR + (self + 1) * GIB, scn_random(3));
		scn_rcu_barrier();
	}
	scn_drain();
}

static void run(void)
{
	for (int i = 0; i < OPS; i++) {
		if (scn_cpu() < 2)
			mutate(scn_cpu());
		live();
		scn_drain();
	}
}

static void leave(void)
{
	go_to(NULL);
}

static void drain(struct mm_struct *m)
{
	scn_munmap(m, ADDR, SHARED, SCN_BATCHED);
	scn_rcu_barrier();
	scn_mm_destroy(m);
}

static void prepare(void)
{
	static unsigned int trial;

	if (trial++ % ANEW)
		return;
	scn_phase(leave);
	for (int i = 0; i < 2; i++) {
		if (mm[i])
			drain(mm[i]);
		mm[i] = scn_mm_create();
	}
}

static const struct scn_race race = {
	.prepare = prepare,
	.walk = run,
	.change = run,
};

static void setup(void)
{
	sharer = scn_mm_create();
	for (int i = 0; i < 2; i++)
		scn_map(sharer, SHARED + i * SIZE, scn_page_alloc(SCN_2M), true, SCN_2M);
}

SCENARIO(churn, {
	.name = "churn",
	.title = "random changes of two mm's by two CPUs, under CPUs that switch, go lazy and walk",
	.flags = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE | PVTLB_SCENARIO_WALKS |
		 PVTLB_SCENARIO_RANDOM,
	.program = SCN_PROGRAM(.setup = setup, .race = &race),
});
