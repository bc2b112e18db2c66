/* SPDX-License-Identifier: GPL-2.0-only */
/* How a run ends: because the guest is done, or for a reason. The first to say so counts. */
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "base/shortage.h"
#include "machine/outcome.h"

#define NS_PER_MS 1000000
#define NS_PER_S  1000000000

void outcome_init(struct outcome *outcome, void (*stop)(void *ctx), void *ctx)
{
	pthread_condattr_t attr;

	*outcome = (struct outcome){ .stop = stop, .ctx = ctx };
	pthread_mutex_init(&outcome->lock, NULL);
	/* On the monotonic clock: setting the time of day must not stop the watchdog. */
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&outcome->ended, &attr);
	pthread_condattr_destroy(&attr);
}

void outcome_destroy(struct outcome *outcome)
{
	pthread_cond_destroy(&outcome->ended);
	pthread_mutex_destroy(&outcome->lock);
}

static void end(struct outcome *outcome)
{
	atomic_store(&outcome->over, true);
	pthread_cond_broadcast(&outcome->ended);
	outcome->stop(outcome->ctx);
}

void outcome_fail(struct outcome *outcome, int status, const char *fmt, ...)
{
	char text[sizeof(outcome->err.text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	pthread_mutex_lock(&outcome->lock);
	if (!outcome->done)
		fail(&outcome->err, status, "%s", text);
	end(outcome);
	pthread_mutex_unlock(&outcome->lock);
}

void outcome_errno(struct outcome *outcome, int errnum, const char *fmt, ...)
{
	struct error err = { 0 };
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	fail_errno(&err, STATUS_FAIL, errnum, "%s", what);
	outcome_fail(outcome, err.status, "%s", err.text);
}

void outcome_done(struct outcome *outcome)
{
	pthread_mutex_lock(&outcome->lock);
	outcome->done = !outcome->err.status;
	end(outcome);
	pthread_mutex_unlock(&outcome->lock);
}

bool outcome_wait(struct outcome *outcome, unsigned int ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += ms * NS_PER_MS;
	if (until.tv_nsec >= NS_PER_S) {
		until.tv_nsec -= NS_PER_S;
		until.tv_sec++;
	}
	pthread_mutex_lock(&outcome->lock);
	if (!outcome_over(outcome))
		pthread_cond_timedwait(&outcome->ended, &outcome->lock, &until);
	pthread_mutex_unlock(&outcome->lock);
	return !outcome_over(outcome);
}
