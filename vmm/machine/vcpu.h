/* SPDX-License-Identifier: GPL-2.0-only */
/* A vCPU: its thread, its power, getting it out of guest mode, and what it is owed. */
#ifndef VMM_VCPU_H
#define VMM_VCPU_H

#include <asm/kvm_para.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "machine/mem.h"
#include "machine/outcome.h"
#include "pvtlb/call.h"

struct event_log;
struct machine;
struct vcpu;

/* What is done about an exit to us; on the vCPU's own thread, outside of guest mode. */
typedef void vcpu_exit_fn(struct vcpu *vcpu);

struct vcpu {
	struct event_log *log; /* where it says that it has done a flush; NULL: nowhere */
	struct machine *machine; /* whose it is; the vCPU itself does not look into it */
	const struct guest_mem *mem;
	struct outcome *outcome; /* of the run */
	vcpu_exit_fn *exit;
	vcpu_exit_fn *enters; /* before it enters guest mode; may wait. NULL: nothing to do */
	unsigned int id;
	bool pin; /* its thread, to a host CPU */
	int fd;	  /* -1: none */
	struct kvm_run *run;
	size_t run_size;
	struct kvm_steal_time *steal; /* the area it starts with; see vcpu_steal_time() */

	pthread_t thread;
	bool started;	/* the thread exists */
	atomic_int tid; /* of the thread, when it runs; 0 before */

	pthread_mutex_t power; /* of the two below */
	pthread_cond_t powered;
	bool on;
	struct pvtlb_cpu_on start;

	/*
	 * in_guest is set before the thread looks at requests and cleared when it is back, so
	 * whoever sets a request and then sees in_guest 0 knows it will be seen in time.
	 */
	atomic_bool in_guest;
	atomic_uint_fast64_t exits; /* times the thread has come back */
	atomic_uint_fast64_t kicks; /* signals sent to get it out of guest mode */
	atomic_bool stop_asked; /* it is to stay out of guest mode; enters() waits */
	bool runs_on;		/* but this once not: enters() has said so */
	bool cut_short;		/* a signal is what has got it out of guest mode last */
	atomic_bool flush_owed;
	struct kvm_steal_time *flush_left; /* area of a flush that KVM has not been seen to do */

	/* See machine/shared.h; by its own thread. */
	unsigned int shared_turns, shared_late; /* so many; accesses until the late one */

	/* Left by the thread when it ends, for the watchdog's report; without KVM, all there is. */
	struct kvm_regs regs;
	struct kvm_sregs sregs;
};

/* Without KVM's part, which is vcpu_create()'s (machine/vcpu_create.h); it is off. */
void vcpu_init(struct vcpu *vcpu, unsigned int id, struct machine *machine,
	       const struct guest_mem *mem, struct outcome *outcome);
void vcpu_destroy(struct vcpu *vcpu);

/* Start its thread, which waits for power and then runs the guest to the end of the run; errno. */
int vcpu_start(struct vcpu *vcpu, vcpu_exit_fn *exit);
/*
 * Without a thread of its own: enter guest mode once, on the caller's. 0 when there is an exit to
 * handle, 1 when there is nothing to do, or -errno. What it is owed it gets first.
 */
int vcpu_enter(struct vcpu *vcpu);
/* Handle the last exit, by vcpu->exit. */
void vcpu_handle_exit(struct vcpu *vcpu);
/* Wait for the end of the thread, if there is one. */
void vcpu_join(struct vcpu *vcpu);

/* Let it run from there. By any thread; false: it is on already. */
bool vcpu_power_on(struct vcpu *vcpu, const struct pvtlb_cpu_on *start);
bool vcpu_is_on(struct vcpu *vcpu);

/* Where a vCPU starts; before its first run. */
void vcpu_set_entry(struct vcpu *vcpu, gva_t entry, gva_t stack, uint64_t arg);

/* Get the thread out of KVM_RUN if it is in there. Returns at once. */
void vcpu_kick(struct vcpu *vcpu);
/*
 * Let KVM finish what the last exit has left, without running the guest; then the registers are
 * all there (Documentation/virt/kvm/api.rst, KVM_RUN). On its own thread, outside of guest mode.
 */
void vcpu_complete(struct vcpu *vcpu);
/* The run is over: get the thread out of wherever it waits. Returns at once. */
void vcpu_stop(struct vcpu *vcpu);

/*
 * The flush primitive. Everything the vCPU has cached is flushed before it executes another
 * guest instruction: KVM does it when it finds KVM_VCPU_FLUSH_TLB in the steal-time area as
 * the vCPU enters (Documentation/virt/kvm/x86/msr.rst, MSR_KVM_STEAL_TIME). vcpu_owe_flush()
 * returns at once; vcpu_wait_out() returns when the vCPU has been seen outside of guest mode
 * since token was taken, so that nothing cached before can be used any more.
 */
struct vcpu_token {
	bool was_in_guest;
	uint64_t exits;
};
struct vcpu_token vcpu_owe_flush(struct vcpu *vcpu);
/* The same without getting it out of guest mode: what a hypervisor must not return upon. */
struct vcpu_token vcpu_leave_flush(struct vcpu *vcpu);
void vcpu_wait_out(struct vcpu *vcpu, struct vcpu_token token);
/* Has it been? Whoever says that a vCPU is flushed asks this, and not those who were to wait. */
bool vcpu_was_out(struct vcpu *vcpu, struct vcpu_token token);
/* The vCPU is about to run: is it owed a flush? Says so in an event; for whoever then does it. */
bool vcpu_take_flush(struct vcpu *vcpu);

/*
 * The steal-time area that KVM uses for this vCPU, as MSR_KVM_STEAL_TIME says now: a guest may
 * move it anywhere. NULL: turned off, or not in RAM. On the vCPU's own thread, outside of
 * guest mode; good until it enters again.
 */
struct kvm_steal_time *vcpu_steal_time(struct vcpu *vcpu);

/* Its registers now: KVM's, or in sregs itself where KVM has no part in it. On its own thread. */
void vcpu_get_sregs(const struct vcpu *vcpu, struct kvm_sregs *sregs);
/* Keep its registers as they are now, in regs and sregs. On its own thread. */
void vcpu_snapshot(struct vcpu *vcpu);

/* Install the handler of the signal that kicks; once per process. */
void vcpu_init_signals(void);

#endif
