/* SPDX-License-Identifier: GPL-2.0-only */
/* A thread of a hypervisor's own: it does its work later than it was asked for. */
#ifndef VMM_LATER_H
#define VMM_LATER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct later {
	void (*work)(void *ctx); /* do all that is due by now */
	void *ctx;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	uint64_t asked, done; /* how many times; done: up to which */
	bool stop;
	bool here; /* there is no thread */
};

/* Start it; 0 or an errno. For a backend's create(). */
int later_start(struct later *later, void (*work)(void *ctx), void *ctx);
/* The same with no thread: whoever waits does the work. */
int later_start_here(struct later *later, void (*work)(void *ctx), void *ctx);
/* End it, when it is through with what it is at. For destroy(). */
void later_stop(struct later *later);

/*
 * There is work. Returns at once; what was due before the call is done when later_wait() with
 * the number returned is back. By any threads but its own.
 */
uint64_t later_ask(struct later *later);
void later_wait(struct later *later, uint64_t nr);

#endif
