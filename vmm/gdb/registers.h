/* SPDX-License-Identifier: GPL-2.0-only */
/* A CPU's registers as gdb numbers and names them, and the description of them that it reads. */
#ifndef VMM_GDB_REGISTERS_H
#define VMM_GDB_REGISTERS_H

#include <linux/kvm.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REGISTER_BYTES 16u /* of the largest */

struct registers {
	struct kvm_regs regs;
	struct kvm_sregs sregs;
};

/* How many there are, by gdb's numbers: 0 to this. */
unsigned int registers_nr(void);
unsigned int register_size(unsigned int nr);
/* false: it has no value here (FPU and SSE: the guest uses neither). */
bool register_get(const struct registers *r, unsigned int nr, uint8_t *to);
/* false: it cannot be written. Only regs changes. */
bool register_set(struct registers *r, unsigned int nr, const uint8_t *from);

/* All of them, as 'g' sends them: digits, or x for those without a value. Returns the length. */
size_t registers_print(const struct registers *r, char *to, size_t size);

/*
 * The target description (GDB manual, appendix G): len characters from offset of the whole text
 * into to. Returns how many there were; *more: there is more behind.
 */
size_t registers_describe(char *to, size_t offset, size_t len, bool *more);

#endif
