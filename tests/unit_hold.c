/* SPDX-License-Identifier: GPL-2.0-only */
/* Holding CPUs: threads in the place of vCPUs that are held by rules, and let go. */
#include <string.h>
#include <unistd.h>

#include "hold.h"
#include "unit_util.h"

static const struct pvtlb_hold last_until_step[PVTLB_HOLDS] = { RULE(LAST, AT(WALK_LOAD),
								     UNTIL_1) };
static const struct pvtlb_hold workers_until_flush[PVTLB_HOLDS] = {
	RULE(WORKERS, AT(WALK_LOAD), UNTIL(FLUSH_END)),
	RULE(LAST, AT(WALK_LOAD), UNTIL(TRIAL)), /* never comes to it */
};

static void expect_event(const struct bed *m, size_t i, unsigned int id, unsigned int cpu,
			 uint64_t arg)
{
	const struct pvtlb_event *e = &m->log.event[i];

	if (EXPECT(i < m->log.nr, "event %zu of %zu", i, m->log.nr))
		EXPECT(e->id == id && e->cpu == cpu && *e->arg == arg && e->seq,
		       "event %zu: %s of CPU %u, %llu", i, event_names[e->id], e->cpu,
		       (unsigned long long)*e->arg);
}

static void held_until_step(void)
{
	struct walker w;
	struct bed m;
	uint64_t by;

	bed_start(&m, last_until_step);
	walker_start(&w, &m, 3, 1);
	bed_wait_held(&m, 3);
	CU_ASSERT_EQUAL(m.told[3][true], 1);
	CU_ASSERT_EQUAL(m.told[3][false], 0);
	/* What must not let it go. */
	bed_report(&m, 1, PVTLB_EV_WALK_LOAD, 0, 0);
	bed_report(&m, 0, PVTLB_EV_TRIAL, 1, 0);
	bed_report(&m, 0, PVTLB_EV_WAIT, 1, 0);
	CU_ASSERT_TRUE(bed_is_held(&m, 3));
	CU_ASSERT_EQUAL(w.done, 0);
	by = bed_report(&m, 0, PVTLB_EV_TRIAL, 0, 1);
	/* At once, and not when the thread has come round to it. */
	CU_ASSERT_FALSE(bed_is_held(&m, 3));
	walker_end(&w);
	CU_ASSERT_EQUAL(m.told[3][false], 1);
	CU_ASSERT_EQUAL(m.log.nr, 2);
	expect_event(&m, 0, PVTLB_EV_HELD, 3, w.seq);
	expect_event(&m, 1, PVTLB_EV_RESUMED, 3, by);
	CU_ASSERT_TRUE(m.log.event[0].seq > w.seq && m.log.event[1].seq > by);
	/* Released without being held: nothing, also for the next time. */
	bed_report(&m, 0, PVTLB_EV_TRIAL, 0, 1);
	walker_start(&w, &m, 3, 1);
	bed_wait_held(&m, 3);
	bed_report(&m, 0, PVTLB_EV_TRIAL, 0, 1);
	walker_end(&w);
	CU_ASSERT_EQUAL(m.sequence, m.log.event[3].seq);
	bed_stop(&m);
}

static void held_until_wait(void)
{
	struct walker w;
	struct bed m;
	uint64_t by;

	bed_start(&m, last_until_step);
	walker_start(&w, &m, 3, 1);
	bed_wait_held(&m, 3);
	bed_report(&m, 0, PVTLB_EV_WAIT, 2, 3);
	CU_ASSERT_TRUE(bed_is_held(&m, 3));
	by = bed_report(&m, 1, PVTLB_EV_WAIT, 3, 0);
	walker_end(&w);
	expect_event(&m, 1, PVTLB_EV_RESUMED, 3, by);
	bed_stop(&m);
}

/* Its event came before the one that ends the hold, and its bed_report after that. */
static void not_held_too_late(void)
{
	struct pvtlb_event late = { .id = PVTLB_EV_WALK_LOAD, .cpu = 3 };
	struct walker w;
	struct bed m;

	bed_start(&m, last_until_step);
	bed_report(&m, 0, PVTLB_EV_BOOT, 0, 0);
	late.seq = m.sequence;
	bed_report(&m, 0, PVTLB_EV_TRIAL, 0, 1);
	hold_tracepoint(&m.holds, 3, &late);
	CU_ASSERT_EQUAL(m.log.nr, 0);
	/* The next one is held as ever, and an end that is reported out of turn is no news. */
	hold_tracepoint(&m.holds, 0,
			&(struct pvtlb_event){ .seq = 1, .id = PVTLB_EV_TRIAL, .arg = { 0, 1 } });
	hold_tracepoint(&m.holds, 3, &late);
	CU_ASSERT_EQUAL(m.log.nr, 0);
	walker_start(&w, &m, 3, 1);
	bed_wait_held(&m, 3);
	bed_report(&m, 0, PVTLB_EV_TRIAL, 0, 1);
	walker_end(&w);
	CU_ASSERT_EQUAL(m.log.nr, 2);
	bed_stop(&m);
}

static void set_word(struct bed *m, uint32_t value)
{
	__atomic_store_n(&m->word, value, __ATOMIC_RELEASE);
}

/* Does CPU 3 get through its tracepoint without being held? */
static void expect_free(struct bed *m, bool is_free)
{
	size_t before = m->log.nr;
	struct walker w;

	walker_start(&w, m, 3, 1);
	if (!is_free) {
		bed_wait_held(m, 3);
		bed_report(m, 0, PVTLB_EV_TRIAL, 0, 1);
	}
	walker_end(&w);
	CU_ASSERT_EQUAL(m->log.nr, before + (is_free ? 0 : 2));
}

/* Somebody waits for it before it gets there: to hold it would be a deadlock. */
static void not_held_when_waited_for(void)
{
	struct pvtlb_event over = { .seq = 9, .id = PVTLB_EV_WAIT, .arg = { 3, WORD, 1 } };
	struct bed m;

	bed_start(&m, last_until_step);
	set_word(&m, 1);
	bed_report(&m, 0, PVTLB_EV_WAIT, 3, WORD);
	expect_free(&m, true);
	/* It has done it, and the other one has not said so yet. */
	set_word(&m, 0);
	expect_free(&m, false);
	/* It has said so; the word is another's by now. */
	set_word(&m, 1);
	hold_tracepoint(&m.holds, 0, &over);
	expect_free(&m, false);
	/* Another CPU is waited for, and a word that is none. */
	bed_report(&m, 0, PVTLB_EV_WAIT, 2, WORD);
	expect_free(&m, false);
	bed_report(&m, 0, PVTLB_EV_WAIT, 3 | 1ull << 32, WORD);
	expect_free(&m, false);
	bed_report(&m, 0, PVTLB_EV_WAIT, 3, WORD + 4);
	expect_free(&m, false);
	bed_stop(&m);
}

static void held_together(void)
{
	struct walker w[CPUS];
	struct bed m;
	uint64_t by;

	bed_start(&m, workers_until_flush);
	for (unsigned int cpu = 1; cpu < CPUS; cpu++)
		walker_start(&w[cpu], &m, cpu, 1);
	for (unsigned int cpu = 1; cpu < CPUS; cpu++)
		bed_wait_held(&m, cpu);
	bed_report(&m, 0, PVTLB_EV_WALK_LOAD, 0, 0); /* the leader is not held */
	bed_report(&m, 0, PVTLB_EV_TRIAL, 0, 1);     /* the other rule's */
	CU_ASSERT_TRUE(bed_is_held(&m, 3));
	bed_report(&m, 0, PVTLB_EV_WAIT, 1, 0);
	CU_ASSERT_FALSE(bed_is_held(&m, 1));
	CU_ASSERT_TRUE(bed_is_held(&m, 2) && bed_is_held(&m, 3));
	by = bed_report(&m, 0, PVTLB_EV_FLUSH_END, 0, 0);
	for (unsigned int cpu = 1; cpu < CPUS; cpu++)
		walker_end(&w[cpu]);
	CU_ASSERT_EQUAL(m.log.nr, 6);
	for (size_t i = 0; i < m.log.nr; i++)
		if (m.log.event[i].id == PVTLB_EV_RESUMED && m.log.event[i].cpu != 1)
			CU_ASSERT_EQUAL(m.log.event[i].resumed.by, by);
	bed_stop(&m);
}

/* Every hold finds its release, however the threads run. */
static void held_often(void)
{
	struct walker w[CPUS];
	struct bed m;
	unsigned int done = 0;
	int holds = 0;

	bed_start(&m, workers_until_flush);
	for (unsigned int cpu = 1; cpu < CPUS; cpu++)
		walker_start(&w[cpu], &m, cpu, 200);
	for (int i = 0; i < 100000 && done < (CPUS - 1) * 200; i++) {
		bed_report(&m, 0, PVTLB_EV_FLUSH_END, 0, 0);
		usleep(50);
		done = 0;
		for (unsigned int cpu = 1; cpu < CPUS; cpu++)
			done += __atomic_load_n(&w[cpu].done, __ATOMIC_ACQUIRE);
	}
	holds_stop(&m.holds);
	for (unsigned int cpu = 1; cpu < CPUS; cpu++)
		walker_end(&w[cpu]);
	CU_ASSERT_TRUE(m.log.nr > 0);
	for (size_t i = 0; i < m.log.nr; i++) {
		bool resumed = m.log.event[i].id == PVTLB_EV_RESUMED;

		holds += resumed ? -1 : 1;
		CU_ASSERT_TRUE(!resumed || m.log.event[i].resumed.by);
	}
	CU_ASSERT_EQUAL(holds, 0);
	/* The reports are numbers, too, and are in no ring. */
	event_log_finish(&m.log, m.sequence);
	CU_ASSERT_EQUAL(m.log.malformed, 0);
	CU_ASSERT_EQUAL(m.log.nr + m.log.lost, m.sequence);
	bed_stop(&m);
}

/* What is said of the rules about a CPU that nothing matched. */
static void expect_unmatched(struct bed *m, unsigned int cpu, const char *want)
{
	char text[256] = "";
	FILE *to = fmemopen(text, sizeof(text), "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	holds_print_unmatched(to, "  ", &m->holds, cpu);
	fclose(to);
	EXPECT(!strcmp(text, want), "CPU %u: got: %s", cpu, text);
}

/* A rule that nothing matches: whoever waits for the hold waits for good. */
static void unmatched(void)
{
	static const struct pvtlb_hold rules[PVTLB_HOLDS] = { RULE(LAST, AT_2M, UNTIL_1),
							      RULE(LAST, AT(LAZY), UNTIL_1) };
	struct bed m;

	bed_start(&m, rules);
	bed_report(&m, 2, PVTLB_EV_LAZY, 0, 0);
	bed_report(&m, 3, PVTLB_EV_WALK_LOAD, 0, 0);
	expect_unmatched(&m, 3,
			 "  no event matched this rule: hold CPU 3 at walk_load size=2 MiB\n"
			 "  no event matched this rule: hold CPU 3 at lazy\n");
	expect_unmatched(&m, 2, "");
	expect_unmatched(&m, UINT32_MAX, "");
	/* Matched, though it is waited for, and so not held: the rule is right. */
	bed_report(&m, 0, PVTLB_EV_WAIT, 3, WORD);
	m.word = 1;
	bed_report(&m, 3, PVTLB_EV_LAZY, 0, 0);
	expect_unmatched(&m, 3,
			 "  no event matched this rule: hold CPU 3 at walk_load size=2 MiB\n");
	CU_ASSERT_FALSE(bed_is_held(&m, 3));
	bed_stop(&m);
	/* A free run has no rules. */
	bed_start(&m, NULL);
	expect_unmatched(&m, 3, "");
	bed_stop(&m);
}

static void expect_text(const struct held *held, const char *want)
{
	char text[256] = "";
	FILE *to = fmemopen(text, sizeof(text), "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	held_print(to, held);
	fclose(to);
	EXPECT(!strcmp(text, want), "got: %s", text);
}

/* The end of the run lets everybody go, and what they were held for is kept for the bed_report. */
static void end_of_run(void)
{
	struct walker w;
	struct bed m;
	char want[128];

	bed_start(&m, last_until_step);
	walker_start(&w, &m, 3, 1);
	bed_wait_held(&m, 3);
	holds_stop(&m.holds);
	walker_end(&w);
	expect_event(&m, 1, PVTLB_EV_RESUMED, 3, 0);
	CU_ASSERT_FALSE(bed_is_held(&m, 3));
	snprintf(want, sizeof(want),
		 "held by the VMM at walk_load #%llu until trial step=1 or a wait for it",
		 (unsigned long long)w.seq);
	expect_text(&m.holds.held[3], want);
	CU_ASSERT_PTR_NULL(m.holds.held[2].rule);
	/* Nobody is held any more. */
	walker_start(&w, &m, 3, 3);
	walker_end(&w);
	bed_stop(&m);
}

static void text(void)
{
	const struct held held = { .rule = workers_until_flush,
				   .at = { .id = PVTLB_EV_WALK_LOAD, .seq = 123 } };

	expect_text(&held, "held by the VMM at walk_load #123 until flush_end or a wait for it");
}

static void no_rules(void)
{
	static const struct pvtlb_hold none[PVTLB_HOLDS];
	const struct pvtlb_hold *rules[] = { NULL, none };

	for (size_t i = 0; i < NR_OF(rules); i++) {
		struct bed m;

		bed_start(&m, rules[i]);
		bed_report(&m, 3, PVTLB_EV_WALK_LOAD, 0, 0);
		CU_ASSERT_EQUAL(m.log.nr, 0);
		CU_ASSERT_EQUAL(m.told[3][true], 0);
		bed_stop(&m);
	}
}

SUITE(unit_hold, false, { "held until an event", held_until_step },
      { "held until somebody waits for it", held_until_wait },
      { "not held when somebody waits for it", not_held_when_waited_for },
      { "not held when that has ended already", not_held_too_late },
      { "several at once", held_together }, { "over and over", held_often },
      { "the end of the run", end_of_run }, { "the watchdog's text", text },
      { "a rule that nothing matched", unmatched },
      { "no rules", no_rules });
