/* SPDX-License-Identifier: GPL-2.0-only */
/* A thread of a hypervisor's own: it does its work later than it was asked for. */
#include <signal.h>

#include "machine/later.h"
#include "sandbox/sandbox.h"

static void *run(void *arg)
{
	struct later *l = arg;

	sandbox_guest_thread();
	pthread_mutex_lock(&l->lock);
	while (!l->stop) {
		uint64_t asked = l->asked;

		if (l->done == asked) {
			pthread_cond_wait(&l->changed, &l->lock);
			continue;
		}
		pthread_mutex_unlock(&l->lock);
		l->work(l->ctx);
		pthread_mutex_lock(&l->lock);
		l->done = asked;
		pthread_cond_broadcast(&l->changed);
	}
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

static void init(struct later *later, void (*work)(void *ctx), void *ctx, bool here)
{
	*later = (struct later){ .work = work, .ctx = ctx, .here = here };
	pthread_mutex_init(&later->lock, NULL);
	pthread_cond_init(&later->changed, NULL);
}

int later_start_here(struct later *later, void (*work)(void *ctx), void *ctx)
{
	init(later, work, ctx, true);
	return 0;
}

int later_start(struct later *later, void (*work)(void *ctx), void *ctx)
{
	sigset_t all, old;
	int ret;

	init(later, work, ctx, false);
	/* SIGINT and SIGTERM are the main thread's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	ret = pthread_create(&later->thread, NULL, run, later);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (!ret)
		return 0;
	pthread_cond_destroy(&later->changed);
	pthread_mutex_destroy(&later->lock);
	return ret;
}

void later_stop(struct later *later)
{
	pthread_mutex_lock(&later->lock);
	later->stop = true;
	pthread_cond_broadcast(&later->changed);
	pthread_mutex_unlock(&later->lock);
	if (!later->here)
		pthread_join(later->thread, NULL);
	pthread_cond_destroy(&later->changed);
	pthread_mutex_destroy(&later->lock);
}

uint64_t later_ask(struct later *later)
{
	uint64_t nr;

	pthread_mutex_lock(&later->lock);
	nr = ++later->asked;
	pthread_cond_broadcast(&later->changed);
	pthread_mutex_unlock(&later->lock);
	return nr;
}

void later_wait(struct later *later, uint64_t nr)
{
	if (later->here && later->done < nr) {
		later->done = later->asked;
		later->work(later->ctx);
		return;
	}
	pthread_mutex_lock(&later->lock);
	while (later->done < nr)
		pthread_cond_wait(&later->changed, &later->lock);
	pthread_mutex_unlock(&later->lock);
}
