/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gather-twice, gather-twice-all: one mmu_gather frees two page tables, with a flush for each.
 *
 * The first table goes by RCU, and no sync is due that would ask how its flush was delivered.
 * Then other CPUs walk towards the second table and are stopped with the pointer to it. There
 * is no page for another batch, so that one is freed right behind a flush and a sync. The
 * variants are in how the first flush is delivered: to this CPU alone, or to all, which
 * natively is by IPI. Teaches that what is known of one flush is not known of the next.
 *
 * The first flush is local only in an mm that no other CPU has ever loaded: there is a new one
 * for each of the first MOST trials.
 */
#include <scenario.h>

#define FIRST  0x100000000000ull
#define SIZE   (1ull << SCN_2M)
#define SECOND (FIRST + SIZE)
#define MOST   100
#define FREE_RUN 8 /* mm's, then */

enum delivery { LOCALLY, TO_ALL };

static struct mm_struct *mms[MOST], *mm;
static unsigned int nr_mms, trials;

static void first_use(enum delivery delivery)
{
	if (delivery == *(const enum delivery *)scn_variant())
		scn_munmap_begin(mm, FIRST, FIRST + SIZE);
}

/* In the first round the workers load the mm; the second one is what it is about. */
static void prepare(void)
{
	if (scn_round() == 0) {
		mm = mms[trials++ % nr_mms];
		scn_switch_mm(mm);
		scn_map(mm, FIRST, scn_page_alloc(SCN_4K), true, SCN_4K);
		scn_map(mm, SECOND, scn_page_alloc(SCN_4K), true, SCN_4K);
		first_use(LOCALLY);
		return;
	}
	first_use(TO_ALL);
	/* Where there are global ASIDs the mm gets one, and all come to use it. */
	for (int i = 0; i < 2; i++)
		scn_flush(mm, 0, 0, SCN_4K, false);
}

static void walk(void)
{
	scn_switch_mm(mm);
	scn_gup(SECOND);
}

static void change(void)
{
	if (scn_round() == 1)
		scn_munmap_end(SECOND, SECOND + SIZE);
}

static void look(void)
{
	scn_access(mm, SECOND, PVTLB_ACCESS_READ);
}

static void restore(void)
{
	scn_rcu_barrier();
}

static const struct scn_race race = {
	.prepare = prepare,
	.walk = walk,
	.change = change,
	.after = look,
	.restore = restore,
};

static void setup(void)
{
	nr_mms = scn_free_running() ? FREE_RUN : scn_trials() < MOST ? scn_trials() : MOST;
	for (unsigned int i = 0; i < nr_mms; i++)
		mms[i] = scn_mm_create();
}

#define GATHER_TWICE(to, suffix, text)                                                             \
	SCENARIO(gather_twice_##to, {                                                              \
		.name = "gather-twice" suffix,                                                     \
		.title = "one gather frees two tables, the second one under gup_fast; first " text, \
		.flags = PVTLB_CLAIMS | PVTLB_SCENARIO_WALKS,                                      \
		.program = SCN_PROGRAM(.setup = setup, .race = &race, .rounds = 2,                 \
				       .variant = &(const enum delivery){ to }),                   \
		.hold = { HOLD_WALKERS_BELOW(30) },                                                \
	})

GATHER_TWICE(LOCALLY, "", "it flushes locally");
GATHER_TWICE(TO_ALL, "-all", "it flushes all CPUs");
