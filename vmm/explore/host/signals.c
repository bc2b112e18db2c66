/* SPDX-License-Identifier: GPL-2.0-only */
/* Faults: the guest's code gets them as exceptions, as from kernel/entry.S. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "explore/host/hosted.h"
#include "explore/host/memory.h"

#define X86_TRAP_UD  6
#define X86_TRAP_GP  13
#define X86_FLAGS_IF 0x200u

static struct hosted *hosted; /* the one that there is */
static struct sigaction segv_was, ill_was;
static stack_t stack_was;
static uint8_t stack[65536];

static void exception(struct hosted_cpu *cpu, greg_t *reg, uint64_t addr)
{
	const struct hosted_symbols *s = &hosted->symbol;

	buffer_drain(&cpu->now.buffer);
	*(uint8_t *)hosted_percpu(cpu, s->exc_vector) = reg[REG_TRAPNO];
	*(uint64_t *)hosted_percpu(cpu, s->exc_error) = reg[REG_ERR];
	*(uint64_t *)hosted_percpu(cpu, s->exc_rip) = reg[REG_RIP];
	*(uint64_t *)hosted_percpu(cpu, s->exc_flags) = cpu->now.if_on ? X86_FLAGS_IF : 0;
	*(uint64_t *)hosted_percpu(cpu, s->exc_cr2) = addr;
	cpu->now.if_on = false;
	reg[REG_RIP] = s->exc_upcall;
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	greg_t *reg = ((ucontext_t *)context)->uc_mcontext.gregs;
	uint64_t within = reg[REG_RIP] - MEMORY_BASE;

	if (sig == SIGSEGV && info->si_code == SEGV_ACCERR && memory_fault(info->si_addr))
		return;
	if (hosted && hosted->running && within < hosted->machine.mem.size) {
		exception(hosted->running, reg, (uintptr_t)info->si_addr);
		return;
	}
	/* None of ours: again, and to whoever it was for. */
	sigaction(sig, sig == SIGSEGV ? &segv_was : &ill_was, NULL);
}

int hosted_signals(struct hosted *h, struct error *err)
{
	struct sigaction sa = { .sa_sigaction = on_fault,
				.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	stack_t ours = { .ss_sp = stack, .ss_size = sizeof(stack) };

	hosted = h;
	if (sigaltstack(&ours, &stack_was) || sigaction(SIGSEGV, &sa, &segv_was) ||
	    sigaction(SIGILL, &sa, &ill_was))
		return fail(err, STATUS_FAIL, "cannot catch faults: %s", strerror(errno));
	return 0;
}

void hosted_signals_off(struct hosted *h)
{
	if (hosted != h)
		return;
	hosted = NULL;
	sigaction(SIGSEGV, &segv_was, NULL);
	sigaction(SIGILL, &ill_was, NULL);
	sigaltstack(&stack_was, NULL);
}
