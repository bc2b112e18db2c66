/* SPDX-License-Identifier: GPL-2.0-only */
/* Real preemption of vCPUs: a real-time thread per vCPU takes its host CPU away. */
#include <asm/kvm_para.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "base/pin.h"
#include "hold/preempt.h"
#include "pvtlb/call.h"
#include "sandbox/sandbox.h"

#define LET_RUN_NS 300000    /* for the vCPU to get into guest mode, or on */
#define KEEP_NS	   500000000 /* then it is let run again, whatever the guest's flags say */

/* Takes one CPU. */
struct taker {
	unsigned int cpu;
	const atomic_bool *over; /* the run */
	pthread_t thread;
	sem_t go; /* a hold has begun, or it is all over */
	atomic_bool wanted, quit;
	/* Of the hold, set before go. */
	const uint8_t *flags;
	uint32_t *shown;
};

struct preempter {
	unsigned int cpus;
	struct taker taker[];
};

static bool wanted(struct taker *p)
{
	return atomic_load(&p->wanted) && !atomic_load(p->over);
}

static bool preempted(const struct taker *p)
{
	return __atomic_load_n(p->flags, __ATOMIC_ACQUIRE) & KVM_VCPU_PREEMPTED;
}

/* Unless preempt_end()'s caller has changed it: it is his, then. */
static void show(struct taker *p, uint32_t from, uint32_t to)
{
	__atomic_compare_exchange_n(p->shown, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static void keep_cpu(struct taker *p)
{
	int64_t until = now_ns() + KEEP_NS;

	while (wanted(p) && preempted(p) && now_ns() < until)
		__builtin_ia32_pause();
}

/*
 * Only a CPU whose vCPU is in guest mode, says KVM, is kept: its thread holds no lock of ours.
 * Not for ever, as the flags are the guest's to write, too; the kernel may take the CPU from
 * us, as well. Then we begin again.
 */
static void take_cpu(struct taker *p)
{
	struct timespec let_run = { .tv_nsec = LET_RUN_NS };

	while (wanted(p)) {
		nanosleep(&let_run, NULL);
		if (!preempted(p))
			continue;
		show(p, PVTLB_HELD_SPINS, PVTLB_HELD_YES);
		keep_cpu(p);
		show(p, PVTLB_HELD_YES, PVTLB_HELD_SPINS);
	}
}

static void *run(void *arg)
{
	struct taker *p = arg;

	pin_thread(p->cpu);
	sandbox_guest_thread();
	for (;;) {
		while (sem_wait(&p->go))
			;
		if (atomic_load(&p->quit))
			return NULL;
		take_cpu(p);
	}
}

static int start(struct taker *p)
{
	struct sched_param param = { .sched_priority = 1 };
	pthread_attr_t attr;
	int ret;

	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &param);
	sem_init(&p->go, 0, 0);
	ret = pthread_create(&p->thread, &attr, run, p);
	pthread_attr_destroy(&attr);
	if (ret)
		sem_destroy(&p->go);
	return ret;
}

static void finish(struct preempter *all, unsigned int started)
{
	for (unsigned int i = 0; i < started; i++) {
		struct taker *p = &all->taker[i];

		atomic_store(&p->quit, true);
		atomic_store(&p->wanted, false);
		sem_post(&p->go);
		pthread_join(p->thread, NULL);
		sem_destroy(&p->go);
	}
	free(all);
}

struct preempter *preempter_create(unsigned int cpus, const atomic_bool *over)
{
	struct preempter *all = calloc(1, sizeof(*all) + cpus * sizeof(all->taker[0]));

	if (!all)
		return NULL;
	all->cpus = cpus;
	for (unsigned int i = 0; i < cpus; i++) {
		all->taker[i].cpu = i;
		all->taker[i].over = over;
		if (!start(&all->taker[i]))
			continue;
		finish(all, i);
		return NULL;
	}
	return all;
}

void preempter_destroy(struct preempter *all)
{
	if (all)
		finish(all, all->cpus);
}

void preempt_begin(struct preempter *all, unsigned int cpu, const uint8_t *flags, uint32_t *shown)
{
	struct taker *p = &all->taker[cpu];

	p->flags = flags;
	p->shown = shown;
	atomic_store(&p->wanted, true);
	sem_post(&p->go);
}

void preempt_end(struct preempter *all, unsigned int cpu)
{
	atomic_store(&all->taker[cpu].wanted, false);
}
