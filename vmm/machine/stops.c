/* SPDX-License-Identifier: GPL-2.0-only */
/* Stopping all CPUs of a machine from outside, stepping one, and letting them go on. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/shortage.h"
#include "kvm/kvm.h"
#include "machine/state.h"
#include "machine/stops.h"
#include "machine/trap.h"

#define SETTLE_US 200u
#define AGAIN	  10u

int stops_create(struct machine *m, struct error *err)
{
	struct stops *s = calloc(1, sizeof(*s));

	if (!s)
		return fail(err, STATUS_FAIL, "out of memory");
	s->machine = m;
	s->parked = calloc(m->nr_vcpus, sizeof(*s->parked));
	s->fresh = calloc(m->nr_vcpus, sizeof(*s->fresh));
	s->step = calloc(m->nr_vcpus, sizeof(*s->step));
	s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!s->parked || !s->fresh || !s->step || s->wake < 0) {
		fail_errno(err, STATUS_FAIL, errno, "cannot stop CPUs");
		if (s->wake >= 0)
			close(s->wake);
		free(s->parked);
		free(s->fresh);
		free(s->step);
		free(s);
		return -1;
	}
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->changed, NULL);
	upcalls_find(&s->upcalls, m->image);
	trap_install(m);
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++) {
		atomic_store(&m->vcpu[cpu].stop_asked, true);
		m->vcpu[cpu].enters = stops_enter;
	}
	m->stops = s;
	return 0;
}

void stops_destroy(struct machine *m)
{
	struct stops *s = m->stops;

	if (!s)
		return;
	m->stops = NULL;
	close(s->wake);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	free(s->parked);
	free(s->fresh);
	free(s->step);
	free(s);
}

/*
 * Stopped while it steps: what it was to do is over. Stopped on its way to us: it goes back, and
 * comes again if what it has come for is still there.
 */
static void park(struct stops *s, struct vcpu *vcpu)
{
	struct step *step = &s->step[vcpu->id];
	struct trap trap;

	if (!trap_take(vcpu, &trap))
		trap_undo(vcpu, &trap, false);
	else if (step->on && step->armed)
		trap_step(vcpu, false);
	step->on = false;
	s->parked[vcpu->id] = true;
	while (atomic_load(&vcpu->stop_asked) && !outcome_over(vcpu->outcome))
		pthread_cond_wait(&s->changed, &s->lock);
	s->parked[vcpu->id] = false;
	s->fresh[vcpu->id] = true;
}

void stops_enter(struct vcpu *vcpu)
{
	struct stops *s = vcpu->machine->stops;
	struct step *step = &s->step[vcpu->id];
	struct kvm_regs regs;

	pthread_mutex_lock(&s->lock);
	vcpu->runs_on = atomic_load(&vcpu->stop_asked) && vcpu->cut_short && trap_may_be_due(vcpu);
	if (atomic_load(&vcpu->stop_asked) && !vcpu->runs_on)
		park(s, vcpu);
	if (step->on && !step->armed) {
		vcpu_complete(vcpu);
		kvm_must(vcpu->fd, KVM_GET_REGS, &regs);
		step_begin(step, &s->upcalls, regs.rip);
		trap_step(vcpu, true);
	}
	pthread_mutex_unlock(&s->lock);
}

bool stops_any(const struct stops *s)
{
	for (unsigned int cpu = 0; cpu < s->machine->nr_vcpus; cpu++)
		if (atomic_load(&s->machine->vcpu[cpu].stop_asked))
			return true;
	return false;
}

static void wake(struct stops *s)
{
	const uint64_t one = 1;

	/* It can fail only where it is readable anyway. */
	if (write(s->wake, &one, sizeof(one)) < 0)
		return;
}

void stops_over(struct stops *s)
{
	pthread_mutex_lock(&s->lock);
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	wake(s);
}

static void ask_all(struct stops *s)
{
	for (unsigned int cpu = 0; cpu < s->machine->nr_vcpus; cpu++) {
		atomic_store(&s->machine->vcpu[cpu].stop_asked, true);
		vcpu_kick(&s->machine->vcpu[cpu]);
	}
}

void stops_ask(struct stops *s)
{
	pthread_mutex_lock(&s->lock);
	ask_all(s);
	pthread_mutex_unlock(&s->lock);
}

/*
 * The first one to come to something counts. Another one has been put back to where it was: at
 * a breakpoint it will be there again when it goes on.
 */
static void come_to(struct stops *s, const struct vcpu *vcpu, enum stop_why why)
{
	s->step[vcpu->id].on = false;
	if (s->stop.why != STOP_ASKED)
		return;
	s->stop = (struct stop){ why, vcpu->id };
	ask_all(s);
	wake(s);
}

static void stepped(struct stops *s, struct vcpu *vcpu, const struct trap *trap)
{
	bool again = false;

	switch (step_trapped(&s->step[vcpu->id], &s->upcalls, trap->rip)) {
	case STEP_DONE:
		come_to(s, vcpu, STOP_STEPPED);
		break;
	case STEP_GO_ON:
		again = true;
		break;
	case STEP_LET_RUN:
		trap_after_upcall(vcpu, trap);
		break;
	case STEP_NOT_OURS:
		break;
	}
	trap_undo(vcpu, trap, again);
}

bool stops_trapped(struct vcpu *vcpu)
{
	struct stops *s = vcpu->machine->stops;
	struct trap trap;
	bool fresh;

	if (!trap_rang(vcpu))
		return false;
	if (trap_take(vcpu, &trap)) {
		outcome_fail(vcpu->outcome, STATUS_FAIL,
			     "CPU %u: the guest has rung the debugger's doorbell by itself",
			     vcpu->id);
		return true;
	}
	pthread_mutex_lock(&s->lock);
	fresh = s->fresh[vcpu->id];
	s->fresh[vcpu->id] = false;
	if (trap.vector == TRAP_DB) {
		stepped(s, vcpu, &trap);
	} else if (breakpoint_at(&s->breakpoints, trap.rip)) {
		trap_undo(vcpu, &trap, false);
		come_to(s, vcpu, STOP_BREAKPOINT);
	} else if (fresh) {
		/* Perhaps there was a breakpoint when it faulted. If not, it faults again. */
		trap_undo(vcpu, &trap, s->step[vcpu->id].on);
	} else {
		trap_forward(vcpu, &trap);
	}
	pthread_mutex_unlock(&s->lock);
	return true;
}

bool stops_parked(struct stops *s, unsigned int cpu)
{
	bool parked;

	pthread_mutex_lock(&s->lock);
	parked = s->parked[cpu];
	pthread_mutex_unlock(&s->lock);
	return parked;
}

/* Out of guest mode, its thread waiting: here, for power, or because it is held. */
static bool settled(struct stops *s, unsigned int cpu)
{
	struct vcpu *vcpu = &s->machine->vcpu[cpu];

	return stops_parked(s, cpu) || !vcpu_is_on(vcpu) || hold_keeps(&s->machine->holds, cpu);
}

static bool all_settled(struct stops *s)
{
	for (unsigned int cpu = 0; cpu < s->machine->nr_vcpus; cpu++)
		if (!settled(s, cpu))
			return false;
	return true;
}

bool stops_settle(struct stops *s, struct stop *stop)
{
	const struct machine *m = s->machine;
	uint64_t times;

	if (read(s->wake, &times, sizeof(times)) < 0)
		times = 0;
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		if (!atomic_load(&m->vcpu[cpu].stop_asked))
			return false;
	/* Twice: one that was held when it was looked at may have been released by another since.
	 */
	for (unsigned int i = 1; !all_settled(s) || !all_settled(s); i++) {
		if (outcome_over(&m->outcome))
			return false;
		usleep(SETTLE_US);
		/* One that had to run on is asked again. */
		if (!(i % AGAIN))
			stops_ask(s);
	}
	pthread_mutex_lock(&s->lock);
	*stop = s->stop;
	pthread_mutex_unlock(&s->lock);
	return !outcome_over(&m->outcome);
}

void stops_go(struct stops *s, const struct stop_go *go)
{
	pthread_mutex_lock(&s->lock);
	s->stop = (struct stop){ 0 };
	for (unsigned int cpu = 0; cpu < s->machine->nr_vcpus; cpu++) {
		if (go[cpu].how == GO_STAY)
			continue;
		s->step[cpu] = (struct step){
			.on = go[cpu].how == GO_STEP,
			.start = go[cpu].start,
			.end = go[cpu].end,
		};
		atomic_store(&s->machine->vcpu[cpu].stop_asked, false);
	}
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}
