/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the host's stack and those of the guest's CPUs. */
#include <asm/prctl.h>
#include <stdbool.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "explore/host/switch.h"

#define HWCAP2_RING3_FSGSBASE (1ul << 1) /* Documentation/arch/x86/x86_64/fsgs.rst */

/* The guest has no red zone, and all of its code keeps the direction flag clear. */
__asm__(".text\n"
	".balign 16\n"
	"explore_switch_to:\n"
	"	pushq %rbx\n"
	"	pushq %rbp\n"
	"	pushq %r12\n"
	"	pushq %r13\n"
	"	pushq %r14\n"
	"	pushq %r15\n"
	"	movq %rsp, explore_host_sp(%rip)\n"
	"	movq %rdi, %rsp\n"
	"	jmp *%rsi\n"
	"explore_switch_resume:\n"
	"	popq %r15\n"
	"	popq %r14\n"
	"	popq %r13\n"
	"	popq %r12\n"
	"	popq %r11\n"
	"	popq %r10\n"
	"	popq %r9\n"
	"	popq %r8\n"
	"	popq %rbp\n"
	"	popq %rdi\n"
	"	popq %rsi\n"
	"	popq %rdx\n"
	"	popq %rcx\n"
	"	popq %rbx\n"
	"	popq %rax\n"
	"	popfq\n"
	"	leaq 8(%rsp), %rsp\n"
	"	ret\n"
	"explore_switch_out:\n"
	"	pushfq\n"
	"	pushq %rax\n"
	"	pushq %rbx\n"
	"	pushq %rcx\n"
	"	pushq %rdx\n"
	"	pushq %rsi\n"
	"	pushq %rdi\n"
	"	pushq %rbp\n"
	"	pushq %r8\n"
	"	pushq %r9\n"
	"	pushq %r10\n"
	"	pushq %r11\n"
	"	pushq %r12\n"
	"	pushq %r13\n"
	"	pushq %r14\n"
	"	pushq %r15\n"
	"	movq %rsp, %rax\n"
	"	movq explore_host_sp(%rip), %rsp\n"
	"	popq %r15\n"
	"	popq %r14\n"
	"	popq %r13\n"
	"	popq %r12\n"
	"	popq %rbp\n"
	"	popq %rbx\n"
	"	ret\n"
	".local explore_host_sp\n"
	".comm explore_host_sp, 8, 8\n");

struct switch_frame *explore_switch_to(uint64_t sp, uint64_t ip);
extern const uint8_t explore_switch_resume[];

/* One entry for each exit, 16 bytes apart: push its number, and go out. */
__asm__(".text\n"
	".balign 16\n"
	"explore_exits:\n"
	".set nr, 0\n"
	".rept 16\n"
	"	.balign 16\n"
	"	pushq $nr\n"
	"	jmp explore_switch_out\n"
	"	.set nr, nr + 1\n"
	".endr\n");
extern const uint8_t explore_exits[];

_Static_assert(SWITCH_EXITS_NR <= 16, "more exits than entries");

const char *const switch_exit_names[SWITCH_EXITS_NR] = {
#define S(name) #name,
	SWITCH_EXITS(S)
#undef S
};

const void *const switch_exits[SWITCH_EXITS_NR] = {
#define S(name) explore_exits + 16 * SWITCH_##name,
	SWITCH_EXITS(S)
#undef S
};

struct switch_frame *switch_to(uint64_t sp, uint64_t ip)
{
	return explore_switch_to(sp, ip);
}

uint64_t switch_resume(void)
{
	return (uintptr_t)explore_switch_resume;
}

void switch_gs(uint64_t base)
{
	static int instruction = -1;

	if (instruction < 0)
		instruction = !!(getauxval(AT_HWCAP2) & HWCAP2_RING3_FSGSBASE);
	if (instruction)
		__asm__ volatile("wrgsbase %0" : : "r"(base) : "memory");
	else
		syscall(SYS_arch_prctl, ARCH_SET_GS, base);
}
