/* SPDX-License-Identifier: GPL-2.0-only */
/* The engine on /dev/kvm: one thread runs one vCPU at a time, from one stop to another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/config.h"
#include "base/signals.h"
#include "explore/kvm.h"
#include "explore/kvm_alarm.h"
#include "explore/kvm_lapic.h"
#include "explore/parked.h"
#include "machine/exit.h"
#include "machine/machine.h"
#include "pvtlb/step.h"

#define TRIALS	     100u	/* of one machine */
#define BOOT_TURNS   100000u	/* stops before the first trial */
#define QUIET_TURNS  1000u	/* of a CPU, behind a trial */
#define TRIAL_POINTS (1u << 20) /* of a CPU; more is a loop that never spins */

struct stepped_cpu {
	struct vcpu *vcpu;
	volatile struct pvtlb_step *step; /* the guest writes it, too */
	bool on, spins, parked;
	bool sent_to;		    /* an interrupt, that its local APIC may still have */
	uint64_t seen;		    /* what was in the word that it spins on */
	struct step_access *passed; /* nr, and behind it the one that it stands before */
	uint32_t nr, room;
};

struct stepped {
	struct machine machine;
	bool built;
	bool over; /* its last trial has been */
	const struct host *host;
	const struct image *image;
	struct run_config config;
	unsigned int cpus;
	struct stepped_cpu cpu[STEP_MAX_CPUS];
	uint32_t stopped; /* enum pvtlb_step_stop; 0: it has not */
	struct kvm_alarm alarm;
	size_t settled, trial_from; /* events */
};

static struct stepped *of(const struct engine *engine)
{
	return engine->own;
}

/* A stop; all else is the machine's to deal with. */
static void on_exit_of(struct vcpu *vcpu)
{
	struct stepped *s =
		(struct stepped *)((char *)vcpu->machine - offsetof(struct stepped, machine));
	const struct kvm_run *run = vcpu->run;
	uint32_t why = 0;

	if (run->exit_reason == KVM_EXIT_MMIO && run->mmio.is_write &&
	    run->mmio.len == sizeof(why) && run->mmio.phys_addr == GPA_DOORBELL + PVTLB_STEP_BELL)
		memcpy(&why, run->mmio.data, sizeof(why));
	if (why && why < PVTLB_STEP_STOPS)
		s->stopped = why;
	else
		exit_handle(vcpu);
}

static struct step_access as_access(uint64_t access)
{
	unsigned int kind = PVTLB_STEP_KIND(access);

	return (struct step_access){
		.word = PVTLB_STEP_GPA(access),
		.shift = PVTLB_STEP_SHIFT(access) & 63,
		.kind = kind < PVTLB_STEP_KINDS ? kind : STEP_RMW,
	};
}

static uint64_t word_of(const struct stepped *s, uint64_t access)
{
	const uint64_t *at = guest_mem(&s->machine.mem, PVTLB_STEP_GPA(access), sizeof(*at));

	return at ? __atomic_load_n(at, __ATOMIC_ACQUIRE) : 0;
}

/* What it has passed since the last time, at most a logful. */
static void note_passed(struct stepped_cpu *cpu)
{
	uint32_t passed = cpu->step->passed;

	if (passed > TRIAL_POINTS + PVTLB_STEP_LOG)
		passed = TRIAL_POINTS;
	if (passed + 2 > cpu->room) {
		cpu->room = 2 * (passed + 2);
		cpu->passed = realloc(cpu->passed, cpu->room * sizeof(*cpu->passed));
		if (!cpu->passed)
			abort();
	}
	for (; cpu->nr < passed; cpu->nr++)
		cpu->passed[cpu->nr] = as_access(cpu->step->log[cpu->nr % PVTLB_STEP_LOG]);
	cpu->passed[cpu->nr] = as_access(cpu->step->next);
}

static bool interrupted(struct stepped_cpu *cpu)
{
	if (!cpu->sent_to || !cpu->step->irqs_on || !cpu->vcpu->run->if_flag)
		return false;
	cpu->sent_to = lapic_requests(cpu->vcpu->fd);
	return cpu->sent_to;
}

static bool can_run(struct engine *engine, unsigned int nr)
{
	struct stepped *s = of(engine);
	struct stepped_cpu *cpu = &s->cpu[nr];

	if (!cpu->on || outcome_over(&s->machine.outcome))
		return false;
	return !cpu->spins || word_of(s, cpu->step->last) != cpu->seen || interrupted(cpu);
}

static bool irq_pending(struct engine *engine, unsigned int cpu)
{
	return of(engine)->cpu[cpu].on && interrupted(&of(engine)->cpu[cpu]);
}

/* CPUs that the guest has turned on by now. */
static void power(struct stepped *s)
{
	for (unsigned int nr = 0; nr < s->cpus; nr++) {
		struct stepped_cpu *cpu = &s->cpu[nr];
		const struct pvtlb_cpu_on *start = &cpu->vcpu->start;

		if (cpu->on || !vcpu_is_on(cpu->vcpu))
			continue;
		vcpu_set_entry(cpu->vcpu, start->entry, start->stack, start->arg);
		cpu->on = true;
	}
}

/* As a CPU that is held: it does not run, and by the backend's word it is not said to. */
static void park(struct stepped *s, struct stepped_cpu *cpu)
{
	cpu->parked = true;
	event_log_append(&s->machine.log, cpu->vcpu->id, HELD, .at = machine_sequence(&s->machine));
	s->machine.ops->held(cpu->vcpu, true);
}

static void unpark(struct stepped *s, struct stepped_cpu *cpu)
{
	if (!cpu->parked)
		return;
	cpu->parked = false;
	s->machine.ops->held(cpu->vcpu, false);
	event_log_append(&s->machine.log, cpu->vcpu->id, RESUMED,
			 .by = machine_sequence(&s->machine));
}

/* Till it stops, for whatever reason. */
static void go(struct stepped *s, struct stepped_cpu *cpu)
{
	struct outcome *outcome = &s->machine.outcome;

	kvm_alarm_set(&s->alarm, s->config.timeout);
	for (s->stopped = 0; !s->stopped && !outcome_over(outcome);) {
		int ret = vcpu_enter(cpu->vcpu), sig = signals_caught();

		if (ret < 0)
			outcome_fail(outcome, STATUS_FAIL, "CPU %u: KVM_RUN: %s", cpu->vcpu->id,
				     strerror(-ret));
		else if (!ret)
			vcpu_handle_exit(cpu->vcpu);
		else if (sig)
			outcome_fail(outcome, STATUS_FAIL, "ended by signal %d (%s)", sig,
				     strsignal(sig));
		else if (kvm_alarm_rang(&s->alarm))
			outcome_fail(outcome, STATUS_HANG,
				     "CPU %u has run for %u seconds and has come to no point",
				     cpu->vcpu->id, s->config.timeout);
	}
	kvm_alarm_set(&s->alarm, 0);
}

/* Up to that point, or till it stops. A turn of more points than a log holds is made of pieces. */
static void run_until(struct stepped *s, struct stepped_cpu *cpu, uint32_t until)
{
	do {
		uint32_t piece = cpu->step->passed + PVTLB_STEP_LOG - 1;

		if (cpu->step->passed >= TRIAL_POINTS) {
			outcome_fail(&s->machine.outcome, STATUS_FAIL,
				     "CPU %u has passed %u points, and its trial has no end",
				     cpu->vcpu->id, cpu->step->passed);
			break;
		}
		cpu->step->until = until < piece ? until : piece;
		cpu->spins = false;
		go(s, cpu);
		note_passed(cpu);
	} while (!outcome_over(&s->machine.outcome) && s->stopped == PVTLB_STEP_AT_POINT &&
		 cpu->step->passed < until);
	if (s->stopped == PVTLB_STEP_SPINS) {
		cpu->spins = true;
		cpu->seen = word_of(s, cpu->step->last);
	}
	for (unsigned int to = 0; to < s->cpus; to++)
		s->cpu[to].sent_to |= cpu->step->sent >> to & 1;
	power(s);
}

static enum step_stop stop_of(struct engine *engine)
{
	struct stepped *s = of(engine);

	if (outcome_over(&s->machine.outcome)) {
		snprintf(engine->failure, sizeof(engine->failure), "%.255s",
			 s->machine.outcome.done ? "the guest has ended"
						 : s->machine.outcome.err.text);
		return STEP_STOP_FAILED;
	}
	if (s->stopped == PVTLB_STEP_OVER)
		s->over = true;
	return s->stopped == PVTLB_STEP_AT_POINT ? STEP_STOP_POINT
	       : s->stopped == PVTLB_STEP_SPINS	 ? STEP_STOP_SPIN
						 : STEP_STOP_TRIAL;
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
	passed = cpu->step->passed;
	taken = cpu->step->taken;
	hold = turn->hold_irqs && cpu->sent_to;
	if (turn->still) {
		*result = (struct step_result){
			.stop = cpu->spins ? STEP_STOP_SPIN : STEP_STOP_POINT,
			.next = as_access(cpu->step->next),
		};
		if (turn->park && !cpu->parked && s->machine.ops->held)
			park(s, cpu);
		return 0;
	}
	unpark(s, cpu);
	cpu->step->sent = 0;
	if (hold)
		lapic_hold(cpu->vcpu->fd, true);
	run_until(s, cpu, turn->until);
	if (hold)
		lapic_hold(cpu->vcpu->fd, false);
	*result = (struct step_result){
		.stop = stop_of(engine),
		.passed = cpu->step->passed - passed,
		.sent = cpu->step->sent,
		.took_irq = cpu->step->taken != taken,
		.irqs_on = cpu->step->irqs_on,
		.next = as_access(cpu->step->next),
	};
	if (turn->park && engine->can_park && result->stop <= STEP_STOP_SPIN) {
		park(s, cpu);
	}
	return 0;
}

static const struct step_access *passed(struct engine *engine, unsigned int cpu, uint32_t *nr)
{
	note_passed(&of(engine)->cpu[cpu]);
	*nr = of(engine)->cpu[cpu].nr;
	return of(engine)->cpu[cpu].passed;
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
			unpark(s, &s->cpu[cpu]);
			s->cpu[cpu].step->sent = 0;
			run_until(s, &s->cpu[cpu], STEP_NO_END);
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
		s->cpu[nr].nr = 0;
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
	power(s);
	for (unsigned int turn = 0, cpu = 0; turn < BOOT_TURNS; turn++) {
		if (outcome_over(&s->machine.outcome))
			break;
		if (!can_run(engine, cpu)) {
			cpu = (cpu + 1) % s->cpus;
			continue;
		}
		s->cpu[cpu].step->passed = s->cpu[cpu].nr = 0;
		run_until(s, &s->cpu[cpu], STEP_NO_END);
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
		free(s->cpu[nr].passed);
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
		cpu->vcpu->exit = on_exit_of;
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
			unpark(s, &s->cpu[nr]);
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
