/* SPDX-License-Identifier: GPL-2.0-only */
/* Running one vCPU of the stepped engine's machine, up to where it stops. */
#include <stdlib.h>
#include <string.h>

#include "base/signals.h"
#include "explore/kvm_cpu.h"
#include "explore/kvm_lapic.h"
#include "machine/exit.h"

#define TRIAL_POINTS (1u << 20) /* of a CPU; more is a loop that never spins */

/* A stop; all else is the machine's to deal with. */
void stepped_exit(struct vcpu *vcpu)
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

struct step_access stepped_access(uint64_t access)
{
	unsigned int kind = PVTLB_STEP_KIND(access);

	return (struct step_access){
		.word = PVTLB_STEP_GPA(access),
		.shift = PVTLB_STEP_SHIFT(access) & 63,
		.kind = kind < PVTLB_STEP_KINDS ? kind : STEP_RMW,
	};
}

uint64_t stepped_word(const struct stepped *s, uint64_t access)
{
	const uint64_t *at = guest_mem(&s->machine.mem, PVTLB_STEP_GPA(access), sizeof(*at));

	return at ? __atomic_load_n(at, __ATOMIC_ACQUIRE) : 0;
}

/* What it has passed since the last time, at most a logful. */
void stepped_note_passed(struct stepped_cpu *cpu)
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
		cpu->passed[cpu->nr] = stepped_access(cpu->step->log[cpu->nr % PVTLB_STEP_LOG]);
	cpu->passed[cpu->nr] = stepped_access(cpu->step->next);
}

bool stepped_interrupted(struct stepped_cpu *cpu)
{
	if (!cpu->sent_to || !cpu->step->irqs_on || !cpu->vcpu->run->if_flag)
		return false;
	cpu->sent_to = lapic_requests(cpu->vcpu->fd);
	return cpu->sent_to;
}

/* CPUs that the guest has turned on by now. */
void stepped_power(struct stepped *s)
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

void stepped_park(struct stepped *s, struct stepped_cpu *cpu)
{
	cpu->parked = true;
	event_log_append(&s->machine.log, cpu->vcpu->id, HELD, .at = machine_sequence(&s->machine));
	s->machine.ops->held(cpu->vcpu, true);
}

void stepped_unpark(struct stepped *s, struct stepped_cpu *cpu)
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
			outcome_errno(outcome, -ret, "CPU %u: KVM_RUN", cpu->vcpu->id);
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
void stepped_run(struct stepped *s, struct stepped_cpu *cpu, uint32_t until)
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
		stepped_note_passed(cpu);
	} while (!outcome_over(&s->machine.outcome) && s->stopped == PVTLB_STEP_AT_POINT &&
		 cpu->step->passed < until);
	if (s->stopped == PVTLB_STEP_SPINS) {
		cpu->spins = true;
		cpu->seen = stepped_word(s, cpu->step->last);
	}
	for (unsigned int to = 0; to < s->cpus; to++)
		s->cpu[to].sent_to |= cpu->step->sent >> to & 1;
	stepped_power(s);
}
