/* SPDX-License-Identifier: GPL-2.0-only */
/* An emulated machine with tests in it: started, listened to, and what came of its tests. */
#ifndef TESTS_NESTED_MACHINE_H
#define TESTS_NESTED_MACHINE_H

#include <pthread.h>
#include <sys/types.h>

#include "results.h"
#include "test.h"

/* A test in a machine. What came of it is written by the thread that reads the machine's words. */
struct remote {
	const struct suite *suite;
	CU_pSuite cu; /* what stands for it in the registry here */
	CU_pTest test;
	const struct emulated *machine;
	struct result result;
};

/* All of them. No more are added once a machine is started. */
extern struct remote *remotes;
extern size_t nr_remotes;

struct emulated {
	unsigned int part, parts; /* of all machines' tests it runs this one */
	pid_t pid;
	FILE *from;
	pthread_t thread;
	struct remote *now; /* which its words are about */
	bool complete, over;
	int status; /* an enum status, or -1 */
};

/* Boot it, with these suites, and show what comes of its tests as they end. */
void emulated_start(struct emulated *m, char **names);
/* Until there is a result. Returns whether there is: a machine may end without it. */
bool emulated_wait(const struct remote *r);
/* Until the machine has ended. How often a boot hung and was tried again. */
unsigned int emulated_end(struct emulated *m);

#endif
