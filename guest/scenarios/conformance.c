/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * conformance: what every backend has to get right, asked of its flush_tlb_multi directly.
 *
 * Masks and ranges of each kind: one page, some, more than fit into one entry of a list,
 * everything; one CPU, all others, CPU 0 alone, nobody at all, one that is offline. Then two
 * CPUs that flush at once, each a target of the other. After a flush whoever was in its mask
 * looks, and must see nothing old. Last, was more flushed than asked for? By the accessed bit
 * of a page that was not in the range: a CPU that walks to it again had lost it. Teaches what
 * a new backend has to do; its oracle tells what it has not done yet.
 */
#include <scenario.h>

#define ADDR	   0x100000000000ull
#define LARGE_ADDR (ADDR + (1ull << 39))
#define PAGES	   8
#define LARGE	   33 /* 2 MiB pages: as many as are flushed one by one */
#define LARGE_LAST (LARGE_ADDR + (LARGE - 1) * (1ull << SCN_2M))
#define HAMMER	   20

enum who { OTHERS, NOBODY, SELF, LAST, WITH_OFFLINE };

static const struct test {
	enum who who;
	unsigned int pages; /* 0: everything */
	enum scn_size size;
} tests[] = {
	{ OTHERS, 1, SCN_4K },	 { OTHERS, PAGES, SCN_4K },	   { OTHERS, 0, SCN_4K },
	{ LAST, 1, SCN_4K },	 { LAST, PAGES, SCN_4K },	   { LAST, 0, SCN_4K },
	{ SELF, PAGES, SCN_4K }, { NOBODY, 1, SCN_4K },	   { NOBODY, 0, SCN_4K },
	{ OTHERS, LARGE, SCN_2M }, { WITH_OFFLINE, 1, SCN_4K }, { WITH_OFFLINE, 0, SCN_4K },
};

static struct mm_struct *mm;
static u64 page[2], large[2];
static unsigned int mapped;
static const struct test *test;
static struct pvtlb_cpuset set;

static void add(unsigned int cpu)
{
	set.bits[cpu / 64] |= 1ull << (cpu % 64);
}

/* CPUs are numbered through; the one behind the last is offline. */
static void make_set(enum who who)
{
	unsigned int nr = scn_nr_cpus();

	set = (struct pvtlb_cpuset){ 0 };
	for (unsigned int cpu = 1; cpu < nr && (who == OTHERS || who == WITH_OFFLINE); cpu++)
		add(cpu);
	if (who == SELF)
		add(0);
	if (who == LAST)
		add(nr - 1);
	if (who == WITH_OFFLINE)
		add(nr);
}

static bool in_set(void)
{
	return set.bits[scn_cpu() / 64] >> (scn_cpu() % 64) & 1;
}

static void enter(void)
{
	scn_switch_mm(mm);
}

static void look_at_all(void)
{
	for (unsigned int i = 0; i < PAGES; i++)
		scn_access(mm, ADDR + i * 4096, PVTLB_ACCESS_READ);
	scn_access(mm, LARGE_ADDR, PVTLB_ACCESS_READ);
	scn_access(mm, LARGE_LAST, PVTLB_ACCESS_READ);
}

static void look(void)
{
	if (in_set())
		look_at_all();
}

static void remap(unsigned int from, unsigned int pages)
{
	for (unsigned int i = from; i < from + pages; i++)
		scn_map(mm, ADDR + i * 4096, page[mapped], true, SCN_4K);
}

/* The first and the last one of the range. */
static void remap_large(void)
{
	scn_map(mm, LARGE_ADDR, large[mapped], true, SCN_2M);
	scn_map(mm, LARGE_LAST, large[mapped], true, SCN_2M);
}

static void flush_as_told(void)
{
	u64 start = test->size == SCN_2M ? LARGE_ADDR : ADDR;
	u64 end = test->pages ? start + ((u64)test->pages << test->size) : 0;

	scn_flush_cpus(mm, start, end, test->size, false, &set);
}

static void run_test(void)
{
	make_set(test->who);
	scn_phase(look_at_all);
	mapped ^= 1;
	if (test->size == SCN_4K && test->who != NOBODY)
		remap(0, test->pages ? test->pages : PAGES);
	if (test->size == SCN_2M)
		remap_large();
	flush_as_told();
	scn_phase(look);
	/* The rest of the CPUs, and of the pages. */
	remap(0, PAGES);
	remap_large();
	scn_flush(mm, 0, 0, SCN_4K, false);
}

/* CPUs 0 and 1, each with half of the pages. */
static void hammer(void)
{
	unsigned int from = scn_cpu() * (PAGES / 2);

	if (scn_cpu() > 1)
		return;
	for (unsigned int i = 0; i < HAMMER; i++) {
		for (unsigned int p = from; p < from + PAGES / 2; p++)
			scn_map(mm, ADDR + p * 4096, page[i % 2], true, SCN_4K);
		scn_flush(mm, ADDR + from * 4096, ADDR + (from + PAGES / 2) * 4096, SCN_4K, false);
		scn_access(mm, ADDR + from * 4096, PVTLB_ACCESS_READ);
	}
}

/* Over-flushing: the last CPU touches a page, CPU 0 looks whether it had to walk there. */
static void touch(void)
{
	if (scn_cpu() == scn_nr_cpus() - 1)
		scn_access(mm, ADDR + 4096, PVTLB_ACCESS_READ);
}

static void reload(void)
{
	if (scn_cpu() != scn_nr_cpus() - 1)
		return;
	scn_switch_mm(NULL);
	scn_switch_mm(mm);
}

static bool walked(void)
{
	scn_test_clear_accessed(mm, ADDR + 4096, SCN_4K);
	scn_phase(touch);
	return scn_test_clear_accessed(mm, ADDR + 4096, SCN_4K);
}

static void over_flush(void)
{
	bool at_first, after_reload, after_flush, touch_walks;

	make_set(LAST);
	scn_phase(touch);
	at_first = walked();
	scn_phase(reload);
	after_reload = walked();
	scn_phase(touch);
	scn_flush_cpus(mm, ADDR, ADDR + 4096, SCN_4K, false, &set);
	after_flush = walked();
	touch_walks = !at_first && after_reload;
	scn_measure(PVTLB_MEASURE_OVERFLUSH, !touch_walks  ? PVTLB_OVERFLUSH_UNSEEN :
					      after_flush ? PVTLB_OVERFLUSH_YES :
							    PVTLB_OVERFLUSH_NO);
}

static void setup(void)
{
	mm = scn_mm_create();
	page[0] = scn_page_alloc(SCN_4K);
	page[1] = scn_page_alloc(SCN_4K);
	large[0] = scn_page_alloc(SCN_2M);
	large[1] = scn_page_alloc(SCN_2M);
	remap(0, PAGES);
	remap_large();
}

static void trial(unsigned int nr)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(tests); i++) {
		scn_step(nr, i);
		test = &tests[i];
		run_test();
	}
	scn_step(nr, ARRAY_SIZE(tests));
	scn_phase(hammer);
	scn_phase(look_at_all);
	over_flush();
}

SCENARIO(conformance, {
	.name = "conformance",
	.title = "the backend's flush by itself: masks, ranges, lists, two initiators at once",
	.flags = PVTLB_CLAIMS | PVTLB_SCENARIO_ONE_OFFLINE,
	.min_cpus = 3,
	.program = SCN_PROGRAM(.setup = setup, .enter = enter, .trial = trial),
});
