/* SPDX-License-Identifier: GPL-2.0-only */
/* A vCPU: its thread, getting it out of guest mode, and what it is owed. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "machine/boot.h"
#include "machine/call.h"
#include "kvm/kvm.h"
#include "machine/machine.h"
#include "machine/hypervisor.h"
#include "pvtlb/invlpgb.h"
#include "kvm/roles.h"
#include "machine/vcpu.h"

#define SIG_KICK      SIGUSR1
#define INVLPGB_LEAF  0x80000008u
#define INVLPGB_BIT   (1u << 3)
#define SMEP_BIT      (1u << 7)
#define APIC_SPIV     0xf0
#define APIC_ENABLED  0x1ff
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

/* The backend's hypervisor leaves instead of KVM's. */
static void set_pv_cpuid(const struct vcpu *vcpu, struct kvm_cpuid2 *cpuid)
{
	const struct hypervisor_ops *pv = hypervisor_ops(vcpu->machine->config.backend);
	unsigned int kept = 0;

	if (!pv->cpuid)
		return;
	for (unsigned int i = 0; i < cpuid->nent; i++)
		if ((cpuid->entries[i].function & ~0xffu) != HYPERVISOR_LEAF)
			cpuid->entries[kept++] = cpuid->entries[i];
	cpuid->nent = kept + pv->cpuid(vcpu->machine, &cpuid->entries[kept], KVM_MAX_CPUID - kept);
}

static void set_cpuid(struct vcpu *vcpu)
{
	struct kvm_cpuid2 *cpuid = kvm_supported_cpuid(vcpu->machine->host->kvm);

	for (unsigned int i = 0; i < cpuid->nent; i++) {
		struct kvm_cpuid_entry2 *e = &cpuid->entries[i];

		switch (e->function) {
		case 1:
			e->ebx = (e->ebx & 0x00ffffff) | vcpu->id << 24;
			break;
		case 0xb:
		case 0x1f:
			e->edx = vcpu->id;
			break;
		case 7:
			/* Roles use it, whether this KVM advertises it or not. */
			if (!e->index && vcpu->machine->host->smep)
				e->ebx |= SMEP_BIT;
			break;
		case INVLPGB_LEAF:
			e->ebx &= ~INVLPGB_BIT;
			if (vcpu->machine->config.invlpgb)
				e->ebx |= INVLPGB_BIT;
			if (vcpu->machine->config.invlpgb)
				e->edx = (e->edx & ~0xffffu) | INVLPGB_COUNT_MAX;
			break;
		}
	}
	set_pv_cpuid(vcpu, cpuid);
	kvm_must(vcpu->fd, KVM_SET_CPUID2, cpuid);
	free(cpuid);
}

static void set_lapic(struct vcpu *vcpu)
{
	struct kvm_lapic_state lapic;
	uint32_t spiv = APIC_ENABLED;

	kvm_must(vcpu->fd, KVM_GET_LAPIC, &lapic);
	memcpy(lapic.regs + APIC_SPIV, &spiv, sizeof(spiv));
	kvm_must(vcpu->fd, KVM_SET_LAPIC, &lapic);
}

/* What KVM_GET_MSRS and KVM_SET_MSRS take, for one MSR. */
union one_msr {
	struct kvm_msrs msrs;
	uint8_t room[sizeof(struct kvm_msrs) + sizeof(struct kvm_msr_entry)];
};

static int set_steal_time(struct vcpu *vcpu, struct error *err)
{
	gpa_t gpa = vcpu->machine->layout.steal + vcpu->id * sizeof(struct kvm_steal_time);
	union one_msr one = { .msrs.nmsrs = 1 };

	one.msrs.entries[0] = (struct kvm_msr_entry){
		.index = MSR_KVM_STEAL_TIME,
		.data = gpa | KVM_MSR_ENABLED,
	};
	vcpu->steal = mem_own(&vcpu->machine->mem, gpa, sizeof(struct kvm_steal_time));
	if (kvm_try(vcpu->fd, KVM_SET_MSRS, &one.msrs) != 1)
		return fail(err, STATUS_SKIP,
			    "this KVM has no steal time, by which a vCPU's TLB is flushed");
	return 0;
}

struct kvm_steal_time *vcpu_steal_time(struct vcpu *vcpu)
{
	union one_msr one = { .msrs.nmsrs = 1 };
	uint64_t value;

	one.msrs.entries[0].index = MSR_KVM_STEAL_TIME;
	if (kvm_must(vcpu->fd, KVM_GET_MSRS, &one.msrs) != 1)
		return NULL;
	value = one.msrs.entries[0].data;
	if (!(value & KVM_MSR_ENABLED))
		return NULL;
	return guest_mem(&vcpu->machine->mem, value & KVM_STEAL_VALID_BITS,
			 sizeof(struct kvm_steal_time));
}

static void set_sregs(struct vcpu *vcpu)
{
	struct machine *m = vcpu->machine;
	struct kvm_mp_state mp = { .mp_state = KVM_MP_STATE_RUNNABLE };
	struct kvm_sregs sregs;

	kvm_must(vcpu->fd, KVM_GET_SREGS, &sregs);
	boot_sregs(&sregs, &m->layout, vcpu->id, mmu_role(m->host, vcpu->id, m->nr_vcpus));
	kvm_must(vcpu->fd, KVM_SET_SREGS, &sregs);
	kvm_must(vcpu->fd, KVM_SET_MP_STATE, &mp);
}

int vcpu_create(struct vcpu *vcpu, struct machine *machine, unsigned int id, struct error *err)
{
	vcpu->machine = machine;
	vcpu->id = id;
	vcpu->fd = kvm_try(machine->vm, KVM_CREATE_VCPU, id);
	if (vcpu->fd < 0)
		return fail(err, STATUS_SKIP, "KVM_CREATE_VCPU %u: %s", id, strerror(-vcpu->fd));
	vcpu->run_size = kvm_must(machine->host->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	vcpu->run = mmap(NULL, vcpu->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED) {
		vcpu->run = NULL;
		return fail(err, STATUS_FAIL, "cannot map kvm_run: %s", strerror(errno));
	}
	set_cpuid(vcpu);
	set_lapic(vcpu);
	set_sregs(vcpu);
	return set_steal_time(vcpu, err);
}

void vcpu_destroy(struct vcpu *vcpu)
{
	if (vcpu->run)
		munmap(vcpu->run, vcpu->run_size);
	if (vcpu->fd > 0)
		close(vcpu->fd);
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

struct vcpu_token vcpu_owe_flush(struct vcpu *vcpu)
{
	struct vcpu_token token;

	atomic_store(&vcpu->flush_owed, true);
	token.exits = atomic_load(&vcpu->exits);
	token.was_in_guest = atomic_load(&vcpu->in_guest);
	if (token.was_in_guest)
		vcpu_kick(vcpu);
	return token;
}

void vcpu_wait_out(struct vcpu *vcpu, struct vcpu_token token)
{
	if (!token.was_in_guest)
		return;
	while (atomic_load(&vcpu->in_guest) && atomic_load(&vcpu->exits) == token.exits &&
	       !atomic_load(&vcpu->machine->stop))
		sched_yield();
}

/* Leave word for KVM, which is not running this vCPU now. */
static void pass_on_flush(struct vcpu *vcpu)
{
	if (!atomic_exchange(&vcpu->flush_owed, false))
		return;
	vcpu->flush_left = vcpu_steal_time(vcpu);
	if (vcpu->flush_left)
		__atomic_fetch_or(&vcpu->flush_left->preempted, KVM_VCPU_FLUSH_TLB,
				  __ATOMIC_SEQ_CST);
	else
		machine_fail(vcpu->machine, STATUS_FAIL,
			     "CPU %u: the guest has turned its steal time off, or put it where there "
			     "is no memory: there is no other way to flush it",
			     vcpu->id);
}

/* Returns 0 when there is an exit to handle, 1 when there is nothing to do, or -errno. */
static int vcpu_enter(struct vcpu *vcpu)
{
	int ret;

	__atomic_store_n(&vcpu->run->immediate_exit, 0, __ATOMIC_SEQ_CST);
	atomic_store(&vcpu->in_guest, true);
	if (atomic_load(&vcpu->flush_owed) || atomic_load(&vcpu->machine->stop)) {
		atomic_fetch_add(&vcpu->exits, 1);
		atomic_store(&vcpu->in_guest, false);
		pass_on_flush(vcpu);
		return 1;
	}
	ret = ioctl(vcpu->fd, KVM_RUN, 0) ? -errno : 0;
	atomic_fetch_add(&vcpu->exits, 1);
	atomic_store(&vcpu->in_guest, false);
	return ret == -EINTR || ret == -EAGAIN ? 1 : ret;
}

static void shutdown_exit(struct vcpu *vcpu)
{
	char at[128];

	machine_fail(vcpu->machine, STATUS_FAIL,
		     "CPU %u: triple fault: an exception could not be delivered; last at %s, ring "
		     "%u, CR2 %#llx, CR3 %#llx",
		     vcpu->id,
		     image_symbolize(vcpu->machine->image, vcpu->regs.rip, at, sizeof(at)),
		     vcpu->sregs.cs.dpl, vcpu->sregs.cr2, vcpu->sregs.cr3);
}

static void internal_error_exit(struct vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;
	char at[128];

	machine_fail(vcpu->machine, STATUS_FAIL,
		     "CPU %u: KVM_EXIT_INTERNAL_ERROR, suberror %u%s, at %s, ring %u", vcpu->id,
		     run->internal.suberror,
		     run->internal.suberror == KVM_INTERNAL_ERROR_EMULATION ?
			     " (an instruction this KVM cannot emulate)" :
			     "",
		     image_symbolize(vcpu->machine->image, vcpu->regs.rip, at, sizeof(at)),
		     vcpu->sregs.cs.dpl);
}

static void snapshot(struct vcpu *vcpu)
{
	kvm_must(vcpu->fd, KVM_GET_REGS, &vcpu->regs);
	kvm_must(vcpu->fd, KVM_GET_SREGS, &vcpu->sregs);
}

/* A hypervisor MSR: the backend's, or #GP. */
static void msr_exit(struct vcpu *vcpu, bool write)
{
	const struct hypervisor_ops *pv = hypervisor_ops(vcpu->machine->config.backend);
	struct kvm_run *run = vcpu->run;
	uint64_t value = run->msr.data;

	run->msr.error = 1;
	if ((run->msr.index & ~0xffu) != HYPERVISOR_MSRS && (run->msr.index & ~0xffu) != HYPERVISOR_KVM_MSRS)
		return;
	if (write && pv->wrmsr)
		run->msr.error = !pv->wrmsr(vcpu, run->msr.index, value);
	if (!write && pv->rdmsr)
		run->msr.error = !pv->rdmsr(vcpu, run->msr.index, &value);
	if (!write)
		run->msr.data = value;
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

static void handle_exit(struct vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;

	if (!flush_is_done(vcpu)) {
		machine_fail(vcpu->machine, STATUS_FAIL,
			     "CPU %u ran with KVM_VCPU_FLUSH_TLB still set: this KVM does not "
			     "honour it, so no hypercall flush can be served here (or the guest set it)",
			     vcpu->id);
		return;
	}
	switch (run->exit_reason) {
	case KVM_EXIT_MMIO:
		call_mmio(vcpu);
		return;
	case KVM_EXIT_X86_WRMSR:
	case KVM_EXIT_X86_RDMSR:
		msr_exit(vcpu, run->exit_reason == KVM_EXIT_X86_WRMSR);
		return;
	case KVM_EXIT_SHUTDOWN:
		snapshot(vcpu);
		shutdown_exit(vcpu);
		return;
	case KVM_EXIT_INTERNAL_ERROR:
		snapshot(vcpu);
		internal_error_exit(vcpu);
		return;
	case KVM_EXIT_FAIL_ENTRY:
		machine_fail(vcpu->machine, STATUS_FAIL,
			     "CPU %u: KVM_EXIT_FAIL_ENTRY, reason %#llx", vcpu->id,
			     run->fail_entry.hardware_entry_failure_reason);
		return;
	}
	machine_fail(vcpu->machine, STATUS_FAIL, "CPU %u: unknown exit reason %u from KVM", vcpu->id,
		     run->exit_reason);
}

/* Round-robin over the CPUs this process may use. */
void vcpu_pin(unsigned int id)
{
	cpu_set_t all, one;
	int want, cpu;

	if (sched_getaffinity(0, sizeof(all), &all))
		return;
	want = id % CPU_COUNT(&all);
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &all) && !want--)
			break;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

/* Wait for CPU_ON; false when the run is over before that. */
static bool power_on(struct vcpu *vcpu)
{
	struct machine *m = vcpu->machine;
	struct pvtlb_cpu_on start;
	bool on;

	pthread_mutex_lock(&m->lock);
	while (!vcpu->on && !atomic_load(&m->stop))
		pthread_cond_wait(&m->wake, &m->lock);
	on = vcpu->on && !atomic_load(&m->stop);
	start = vcpu->start;
	pthread_mutex_unlock(&m->lock);
	if (on)
		vcpu_set_entry(vcpu, start.entry, start.stack, start.arg);
	return on;
}

void *vcpu_thread(void *arg)
{
	struct vcpu *vcpu = arg;
	struct machine *m = vcpu->machine;

	atomic_store(&vcpu->tid, gettid());
	if (!m->config.no_pin)
		vcpu_pin(vcpu->id);
	if (!power_on(vcpu))
		return NULL;
	while (!atomic_load(&m->stop)) {
		int ret = vcpu_enter(vcpu);

		if (ret < 0)
			machine_fail(m, STATUS_FAIL, "CPU %u: KVM_RUN: %s", vcpu->id,
				     strerror(-ret));
		else if (!ret)
			handle_exit(vcpu);
	}
	snapshot(vcpu);
	return NULL;
}
