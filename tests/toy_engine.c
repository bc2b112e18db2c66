/* SPDX-License-Identifier: GPL-2.0-only */
/* Short programs over eight words, an access a point. */
#include <stdio.h>
#include <string.h>

#include "toy_engine.h"

/* Where words are in its memory, so to say. */
#define WORD_AT(word)	 (0x1000ull + 8 * (word))
#define PARKED_WORD(cpu) (0x2000ull + 8 * (cpu))
#define END_WORD(cpu)	 (0x3000ull + 8 * (cpu))
#define HANDLER_WORD	 7

static struct toy *toy_of(struct engine *engine)
{
	return (struct toy *)engine->own;
}

static const struct toy_insn *insn(const struct toy *t, unsigned int cpu)
{
	return &t->program[cpu][t->pc[cpu]];
}

static int toy_begin(struct engine *engine, bool fresh, struct error *err)
{
	struct toy *t = toy_of(engine);

	(void)fresh;
	(void)err;
	memset(t->word, 0, sizeof(t->word));
	memset(t->reg, 0, sizeof(t->reg));
	memset(t->pc, 0, sizeof(t->pc));
	memset(t->stands, 0, sizeof(t->stands));
	memset(t->nr_passed, 0, sizeof(t->nr_passed));
	t->irqs = t->parked = t->in_handler = t->looked = 0;
	t->begun++;
	return 0;
}

static struct step_access access_to(uint64_t word, enum step_kind kind)
{
	return (struct step_access){ .word = word, .shift = 3, .kind = kind };
}

/* What an instruction touches; false: nothing that others see. */
static bool touches(const struct toy *t, unsigned int cpu, struct step_access *access)
{
	const struct toy_insn *i = insn(t, cpu);

	if (t->in_handler >> cpu & 1) {
		*access = access_to(WORD_AT(HANDLER_WORD), STEP_RMW);
		return true;
	}
	switch (i->op) {
	case TOY_LOAD:
	case TOY_AWAIT:
		*access = access_to(WORD_AT(i->word), STEP_READ);
		return true;
	case TOY_STORE:
		*access = access_to(WORD_AT(i->word), STEP_WRITE);
		return true;
	case TOY_ADD:
		*access = access_to(WORD_AT(i->word), STEP_RMW);
		return true;
	case TOY_IS_PARKED:
		*access = access_to(PARKED_WORD(i->value), STEP_READ);
		return true;
	case TOY_END:
		/* Where it waits, it has looked at a word of its own. */
		*access = access_to(END_WORD(cpu), STEP_READ);
		return true;
	case TOY_SEND:
	case TOY_PANIC_IF:
		return false;
	}
	return false;
}

/* CPU 0 ends the trial when all others are through. */
static bool all_through(const struct toy *t)
{
	for (unsigned int cpu = 1; cpu < t->engine.cpus; cpu++)
		if (insn(t, cpu)->op != TOY_END || (t->irqs | t->in_handler) >> cpu & 1)
			return false;
	return true;
}

/* A look after which it waits is counted once. */
static bool may_pass(struct toy *t, unsigned int cpu)
{
	const struct toy_insn *i = insn(t, cpu);
	const bool waits =
		!(t->in_handler >> cpu & 1) && i->op == TOY_AWAIT && t->word[i->word] != i->value;
	const bool again = waits && t->looked >> cpu & 1;

	t->looked = (t->looked & ~(1u << cpu)) | (uint32_t)waits << cpu;
	return !again;
}

/* Everything up to the next access. False: the turn ends here. */
static bool execute(struct toy *t, unsigned int cpu, struct step_result *result)
{
	const struct toy_insn *i = insn(t, cpu);

	if (t->in_handler >> cpu & 1) {
		t->word[HANDLER_WORD]++;
		t->in_handler &= ~(1u << cpu);
		t->stands[cpu] = false;
		return true;
	}
	switch (i->op) {
	case TOY_END:
		result->stop = cpu || !all_through(t) ? STEP_STOP_SPIN : STEP_STOP_TRIAL;
		return false;
	case TOY_LOAD:
		t->reg[cpu] = t->reg[cpu] * 10 + t->word[i->word];
		break;
	case TOY_STORE:
		t->word[i->word] = i->value;
		break;
	case TOY_ADD:
		t->reg[cpu] = t->reg[cpu] * 10 + t->word[i->word];
		t->word[i->word] += i->value;
		break;
	case TOY_AWAIT:
		if (t->word[i->word] == i->value)
			break;
		result->stop = STEP_STOP_SPIN;
		result->next = access_to(WORD_AT(i->word), STEP_READ);
		return false;
	case TOY_SEND:
		t->irqs |= 1u << i->value;
		result->sent |= 1u << i->value;
		break;
	case TOY_IS_PARKED:
		t->reg[cpu] = t->reg[cpu] * 10 + (t->parked >> i->value & 1);
		break;
	case TOY_PANIC_IF:
		if (t->reg[cpu] != i->value)
			break;
		snprintf(t->engine.failure, sizeof(t->engine.failure), "the register is %u",
			 i->value);
		result->stop = STEP_STOP_FAILED;
		return false;
	}
	t->pc[cpu]++;
	t->stands[cpu] = false;
	return true;
}

/* A pending interrupt, and then what there is up to `until` accesses. */
static void go(struct toy *t, const struct step_turn *turn, struct step_result *result)
{
	const unsigned int cpu = turn->cpu;

	t->parked &= ~(1u << cpu);
	if (t->irqs >> cpu & 1 && !turn->hold_irqs) {
		t->irqs &= ~(1u << cpu);
		t->in_handler |= 1u << cpu;
		result->took_irq = true;
	}
	for (;;) {
		struct step_access at;
		const bool access = touches(t, cpu, &at);

		if (access) {
			result->next = at;
			t->stands[cpu] = true;
			if (t->nr_passed[cpu] >= turn->until)
				return;
		}
		if (access && may_pass(t, cpu)) {
			t->passed[cpu][t->nr_passed[cpu]++] = at;
			result->passed++;
		}
		if (!execute(t, cpu, result))
			return;
	}
}

static int toy_run(struct engine *engine, const struct step_turn *turn, struct step_result *result,
		   struct error *err)
{
	struct toy *t = toy_of(engine);

	(void)err;
	*result = (struct step_result){ .stop = STEP_STOP_POINT, .irqs_on = true };
	if (!turn->still)
		go(t, turn, result);
	if (turn->park)
		t->parked |= 1u << turn->cpu;
	return 0;
}

static bool toy_can_run(struct engine *engine, unsigned int cpu)
{
	struct toy *t = toy_of(engine);
	const struct toy_insn *i = insn(t, cpu);

	if (t->irqs >> cpu & 1 || t->in_handler >> cpu & 1)
		return true;
	if (i->op == TOY_AWAIT && t->stands[cpu])
		return t->word[i->word] == i->value;
	return i->op != TOY_END || !t->stands[cpu] || (!cpu && all_through(t));
}

static bool toy_irq_pending(struct engine *engine, unsigned int cpu)
{
	return toy_of(engine)->irqs >> cpu & 1;
}

static const struct step_access *toy_passed(struct engine *engine, unsigned int cpu, uint32_t *nr)
{
	struct toy *t = toy_of(engine);

	*nr = t->nr_passed[cpu];
	return t->passed[cpu];
}

static uint64_t toy_parked_word(struct engine *engine, unsigned int cpu)
{
	return engine->can_park ? PARKED_WORD(cpu) : 0;
}

static bool toy_in_window(struct engine *engine)
{
	(void)engine;
	return true;
}

static bool toy_waits(struct engine *engine, unsigned int cpu, uint64_t *word, uint32_t *for_cpu)
{
	struct toy *t = toy_of(engine);

	if (insn(t, cpu)->op != TOY_AWAIT)
		return false;
	*word = WORD_AT(insn(t, cpu)->word);
	*for_cpu = !cpu;
	return true;
}

/* It has none: what came of it is in its words. */
static int toy_events(struct engine *engine, struct event_stream *stream, size_t *trial_from,
		      struct error *err)
{
	(void)engine;
	(void)err;
	*stream = (struct event_stream){ 0 };
	*trial_from = 0;
	return 0;
}

static void toy_close(struct engine *engine)
{
	(void)engine;
}

void toy_init(struct toy *toy, const struct toy_insn (*program)[TOY_LEN], unsigned int cpus)
{
	static const struct engine_ops ops = {
		.begin = toy_begin,
		.run = toy_run,
		.can_run = toy_can_run,
		.irq_pending = toy_irq_pending,
		.passed = toy_passed,
		.parked_word = toy_parked_word,
		.in_window = toy_in_window,
		.waits = toy_waits,
		.events = toy_events,
		.close = toy_close,
	};

	*toy = (struct toy){ .engine = { .ops = &ops, .cpus = cpus }, .program = program };
	toy->engine.own = toy;
}

uint64_t toy_outcome(const struct toy *toy)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < TOY_WORDS; i++)
		sum = sum * 131 + toy->word[i];
	for (unsigned int cpu = 0; cpu < toy->engine.cpus; cpu++)
		sum = sum * 131 + toy->reg[cpu];
	return sum;
}
