/* SPDX-License-Identifier: GPL-2.0-only */
/* An engine that runs the guest's own image in this process, over a model machine. */
#include <stdlib.h>
#include <string.h>

#include "explore/host/host.h"
#include "explore/host/hosted.h"
#include "explore/parked.h"
#include "machine/boot.h"

static struct hosted *of(const struct engine *engine)
{
	return engine->own;
}

static bool can_run(struct engine *engine, unsigned int nr)
{
	struct hosted *h = of(engine);
	const struct hosted_cpu *cpu = &h->cpu[nr];

	if (!cpu->now.on || cpu->now.failed)
		return false;
	return !cpu->now.spins || hosted_cpu_interrupted(cpu) ||
	       record_word(&h->machine.mem, cpu->step->last) != cpu->now.seen;
}

static bool irq_pending(struct engine *engine, unsigned int cpu)
{
	return hosted_cpu_interrupted(&of(engine)->cpu[cpu]);
}

/* To be started by the doorbell's call, whoever has made it. */
static void power(struct hosted *h)
{
	for (unsigned int nr = 0; nr < h->machine.nr_vcpus; nr++) {
		struct hosted_cpu *cpu = &h->cpu[nr];
		const struct pvtlb_cpu_on *start = &cpu->vcpu->start;

		if (cpu->vcpu->on && !cpu->now.on)
			hosted_cpu_start(h, cpu, start->entry, start->stack, start->arg);
	}
}

static void park(struct hosted_cpu *cpu)
{
	buffer_drain(&cpu->now.buffer);
	park_vcpu(cpu->vcpu);
	cpu->now.parked = true;
}

static void unpark(struct hosted_cpu *cpu)
{
	if (cpu->now.parked)
		unpark_vcpu(cpu->vcpu);
	cpu->now.parked = false;
}

static void run_until(struct hosted *h, struct hosted_cpu *cpu, uint32_t until)
{
	uint32_t piece;

	do {
		if (!record_piece(cpu->step, cpu->vcpu->id, until, &piece, &h->machine.outcome))
			break;
		cpu->step->until = piece;
		cpu->now.spins = false;
		hosted_cpu_run(h, cpu);
		record_take(&cpu->record, cpu->step);
	} while (!outcome_over(&h->machine.outcome) && h->stopped == PVTLB_STEP_AT_POINT &&
		 cpu->step->passed < until);
	/* To wait for long is to have time; and a trial's stores are its own. */
	if (h->stopped != PVTLB_STEP_AT_POINT)
		buffer_drain(&cpu->now.buffer);
	if (h->stopped == PVTLB_STEP_SPINS) {
		cpu->now.spins = true;
		cpu->now.seen = record_word(&h->machine.mem, cpu->step->last);
	}
	power(h);
}

static enum step_stop stop_of(struct engine *engine, struct hosted_cpu *cpu)
{
	struct hosted *h = of(engine);

	cpu->now.failed |= outcome_over(&h->machine.outcome);
	return record_stop(engine, &h->machine.outcome, h->stopped);
}

static int run(struct engine *engine, const struct step_turn *turn, struct step_result *result,
	       struct error *err)
{
	struct hosted *h = of(engine);
	struct hosted_cpu *cpu = &h->cpu[turn->cpu];
	uint32_t passed, taken;

	if (turn->cpu >= engine->cpus || !cpu->now.on)
		return fail(err, STATUS_FAIL, "CPU %u is not on", turn->cpu);
	if (turn->drain || turn->still) {
		*result = (struct step_result){
			.stop = cpu->now.spins ? STEP_STOP_SPIN : STEP_STOP_POINT,
			.next = record_access(cpu->step->next),
		};
		if (turn->drain)
			buffer_drain_one(&cpu->now.buffer);
		else if (turn->park && !cpu->now.parked && engine->can_park)
			park(cpu);
		return 0;
	}
	passed = cpu->record.nr;
	taken = cpu->step->taken;
	unpark(cpu);
	cpu->step->sent = 0;
	h->hold_irqs = turn->hold_irqs;
	run_until(h, cpu, turn->until);
	*result = (struct step_result){
		.stop = stop_of(engine, cpu),
		.passed = cpu->record.nr - passed,
		.sent = cpu->step->sent,
		.took_irq = cpu->step->taken != taken,
		.irqs_on = cpu->step->irqs_on,
		.next = record_access(cpu->step->next),
	};
	if (turn->park && engine->can_park && result->stop <= STEP_STOP_SPIN)
		park(cpu);
	return 0;
}

static const struct step_access *passed(struct engine *engine, unsigned int cpu, uint32_t *nr)
{
	struct step_record *record = &of(engine)->cpu[cpu].record;

	record_take(record, of(engine)->cpu[cpu].step);
	*nr = record->nr;
	return record->passed;
}

static uint64_t word_of_parked(struct engine *engine, unsigned int cpu)
{
	return parked_word(of(engine)->cpu[cpu].vcpu);
}

static bool in_window(struct engine *engine)
{
	return of(engine)->cpu[0].step->window != PVTLB_STEP_OUTSIDE;
}

static bool waits(struct engine *engine, unsigned int cpu, uint64_t *word, uint32_t *for_cpu)
{
	struct hosted *h = of(engine);

	*word = PVTLB_STEP_GPA(h->cpu[cpu].step->last);
	*for_cpu = machine_status(&h->machine, cpu)->cpu;
	return h->cpu[cpu].now.spins;
}

static uint32_t buffered(struct engine *engine, unsigned int nr, struct step_access *oldest)
{
	const struct hosted *h = of(engine);
	const struct buffer *buffer = &h->cpu[nr].now.buffer;

	if (buffer->nr)
		*oldest = (struct step_access){
			.word = (buffer_oldest(buffer)->addr - h->machine.mem.direct) & ~7ull,
			.shift = PVTLB_STEP_WORD_SHIFT,
			.kind = STEP_WRITE,
		};
	return buffer->nr;
}

/* Everybody but CPU 0, to where it waits. */
static int quiesce(struct engine *engine, struct error *err)
{
	struct hosted *h = of(engine);

	h->hold_irqs = false;
	for (unsigned int cpu = 1; cpu < engine->cpus; cpu++)
		for (unsigned int turn = 0; can_run(engine, cpu); turn++) {
			if (outcome_over(&h->machine.outcome))
				return 0;
			if (turn == QUIET_TURNS)
				return fail(err, STATUS_FAIL, "CPU %u does not come to wait", cpu);
			unpark(&h->cpu[cpu]);
			run_until(h, &h->cpu[cpu], STEP_NO_END);
			stop_of(engine, &h->cpu[cpu]);
		}
	return 0;
}

static int events(struct engine *engine, struct event_stream *stream, size_t *trial_from,
		  struct error *err)
{
	if (quiesce(engine, err))
		return -1;
	hosted_events_take(of(engine), stream, trial_from);
	return 0;
}

static int begin(struct engine *engine, bool fresh, struct error *err)
{
	(void)fresh;
	(void)err;
	hosted_reset(of(engine));
	engine->failure[0] = 0;
	return 0;
}

static void close_engine(struct engine *engine)
{
	struct hosted *h = of(engine);

	hosted_signals_off(h);
	hosted_machine_destroy(h);
	free(h->event);
	free(h->tails);
	free(h);
	engine->own = NULL;
}

#define ENGINE_OPS                                                                                 \
	.begin = begin, .run = run, .can_run = can_run, .irq_pending = irq_pending,                \
	.passed = passed, .waits = waits, .in_window = in_window, .parked_word = word_of_parked,   \
	.events = events, .close = close_engine

static const struct engine_ops ops = { ENGINE_OPS };

static const struct engine_ops tso_ops = {
	ENGINE_OPS,
	.buffered = buffered,
};

/* Everybody in turn, until CPU 0 is at its first trial, and all others wait. */
static int boot(struct engine *engine, struct error *err)
{
	struct hosted *h = of(engine);
	const struct layout *l = &h->machine.layout;
	unsigned int cpu = 0;

	/* It has no stack of its own yet: ring 0 uses none here. */
	hosted_cpu_start(h, &h->cpu[0], h->image.entry + h->moved,
			 l->direct_map + l->tss - PVTLB_PAGE_SIZE, l->direct_map + l->fdt);
	h->cpu[0].vcpu->on = true;
	for (unsigned int turns = 0; turns < BOOT_TURNS; turns++) {
		if (can_run(engine, cpu)) {
			run_until(h, &h->cpu[cpu], STEP_NO_END);
			if (stop_of(engine, &h->cpu[cpu]) == STEP_STOP_FAILED)
				return fail(err, STATUS_FAIL, "%s", engine->failure);
			if (h->stopped == PVTLB_STEP_TRIAL)
				return quiesce(engine, err);
			if (h->stopped == PVTLB_STEP_OVER)
				return fail(err, STATUS_FAIL, "%s has no trial",
					    h->config.scenario);
		}
		cpu = (cpu + 1) % engine->cpus;
	}
	return fail(err, STATUS_FAIL, "the guest does not come to its first trial");
}

int explore_host_open(struct engine *engine, const struct image *image,
		      const struct run_config *config, const struct host *like,
		      enum memory_model memory, struct error *err)
{
	struct hosted *h = calloc(1, sizeof(*h));

	if (!h)
		return fail(err, STATUS_FAIL, "out of memory");
	h->tso = memory == MEMORY_TSO;
	*engine = (struct engine){ .ops = memory == MEMORY_TSO ? &tso_ops : &ops,
				   .cpus = config->cpus,
				   .own = h };
	if (!hosted_machine_create(h, image, config, like, err) && !hosted_signals(h, err) &&
	    !boot(engine, err) && !hosted_snapshot(h, err)) {
		engine->can_park = h->machine.ops->held;
		return 0;
	}
	close_engine(engine);
	return -1;
}
