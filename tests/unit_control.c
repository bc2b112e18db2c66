/* SPDX-License-Identifier: GPL-2.0-only */
/* Holding CPUs: what the rules say, and threads in the place of vCPUs that are held by them. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine/machine.h"
#include "machine/hypervisor.h"
#include "unit_util.h"

#define CPUS	 4u
#define SEQUENCE 0x1000
#define STATUS	 0x2000

#define RULE(who, ...)                                                                             \
	{                                                                                          \
		.cpus = PVTLB_HOLD_##who, __VA_ARGS__                                              \
	}
#define AT(id)	  PVTLB_HOLD_AT_ANY(id)
#define UNTIL(id) PVTLB_HOLD_UNTIL_ANY(id)
#define AT_2M	  PVTLB_HOLD_AT(WALK_LOAD, shift, 21)
#define UNTIL_1	  PVTLB_HOLD_UNTIL(TRIAL, step, 1)

/* --- what rules say --- */

static void catches(void)
{
	static const struct pvtlb_hold any = RULE(WORKERS, AT(WALK_LOAD), UNTIL(TRIAL));
	static const struct pvtlb_hold arg = RULE(WORKERS, AT_2M, UNTIL(TRIAL));
	static const struct pvtlb_hold leader = RULE(LEADER, AT(WALK_LOAD), UNTIL(TRIAL));
	static const struct pvtlb_hold first = RULE(FIRST, AT(WALK_LOAD), UNTIL(TRIAL));
	static const struct pvtlb_hold last = RULE(LAST, AT(WALK_LOAD), UNTIL(TRIAL));
	static const struct pvtlb_hold none = RULE(NONE, AT(WALK_LOAD), UNTIL(TRIAL));
	static const struct {
		const char *what;
		const struct pvtlb_hold *rule;
		unsigned int cpu, id;
		uint64_t shift;
		unsigned int cpus;
		bool caught;
	} cases[] = {
		{ "any argument", &any, 1, PVTLB_EV_WALK_LOAD, 7, CPUS, true },
		{ "another event", &any, 1, PVTLB_EV_WALK_END, 7, CPUS, false },
		{ "its until", &any, 1, PVTLB_EV_TRIAL, 7, CPUS, false },
		{ "CPU 0 is no worker", &any, 0, PVTLB_EV_WALK_LOAD, 7, CPUS, false },
		{ "the argument", &arg, 3, PVTLB_EV_WALK_LOAD, 21, CPUS, true },
		{ "another value", &arg, 3, PVTLB_EV_WALK_LOAD, 30, CPUS, false },
		{ "another value, high bit", &arg, 3, PVTLB_EV_WALK_LOAD, 21 | 1ull << 63, CPUS,
		  false },
		{ "leader", &leader, 0, PVTLB_EV_WALK_LOAD, 0, CPUS, true },
		{ "not leader", &leader, 1, PVTLB_EV_WALK_LOAD, 0, CPUS, false },
		{ "first", &first, 1, PVTLB_EV_WALK_LOAD, 0, CPUS, true },
		{ "not first", &first, 2, PVTLB_EV_WALK_LOAD, 0, CPUS, false },
		{ "last", &last, 3, PVTLB_EV_WALK_LOAD, 0, CPUS, true },
		{ "not last", &last, 2, PVTLB_EV_WALK_LOAD, 0, CPUS, false },
		{ "last of two is the first", &last, 1, PVTLB_EV_WALK_LOAD, 0, 2, true },
		{ "the only one leads", &last, 0, PVTLB_EV_WALK_LOAD, 0, 1, false },
		{ "no rule", &none, 1, PVTLB_EV_WALK_LOAD, 0, CPUS, false },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct pvtlb_event e = PVTLB_EVENT(cases[i].cpu, WALK_LOAD, 1, 1, cases[i].shift);

		e.id = cases[i].id;
		EXPECT(hold_catches(cases[i].rule, &e, cases[i].cpus) == cases[i].caught, "%s",
		       cases[i].what);
	}
}

static void ends(void)
{
	static const struct pvtlb_hold any = RULE(LAST, AT(WALK_LOAD), UNTIL(FLUSH_END));
	static const struct pvtlb_hold step = RULE(LAST, AT(WALK_LOAD), UNTIL_1);
	static const struct {
		const char *what;
		const struct pvtlb_hold *rule;
		struct pvtlb_event event;
		bool ended;
	} cases[] = {
		{ "any argument", &any, PVTLB_EVENT(0, FLUSH_END, 0), true },
		{ "its at", &any, PVTLB_EVENT(0, WALK_LOAD, 0), false },
		{ "the argument", &step, PVTLB_EVENT(0, TRIAL, 7, 1), true },
		{ "another value", &step, PVTLB_EVENT(0, TRIAL, 1, 0), false },
		{ "a wait for it", &step, PVTLB_EVENT(0, WAIT, 3), true },
		{ "a wait for it is over", &step, PVTLB_EVENT(0, WAIT, 3, .over = true), false },
		{ "a wait for another one", &step, PVTLB_EVENT(0, WAIT, 2), false },
		{ "3 of something else", &step, PVTLB_EVENT(0, IPI_SEND, 3), false },
	};

	for (size_t i = 0; i < NR_OF(cases); i++)
		EXPECT(hold_ends(cases[i].rule, 3, &cases[i].event) == cases[i].ended, "%s",
		       cases[i].what);
}

static void stops(void)
{
	static const struct pvtlb_hold none[PVTLB_HOLDS] = { RULE(NONE, AT(BOOT), UNTIL(KEY)) };
	static const struct pvtlb_hold second[PVTLB_HOLDS] = {
		RULE(NONE, AT(BOOT), UNTIL(KEY)), RULE(LAST, AT(WALK_LOAD), UNTIL(TRIAL))
	};
	static const struct pvtlb_hold both[PVTLB_HOLDS] = {
		RULE(FIRST, AT(SYNC), UNTIL(GRACE)), RULE(LAST, AT(UNPARK), UNTIL(TRIAL))
	};
#define BIT(id) (1ull << PVTLB_EV_##id)

	CU_ASSERT_EQUAL(hold_stops(NULL), 0);
	CU_ASSERT_EQUAL(hold_stops(none), 0);
	CU_ASSERT_EQUAL(hold_stops(second), BIT(WALK_LOAD) | BIT(TRIAL) | BIT(WAIT));
	CU_ASSERT_EQUAL(hold_stops(both),
			BIT(SYNC) | BIT(GRACE) | BIT(UNPARK) | BIT(TRIAL) | BIT(WAIT));
}

/* --- threads that are held --- */

static unsigned int told[CPUS][2]; /* of each CPU: that it is not parked, that it is */

static void parked(struct vcpu *vcpu, bool is)
{
	told[vcpu->id][is]++;
}

static const struct hypervisor_ops told_ops = { .held = parked };
static const struct backend teller = { .name = "teller", .ops = &told_ops };

/* As much of a machine as control needs. */
static void start(struct machine *m, const struct pvtlb_hold *rules)
{
	struct error err = { 0 };

	*m = (struct machine){ .nr_vcpus = CPUS, .config.backend = &teller };
	CU_ASSERT_FATAL(!mem_create(&m->mem, 0x4000, &err)); /* page 3 is the guest's */
	m->layout.sequence = SEQUENCE;
	m->layout.status = STATUS;
	m->vcpu = calloc(CPUS, sizeof(*m->vcpu));
	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		m->vcpu[cpu].machine = m;
		m->vcpu[cpu].id = cpu;
	}
	pthread_mutex_init(&m->lock, NULL);
	pthread_cond_init(&m->wake, NULL);
	event_log_init(&m->log, CPUS);
	event_log_number(&m->log, mem_own(&m->mem, SEQUENCE, 8));
	control_init(&m->control, rules, CPUS);
	memset(told, 0, sizeof(told));
}

static void stop(struct machine *m)
{
	control_destroy(&m->control);
	event_log_free(&m->log);
	mem_destroy(&m->mem);
	free(m->vcpu);
}

/* The guest emits an event, which has a number of its own, and reports it. Returns the number. */
static uint64_t report(struct machine *m, unsigned int cpu, unsigned int id, uint64_t arg0,
		       uint64_t arg1)
{
	struct pvtlb_event e = { .id = id, .cpu = cpu, .arg = { arg0, arg1 } };

	e.seq = __atomic_add_fetch((uint64_t *)mem_own(&m->mem, SEQUENCE, 8), 1, __ATOMIC_SEQ_CST);
	control_tracepoint(&m->vcpu[cpu], &e);
	return e.seq;
}

static bool is_parked(struct machine *m, unsigned int cpu)
{
	const struct pvtlb_cpu_status *status = mem_own(&m->mem, STATUS, CPUS * sizeof(*status));

	return __atomic_load_n(&status[cpu].parked, __ATOMIC_ACQUIRE);
}

static void wait_parked(struct machine *m, unsigned int cpu)
{
	for (int i = 0; i < 10000 && !is_parked(m, cpu); i++)
		usleep(1000);
	CU_ASSERT_TRUE_FATAL(is_parked(m, cpu));
}

/* A CPU that walks, each time it may. */
struct walker {
	struct machine *m;
	unsigned int cpu, walks, done;
	uint64_t seq; /* of the last report */
	pthread_t thread;
};

static void *walk(void *arg)
{
	struct walker *w = arg;

	for (unsigned int i = 0; i < w->walks; i++) {
		w->seq = report(w->m, w->cpu, PVTLB_EV_WALK_LOAD, 0, 0);
		__atomic_fetch_add(&w->done, 1, __ATOMIC_RELEASE);
	}
	return NULL;
}

static void walker_start(struct walker *w, struct machine *m, unsigned int cpu, unsigned int walks)
{
	*w = (struct walker){ .m = m, .cpu = cpu, .walks = walks };
	CU_ASSERT_FATAL(!pthread_create(&w->thread, NULL, walk, w));
}

static void walker_end(struct walker *w)
{
	pthread_join(w->thread, NULL);
	CU_ASSERT_EQUAL(w->done, w->walks);
}

static const struct pvtlb_hold last_until_step[PVTLB_HOLDS] = { RULE(LAST, AT(WALK_LOAD), UNTIL_1) };
static const struct pvtlb_hold workers_until_flush[PVTLB_HOLDS] = {
	RULE(WORKERS, AT(WALK_LOAD), UNTIL(FLUSH_END)),
	RULE(LAST, AT(WALK_LOAD), UNTIL(TRIAL)), /* never comes to it */
};

static void expect_event(const struct machine *m, size_t i, unsigned int id, unsigned int cpu,
			 uint64_t which)
{
	const struct pvtlb_event *e = &m->log.event[i];
	uint64_t about = e->id == PVTLB_EV_PARK ? e->park.at : e->unpark.by;

	if (EXPECT(i < m->log.nr, "event %zu of %zu", i, m->log.nr))
		EXPECT(e->id == id && e->cpu == cpu && about == which && e->seq,
		       "event %zu: %s of CPU %u, %llu", i, event_names[e->id], e->cpu,
		       (unsigned long long)about);
}

static void held_until_step(void)
{
	struct walker w;
	struct machine m;
	uint64_t by;

	start(&m, last_until_step);
	walker_start(&w, &m, 3, 1);
	wait_parked(&m, 3);
	CU_ASSERT_EQUAL(told[3][true], 1);
	CU_ASSERT_EQUAL(told[3][false], 0);
	/* What must not let it go. */
	report(&m, 1, PVTLB_EV_WALK_LOAD, 0, 0);
	report(&m, 0, PVTLB_EV_TRIAL, 1, 0);
	report(&m, 0, PVTLB_EV_WAIT, 1, 0);
	CU_ASSERT_TRUE(is_parked(&m, 3));
	CU_ASSERT_EQUAL(w.done, 0);
	by = report(&m, 0, PVTLB_EV_TRIAL, 0, 1);
	/* At once, and not when the thread has come round to it. */
	CU_ASSERT_FALSE(is_parked(&m, 3));
	walker_end(&w);
	CU_ASSERT_EQUAL(told[3][false], 1);
	CU_ASSERT_EQUAL(m.log.nr, 2);
	expect_event(&m, 0, PVTLB_EV_PARK, 3, w.seq);
	expect_event(&m, 1, PVTLB_EV_UNPARK, 3, by);
	CU_ASSERT_TRUE(m.log.event[0].seq > w.seq && m.log.event[1].seq > by);
	/* Released without being held: nothing, also for the next time. */
	report(&m, 0, PVTLB_EV_TRIAL, 0, 1);
	walker_start(&w, &m, 3, 1);
	wait_parked(&m, 3);
	report(&m, 0, PVTLB_EV_TRIAL, 0, 1);
	walker_end(&w);
	CU_ASSERT_EQUAL(machine_sequence(&m), m.log.event[3].seq);
	stop(&m);
}

static void held_until_wait(void)
{
	struct walker w;
	struct machine m;
	uint64_t by;

	start(&m, last_until_step);
	walker_start(&w, &m, 3, 1);
	wait_parked(&m, 3);
	report(&m, 0, PVTLB_EV_WAIT, 2, 3);
	CU_ASSERT_TRUE(is_parked(&m, 3));
	by = report(&m, 1, PVTLB_EV_WAIT, 3, 0);
	walker_end(&w);
	expect_event(&m, 1, PVTLB_EV_UNPARK, 3, by);
	stop(&m);
}

/* Its event came before the one that ends the hold, and its report after that. */
static void not_held_too_late(void)
{
	struct pvtlb_event late = PVTLB_EVENT(3, WALK_LOAD, 0);
	struct pvtlb_event again = PVTLB_EVENT(0, TRIAL, .step = 1);
	struct walker w;
	struct machine m;

	start(&m, last_until_step);
	report(&m, 0, PVTLB_EV_BOOT, 0, 0);
	late.seq = machine_sequence(&m);
	report(&m, 0, PVTLB_EV_TRIAL, 0, 1);
	control_tracepoint(&m.vcpu[3], &late);
	CU_ASSERT_EQUAL(m.log.nr, 0);
	/* The next one is held as ever, and an end that is reported out of turn is no news. */
	again.seq = 1;
	control_tracepoint(&m.vcpu[0], &again);
	control_tracepoint(&m.vcpu[3], &late);
	CU_ASSERT_EQUAL(m.log.nr, 0);
	walker_start(&w, &m, 3, 1);
	wait_parked(&m, 3);
	report(&m, 0, PVTLB_EV_TRIAL, 0, 1);
	walker_end(&w);
	CU_ASSERT_EQUAL(m.log.nr, 2);
	stop(&m);
}

#define WORD 0x3000

static void set_word(struct machine *m, uint32_t value)
{
	__atomic_store_n((uint32_t *)mem_own(&m->mem, WORD, 4), value, __ATOMIC_RELEASE);
}

/* Does CPU 3 get through its tracepoint without being held? */
static void expect_free(struct machine *m, bool is_free)
{
	size_t before = m->log.nr;
	struct walker w;

	walker_start(&w, m, 3, 1);
	if (!is_free) {
		wait_parked(m, 3);
		report(m, 0, PVTLB_EV_TRIAL, 0, 1);
	}
	walker_end(&w);
	CU_ASSERT_EQUAL(m->log.nr, before + (is_free ? 0 : 2));
}

/* Somebody waits for it before it gets there: to hold it would be a deadlock. */
static void not_held_when_waited_for(void)
{
	struct pvtlb_event over = PVTLB_EVENT(0, WAIT, 3, WORD, .over = true);
	struct machine m;

	start(&m, last_until_step);
	set_word(&m, 1);
	report(&m, 0, PVTLB_EV_WAIT, 3, WORD);
	expect_free(&m, true);
	/* It has done it, and the other one has not said so yet. */
	set_word(&m, 0);
	expect_free(&m, false);
	/* It has said so; the word is another's by now. */
	set_word(&m, 1);
	control_tracepoint(&m.vcpu[0], &over);
	expect_free(&m, false);
	/* Another CPU is waited for, and words that are none. */
	report(&m, 0, PVTLB_EV_WAIT, 2, WORD);
	expect_free(&m, false);
	report(&m, 0, PVTLB_EV_WAIT, 3 | 1ull << 32, WORD);
	expect_free(&m, false);
	report(&m, 0, PVTLB_EV_WAIT, 3, WORD - 1);
	expect_free(&m, false);
	report(&m, 0, PVTLB_EV_WAIT, 3, UINT64_MAX - 3);
	expect_free(&m, false);
	stop(&m);
}

static void held_together(void)
{
	struct walker w[CPUS];
	struct machine m;
	uint64_t by;

	start(&m, workers_until_flush);
	for (unsigned int cpu = 1; cpu < CPUS; cpu++)
		walker_start(&w[cpu], &m, cpu, 1);
	for (unsigned int cpu = 1; cpu < CPUS; cpu++)
		wait_parked(&m, cpu);
	report(&m, 0, PVTLB_EV_WALK_LOAD, 0, 0); /* the leader is not held */
	report(&m, 0, PVTLB_EV_TRIAL, 0, 1);	 /* the other rule's */
	CU_ASSERT_TRUE(is_parked(&m, 3));
	report(&m, 0, PVTLB_EV_WAIT, 1, 0);
	CU_ASSERT_FALSE(is_parked(&m, 1));
	CU_ASSERT_TRUE(is_parked(&m, 2) && is_parked(&m, 3));
	by = report(&m, 0, PVTLB_EV_FLUSH_END, 0, 0);
	for (unsigned int cpu = 1; cpu < CPUS; cpu++)
		walker_end(&w[cpu]);
	CU_ASSERT_EQUAL(m.log.nr, 6);
	for (size_t i = 0; i < m.log.nr; i++)
		if (m.log.event[i].id == PVTLB_EV_UNPARK && m.log.event[i].cpu != 1)
			CU_ASSERT_EQUAL(m.log.event[i].unpark.by, by);
	stop(&m);
}

/* Every hold finds its release, however the threads run. */
static void held_often(void)
{
	struct walker w[CPUS];
	struct machine m;
	unsigned int done = 0;
	int holds = 0;

	start(&m, workers_until_flush);
	for (unsigned int cpu = 1; cpu < CPUS; cpu++)
		walker_start(&w[cpu], &m, cpu, 200);
	for (int i = 0; i < 100000 && done < (CPUS - 1) * 200; i++) {
		report(&m, 0, PVTLB_EV_FLUSH_END, 0, 0);
		usleep(50);
		done = 0;
		for (unsigned int cpu = 1; cpu < CPUS; cpu++)
			done += __atomic_load_n(&w[cpu].done, __ATOMIC_ACQUIRE);
	}
	machine_done(&m);
	for (unsigned int cpu = 1; cpu < CPUS; cpu++)
		walker_end(&w[cpu]);
	CU_ASSERT_TRUE(m.log.nr > 0);
	for (size_t i = 0; i < m.log.nr; i++) {
		bool unpark = m.log.event[i].id == PVTLB_EV_UNPARK;

		holds += unpark ? -1 : 1;
		CU_ASSERT_TRUE(!unpark || m.log.event[i].unpark.by);
	}
	CU_ASSERT_EQUAL(holds, 0);
	/* The reports are numbers, too, and are in no ring. */
	event_log_finish(&m.log, machine_sequence(&m));
	CU_ASSERT_EQUAL(m.log.malformed, 0);
	CU_ASSERT_EQUAL(m.log.nr + m.log.lost, machine_sequence(&m));
	stop(&m);
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

/* The end of the run lets everybody go, and what they were held for is kept for the report. */
static void end_of_run(void)
{
	struct walker w;
	struct machine m;
	char want[128];

	start(&m, last_until_step);
	walker_start(&w, &m, 3, 1);
	wait_parked(&m, 3);
	machine_done(&m);
	walker_end(&w);
	expect_event(&m, 1, PVTLB_EV_UNPARK, 3, 0);
	CU_ASSERT_FALSE(is_parked(&m, 3));
	snprintf(want, sizeof(want),
		 "held by the VMM at walk_load #%llu until trial step=1 or a wait for it",
		 (unsigned long long)w.seq);
	expect_text(&m.control.held[3], want);
	CU_ASSERT_PTR_NULL(m.control.held[2].rule);
	/* Nobody is held any more. */
	walker_start(&w, &m, 3, 3);
	walker_end(&w);
	stop(&m);
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
		struct machine m;

		start(&m, rules[i]);
		report(&m, 3, PVTLB_EV_WALK_LOAD, 0, 0);
		CU_ASSERT_EQUAL(m.log.nr, 0);
		CU_ASSERT_EQUAL(told[3][true], 0);
		stop(&m);
	}
}

SUITE(unit_control, false, { "who is held", catches }, { "which event lets a CPU go", ends },
      { "which events are reported", stops }, { "held until an event", held_until_step },
      { "held until somebody waits for it", held_until_wait },
      { "not held when somebody waits for it", not_held_when_waited_for },
      { "not held when that has ended already", not_held_too_late }, { "several at once", held_together },
      { "over and over", held_often }, { "the end of the run", end_of_run },
      { "the watchdog's text", text }, { "no rules", no_rules });
