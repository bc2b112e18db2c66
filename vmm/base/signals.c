/* SPDX-License-Identifier: GPL-2.0-only */
/* SIGHUP, SIGINT and SIGTERM: caught, so that what goes on can end in good order. */
#include <assert.h>
#include <stdatomic.h>
#include <stddef.h>

#include "base/signals.h"

/* Written by a handler, read by all threads: never by way of a lock. */
static atomic_int caught;
static_assert(ATOMIC_INT_LOCK_FREE == 2, "a handler must not wait");

static void on_signal(int sig)
{
	int none = 0;

	atomic_compare_exchange_strong(&caught, &none, sig);
}

/*
 * A write that is under way goes on (SA_RESTART): what is half written is no result. What waits
 * for input, or for a reader, asks signals_caught() now and then (base/stream.h).
 */
void signals_init(void)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESTART }, hup;

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	/* nohup(1) has it ignored. */
	if (!sigaction(SIGHUP, NULL, &hup) && hup.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &sa, NULL);
}

int signals_caught(void)
{
	return caught;
}

void signals_to_main(sigset_t *old)
{
	sigset_t all;

	sigemptyset(&all);
	sigaddset(&all, SIGHUP);
	sigaddset(&all, SIGINT);
	sigaddset(&all, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &all, old);
}

void signals_restore(const sigset_t *old)
{
	pthread_sigmask(SIG_SETMASK, old, NULL);
}
