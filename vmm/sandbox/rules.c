/* SPDX-License-Identifier: GPL-2.0-only */
/* Which system calls each phase of a run may make. */
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "sandbox/rules.h"

#define EVERY	 (IN_VMS | IN_GUEST | IN_REPORT)
#define ALL_BITS (~0ull)

/* A thread of this process, in no namespace of its own. */
#define THREAD (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD)
#define NAMESPACES                                                                                 \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
	 CLONE_NEWPID | CLONE_NEWNET)

#define KVM(request_, in_, what)                                                                   \
	{                                                                                          \
		.name = #request_, .in = in_, .request = request_, .what_for = what                \
	}
#define GDB(name_, what)                                                                           \
	{                                                                                          \
		.name = name_, .in = IN_VMS, .whom = FOR_GDB, .what_for = what                     \
	}
#define SANITIZER(name_, what)                                                                     \
	{                                                                                          \
		.name = name_, .in = EVERY, .whom = FOR_SANITIZERS, .what_for = what               \
	}

const struct sandbox_rule sandbox_rules[] = {
	KVM(KVM_RUN, IN_VMS | IN_GUEST, "the guest"),
	KVM(KVM_GET_REGS, IN_VMS | IN_GUEST, "what a guest asks for, and where it stands"),
	KVM(KVM_SET_REGS, IN_VMS | IN_GUEST, "a CPU's start; an instruction that is played"),
	KVM(KVM_GET_SREGS, IN_VMS | IN_GUEST, "the page tables of who asks"),
	KVM(KVM_SET_SREGS, IN_VMS | IN_GUEST, "the same two"),
	KVM(KVM_GET_MSRS, IN_VMS | IN_GUEST, "where the guest's steal time is"),
	KVM(KVM_GET_VCPU_EVENTS, IN_VMS | IN_GUEST, "an exception that is due"),
	KVM(KVM_CHECK_EXTENSION, IN_VMS, "what this KVM can do"),
	KVM(KVM_CREATE_VM, IN_VMS, "the next VM"),
	KVM(KVM_SET_USER_MEMORY_REGION, IN_VMS, "its memory"),
	KVM(KVM_CREATE_IRQCHIP, IN_VMS, "its local APICs"),
	KVM(KVM_SET_NR_MMU_PAGES, IN_VMS, "its shadow pages"),
	KVM(KVM_ENABLE_CAP, IN_VMS, "its hypervisor's interface"),
	KVM(KVM_X86_SET_MSR_FILTER, IN_VMS, "its hypervisor's MSRs"),
	KVM(KVM_CREATE_VCPU, IN_VMS, "its CPUs"),
	KVM(KVM_GET_VCPU_MMAP_SIZE, IN_VMS, "its CPUs"),
	KVM(KVM_GET_SUPPORTED_CPUID, IN_VMS, "its CPUs"),
	KVM(KVM_GET_SUPPORTED_HV_CPUID, IN_VMS, "its CPUs"),
	KVM(KVM_SET_CPUID2, IN_VMS, "its CPUs"),
	KVM(KVM_GET_LAPIC, IN_VMS, "its CPUs"),
	KVM(KVM_SET_LAPIC, IN_VMS, "its CPUs"),
	KVM(KVM_SET_MP_STATE, IN_VMS, "its CPUs"),
	KVM(KVM_SET_MSRS, IN_VMS, "its steal time"),
	KVM(KVM_GET_TSC_KHZ, IN_VMS, "how fast its clock runs"),
	KVM(TCGETS, IN_VMS | IN_REPORT, "is it a terminal?"),

	{ "futex", EVERY, "threads wait for each other" },
	{ "sched_yield", EVERY, "a CPU that waits" },
	{ "clock_nanosleep", EVERY, "short waits" },
	{ "nanosleep", IN_VMS | IN_GUEST, "short waits" },
	{ "restart_syscall", EVERY, "a wait goes on behind a stop of the process" },
	{ "clock_gettime", EVERY, "the time, where the vDSO cannot tell" },
	{ "gettimeofday", EVERY, "the same" },
	{ "getpid", EVERY, "whose thread is to be kicked" },
	{ "gettid", EVERY, "the same" },
	{ "tgkill", EVERY, "kicks out of KVM_RUN; to threads of this process" },
	{ "rt_sigreturn", EVERY, "behind a signal's handler" },
	{ "rt_sigprocmask", EVERY, "SIGINT and SIGTERM go to one thread" },
	{ "sched_getaffinity", EVERY, "how many CPUs there are" },
	{ "sched_setaffinity", IN_VMS, "vCPUs stay on a host CPU" },
	{ "sched_setscheduler", IN_VMS, "threads that preempt vCPUs" },
	{ "sched_get_priority_min", IN_VMS, "the same" },
	{ "sched_get_priority_max", IN_VMS, "the same" },

	{ "mmap", EVERY, "memory, never executable", .arg = 2, .mask = PROT_EXEC },
	{ "mprotect", EVERY, "memory, never executable", .arg = 2, .mask = PROT_EXEC },
	{ "munmap", EVERY, "memory" },
	{ "mremap", EVERY, "memory" },
	{ "madvise", EVERY, "memory" },
	{ "brk", EVERY, "memory" },

	{ "clone", IN_VMS, "threads, and no process", .arg = 0, .mask = THREAD | NAMESPACES,
	  .value = THREAD },
	{ "clone3", IN_VMS, "glibc asks by clone, then, which can be looked at",
	  .refused = ENOSYS },
	{ "set_robust_list", IN_VMS, "a thread begins" },
	{ "rseq", IN_VMS, "a thread begins" },
	{ "seccomp", IN_VMS | IN_REPORT, "a phase begins; filters only add up", .arg = 0,
	  .mask = ALL_BITS, .value = SECCOMP_SET_MODE_FILTER },
	{ "exit", EVERY, "a thread ends" },
	{ "exit_group", EVERY, "the process ends" },
	{ "prlimit64", EVERY, "limits are read, and not set", .arg = 2,
	  .mask = ALL_BITS },

	{ "write", EVERY, "what the guest says; reports; to files that are open" },
	{ "writev", EVERY, "the same" },
	{ "poll", EVERY, "does anybody read what is written? with gdb: has it come, has a CPU stopped?" },
	{ "read", IN_VMS | IN_REPORT, "the trace of a run that is shown" },
	{ "lseek", IN_VMS | IN_REPORT, "files that are open" },
	{ "ftruncate", IN_VMS | IN_REPORT, "files that are open" },
	{ "fstat", IN_VMS | IN_REPORT, "files that are open" },
	{ "newfstatat", IN_VMS | IN_REPORT, "the same", .arg = 3, .mask = ALL_BITS,
	  .value = AT_EMPTY_PATH },
	{ "close", IN_VMS | IN_REPORT, "VMs and files" },

	GDB("accept4", "gdb comes, at a socket that listens"),
	GDB("sendto", "gdb"),
	GDB("recvfrom", "gdb"),
	GDB("setsockopt", "gdb"),
	GDB("shutdown", "gdb"),
	GDB("eventfd2", "a CPU that stops"),

	{ .name = "TCGETS",
	  .in = IN_GUEST,
	  .whom = FOR_SANITIZERS,
	  .request = TCGETS,
	  .what_for = "may a report have colours?" },
	SANITIZER("open", "its own symbols, its own maps"),
	SANITIZER("openat", "the same"),
	SANITIZER("read", "the same"),
	SANITIZER("lseek", "the same"),
	SANITIZER("fcntl", "the same"),
	SANITIZER("close", "the same"),
	SANITIZER("stat", "the same"),
	SANITIZER("newfstatat", "the same"),
	SANITIZER("readlink", "its own name"),
	SANITIZER("sigaltstack", "each thread's"),
};
const size_t sandbox_nr_rules = sizeof(sandbox_rules) / sizeof(sandbox_rules[0]);
