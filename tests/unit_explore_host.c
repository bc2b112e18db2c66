/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest in a host process: every scenario's trial, resets to the byte, turns, and failures. */
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "explore/host/host.h"
#include "explore/host/hosted.h"
#include "explore/host/memory.h"
#include "test.h"

#define MAX_TURNS 20000u

static struct image image;
static struct engine engine;
static struct error err;
static const char *trial_of, *backend_of;
static enum memory_model memory;

static bool open_engine(const char *scenario, const char *backend, unsigned int cpus)
{
	struct run_config config = { .scenario = scenario,
				     .backend = backend_named(backend),
				     .paravirt = true,
				     .cpus = cpus,
				     .trials = 2 };

	err = (struct error){ 0 };
	trial_of = scenario;
	backend_of = backend;
	config.invlpgb = config.backend->invlpgb;
	if (!explore_host_open(&engine, &image, &config, NULL, memory, &err))
		return true;
	test_say("%s, %s, %u CPUs: %s", scenario, backend, cpus, err.text);
	return false;
}

static void close_engine(void)
{
	engine.ops->close(&engine);
}

/* FNV-1a over the trial's events, numbers and all. */
static uint64_t hash_events(void)
{
	struct event_stream stream;
	uint64_t hash = 0xcbf29ce484222325;
	size_t from;

	CU_ASSERT_EQUAL_FATAL(engine.ops->events(&engine, &stream, &from, &err), 0);
	CU_ASSERT_EQUAL(stream.lost + stream.malformed, 0);
	CU_ASSERT_TRUE(from && from < stream.nr);
	for (size_t i = 0; i < stream.nr; i++) {
		const uint8_t *byte = (const void *)&stream.event[i];

		CU_ASSERT_EQUAL_FATAL(stream.event[i].seq, i + 1);
		for (size_t k = 0; i >= from && k < sizeof(stream.event[i]); k++)
			hash = (hash ^ byte[k]) * 0x100000001b3;
	}
	return hash;
}

static unsigned int count(enum pvtlb_event_id id)
{
	struct event_stream stream;
	unsigned int n = 0;
	size_t from;

	CU_ASSERT_EQUAL_FATAL(engine.ops->events(&engine, &stream, &from, &err), 0);
	for (size_t i = from; i < stream.nr; i++)
		n += stream.event[i].id == id;
	return n;
}

static struct step_result run(struct step_turn turn)
{
	struct step_result result = { 0 };

	CU_ASSERT_EQUAL_FATAL(engine.ops->run(&engine, &turn, &result, &err), 0);
	return result;
}

static int other_that_can(unsigned int than)
{
	for (unsigned int cpu = 0; cpu < engine.cpus; cpu++)
		if (cpu != than && engine.ops->can_run(&engine, cpu))
			return cpu;
	return -1;
}

/* Another CPU; if none can, the same one; -1: nobody. */
static int next_after(unsigned int cpu)
{
	int other = other_that_can(cpu);

	return other < 0 && engine.ops->can_run(&engine, cpu) ? (int)cpu : other;
}

/* Nobody is preempted, but for CPU 1, once, when it has passed so many points; parked, perhaps. */
static enum step_stop trial(uint32_t first, bool park)
{
	struct step_turn turn = { .cpu = 0, .until = STEP_NO_END };
	int next = 0;

	for (unsigned int turns = 0; turns < MAX_TURNS && next >= 0; turns++) {
		struct step_result result;

		turn.cpu = next;
		turn.until = next == 1 ? first : STEP_NO_END;
		turn.park = next == 1 && park;
		if (next == 1) {
			first = STEP_NO_END;
			park = false;
		}
		result = run(turn);
		if (result.stop == STEP_STOP_TRIAL || result.stop == STEP_STOP_FAILED)
			return result.stop;
		if (result.stop == STEP_STOP_POINT || !engine.ops->can_run(&engine, next))
			next = next_after(next);
	}
	for (unsigned int cpu = 0; cpu < engine.cpus; cpu++) {
		uint64_t word;
		uint32_t to;
		bool waits = engine.ops->waits(&engine, cpu, &word, &to);

		test_say("%s, %s: no end: CPU %u %s, %#llx", trial_of, backend_of, cpu,
			 waits ? "waits" : "runs", (unsigned long long)word);
	}
	return STEP_STOP_SPIN;
}

static void begin(void)
{
	CU_ASSERT_EQUAL_FATAL(engine.ops->begin(&engine, false, &err), 0);
}

static uint64_t whole(uint32_t first)
{
	begin();
	CU_ASSERT_EQUAL(trial(first, false), STEP_STOP_TRIAL);
	return hash_events();
}

static void load(void)
{
	CU_ASSERT_FATAL(image.path || !load_image(&image, test_image_pv, &err));
}

static void every_scenario(void)
{
	const struct backend *backend;
	unsigned int ran = 0;

	load();
	for (unsigned int s = 0; s < image.nr_scenarios; s++)
		for (unsigned int b = 0; (backend = backend_at(b)); b++)
			for (unsigned int cpus = 2; cpus <= 3 && !backend_by_host(backend);
			     cpus++) {
				const char *scenario = image.scenario[s].name;
				uint64_t hash;
				bool open;

				if (image.scenario[s].flags & PVTLB_SCENARIO_DIAGNOSTIC)
					continue;
				open = open_engine(scenario, backend->name, cpus);
				CU_ASSERT_TRUE(open);
				if (!open)
					continue;
				hash = whole(STEP_NO_END);
				CU_ASSERT_EQUAL(whole(STEP_NO_END), hash);
				close_engine();
				ran++;
			}
	CU_ASSERT_TRUE(ran >= 400);
}

/* The same schedule is the same trial, whatever was run in between; and all of RAM is as it was. */
static void resets(void)
{
	uint64_t hash, differ = 0, same_as_cut = 0, size;
	uint8_t *ram;

	load();
	CU_ASSERT_TRUE_FATAL(open_engine("collapse-vs-gup", "kvm", 2));
	size = ((struct hosted *)engine.own)->machine.mem.size;
	begin();
	ram = malloc(size);
	CU_ASSERT_PTR_NOT_NULL_FATAL(ram);
	memcpy(ram, (void *)MEMORY_BASE, size);
	hash = whole(STEP_NO_END);
	for (unsigned int i = 0; i < 1000; i++) {
		if (i % 2)
			same_as_cut += whole(i % 24) == hash;
		differ += whole(STEP_NO_END) != hash;
	}
	CU_ASSERT_EQUAL(differ, 0);
	/* Another schedule is another trial, or this test could not fail. */
	CU_ASSERT_TRUE(same_as_cut < 250);
	CU_ASSERT_NOT_EQUAL(memcmp(ram, (void *)MEMORY_BASE, size), 0);
	begin();
	CU_ASSERT_EQUAL(memcmp(ram, (void *)MEMORY_BASE, size), 0);
	free(ram);
	close_engine();
}

/* Stopping and going on at every single point changes nothing but who else may run. */
static void point_by_point(void)
{
	uint64_t hash;
	uint32_t nr;

	load();
	CU_ASSERT_TRUE_FATAL(open_engine("lazy-race", "native", 2));
	begin();
	for (uint32_t until = 1;; until++) {
		struct step_result r = run((struct step_turn){ .cpu = 0, .until = until });

		if (r.stop != STEP_STOP_POINT)
			break;
		CU_ASSERT_EQUAL(r.passed, 1);
		engine.ops->passed(&engine, 0, &nr);
		CU_ASSERT_EQUAL(nr, until);
		CU_ASSERT_EQUAL(engine.ops->passed(&engine, 0, &nr)[nr].word, r.next.word);
	}
	CU_ASSERT_EQUAL(trial(STEP_NO_END, false), STEP_STOP_TRIAL);
	hash = hash_events();
	CU_ASSERT_EQUAL(whole(STEP_NO_END), hash);
	close_engine();
}

/* A CPU that spins runs again when its word changes, and not before. */
static void spins(void)
{
	struct step_result r = { .stop = STEP_STOP_POINT };
	uint64_t word, was;
	uint32_t for_cpu;

	load();
	CU_ASSERT_TRUE_FATAL(open_engine("collapse-vs-gup", "native", 2));
	begin();
	while (r.stop == STEP_STOP_POINT || engine.ops->can_run(&engine, 0))
		r = run((struct step_turn){ .cpu = 0, .until = STEP_NO_END });
	CU_ASSERT_EQUAL(r.stop, STEP_STOP_SPIN);
	CU_ASSERT_TRUE(engine.ops->waits(&engine, 0, &word, &for_cpu));
	memcpy(&was, (void *)(MEMORY_BASE + word), sizeof(was));
	*(uint64_t *)(MEMORY_BASE + word) = ~was;
	CU_ASSERT_TRUE(engine.ops->can_run(&engine, 0));
	*(uint64_t *)(MEMORY_BASE + word) = was;
	CU_ASSERT_FALSE(engine.ops->can_run(&engine, 0));
	close_engine();
}

/* CPU 0 up to where it has sent CPU 1 its first interrupt. */
static void send_one(void)
{
	struct step_result r = { 0 };
	uint32_t until = 0;
	int other;

	for (unsigned int turns = 0; turns < MAX_TURNS && !(r.sent & 2); turns++) {
		if (engine.ops->can_run(&engine, 0)) {
			r = run((struct step_turn){ .cpu = 0, .until = until + 1 });
			until += r.passed;
		} else if ((other = other_that_can(0)) > 0) {
			run((struct step_turn){ .cpu = other, .until = STEP_NO_END });
		}
	}
	CU_ASSERT_TRUE_FATAL(r.sent & 2);
}

static void held_interrupts(void)
{
	struct step_result r;
	uint32_t nr;

	load();
	CU_ASSERT_TRUE_FATAL(open_engine("shootdown", "native", 2));
	begin();
	send_one();
	CU_ASSERT_TRUE(engine.ops->irq_pending(&engine, 1));
	engine.ops->passed(&engine, 1, &nr);
	r = run((struct step_turn){ .cpu = 1, .until = nr + 1, .hold_irqs = true });
	CU_ASSERT_FALSE(r.took_irq);
	CU_ASSERT_TRUE(engine.ops->irq_pending(&engine, 1));
	CU_ASSERT_TRUE(engine.ops->can_run(&engine, 1));
	r = run((struct step_turn){ .cpu = 1, .until = STEP_NO_END });
	CU_ASSERT_TRUE(r.took_irq);
	CU_ASSERT_FALSE(engine.ops->irq_pending(&engine, 1));
	close_engine();
}

/* A CPU that is parked is one that KVM's guest leaves out, and that flushes when it is back. */
static void parked(void)
{
	uint32_t deferred = 0, elided = 0;

	load();
	CU_ASSERT_TRUE_FATAL(open_engine("collapse-vs-gup", "kvm", 2));
	CU_ASSERT_TRUE(engine.can_park);
	for (uint32_t first = 1; first < 24; first++) {
		begin();
		CU_ASSERT_EQUAL(trial(first, true), STEP_STOP_TRIAL);
		deferred += count(PVTLB_EV_DEFERRED);
		elided += count(PVTLB_EV_ELIDED);
	}
	CU_ASSERT_TRUE(elided && deferred);
	begin();
	CU_ASSERT_EQUAL(trial(STEP_NO_END, false), STEP_STOP_TRIAL);
	CU_ASSERT_EQUAL(count(PVTLB_EV_DEFERRED) + count(PVTLB_EV_ELIDED), 0);
	close_engine();
	CU_ASSERT_TRUE_FATAL(open_engine("collapse-vs-gup", "native", 2));
	CU_ASSERT_FALSE(engine.can_park);
	close_engine();
}

/* A panic in a trial says why, and is over with the next one. */
static void panics(void)
{
	static const uint8_t ud2[] = { 0x0f, 0x0b };
	uint64_t hash;
	gva_t at;

	load();
	CU_ASSERT_TRUE_FATAL(open_engine("shootdown", "native", 2));
	hash = whole(STEP_NO_END);
	begin();
	at = image_symbol(&((struct hosted *)engine.own)->image, "flush_tlb_mm_range");
	CU_ASSERT_TRUE_FATAL(at);
	memcpy((void *)at, ud2, sizeof(ud2));
	CU_ASSERT_EQUAL(trial(STEP_NO_END, false), STEP_STOP_FAILED);
	CU_ASSERT_PTR_NOT_NULL(strstr(engine.failure, "#UD"));
	CU_ASSERT_PTR_NOT_NULL(strstr(engine.failure, "flush_tlb_mm_range"));
	CU_ASSERT_EQUAL(whole(STEP_NO_END), hash);
	CU_ASSERT_EQUAL(engine.failure[0], 0);
	close_engine();
}

/* Stores of a stopped CPU wait in its buffer, and reach memory one by one. */
static void store_buffers(void)
{
	struct step_access oldest = { 0 };
	struct step_result r = { 0 };
	uint32_t until = 0, had = 0;
	uint64_t hash;

	load();
	memory = MEMORY_TSO;
	CU_ASSERT_TRUE_FATAL(open_engine("collapse-vs-gup", "native", 2));
	hash = whole(STEP_NO_END);
	begin();
	while (had < 2 && r.stop == STEP_STOP_POINT) {
		r = run((struct step_turn){ .cpu = 0, .until = ++until });
		had = engine.ops->buffered(&engine, 0, &oldest);
	}
	CU_ASSERT_EQUAL_FATAL(had, 2);
	CU_ASSERT_EQUAL(oldest.kind, STEP_WRITE);
	CU_ASSERT_EQUAL(engine.ops->buffered(&engine, 1, &oldest), 0);
	r = run((struct step_turn){ .cpu = 0, .drain = true });
	CU_ASSERT_EQUAL(r.stop, STEP_STOP_POINT);
	CU_ASSERT_EQUAL(r.passed, 0);
	CU_ASSERT_EQUAL(engine.ops->buffered(&engine, 0, &oldest), 1);
	CU_ASSERT_EQUAL(trial(STEP_NO_END, false), STEP_STOP_TRIAL);
	CU_ASSERT_EQUAL(engine.ops->buffered(&engine, 0, &oldest), 0);
	CU_ASSERT_EQUAL(whole(STEP_NO_END), hash);
	close_engine();
	memory = MEMORY_SC;
	CU_ASSERT_TRUE_FATAL(open_engine("collapse-vs-gup", "native", 2));
	CU_ASSERT_PTR_NULL(engine.ops->buffered);
	close_engine();
}

static void refused(void)
{
	struct engine second;
	struct run_config config = { .scenario = "shootdown",
				     .cpus = STEP_MAX_CPUS + 1,
				     .backend = backend_named("native"),
				     .trials = 2 };

	load();
	CU_ASSERT_FALSE(open_engine("no-such", "native", 2));
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "no such scenario"));
	err = (struct error){ 0 };
	CU_ASSERT_EQUAL(explore_host_open(&second, &image, &config, NULL, memory, &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "at most 8"));
	CU_ASSERT_TRUE_FATAL(open_engine("shootdown", "native", 2));
	config.cpus = 2;
	err = (struct error){ 0 };
	CU_ASSERT_EQUAL(explore_host_open(&second, &image, &config, NULL, memory, &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "another one is there"));
	/* The one that is there is none the worse for it. */
	CU_ASSERT_EQUAL(whole(STEP_NO_END), whole(STEP_NO_END));
	close_engine();
}

SUITE(unit_explore_host, false, { "every scenario's trial ends, on every backend", every_scenario },
      { "resets are exact", resets }, { "point by point", point_by_point },
      { "a spin waits for its word", spins }, { "interrupts are held", held_interrupts },
      { "parked CPUs are left out", parked }, { "panics", panics },
      { "store buffers", store_buffers }, { "refusals", refused });
