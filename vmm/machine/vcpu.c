/* SPDX-License-Identifier: GPL-2.0-only */
/* A vCPU: its thread, its power, getting it out of guest mode, and what it is owed. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/pin.h"
#include "events/events.h"
#include "kvm/kvm.h"
#include "machine/vcpu.h"
#include "sandbox/sandbox.h"

#define SIG_KICK       SIGUSR1
#define X86_FLAGS_INIT 0x202

static void on_kick(int sig)
{
	(void)sig; /* its purpose is to make KVM_RUN return */
}

void vcpu_init_signals(void)
{
	struct sigaction sa = { .sa_handler = on_kick };

	sigaction(SIG_KICK, &sa, NULL);
}

void vcpu_init(struct vcpu *vcpu, unsigned int id, struct machine *machine,
	       const struct guest_mem *mem, struct outcome *outcome)
{
	*vcpu = (struct vcpu){
		.machine = machine,
		.mem = mem,
		.outcome = outcome,
		.id = id,
		.fd = -1,
	};
	pthread_mutex_init(&vcpu->power, NULL);
	pthread_cond_init(&vcpu->powered, NULL);
}

void vcpu_destroy(struct vcpu *vcpu)
{
	if (vcpu->run)
		munmap(vcpu->run, vcpu->run_size);
	if (vcpu->fd >= 0)
		close(vcpu->fd);
	pthread_cond_destroy(&vcpu->powered);
	pthread_mutex_destroy(&vcpu->power);
}

struct kvm_steal_time *vcpu_steal_time(struct vcpu *vcpu)
{
	uint64_t value;

	if (!kvm_get_msr(vcpu->fd, MSR_KVM_STEAL_TIME, &value) || !(value & KVM_MSR_ENABLED))
		return NULL;
	return guest_mem(vcpu->mem, value & KVM_STEAL_VALID_BITS, sizeof(struct kvm_steal_time));
}

void vcpu_set_entry(struct vcpu *vcpu, gva_t entry, gva_t stack, uint64_t arg)
{
	struct kvm_regs regs = {
		.rip = entry,
		.rsp = stack,
		.rdi = arg,
		.rflags = X86_FLAGS_INIT,
	};

	kvm_must(vcpu->fd, KVM_SET_REGS, &regs);
}

void vcpu_kick(struct vcpu *vcpu)
{
	if (!atomic_load(&vcpu->in_guest))
		return;
	atomic_fetch_add(&vcpu->kicks, 1);
	__atomic_store_n(&vcpu->run->immediate_exit, 1, __ATOMIC_SEQ_CST);
	/* By its id, not by pthread_t: the thread may have ended, and been joined, meanwhile. */
	syscall(SYS_tgkill, getpid(), atomic_load(&vcpu->tid), SIG_KICK);
}

void vcpu_complete(struct vcpu *vcpu)
{
	__atomic_store_n(&vcpu->run->immediate_exit, 1, __ATOMIC_SEQ_CST);
	kvm_try(vcpu->fd, KVM_RUN, 0);
}

struct vcpu_token vcpu_leave_flush(struct vcpu *vcpu)
{
	struct vcpu_token token;

	atomic_store(&vcpu->flush_owed, true);
	token.exits = atomic_load(&vcpu->exits);
	token.was_in_guest = atomic_load(&vcpu->in_guest);
	return token;
}

struct vcpu_token vcpu_owe_flush(struct vcpu *vcpu)
{
	struct vcpu_token token = vcpu_leave_flush(vcpu);

	if (token.was_in_guest)
		vcpu_kick(vcpu);
	return token;
}

bool vcpu_was_out(struct vcpu *vcpu, struct vcpu_token token)
{
	return !token.was_in_guest || !atomic_load(&vcpu->in_guest) ||
	       atomic_load(&vcpu->exits) != token.exits;
}

void vcpu_wait_out(struct vcpu *vcpu, struct vcpu_token token)
{
	while (!vcpu_was_out(vcpu, token) && !outcome_over(vcpu->outcome))
		sched_yield();
}

bool vcpu_take_flush(struct vcpu *vcpu)
{
	if (!atomic_exchange(&vcpu->flush_owed, false))
		return false;
	if (vcpu->log)
		event_log_append(vcpu->log, vcpu->id, FLUSHED, .exits = atomic_load(&vcpu->exits));
	return true;
}

/* Leave word for KVM, which is not running this vCPU now. */
static void pass_on_flush(struct vcpu *vcpu)
{
	if (!vcpu_take_flush(vcpu))
		return;
	vcpu->flush_left = vcpu_steal_time(vcpu);
	if (vcpu->flush_left)
		__atomic_fetch_or(&vcpu->flush_left->preempted, KVM_VCPU_FLUSH_TLB,
				  __ATOMIC_SEQ_CST);
	else
		outcome_fail(
			vcpu->outcome, STATUS_FAIL,
			"CPU %u: the guest has turned its steal time off, or put it where there "
			"is no memory: there is no other way to flush it",
			vcpu->id);
}

/*
 * EAGAIN is an error like others: KVM could not start a thread of its own. A vCPU that waits for
 * its first INIT gives it, too (KVM_MP_STATE_UNINITIALIZED), and none of ours does.
 */
int vcpu_enter(struct vcpu *vcpu)
{
	int ret;

	__atomic_store_n(&vcpu->run->immediate_exit, 0, __ATOMIC_SEQ_CST);
	atomic_store(&vcpu->in_guest, true);
	if (atomic_load(&vcpu->flush_owed) ||
	    (atomic_load(&vcpu->stop_asked) && !vcpu->runs_on) || outcome_over(vcpu->outcome)) {
		atomic_fetch_add(&vcpu->exits, 1);
		atomic_store(&vcpu->in_guest, false);
		pass_on_flush(vcpu);
		return 1;
	}
	ret = ioctl(vcpu->fd, KVM_RUN, 0) ? -errno : 0;
	atomic_fetch_add(&vcpu->exits, 1);
	atomic_store(&vcpu->in_guest, false);
	vcpu->cut_short = ret == -EINTR;
	return ret == -EINTR ? 1 : ret;
}

void vcpu_get_sregs(const struct vcpu *vcpu, struct kvm_sregs *sregs)
{
	if (vcpu->fd < 0)
		*sregs = vcpu->sregs;
	else
		kvm_must(vcpu->fd, KVM_GET_SREGS, sregs);
}

void vcpu_snapshot(struct vcpu *vcpu)
{
	kvm_must(vcpu->fd, KVM_GET_REGS, &vcpu->regs);
	kvm_must(vcpu->fd, KVM_GET_SREGS, &vcpu->sregs);
}

/*
 * KVM has entered the guest: by then the flush must have been done. A vCPU that has been
 * preempted since may have another one to wait for, as its guest asks for them, too.
 */
static bool flush_is_done(struct vcpu *vcpu)
{
	const struct kvm_steal_time *left = vcpu->flush_left;
	uint8_t now = left ? __atomic_load_n(&left->preempted, __ATOMIC_ACQUIRE) : 0;

	vcpu->flush_left = NULL;
	return (now & (KVM_VCPU_FLUSH_TLB | KVM_VCPU_PREEMPTED)) != KVM_VCPU_FLUSH_TLB;
}

void vcpu_handle_exit(struct vcpu *vcpu)
{
	if (flush_is_done(vcpu))
		vcpu->exit(vcpu);
	else
		outcome_fail(
			vcpu->outcome, STATUS_FAIL,
			"CPU %u ran with KVM_VCPU_FLUSH_TLB still set: this KVM does not "
			"honour it, so no hypercall flush can be served here (or the guest set it)",
			vcpu->id);
}

bool vcpu_power_on(struct vcpu *vcpu, const struct pvtlb_cpu_on *start)
{
	bool was_on;

	pthread_mutex_lock(&vcpu->power);
	was_on = vcpu->on;
	if (!was_on) {
		vcpu->on = true;
		vcpu->start = *start;
		pthread_cond_broadcast(&vcpu->powered);
	}
	pthread_mutex_unlock(&vcpu->power);
	return !was_on;
}

bool vcpu_is_on(struct vcpu *vcpu)
{
	bool on;

	pthread_mutex_lock(&vcpu->power);
	on = vcpu->on;
	pthread_mutex_unlock(&vcpu->power);
	return on;
}

void vcpu_stop(struct vcpu *vcpu)
{
	pthread_mutex_lock(&vcpu->power);
	pthread_cond_broadcast(&vcpu->powered);
	pthread_mutex_unlock(&vcpu->power);
	vcpu_kick(vcpu);
}

/* Wait for vcpu_power_on(); false when the run is over before that. */
static bool wait_for_power(struct vcpu *vcpu)
{
	struct pvtlb_cpu_on start;
	bool on;

	pthread_mutex_lock(&vcpu->power);
	while (!vcpu->on && !outcome_over(vcpu->outcome))
		pthread_cond_wait(&vcpu->powered, &vcpu->power);
	on = vcpu->on && !outcome_over(vcpu->outcome);
	start = vcpu->start;
	pthread_mutex_unlock(&vcpu->power);
	if (on)
		vcpu_set_entry(vcpu, start.entry, start.stack, start.arg);
	return on;
}

static void *run(void *arg)
{
	struct vcpu *vcpu = arg;

	atomic_store(&vcpu->tid, gettid());
	if (vcpu->pin)
		pin_thread(vcpu->id);
	sandbox_guest_thread();
	if (!wait_for_power(vcpu))
		return NULL;
	while (!outcome_over(vcpu->outcome)) {
		int ret;

		if (vcpu->enters)
			vcpu->enters(vcpu);
		ret = vcpu_enter(vcpu);
		if (ret < 0)
			outcome_errno(vcpu->outcome, -ret, "CPU %u: KVM_RUN", vcpu->id);
		else if (!ret)
			vcpu_handle_exit(vcpu);
	}
	vcpu_snapshot(vcpu);
	return NULL;
}

int vcpu_start(struct vcpu *vcpu, vcpu_exit_fn *exit)
{
	int ret;

	vcpu->exit = exit;
	ret = pthread_create(&vcpu->thread, NULL, run, vcpu);
	vcpu->started = !ret;
	return ret;
}

void vcpu_join(struct vcpu *vcpu)
{
	if (vcpu->started)
		pthread_join(vcpu->thread, NULL);
}
