/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One schedule, in the host process and on /dev/kvm: the same turns, points and events.
 *
 * Schedules of no switch and of one, so many for each configuration and evenly from among all that
 * there are; all of them with EVERY_SCHEDULE=1 in the environment.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/images.h"
#include "cli/run.h"
#include "explore/bounded.h"
#include "explore/host/host.h"
#include "explore/kvm.h"
#include "explore/stream.h"
#include "lab.h"
#include "test.h"

#define SCHEDULES 5u  /* of a configuration */
#define FULL	  12u /* in full */
#define SAMPLE	  6u  /* one of so many configurations */

struct played {
	enum ending ending;
	uint32_t turns, points;
	uint64_t hash;
	size_t events;
};

static struct played play(struct engine *engine, const struct schedule *schedule,
			  struct attempt *attempt)
{
	struct played played;
	struct event_stream stream;
	struct error err = { 0 };
	size_t from;

	memset(&played, 0, sizeof(played)); /* compared as bytes */
	CU_ASSERT_EQUAL_FATAL(schedule_run(engine, schedule, true, attempt, &err), 0);
	played.ending = attempt->ending;
	played.turns = attempt->nr;
	played.points = attempt->points;
	engine->spoilt = attempt->ending != ENDING_WHOLE;
	if (attempt->ending != ENDING_WHOLE)
		return played;
	CU_ASSERT_EQUAL_FATAL(engine->ops->events(engine, &stream, &from, &err), 0);
	played.events = stream.nr - from;
	played.hash = stream_hash(stream.event + from, played.events);
	return played;
}

/* What is compared: the usual order, and those that depart from it at one place. */
struct sample {
	struct schedule *schedule; /* the one at hand: it is large */
	struct attempt *attempt;
	struct candidates from;
	struct played *host;
	size_t nr;
};

/* Number n of them. */
static const struct schedule *sampled(struct sample *s, size_t n)
{
	s->schedule->nr = n > 0;
	if (n)
		s->schedule->sw[0] = s->from.sw[(n - 1) * s->from.nr / (s->nr - 1)];
	return s->schedule;
}

static void in_process(struct sample *s, struct engine *engine)
{
	struct played usual;
	size_t most = test_full ? FULL : SCHEDULES;

	s->nr = 0;
	usual = play(engine, sampled(s, 0), s->attempt);
	candidates_of(s->attempt, engine, &s->from);
	if (getenv("EVERY_SCHEDULE") || s->from.nr < most)
		most = s->from.nr;
	s->nr = 1 + most;
	s->host = calloc(s->nr, sizeof(*s->host));
	CU_ASSERT_PTR_NOT_NULL_FATAL(s->host);
	s->host[0] = usual;
	for (size_t n = 1; n < s->nr; n++)
		s->host[n] = play(engine, sampled(s, n), s->attempt);
}

/* How many are not the same there. */
static unsigned int on_kvm(struct sample *s, struct engine *engine, const struct run_config *config)
{
	unsigned int differ = 0;

	for (size_t n = 0; n < s->nr; n++) {
		const struct played *host = &s->host[n];
		const struct played kvm = play(engine, sampled(s, n), s->attempt);
		const struct sched_switch *sw = s->schedule->sw;

		if (!memcmp(host, &kvm, sizeof(kvm)))
			continue;
		differ++;
		test_say("%s, %s, %u CPUs, %s CPU %u to %u at %u, how %u: host ends %u, %u turns, "
			 "%u points, %zu events; kvm ends %u, %u turns, %u points, %zu events",
			 config->scenario, config->backend->name, config->cpus,
			 n ? "switch" : "usual order, not", sw->cpu, sw->to, sw->at, sw->how,
			 host->ending, host->turns, host->points, host->events, kvm.ending,
			 kvm.turns, kvm.points, kvm.events);
	}
	return differ;
}

static unsigned int compare(const struct run_config *config)
{
	const struct image *image = &lab_images()->image[config->paravirt];
	struct sample s = { .schedule = calloc(1, sizeof(*s.schedule)),
			    .attempt = calloc(1, sizeof(*s.attempt)) };
	struct error err = { 0 };
	struct engine engine;
	unsigned int differ = 1;

	CU_ASSERT_TRUE_FATAL(s.schedule && s.attempt);
	if (explore_host_open(&engine, image, config, &test_host, MEMORY_SC, &err)) {
		test_say("%s, %s: host: %s", config->scenario, config->backend->name, err.text);
	} else {
		in_process(&s, &engine);
		engine.ops->close(&engine);
		if (explore_kvm_open(&test_host, image, config, &engine, &err)) {
			test_say("%s, %s: kvm: %s", config->scenario, config->backend->name,
				 err.text);
		} else {
			differ = on_kvm(&s, &engine, config);
			engine.ops->close(&engine);
		}
	}
	free(s.host);
	free(s.from.sw);
	free(s.attempt);
	free(s.schedule);
	return differ;
}

static bool possible(const struct run_config *config)
{
	struct run_result *result = result_get();
	const bool is = run_possible(&test_host, lab_images(), config, result);

	result_put(result);
	return is;
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
				if (possible(&config))
					CU_ASSERT_EQUAL(compare(&config), 0);
			}
}

SUITE(explore_same, true, { "host process and /dev/kvm", same });
