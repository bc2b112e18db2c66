/* SPDX-License-Identifier: GPL-2.0-only */
/* SIGINT and SIGTERM: caught, so that what goes on can end in good order. */
#include <assert.h>
#include <stdatomic.h>
#include <stddef.h>

#include "base/signals.h"

/* Written by a handler, read by all threads: never by way of a lock. */
static atomic_int caught;
static_assert(ATOMIC_INT_LOCK_FREE == 2, "a handler must not wait");

static void on_signal(int sig)
{
	caught = sig;
}

void signals_init(void)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

int signals_caught(void)
{
	return caught;
}

void signals_to_main(sigset_t *old)
{
	sigset_t both;

	sigemptyset(&both);
	sigaddset(&both, SIGINT);
	sigaddset(&both, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &both, old);
}

void signals_restore(const sigset_t *old)
{
	pthread_sigmask(SIG_SETMASK, old, NULL);
}
