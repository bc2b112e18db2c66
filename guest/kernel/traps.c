/* SPDX-License-Identifier: GPL-2.0-only */
/* Exceptions: page faults of accesses that may fault go to their fixup, the rest is fatal. */
#include <linux/kernel.h>
#include <linux/percpu.h>

#include "traps.h"

#define X86_TRAP_DB  1
#define X86_TRAP_UD  6
#define X86_TRAP_GP  13
#define X86_TRAP_PF  14
#define X86_FLAGS_IF 0x200

/* Left by ring 0 for the upcall. */
DEFINE_PER_CPU(u8, exc_vector);
DEFINE_PER_CPU(u8, exc_ring0);
DEFINE_PER_CPU(u64, exc_error);
DEFINE_PER_CPU(u64, exc_rip);
DEFINE_PER_CPU(u64, exc_flags);
DEFINE_PER_CPU(u64, exc_cr2);

DEFINE_PER_CPU(u64, probe_error);

u64 debug_entry;
DEFINE_PER_CPU(u64, debug_rip);
DEFINE_PER_CPU(u64, debug_flags);
const char *(*address_name)(u64 addr);

struct exception_entry {
	u64 insn;
	u64 fixup;
};
extern const struct exception_entry __start___ex_table[], __stop___ex_table[];
extern const struct trapped_insn __start_trapped_insns[], __stop_trapped_insns[];

static const char *const names[32] = {
	[0] = "#DE,", [1] = "#DB,",  [2] = "NMI,",  [6] = "#UD,",
	[8] = "#DF,", [13] = "#GP,", [14] = "#PF in ring 0,", [18] = "#MC,",
};

/* #UD where an instruction does not exist, #GP where it is for ring 0 only. */
static bool emulate(struct upcall_frame *frame)
{
	const struct trapped_insn *t;

	for (t = __start_trapped_insns; t < __stop_trapped_insns; t++) {
		if (__builtin_memcmp((const void *)frame->ip, t->code, t->len))
			continue;
		frame->ip += t->len;
		t->emulate(frame);
		return true;
	}
	return false;
}

/* A call of what has no address faults at it: then the caller is at rip's place. */
static void __noreturn fault_at(u64 addr, u64 rip)
{
	const char *name = address_name ? address_name(addr) : NULL;

	panic_at(name ? name : "#PF on", addr, rip);
}

bool do_exception(struct upcall_frame *frame);
/* Returns whether IF was set. */
bool do_exception(struct upcall_frame *frame)
{
	u64 *rip = &frame->ip;
	u8 vector = this_cpu_read(exc_vector) & 31;
	bool irqs_on = this_cpu_read(exc_flags) & X86_FLAGS_IF;

	if (vector == X86_TRAP_DB && debug_entry) {
		this_cpu_write(debug_rip, *rip);
		this_cpu_write(debug_flags, this_cpu_read(exc_flags));
		*rip = debug_entry;
		return false;
	}
	if (vector == X86_TRAP_PF && !this_cpu_read(exc_ring0)) {
		const struct exception_entry *e;

		for (e = __start___ex_table; e < __stop___ex_table; e++) {
			if (e->insn != *rip)
				continue;
			this_cpu_write(probe_error, this_cpu_read(exc_error));
			*rip = e->fixup;
			return irqs_on;
		}
		fault_at(this_cpu_read(exc_cr2), *rip);
	}
	if ((vector == X86_TRAP_UD || vector == X86_TRAP_GP) && !this_cpu_read(exc_ring0) &&
	    emulate(frame))
		return irqs_on;
	panic_at(names[vector] ? names[vector] : "exception, error code", this_cpu_read(exc_error),
		 *rip);
}
