/* SPDX-License-Identifier: GPL-2.0-only */
/* Exceptions: accesses that may fault. */
#ifndef GUEST_TRAPS_H
#define GUEST_TRAPS_H

#include <linux/compiler.h>
#include <linux/percpu.h>
#include <linux/types.h>

/* Page-fault error code of this CPU's last faulting probe (Intel SDM vol. 3, 4.7). */
#define PF_PROT 1u
DECLARE_PER_CPU(u64, probe_error);

/*
 * Who steps through code, by TF: where a CPU goes on behind each instruction, with IF clear and
 * the place and RFLAGS in these; 0: nobody does.
 */
extern u64 debug_entry;
DECLARE_PER_CPU(u64, debug_rip);
DECLARE_PER_CPU(u64, debug_flags);
/* The name of what is missing at an address that faults, NULL: nothing is known of it. */
extern const char *(*address_name)(u64 addr);

/* What an upcall has saved, below the address that it returns to (kernel/upcall.S). */
struct upcall_frame {
	u64 bp, r11, r10, r9, r8, di, si, dx, cx, ax, flags, ip;
};

/*
 * Instructions that the CPU does not have, or not at ring 3, done by hand: len bytes of code,
 * and what to do, with the registers there as operands. Found through a linker section.
 */
struct trapped_insn {
	u8 code[4];
	u32 len;
	void (*emulate)(struct upcall_frame *frame);
};
#define TRAPPED_INSN(ident, ...)                                                                   \
	static const struct trapped_insn trapped_insn_##ident __used __aligned(8)                  \
		__section(".trapped_insns") = __VA_ARGS__

/* Load or store 8 bytes: 0, or 1 when it faulted. In kernel/upcall.S. */
int probe_load(u64 addr, u64 *value);
int probe_store(u64 addr, u64 value);

#endif
