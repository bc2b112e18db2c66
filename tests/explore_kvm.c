/* SPDX-License-Identifier: GPL-2.0-only */
/* The stepped engine on /dev/kvm: a schedule gives the same events each time, and no other one. */
#include <string.h>

#include "cli/images.h"
#include "explore/kvm.h"
#include "explore/stream.h"
#include "lab.h"
#include "test.h"

#define MOST_TURNS 10000u

/* CPU 0 passes so many points of a trial, then CPU 1 is preferred: the simplest kind of schedule.
 */
struct schedule {
	uint32_t until;
	bool park, late;
	uint32_t worker; /* points that a worker passes in a turn; 0: all it can */
};

struct outcome_of {
	uint64_t hash;
	unsigned int turns;
	uint32_t points[STEP_MAX_CPUS];
	bool over;
};

static void open_engine(struct engine *engine, const struct run_config *config)
{
	const struct images *images = lab_images();
	struct error err = { 0 };

	if (explore_kvm_open(&test_host, &images->image[config->paravirt], config, engine, &err)) {
		test_say("%s", err.text);
		CU_FAIL_FATAL("the engine does not open");
	}
}

static uint32_t worker_until(struct engine *engine, unsigned int cpu, uint32_t worker)
{
	uint32_t nr;

	engine->ops->passed(engine, cpu, &nr);
	return cpu && worker ? nr + worker : STEP_NO_END;
}

/* The first CPU that can run, from `from` on; engine->cpus: none. */
static unsigned int runnable(struct engine *engine, unsigned int from)
{
	for (unsigned int i = 0; i < engine->cpus; i++)
		if (engine->ops->can_run(engine, (from + i) % engine->cpus))
			return (from + i) % engine->cpus;
	return engine->cpus;
}

static struct outcome_of play(struct engine *engine, const struct schedule *schedule, bool fresh)
{
	struct step_turn turn = { .until = schedule->until, .park = schedule->park };
	struct outcome_of o = { 0 };
	struct event_stream stream;
	struct error err = { 0 };
	size_t from;

	CU_ASSERT_EQUAL_FATAL(engine->ops->begin(engine, fresh, &err), 0);
	while (!o.over && o.turns++ < MOST_TURNS) {
		struct step_result result;

		CU_ASSERT_EQUAL_FATAL(engine->ops->run(engine, &turn, &result, &err), 0);
		if (result.stop == STEP_STOP_FAILED)
			test_say("%s", engine->failure);
		CU_ASSERT_NOT_EQUAL_FATAL(result.stop, STEP_STOP_FAILED);
		CU_ASSERT_TRUE(result.stop != STEP_STOP_POINT || result.next.word);
		o.over = result.stop == STEP_STOP_TRIAL;
		turn = (struct step_turn){ .cpu = runnable(engine, turn.cpu + 1),
					   .hold_irqs = schedule->late && o.turns % 2 };
		if (o.over)
			break;
		CU_ASSERT_NOT_EQUAL_FATAL(turn.cpu, engine->cpus);
		turn.until = worker_until(engine, turn.cpu, schedule->worker);
	}
	CU_ASSERT_TRUE_FATAL(o.over);
	CU_ASSERT_EQUAL_FATAL(engine->ops->events(engine, &stream, &from, &err), 0);
	CU_ASSERT_EQUAL(stream.lost, 0);
	CU_ASSERT_EQUAL(stream.malformed, 0);
	for (unsigned int cpu = 0; cpu < engine->cpus; cpu++)
		engine->ops->passed(engine, cpu, &o.points[cpu]);
	o.hash = stream_hash(stream.event + from, stream.nr - from);
	return o;
}

static void same(const struct outcome_of *a, const struct outcome_of *b)
{
	CU_ASSERT_EQUAL(a->hash, b->hash);
	CU_ASSERT_EQUAL(a->turns, b->turns);
	CU_ASSERT_EQUAL(memcmp(a->points, b->points, sizeof(a->points)), 0);
}

/* In one machine after another trial, and in machines of their own. */
static void repeat(const char *scenario, const char *backend, unsigned int cpus, struct schedule s,
		   unsigned int times)
{
	struct run_config config = lab_config(scenario, backend, cpus);
	struct outcome_of first;
	struct engine engine;

	test_say("%s, %s, %u CPUs", scenario, backend, cpus);
	open_engine(&engine, &config);
	first = play(&engine, &s, true);
	CU_ASSERT_TRUE(first.points[0] >= s.until);
	for (unsigned int i = 1; i < times; i++) {
		struct outcome_of again = play(&engine, &s, i % 10 == 0);

		same(&first, &again);
	}
	engine.ops->close(&engine);
}

static void test_same(void)
{
	repeat("collapse-vs-gup", "native", 2, (struct schedule){ .until = 20 }, 100);
}

static void test_parked(void)
{
	repeat("collapse-vs-gup", "kvm", 2, (struct schedule){ .until = 30, .park = true }, 20);
}

static void test_late(void)
{
	repeat("collapse-vs-gup", "native", 3, (struct schedule){ .until = 40, .late = true }, 20);
}

static void test_backends(void)
{
	static const char *const backends[] = {
		"native", "pvtlb", "kvm", "hyperv", "xen", "invlpgb"
	};

	for (size_t i = 0; i < LAB_NR(backends); i++)
		repeat("munmap-vs-gup", backends[i], 2, (struct schedule){ .until = 50 }, 3);
}

/* A trial of a program that is no race, and one that is its leader. */
static void test_programs(void)
{
	repeat("two-mms", "native", 2, (struct schedule){ .until = 10 }, 3);
	repeat("key", "native", 2, (struct schedule){ .until = 0 }, 3);
}

/* Somewhere the order of the CPUs' events is another one. */
static void test_others(void)
{
	struct run_config config = lab_config("collapse-vs-gup", "native", 2);
	struct schedule s = { .worker = 1 };
	unsigned int differ = 0;
	struct engine engine;
	uint64_t last = 0;

	open_engine(&engine, &config);
	for (; s.worker < 20; s.worker++) {
		uint64_t hash = play(&engine, &s, false).hash;

		differ += hash != last;
		last = hash;
	}
	CU_ASSERT_TRUE(differ > 5);
	engine.ops->close(&engine);
}

/* What it cannot do it says. */
static void test_refusals(void)
{
	struct run_config config = lab_config("collapse-vs-gup", "native", 2);
	const struct image *image = &lab_images()->image[config.paravirt];
	const struct step_turn drain = { .until = STEP_NO_END, .drain = true };
	struct step_result result;
	struct error err = { 0 };
	struct engine engine;

	open_engine(&engine, &config);
	CU_ASSERT_EQUAL(engine.ops->run(&engine, &drain, &result, &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "kept back"));
	engine.ops->close(&engine);
	err = (struct error){ 0 };
	config.cpus = STEP_MAX_CPUS + 1;
	CU_ASSERT_EQUAL(explore_kvm_open(&test_host, image, &config, &engine, &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "1 to 8"));
}

/* A guest that ends, or panics, in its trial. */
static void test_failed(void)
{
	struct run_config config = lab_config("done-early", "native", 2);
	struct step_turn turn = { .until = STEP_NO_END };
	struct step_result result = { .stop = STEP_STOP_POINT };
	struct error err = { 0 };
	struct engine engine;

	open_engine(&engine, &config);
	for (unsigned int i = 0; i < 100 && result.stop != STEP_STOP_FAILED; i++) {
		CU_ASSERT_EQUAL_FATAL(engine.ops->run(&engine, &turn, &result, &err), 0);
		if (result.stop == STEP_STOP_SPIN)
			turn.cpu = !turn.cpu;
	}
	CU_ASSERT_EQUAL(result.stop, STEP_STOP_FAILED);
	CU_ASSERT_STRING_EQUAL(engine.failure, "the guest has ended");
	engine.ops->close(&engine);
}

SUITE(explore_kvm, true, { "a schedule a hundred times", test_same },
      { "with a CPU that is parked", test_parked }, { "with interrupts that are late", test_late },
      { "all backends", test_backends }, { "programs that are no races", test_programs },
      { "other schedules are other streams", test_others }, { "what it cannot do", test_refusals },
      { "a guest that ends in its trial", test_failed });
