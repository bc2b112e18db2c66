/* SPDX-License-Identifier: GPL-2.0-only */
/* Stepping a CPU: by the trap flag, with the guest's upcalls left out. */
#ifndef VMM_STEP_H
#define VMM_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "pvtlb/types.h"

struct image;

/* Where the image's upcalls are: what ring 0 turns an interrupt or an exception to (upcall.S). */
struct upcalls {
	gva_t irq, exc; /* 0: the image has no such symbol, and nothing is left out */
	gva_t end;
};
void upcalls_find(struct upcalls *upcalls, const struct image *image);

struct step {
	bool on;
	bool armed;	  /* the trap flag has been set for it */
	gva_t start, end; /* goes on while it is in there; start == end: one instruction */
	gva_t from;
	bool inside;   /* from is within an upcall itself */
	bool upcalled; /* an upcall has come in front of the instruction, or behind it */
};

/* What comes of a trap behind an instruction. */
enum step_result {
	STEP_DONE,     /* the step is over */
	STEP_GO_ON,    /* trap again */
	STEP_LET_RUN,  /* do not trap: the upcall's own popf sets the flag again */
	STEP_NOT_OURS, /* nobody steps: a flag that was left in a saved word */
};

/* The CPU begins at rip. */
void step_begin(struct step *step, const struct upcalls *upcalls, gva_t rip);
/* It has trapped at rip. A pure function of its arguments, but for the step's own words. */
enum step_result step_trapped(struct step *step, const struct upcalls *upcalls, gva_t rip);

#endif
