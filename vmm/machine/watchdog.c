/* SPDX-License-Identifier: GPL-2.0-only */
/* The watchdog: ends a guest that makes no progress, and says what each CPU was doing. */
#include <string.h>

#include "base/patience.h"
#include "kvm/roles.h"
#include "machine/state.h"
#include "machine/watchdog.h"

void watchdog_start(struct watchdog *dog, unsigned int timeout, unsigned int stress, double t)
{
	*dog = (struct watchdog){
		.timeout = timeout,
		.total = timeout * WATCHDOG_TOTAL + stress,
		.quiet_until = t + timeout,
		.last = t,
	};
	dog->end = t + dog->total;
}

static void not_counted(struct watchdog *dog, double seconds)
{
	dog->quiet_until += seconds;
	dog->end += seconds;
}

void watchdog_wait(struct watchdog *dog, double t)
{
	not_counted(dog, t - dog->last);
	dog->last = t;
}

enum watchdog_finds watchdog_look(struct watchdog *dog, uint64_t seq, double t)
{
	if (t - dog->last > PATIENCE_GAP)
		not_counted(dog, t - dog->last - PATIENCE_GAP);
	dog->last = t;
	if (seq != dog->last_seq) {
		dog->last_seq = seq;
		dog->quiet_until = t + dog->timeout;
	}
	if (t > dog->quiet_until)
		return WATCHDOG_QUIET;
	return t > dog->end ? WATCHDOG_ENDLESS : WATCHDOG_GOES_ON;
}

void watchdog_tick(struct watchdog *dog, struct machine *m, double t)
{
	switch (watchdog_look(dog, machine_sequence(m), t)) {
	case WATCHDOG_QUIET:
		outcome_fail(&m->outcome, STATUS_HANG, "watchdog: no event of the guest for %u s",
			     dog->timeout);
		break;
	case WATCHDOG_ENDLESS:
		outcome_fail(&m->outcome, STATUS_HANG, "watchdog: the guest is not done after %u s",
			     dog->total);
		break;
	case WATCHDOG_GOES_ON:
		break;
	}
}

/* What the events say about flushes at the end, gathered in one pass. */
struct flushes {
	const struct pvtlb_event *begin[PVTLB_MAX_CPUS], *multi[PVTLB_MAX_CPUS]; /* under way */
	uint64_t last_func[PVTLB_MAX_CPUS]; /* the CPU's last flush_func event */
};

static void gather_flushes(const struct machine *m, struct flushes *f)
{
	*f = (struct flushes){ 0 };
	for (size_t i = 0; i < m->log.nr; i++) {
		const struct pvtlb_event *e = &m->log.event[i];

		switch (e->id) {
		case PVTLB_EV_FLUSH_BEGIN:
			f->begin[e->cpu] = e;
			f->multi[e->cpu] = NULL;
			break;
		case PVTLB_EV_FLUSH_MULTI:
			f->multi[e->cpu] = e;
			break;
		case PVTLB_EV_FLUSH_FUNC:
			f->last_func[e->cpu] = e->seq;
			break;
		case PVTLB_EV_FLUSH_END:
			f->begin[e->cpu] = NULL;
			break;
		}
	}
}

/* The flush this CPU began and has not returned from, and who has not run it yet. */
static void report_flush(const struct machine *m, const struct flushes *f, unsigned int cpu, FILE *to)
{
	const struct pvtlb_event *begin = f->begin[cpu], *multi = f->multi[cpu];
	const char *sep = " ";

	if (!begin)
		return;
	fprintf(to, "        in flush #%llu of mm %llu [%#llx, %#llx) to tlb_gen %llu",
		(unsigned long long)begin->seq, (unsigned long long)begin->flush_begin.mm,
		(unsigned long long)begin->flush_begin.start,
		(unsigned long long)begin->flush_begin.end,
		(unsigned long long)begin->flush_begin.tlb_gen);
	fprintf(to, multi ? "; not acknowledged by CPU" : "\n");
	for (unsigned int target = 0; multi && target < m->nr_vcpus; target++) {
		if (!(multi->flush_multi.cpus.bits[target / 64] >> (target % 64) & 1) ||
		    f->last_func[target] > multi->seq)
			continue;
		fprintf(to, "%s%u", sep, target);
		sep = ", ";
	}
	if (multi)
		fputc('\n', to);
}

static void read_status(const struct machine *m, unsigned int cpu, struct pvtlb_cpu_status *status)
{
	gpa_t at = m->layout.status + cpu * sizeof(*status);

	memcpy(status, mem_own(&m->mem, at, sizeof(*status)), sizeof(*status));
}

/* Released into a phase, and not arrived since: for these a gather waits. */
static void report_missing(const struct machine *m, FILE *to)
{
	const char *sep = "";

	for (unsigned int cpu = 1; cpu < m->nr_vcpus; cpu++) {
		struct pvtlb_cpu_status status;

		read_status(m, cpu, &status);
		if (!m->vcpu[cpu].on || !status.phase)
			continue;
		fprintf(to, "%s%u", sep, cpu);
		sep = ", ";
	}
}

static void report_wait(const struct machine *m, const struct pvtlb_cpu_status *status, FILE *to)
{
	switch (status->wait) {
	case PVTLB_WAIT_NONE:
		fprintf(to, "runs");
		break;
	case PVTLB_WAIT_CSD:
		fprintf(to, "waits for CPU %u to acknowledge a function call", status->cpu);
		break;
	case PVTLB_WAIT_PHASE:
		fprintf(to, "waits for the scenario's next phase");
		break;
	case PVTLB_WAIT_GATHER:
		fprintf(to, "waits for CPU ");
		report_missing(m, to);
		fprintf(to, " to arrive");
		break;
	case PVTLB_WAIT_ONLINE:
		fprintf(to, "waits for CPU %u to come online", status->cpu);
		break;
	case PVTLB_WAIT_WAKE_IPI:
		fprintf(to, "waits for a wake-up IPI under way");
		break;
	case PVTLB_WAIT_FOREVER:
		fprintf(to, "spins on purpose");
		break;
	case PVTLB_WAIT_HELD:
		fprintf(to, "waits for CPU %u to be held by the VMM", status->cpu);
		break;
	case PVTLB_WAIT_GRACE:
		fprintf(to, "waits for a grace period: CPU %u is in a read section", status->cpu);
		break;
	case PVTLB_WAIT_LOCK:
		fprintf(to, "waits for CPU %u to let go of a lock", status->cpu);
		break;
	default:
		fprintf(to, "status overwritten (%u)", status->wait);
	}
	fprintf(to, ", IRQs %s\n", status->soft_irqs_on ? "on" : "off");
}

/* A held CPU does not say so itself, and what it said last is from before. */
static void report_doing(const struct machine *m, const struct held *held,
			 const struct pvtlb_cpu_status *status, FILE *to)
{
	char at[128];

	if (status->phase)
		fprintf(to, "in phase %s: ",
			image_symbolize(m->image, status->phase, at, sizeof(at)));
	if (!held->rule) {
		report_wait(m, status, to);
		if (status->wait == PVTLB_WAIT_HELD)
			holds_print_unmatched(to, "        ", &m->holds, status->cpu);
		return;
	}
	held_print(to, held);
	fputc('\n', to);
}

static void report_vcpu(const struct machine *m, const struct flushes *f, const struct vcpu *vcpu,
			FILE *to)
{
	static const char *const roles[] = { "boot", "leader", "worker" };
	struct pvtlb_cpu_status status;
	char at[128];

	if (!vcpu->on) {
		fprintf(to, "CPU %3u: never powered on\n", vcpu->id);
		return;
	}
	read_status(m, vcpu->id, &status);
	fprintf(to, "CPU %3u: rip %#llx %s, ring %u, IF %d, MMU role %s, %s\n        ", vcpu->id,
		vcpu->regs.rip, image_symbolize(m->image, vcpu->regs.rip, at, sizeof(at)),
		vcpu->sregs.cs.selector & 3, (int)(vcpu->regs.rflags >> 9 & 1),
		mmu_role(m->host, vcpu->id, m->nr_vcpus)->name,
		status.role < 3 ? roles[status.role] : "role overwritten");
	report_doing(m, &m->holds.held[vcpu->id], &status, to);
	report_flush(m, f, vcpu->id, to);
}

void watchdog_report(const struct machine *m, FILE *to)
{
	struct flushes f;

	gather_flushes(m, &f);
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		report_vcpu(m, &f, &m->vcpu[cpu], to);
}
