/* SPDX-License-Identifier: GPL-2.0-only */
/* Which system calls each phase of a run may make: one table, which docs/security.md is held to. */
#ifndef VMM_SANDBOX_RULES_H
#define VMM_SANDBOX_RULES_H

#include <stddef.h>
#include <stdint.h>

/* Whose filter it is in: bits of a rule's `in`, and the argument of filter_make(). */
enum sandbox_phase {
	IN_VMS = 1 << 0,    /* the process, from before its first VM on */
	IN_GUEST = 1 << 1,  /* besides: threads that run a guest, or serve it */
	IN_REPORT = 1 << 2, /* besides: the process, when its last VM is gone */
};

/* For whom; a rule that is for nobody in particular is for all. */
enum sandbox_for {
	FOR_ALL,
	FOR_GDB,	/* run --gdb */
	FOR_SANITIZERS, /* a build with ASan or TSan, whose reports take more */
};

struct sandbox_rule {
	const char *name; /* of the system call; of ioctl, the request */
	unsigned int in;
	const char *what_for;
	enum sandbox_for whom;
	unsigned int request; /* of ioctl; 0: it is another call */
	/* Argument arg, masked, has to be this value; mask 0: any will do. */
	unsigned int arg;
	uint64_t mask, value;
	int refused; /* not allowed: an errno that glibc knows what to do about */
};

extern const struct sandbox_rule sandbox_rules[];
extern const size_t sandbox_nr_rules;

#endif
