/* SPDX-License-Identifier: GPL-2.0-only */
/* Real preemption of vCPUs: a real-time thread per vCPU takes its host CPU away. */
#include <asm/kvm_para.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>

#include "machine/machine.h"
#include "hold/preempt.h"

#define LET_RUN_NS 300000    /* for the vCPU to get into guest mode, or on */
#define KEEP_NS	   500000000 /* then it is let run again, whatever the guest's flags say */

struct preempter {
	struct vcpu *vcpu;
	pthread_t thread;
	sem_t go; /* a hold has begun, or it is all over */
	atomic_bool wanted, quit;
	/* Of the hold, set before go. */
	const uint8_t *flags;
	uint32_t *parked;
};

static bool wanted(struct preempter *p)
{
	return atomic_load(&p->wanted) && !atomic_load(&p->vcpu->machine->stop);
}

static bool preempted(const struct preempter *p)
{
	return __atomic_load_n(p->flags, __ATOMIC_ACQUIRE) & KVM_VCPU_PREEMPTED;
}

/* Unless preempt_end()'s caller has changed it: it is his, then. */
static void show(struct preempter *p, uint32_t from, uint32_t to)
{
	__atomic_compare_exchange_n(p->parked, &from, to, false, __ATOMIC_SEQ_CST,
				    __ATOMIC_SEQ_CST);
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static void keep_cpu(struct preempter *p)
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
static void take_cpu(struct preempter *p)
{
	struct timespec let_run = { .tv_nsec = LET_RUN_NS };

	while (wanted(p)) {
		nanosleep(&let_run, NULL);
		if (!preempted(p))
			continue;
		show(p, PVTLB_PARKED_SPINS, PVTLB_PARKED_HELD);
		keep_cpu(p);
		show(p, PVTLB_PARKED_HELD, PVTLB_PARKED_SPINS);
	}
}

static void *run(void *arg)
{
	struct preempter *p = arg;

	vcpu_pin(p->vcpu->id);
	for (;;) {
		while (sem_wait(&p->go))
			;
		if (atomic_load(&p->quit))
			return NULL;
		take_cpu(p);
	}
}

static int start(struct preempter *p)
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

static void finish(struct preempter *all, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		atomic_store(&all[i].quit, true);
		atomic_store(&all[i].wanted, false);
		sem_post(&all[i].go);
		pthread_join(all[i].thread, NULL);
		sem_destroy(&all[i].go);
	}
	free(all);
}

int preempt_create(struct machine *m)
{
	struct preempter *all;

	if ((int)m->nr_vcpus > m->host->nr_cpus || m->config.no_pin)
		return -1;
	all = calloc(m->nr_vcpus, sizeof(*all));
	for (unsigned int i = 0; all && i < m->nr_vcpus; i++) {
		all[i].vcpu = &m->vcpu[i];
		if (!start(&all[i]))
			continue;
		finish(all, i);
		all = NULL;
	}
	m->preempter = all;
	return all ? 0 : -1;
}

void preempt_destroy(struct machine *m)
{
	if (m->preempter)
		finish(m->preempter, m->nr_vcpus);
	m->preempter = NULL;
}

void preempt_begin(struct vcpu *vcpu, const uint8_t *flags, uint32_t *parked)
{
	struct preempter *p = &vcpu->machine->preempter[vcpu->id];

	p->flags = flags;
	p->parked = parked;
	atomic_store(&p->wanted, true);
	sem_post(&p->go);
}

void preempt_end(struct vcpu *vcpu)
{
	atomic_store(&vcpu->machine->preempter[vcpu->id].wanted, false);
}
