/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A data race of the VMM's kind: a vCPU's thread counts what the first thread reads. It is for
 * make check-tsan, which believes ThreadSanitizer's silence only where this one is reported.
 */
#include <pthread.h>

static unsigned long exits;

static void *vcpu(void *arg)
{
	for (int i = 0; i < 1000; i++)
		exits++;
	return arg;
}

int main(void)
{
	pthread_t thread;
	unsigned long seen;

	if (pthread_create(&thread, NULL, vcpu, NULL))
		return 0;
	seen = exits;
	pthread_join(thread, NULL);
	return seen > exits;
}
