/* SPDX-License-Identifier: GPL-2.0-only */
/* How a run ends: because the guest is done, or for a reason. The first to say so counts. */
#ifndef VMM_OUTCOME_H
#define VMM_OUTCOME_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/error.h"

struct outcome {
	pthread_mutex_t lock;
	pthread_cond_t ended;
	atomic_bool over;
	bool done;	  /* the guest said so */
	struct error err; /* why the run was ended otherwise */
	void (*stop)(
		void *ctx); /* gets everybody to look at over; any thread, any number of times */
	void *ctx;
};

void outcome_init(struct outcome *outcome, void (*stop)(void *ctx), void *ctx);
void outcome_destroy(struct outcome *outcome);

/* End the run, from any thread: with a STATUS_* and a reason, or because the guest is done. */
__attribute__((format(printf, 3, 4))) void outcome_fail(struct outcome *outcome, int status,
							const char *fmt, ...);
/* A failure, of which the errno says more: fail_errno(). */
__attribute__((format(printf, 3, 4))) void outcome_errno(struct outcome *outcome, int errnum,
							 const char *fmt, ...);
void outcome_done(struct outcome *outcome);

static inline bool outcome_over(const struct outcome *outcome)
{
	return atomic_load(&outcome->over);
}

/* Wait for the end, but not for longer than so many ms (below 1000). true: the run goes on. */
bool outcome_wait(struct outcome *outcome, unsigned int ms);

#endif
