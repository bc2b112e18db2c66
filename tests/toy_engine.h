/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An engine for tests of the search: CPUs that run short programs over eight words. What comes of
 * a trial is the words and each CPU's registers, so that orders can be told apart by hand.
 */
#ifndef TESTS_TOY_ENGINE_H
#define TESTS_TOY_ENGINE_H

#include "explore/engine.h"

enum toy_op {
	TOY_END,
	TOY_LOAD,      /* register = word */
	TOY_STORE,     /* word = value */
	TOY_ADD,       /* word += value, atomically; register = what it was */
	TOY_AWAIT,     /* until word == value */
	TOY_SEND,      /* an interrupt to CPU value; its handler adds 1 to word 7 */
	TOY_IS_PARKED, /* register = is CPU value parked */
	TOY_PANIC_IF,  /* register == value */
};

struct toy_insn {
	enum toy_op op;
	uint32_t word, value;
};

#define TOY_WORDS 8
#define TOY_LEN	  16
struct toy {
	struct engine engine;
	const struct toy_insn (*program)[TOY_LEN];
	/* The machine. */
	uint64_t word[TOY_WORDS], reg[STEP_MAX_CPUS];
	unsigned int pc[STEP_MAX_CPUS];
	uint32_t irqs, parked, in_handler, looked;
	bool stands[STEP_MAX_CPUS];
	struct step_access passed[STEP_MAX_CPUS][64];
	uint32_t nr_passed[STEP_MAX_CPUS];
	uint64_t begun;
};

void toy_init(struct toy *toy, const struct toy_insn (*program)[TOY_LEN], unsigned int cpus);
/* What came of it, as a number. */
uint64_t toy_outcome(const struct toy *toy);

#endif
