/* SPDX-License-Identifier: GPL-2.0-only */
/* Running one vCPU of the stepped engine's machine, up to where it stops. */
#include <stdlib.h>
#include <string.h>

#include "base/signals.h"
#include "explore/kvm_cpu.h"
#include "explore/kvm_lapic.h"
#include "explore/parked.h"
#include "machine/exit.h"

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

void stepped_unpark(struct stepped_cpu *cpu)
{
	if (cpu->parked)
		unpark_vcpu(cpu->vcpu);
	cpu->parked = false;
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

void stepped_run(struct stepped *s, struct stepped_cpu *cpu, uint32_t until)
{
	uint32_t piece;

	do {
		if (!record_piece(cpu->step, cpu->vcpu->id, until, &piece, &s->machine.outcome))
			break;
		cpu->step->until = piece;
		cpu->spins = false;
		go(s, cpu);
		record_take(&cpu->record, cpu->step);
	} while (!outcome_over(&s->machine.outcome) && s->stopped == PVTLB_STEP_AT_POINT &&
		 cpu->step->passed < until);
	if (s->stopped == PVTLB_STEP_SPINS) {
		cpu->spins = true;
		cpu->seen = record_word(&s->machine.mem, cpu->step->last);
	}
	for (unsigned int to = 0; to < s->cpus; to++)
		s->cpu[to].sent_to |= cpu->step->sent >> to & 1;
	stepped_power(s);
}
