/* SPDX-License-Identifier: GPL-2.0-only */
/* One schedule, in the host process and on /dev/kvm: the same turns, points and events. */
#include <string.h>

#include "cli/images.h"
#include "explore/host/host.h"
#include "explore/kvm.h"
#include "explore/stream.h"
#include "lab.h"
#include "test.h"

#define MOST_TURNS 10000u
#define SCHEDULES  5u
#define SAMPLE	   6u

/* When it has passed so many points CPU `cpu` is preempted, once, and parked perhaps. */
struct schedule {
	unsigned int cpu;
	uint32_t until;
	bool park;
};

struct played {
	uint64_t hash;
	size_t events;
	uint32_t points[STEP_MAX_CPUS];
	unsigned int turns;
};

static unsigned int runnable(struct engine *engine, unsigned int from)
{
	for (unsigned int i = 0; i < engine->cpus; i++)
		if (engine->ops->can_run(engine, (from + i) % engine->cpus))
			return (from + i) % engine->cpus;
	return engine->cpus;
}

static struct played play(struct engine *engine, struct schedule schedule)
{
	struct step_result result = { .stop = STEP_STOP_POINT };
	struct played played = { 0 };
	struct event_stream stream;
	struct error err = { 0 };
	unsigned int cpu = 0;
	size_t from;

	CU_ASSERT_EQUAL_FATAL(engine->ops->begin(engine, true, &err), 0);
	while (result.stop < STEP_STOP_TRIAL && cpu < engine->cpus && played.turns < MOST_TURNS) {
		struct step_turn turn = { .cpu = cpu, .until = STEP_NO_END };

		if (cpu == schedule.cpu) {
			turn.until = schedule.until;
			turn.park = schedule.park && engine->can_park;
			schedule.cpu = engine->cpus;
		}
		played.turns++;
		CU_ASSERT_EQUAL_FATAL(engine->ops->run(engine, &turn, &result, &err), 0);
		cpu = runnable(engine, cpu + 1);
	}
	CU_ASSERT_EQUAL(result.stop, STEP_STOP_TRIAL);
	CU_ASSERT_EQUAL_FATAL(engine->ops->events(engine, &stream, &from, &err), 0);
	for (cpu = 0; cpu < engine->cpus; cpu++)
		engine->ops->passed(engine, cpu, &played.points[cpu]);
	played.events = stream.nr - from;
	played.hash = stream_hash(stream.event + from, played.events);
	return played;
}

/* Of both; how many of the schedules were not the same. */
static unsigned int compare(const struct run_config *config)
{
	static const struct schedule schedules[SCHEDULES] = {
		{ 0, STEP_NO_END, false }, { 1, 5, false },  { 1, 11, true },
		{ 0, 90, false },	   { 0, 130, true },
	};
	const struct image *image = &lab_images()->image[config->paravirt];
	struct played host[SCHEDULES], kvm[SCHEDULES];
	struct error err = { 0 };
	struct engine engine;
	unsigned int differ = 0;

	if (explore_host_open(&engine, image, config, &test_host, MEMORY_SC, &err)) {
		test_say("%s, %s: host: %s", config->scenario, config->backend->name, err.text);
		return 1;
	}
	for (unsigned int i = 0; i < SCHEDULES; i++)
		host[i] = play(&engine, schedules[i]);
	engine.ops->close(&engine);
	if (explore_kvm_open(&test_host, image, config, &engine, &err)) {
		test_say("%s, %s: kvm: %s", config->scenario, config->backend->name, err.text);
		return 1;
	}
	for (unsigned int i = 0; i < SCHEDULES; i++)
		kvm[i] = play(&engine, schedules[i]);
	engine.ops->close(&engine);
	for (unsigned int i = 0; i < SCHEDULES; i++) {
		if (!memcmp(&host[i], &kvm[i], sizeof(host[i])))
			continue;
		differ++;
		test_say(
			"%s, %s, %u CPUs, schedule %u: host %zu events, %u turns, points %u %u %u; "
			"kvm %zu events, %u turns, points %u %u %u",
			config->scenario, config->backend->name, config->cpus, i, host[i].events,
			host[i].turns, host[i].points[0], host[i].points[1], host[i].points[2],
			kvm[i].events, kvm[i].turns, kvm[i].points[0], kvm[i].points[1],
			kvm[i].points[2]);
	}
	return differ;
}

/* In full all; else each scenario on one backend, in turn. */
static void same(void)
{
	const struct image *image = &lab_images()->image[true];
	const struct backend *backend;

	for (unsigned int s = 0; s < image->nr_scenarios; s++)
		for (unsigned int b = 0; (backend = backend_at(b)); b++)
			for (unsigned int cpus = 2; cpus <= (test_full ? 3 : 2); cpus++) {
				const char *name = image->scenario[s].name;
				struct run_config config = lab_config(name, backend->name, cpus);

				if (image->scenario[s].flags & PVTLB_SCENARIO_DIAGNOSTIC ||
				    backend_by_host(backend) || (!test_full && (s + b) % SAMPLE))
					continue;
				config.trials = 2;
				CU_ASSERT_EQUAL(compare(&config), 0);
			}
}

SUITE(explore_same, true, { "host process and /dev/kvm", same });
