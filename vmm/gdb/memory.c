/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest memory and breakpoints, for gdb: addresses are the guest's, by its page tables. */
#include <string.h>

#include "gdb/hex.h"
#include "gdb/session.h"
#include "kvm/kvm.h"
#include "machine/gva.h"
#include "machine/state.h"

#define READ_MAX (PACKET_MAX / 2)

/* By the tables of the CPU that gdb has chosen, as ring 0 may: its stacks and stubs count. */
static struct gva_space space_of(struct gdb *gdb)
{
	struct kvm_sregs sregs;

	kvm_must(gdb->m->vcpu[gdb->cpu].fd, KVM_GET_SREGS, &sregs);
	return (struct gva_space){ .mem = &gdb->m->mem, .cr3 = sregs.cr3, .ring0 = true };
}

/* "addr,len" at *text, which is left behind it. */
static bool parse_range(const char **text, gva_t *addr, uint64_t *len)
{
	return hex_number(text, addr) && *(*text)++ == ',' && hex_number(text, len);
}

/* What there is of it: as far as the first page that is not there. */
static size_t read_some(const struct gva_space *space, gva_t addr, uint8_t *to, size_t len)
{
	size_t done = 0;

	while (done < len) {
		size_t part = PVTLB_PAGE_SIZE - (addr + done) % PVTLB_PAGE_SIZE;

		if (part > len - done)
			part = len - done;
		if (addr > UINT64_MAX - done || !gva_read(space, addr + done, to + done, part))
			break;
		done += part;
	}
	return done;
}

bool gdb_read_memory(struct gdb *gdb, const char *text, struct reply *reply)
{
	const struct gva_space space = space_of(gdb);
	uint8_t bytes[READ_MAX];
	uint64_t len;
	gva_t addr;
	size_t got;

	if (!parse_range(&text, &addr, &len) || *text) {
		reply_error(reply, GDB_EINVAL);
		return true;
	}
	got = read_some(&space, addr, bytes, len < READ_MAX ? len : READ_MAX);
	if (len && !got) {
		reply_error(reply, GDB_EFAULT);
		return true;
	}
	breakpoint_hide(&gdb->m->stops->breakpoints, addr, bytes, got);
	hex_write(reply->text, bytes, got);
	reply->len = 2 * got;
	return true;
}

bool gdb_write_memory(struct gdb *gdb, const char *text, struct reply *reply)
{
	const struct gva_space space = space_of(gdb);
	uint8_t bytes[READ_MAX];
	uint64_t len;
	gva_t addr;

	if (!parse_range(&text, &addr, &len) || *text++ != ':' || len > READ_MAX ||
	    !hex_bytes(text, bytes, len)) {
		reply_error(reply, GDB_EINVAL);
	} else if (breakpoint_within(&gdb->m->stops->breakpoints, addr, len)) {
		reply_error(reply, GDB_EBUSY);
	} else if (!gva_write(&space, addr, bytes, len)) {
		reply_error(reply, GDB_EFAULT);
	} else {
		if (len)
			gdb->changed = "memory";
		reply_print(reply, "OK");
	}
	return true;
}

/* "type,addr,kind": only type 0, in software. What else there is has an empty reply. */
static bool parse_breakpoint(const char *text, gva_t *addr, struct reply *reply)
{
	uint64_t kind;

	if (*text != '0')
		return false;
	if (text[1] != ',')
		goto malformed;
	text += 2;
	if (parse_range(&text, addr, &kind) && !*text)
		return true;
malformed:
	reply_error(reply, GDB_EINVAL);
	return false;
}

bool gdb_insert(struct gdb *gdb, const char *text, struct reply *reply)
{
	gva_t addr;

	if (!parse_breakpoint(text, &addr, reply))
		return true;
	switch (breakpoint_insert(&gdb->m->stops->breakpoints, &gdb->m->mem, gdb->m->image, addr)) {
	case BREAKPOINT_OK:
		reply_print(reply, "OK");
		break;
	case BREAKPOINT_NO_CODE:
		reply_error(reply, GDB_EFAULT);
		break;
	case BREAKPOINT_FULL:
		reply_error(reply, GDB_ENOSPC);
		break;
	}
	return true;
}

bool gdb_remove(struct gdb *gdb, const char *text, struct reply *reply)
{
	gva_t addr;

	if (!parse_breakpoint(text, &addr, reply))
		return true;
	breakpoint_remove(&gdb->m->stops->breakpoints, &gdb->m->mem, addr);
	reply_print(reply, "OK");
	return true;
}
