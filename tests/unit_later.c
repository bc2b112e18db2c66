/* SPDX-License-Identifier: GPL-2.0-only */
/* A hypervisor's own thread: what was due when it was asked is done when the wait is over. */
#include <stdatomic.h>

#include "machine/later.h"
#include "unit_util.h"

#define ASKERS 4
#define TIMES  2000

struct job {
	struct later later;
	atomic_uint due, taken, runs;
	pthread_t by;
};

/* It takes a while, so that others ask meanwhile. */
static void work(void *ctx)
{
	struct job *job = ctx;
	unsigned int due = atomic_load(&job->due);

	job->by = pthread_self();
	for (volatile int i = 0; i < 1000; i++)
		;
	atomic_store(&job->taken, due);
	atomic_fetch_add(&job->runs, 1);
}

/* Returns whether what this call had made due was taken. */
static bool ask_and_wait(struct job *job)
{
	unsigned int mine = atomic_fetch_add(&job->due, 1) + 1;

	later_wait(&job->later, later_ask(&job->later));
	return atomic_load(&job->taken) >= mine;
}

static void one(void)
{
	struct job job = { 0 };

	CU_ASSERT_EQUAL_FATAL(later_start(&job.later, work, &job), 0);
	/* Whoever asks for nothing has nothing to wait for. */
	later_wait(&job.later, 0);
	for (unsigned int i = 1; i <= 10; i++) {
		CU_ASSERT_TRUE(ask_and_wait(&job));
		CU_ASSERT_EQUAL(atomic_load(&job.runs), i);
	}
	CU_ASSERT_FALSE(pthread_equal(job.by, pthread_self()));
	later_stop(&job.later);
}

static void *ask(void *ctx)
{
	uintptr_t missed = 0;

	for (unsigned int i = 0; i < TIMES; i++)
		missed += !ask_and_wait(ctx);
	return (void *)missed;
}

static void several(void)
{
	pthread_t asker[ASKERS];
	struct job job = { 0 };
	void *missed;

	CU_ASSERT_EQUAL_FATAL(later_start(&job.later, work, &job), 0);
	for (unsigned int i = 0; i < ASKERS; i++)
		CU_ASSERT_EQUAL_FATAL(pthread_create(&asker[i], NULL, ask, &job), 0);
	for (unsigned int i = 0; i < ASKERS; i++) {
		pthread_join(asker[i], &missed);
		CU_ASSERT_PTR_NULL(missed);
	}
	later_stop(&job.later);
	CU_ASSERT_EQUAL(atomic_load(&job.taken), ASKERS * TIMES);
	CU_ASSERT_TRUE(atomic_load(&job.runs) <= ASKERS * TIMES);
}

static void nothing(void)
{
	struct job job = { 0 };

	CU_ASSERT_EQUAL_FATAL(later_start(&job.later, work, &job), 0);
	later_stop(&job.later);
	CU_ASSERT_EQUAL(atomic_load(&job.runs), 0);
}

SUITE(unit_later, false, { "one asks", one }, { "several ask", several },
      { "stopped with nothing to do", nothing });
