/* SPDX-License-Identifier: GPL-2.0-only */
/* The service gate into ring 0: one numbered table, entered by gate_enter(), which is an int3. */
#ifndef _ASM_GATE_H
#define _ASM_GATE_H

/* G(NAME): implemented as gate_NAME in kernel/entry.S, in this order. */
#define GATE_SERVICES(G)                                                                           \
	G(STI)                                                                                     \
	G(HLT) G(INVLPG) G(READ_CR3) G(WRITE_CR3) G(RDMSR) G(WRMSR) G(CPUID) G(VMCALL) G(VMMCALL) \
	G(CALL) G(SET_CR4)

#ifdef __ASSEMBLER__
#define GATE_STI 0 /* used by the upcall's return path; checked against the enum in irq.c */
#else

#include <linux/types.h>

enum gate_service {
#define G(name) GATE_##name,
	GATE_SERVICES(G)
#undef G
};

/* In kernel/gate.S; the one place where a CPU leaves ring 3 by itself. Stacks have no red zone. */
#define GATE_ENTER "call gate_enter"

/* Arguments in rdi and rsi, result in rax. Everything else is preserved, but rcx and rdx. */
static inline u64 gate(enum gate_service nr, u64 a, u64 b)
{
	u64 ret = nr;

	__asm__ volatile(GATE_ENTER : "+a"(ret), "+D"(a), "+S"(b) : : "rcx", "rdx", "cc", "memory");
	return ret;
}

/*
 * cpuid as ring 0 sees it. At ring 3 a software KVM may not intercept it: what it shows there
 * is the host's, not what this guest was given (docs/hosts.md).
 */
static inline void gate_cpuid(u32 leaf, u32 subleaf, u32 reg[4])
{
	u64 a = GATE_CPUID, b, c, d;

	__asm__ volatile(GATE_ENTER
			 : "+a"(a), "=b"(b), "=c"(c), "=d"(d)
			 : "D"((u64)leaf), "S"((u64)subleaf)
			 : "cc", "memory");
	reg[0] = a;
	reg[1] = b;
	reg[2] = c;
	reg[3] = d;
}

/*
 * A hypercall of the host's own KVM by its number: service is GATE_VMCALL or GATE_VMMCALL, the
 * rest the registers of its ABI (Documentation/virt/kvm/x86/hypercalls.rst). Returns its rax.
 */
static inline s64 gate_hypercall(enum gate_service service, u64 nr, u64 a0)
{
	u64 ret = service;

	__asm__ volatile(GATE_ENTER
			 : "+a"(ret)
			 : "D"(nr), "b"(a0), "c"(0ull), "d"(0ull), "S"(0ull)
			 : "cc", "memory");
	return ret;
}

/*
 * A page for a hypervisor to put code into (Hyper-V's and Xen's hypercall pages), executable
 * at ring 0 only; and a call to that code, in the registers of both: what Hyper-V takes in
 * rcx, rdx and r8 and Xen in rdi, rsi, rdx, r10 and r8. Returns rax.
 */
extern u8 hypercall_page[4096];

struct gate_regs {
	u64 di, si, dx, cx, r8, r10;
};

static inline u64 gate_call(const void *code, const struct gate_regs *regs)
{
	u64 ret = GATE_CALL, di = regs->di, si = regs->si, dx = regs->dx, cx = regs->cx;
	register u64 r8 __asm__("r8") = regs->r8;
	register u64 r10 __asm__("r10") = regs->r10;
	register u64 r11 __asm__("r11") = (u64)code;

	__asm__ volatile(GATE_ENTER
			 : "+a"(ret), "+D"(di), "+S"(si), "+d"(dx), "+c"(cx), "+r"(r8), "+r"(r10),
			   "+r"(r11)
			 :
			 : "r9", "cc", "memory");
	return ret;
}

#endif
#endif
