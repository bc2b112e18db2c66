/* SPDX-License-Identifier: GPL-2.0-only */
/* The engine on /dev/kvm: one thread runs one vCPU at a time, from one stop to another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore/kvm.h"
#include "explore/kvm_cpu.h"
#include "explore/kvm_lapic.h"
#include "explore/parked.h"

#define TRIALS 100u /* of one machine */

static struct stepped *of(const struct engine *engine)
{
	return engine->own;
}

static bool can_run(struct engine *engine, unsigned int nr)
{
	struct stepped *s = of(engine);
	struct stepped_cpu *cpu = &s->cpu[nr];

	if (!cpu->on || outcome_over(&s->machine.outcome))
		return false;
	return !cpu->spins || record_word(&s->machine.mem, cpu->step->last) != cpu->seen ||
	       stepped_interrupted(cpu);
}

static bool irq_pending(struct engine *engine, unsigned int cpu)
{
	return of(engine)->cpu[cpu].on && stepped_interrupted(&of(engine)->cpu[cpu]);
}

static enum step_stop stop_of(struct engine *engine)
{
	struct stepped *s = of(engine);

	s->over |= s->stopped == PVTLB_STEP_OVER;
	return record_stop(engine, &s->machine.outcome, s->stopped);
}

static void park(struct stepped_cpu *cpu)
{
	park_vcpu(cpu->vcpu);
	cpu->parked = true;
}

static int run(struct engine *engine, const struct step_turn *turn, struct step_result *result,
	       struct error *err)
{
	struct stepped *s = of(engine);
	struct stepped_cpu *cpu = &s->cpu[turn->cpu];
	uint32_t passed, taken;
	bool hold;

	if (turn->cpu >= s->cpus || !cpu->on)
		return fail(err, STATUS_FAIL, "CPU %u is not on", turn->cpu);
	if (turn->drain)
		return fail(err, STATUS_FAIL, "stores cannot be kept back on /dev/kvm");
	passed = cpu->record.nr;
	taken = cpu->step->taken;
	hold = turn->hold_irqs && cpu->sent_to;
	if (turn->still) {
		*result = (struct step_result){
			.stop = cpu->spins ? STEP_STOP_SPIN : STEP_STOP_POINT,
			.next = record_access(cpu->step->next),
		};
		if (turn->park && !cpu->parked && engine->can_park)
			park(cpu);
		return 0;
	}
	stepped_unpark(cpu);
	cpu->step->sent = 0;
	if (hold)
		lapic_hold(cpu->vcpu->fd, true);
	stepped_run(s, cpu, turn->until);
	if (hold)
		lapic_hold(cpu->vcpu->fd, false);
	*result = (struct step_result){
		.stop = stop_of(engine),
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
	struct stepped *s = of(engine);

	*word = PVTLB_STEP_GPA(s->cpu[cpu].step->last);
	*for_cpu = machine_status(&s->machine, cpu)->cpu;
	return s->cpu[cpu].spins;
}

/* Everybody but CPU 0, to where it waits. */
static int quiesce(struct engine *engine, struct error *err)
{
	struct stepped *s = of(engine);

	for (unsigned int cpu = 1; cpu < s->cpus; cpu++)
		for (unsigned int turn = 0; can_run(engine, cpu); turn++) {
			if (turn == QUIET_TURNS)
				return fail(err, STATUS_FAIL, "CPU %u does not come to wait", cpu);
			stepped_unpark(&s->cpu[cpu]);
			s->cpu[cpu].step->sent = 0;
			stepped_run(s, &s->cpu[cpu], STEP_NO_END);
			stop_of(engine);
		}
	return 0;
}

static void settle(struct stepped *s)
{
	s->settled = event_log_settle(&s->machine.log, s->settled, machine_sequence(&s->machine));
}

static int events(struct engine *engine, struct event_stream *stream, size_t *trial_from,
		  struct error *err)
{
	struct stepped *s = of(engine);

	if (quiesce(engine, err))
		return -1;
	settle(s);
	*stream = event_log_stream(&s->machine.log);
	*trial_from = s->trial_from;
	return 0;
}

/* From here on points and events count. */
static void trial_starts(struct stepped *s)
{
	settle(s);
	s->trial_from = s->settled;
	for (unsigned int nr = 0; nr < s->cpus; nr++) {
		s->cpu[nr].step->passed = 0;
		s->cpu[nr].step->sent = 0;
		s->cpu[nr].record.nr = 0;
	}
}

/* CPU 0 to its first mark; the others run when it waits. */
static int boot(struct engine *engine, struct error *err)
{
	struct stepped *s = of(engine);
	const struct pvtlb_cpu_on start = {
		.entry = s->image->entry,
		.arg = GVA_DIRECT_MAP + s->machine.layout.fdt,
	};

	vcpu_power_on(s->cpu[0].vcpu, &start);
	stepped_power(s);
	for (unsigned int turn = 0, cpu = 0; turn < BOOT_TURNS; turn++) {
		if (outcome_over(&s->machine.outcome))
			break;
		if (!can_run(engine, cpu)) {
			cpu = (cpu + 1) % s->cpus;
			continue;
		}
		s->cpu[cpu].step->passed = s->cpu[cpu].record.nr = 0;
		stepped_run(s, &s->cpu[cpu], STEP_NO_END);
		if (s->stopped == PVTLB_STEP_TRIAL)
			return quiesce(engine, err);
		if (s->stopped == PVTLB_STEP_OVER)
			return fail(err, STATUS_FAIL, "the scenario has no trial");
	}
	if (stop_of(engine) == STEP_STOP_FAILED)
		return fail(err, STATUS_FAIL, "the guest has not come to a trial: %s",
			    engine->failure);
	return fail(err, STATUS_FAIL, "the guest has not come to a trial");
}

static void unbuild(struct stepped *s)
{
	if (s->built)
		machine_destroy(&s->machine);
	for (unsigned int nr = 0; nr < s->cpus; nr++)
		record_free(&s->cpu[nr].record);
	memset(s->cpu, 0, sizeof(s->cpu));
	s->built = s->over = false;
	s->settled = 0;
}

static int build(struct engine *engine, struct error *err)
{
	struct stepped *s = of(engine);
	struct machine *m = &s->machine;

	if (machine_create(m, s->host, s->image, &s->config, err))
		return -1;
	s->built = true;
	m->console = NULL;
	for (unsigned int nr = 0; nr < s->cpus; nr++) {
		struct stepped_cpu *cpu = &s->cpu[nr];

		cpu->vcpu = &m->vcpu[nr];
		cpu->vcpu->exit = stepped_exit;
		atomic_store(&cpu->vcpu->tid, gettid());
		cpu->step = mem_own(&m->mem, m->layout.steps + nr * m->layout.steps_stride,
				    sizeof(*cpu->step));
	}
	engine->can_park = m->ops->held;
	return boot(engine, err);
}

static int begin(struct engine *engine, bool fresh, struct error *err)
{
	struct stepped *s = of(engine);

	engine->failure[0] = 0;
	if (!fresh && !engine->spoilt && s->built && !s->over &&
	    !outcome_over(&s->machine.outcome)) {
		for (unsigned int nr = 0; nr < s->cpus; nr++)
			stepped_unpark(&s->cpu[nr]);
		if (quiesce(engine, err))
			return -1;
		fresh = outcome_over(&s->machine.outcome);
	} else {
		fresh = true;
	}
	if (fresh) {
		unbuild(s);
		if (build(engine, err))
			return -1;
	}
	engine->spoilt = false;
	trial_starts(s);
	return 0;
}

static void close_engine(struct engine *engine)
{
	struct stepped *s = of(engine);

	unbuild(s);
	kvm_alarm_destroy(&s->alarm);
	free(s);
	engine->own = NULL;
}

static const struct engine_ops ops = {
	.begin = begin,
	.run = run,
	.can_run = can_run,
	.irq_pending = irq_pending,
	.passed = passed,
	.waits = waits,
	.in_window = in_window,
	.parked_word = word_of_parked,
	.events = events,
	.close = close_engine,
};

int explore_kvm_open(const struct host *host, const struct image *image,
		     const struct run_config *config, struct engine *engine, struct error *err)
{
	struct stepped *s;

	if (!config->cpus || config->cpus > STEP_MAX_CPUS)
		return fail(err, STATUS_FAIL, "%u CPUs: 1 to %u can be explored", config->cpus,
			    STEP_MAX_CPUS);
	s = calloc(1, sizeof(*s));
	if (!s)
		return fail(err, STATUS_FAIL, "out of memory");
	s->host = host;
	s->image = image;
	s->config = *config;
	s->config.stepped = true;
	s->config.trials = TRIALS;
	s->config.stress = 0;
	s->cpus = config->cpus;
	kvm_alarm_init(&s->alarm);
	*engine = (struct engine){ .ops = &ops, .cpus = s->cpus, .own = s };
	if (!begin(engine, true, err))
		return 0;
	close_engine(engine);
	return -1;
}
