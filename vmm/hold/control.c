/* SPDX-License-Identifier: GPL-2.0-only */
/* Control: vCPUs held at tracepoints by the scenario's rules (struct pvtlb_hold). */
#include <stdlib.h>

#include "events/value.h"
#include "hold/control.h"
#include "machine/machine.h"
#include "hold/preempt.h"
#include "machine/hypervisor.h"

_Static_assert(PVTLB_EV_NR <= 64, "an event is a bit of the stops");

static bool names(uint32_t id, uint32_t arg, uint64_t value, const struct pvtlb_event *event)
{
	return event->id == id && (arg >= PVTLB_EVENT_ARGS || event->arg[arg] == value);
}

static bool among(enum pvtlb_hold_cpus set, unsigned int cpu, unsigned int cpus)
{
	switch (set) {
	case PVTLB_HOLD_LEADER:
		return cpu == 0;
	case PVTLB_HOLD_FIRST:
		return cpu == 1;
	case PVTLB_HOLD_LAST:
		return cpu && cpu == cpus - 1;
	case PVTLB_HOLD_WORKERS:
		return cpu != 0;
	default:
		return false;
	}
}

bool hold_catches(const struct pvtlb_hold *rule, const struct pvtlb_event *event, unsigned int cpus)
{
	return among(rule->cpus, event->cpu, cpus) &&
	       names(rule->at, rule->at_arg, rule->at_value, event);
}

static bool is_until(const struct pvtlb_hold *rule, const struct pvtlb_event *event)
{
	return names(rule->until, rule->until_arg, rule->until_value, event);
}

bool hold_ends(const struct pvtlb_hold *rule, unsigned int cpu, const struct pvtlb_event *event)
{
	return is_until(rule, event) ||
	       (event->id == PVTLB_EV_WAIT && event->wait.cpu == cpu && !event->wait.over);
}

uint64_t hold_stops(const struct pvtlb_hold *rules)
{
	uint64_t stops = 0;

	for (unsigned int i = 0; rules && i < PVTLB_HOLDS; i++)
		if (rules[i].cpus)
			stops |= 1ull << rules[i].at | 1ull << rules[i].until |
				 1ull << PVTLB_EV_WAIT;
	return stops;
}

void control_init(struct control *control, const struct pvtlb_hold *rules, unsigned int cpus)
{
	*control = (struct control){ .rules = hold_stops(rules) ? rules : NULL };
	pthread_mutex_init(&control->lock, NULL);
	pthread_cond_init(&control->change, NULL);
	control->held = calloc(cpus, sizeof(*control->held));
	control->waits = calloc(cpus, sizeof(*control->waits));
	if (!control->held || !control->waits)
		abort();
}

void control_destroy(struct control *control)
{
	pthread_cond_destroy(&control->change);
	pthread_mutex_destroy(&control->lock);
	free(control->held);
	free(control->waits);
}

void control_stop(struct control *control)
{
	pthread_mutex_lock(&control->lock);
	pthread_cond_broadcast(&control->change);
	pthread_mutex_unlock(&control->lock);
}

static uint32_t *parked_word(struct machine *m, unsigned int cpu)
{
	struct pvtlb_cpu_status *status;

	status = mem_own(&m->mem, m->layout.status + cpu * sizeof(*status), sizeof(*status));
	return &status->parked;
}

/* For guest CPUs that wait for it to be held, or look whether it is. */
static void show_parked(struct machine *m, unsigned int cpu, enum pvtlb_parked parked)
{
	__atomic_store_n(parked_word(m, cpu), parked, __ATOMIC_RELEASE);
}

static void tell_backend(struct vcpu *vcpu, bool parked)
{
	const struct hypervisor_ops *pv = hypervisor_ops(vcpu->machine->config.backend);

	if (pv->held)
		pv->held(vcpu, parked);
}

static void log_unpark(struct machine *m, unsigned int cpu)
{
	event_log_append(&m->log, cpu, UNPARK, .by = m->control.held[cpu].by);
}

/*
 * The guest sees parked go at the event that ends it, not when the thread wakes up: a CPU that
 * goes on to wait for the next hold must not find this one.
 */
static void release(struct machine *m, const struct pvtlb_event *event)
{
	struct control *c = &m->control;

	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++) {
		struct held *h = &c->held[cpu];

		if (!h->rule || !hold_ends(h->rule, cpu, event))
			continue;
		h->rule = NULL;
		h->by = event->seq;
		if (h->preempts) {
			log_unpark(m, cpu);
			preempt_end(&m->vcpu[cpu]);
		}
		show_parked(m, cpu, PVTLB_PARKED_NOT);
		pthread_cond_broadcast(&c->change);
	}
}

/* Reports come in any order; their numbers tell which event was before which. */
static void note_end(struct control *c, const struct pvtlb_event *event)
{
	for (unsigned int i = 0; i < PVTLB_HOLDS; i++)
		if (c->rules[i].cpus && is_until(&c->rules[i], event) && c->ended[i] < event->seq)
			c->ended[i] = event->seq;
}

/* Not if what it would be held until has happened since. */
static bool catches(const struct machine *m, unsigned int rule, const struct pvtlb_event *event)
{
	const struct control *c = &m->control;

	return hold_catches(&c->rules[rule], event, m->nr_vcpus) && c->ended[rule] <= event->seq;
}

static void note_wait(struct control *c, const struct pvtlb_event *event)
{
	if (event->id != PVTLB_EV_WAIT)
		return;
	c->waits[event->cpu] = (struct waits){
		.on = !event->wait.over,
		.cpu = event->wait.cpu < PVTLB_MAX_CPUS ? event->wait.cpu : PVTLB_MAX_CPUS,
		.word = event->wait.word,
	};
}

/*
 * Does another CPU wait for something that this one has still to do? It cannot be doing it
 * now; what the other one has not said yet, that it has seen it done, its word tells.
 */
static bool waited_for(const struct machine *m, unsigned int cpu)
{
	for (unsigned int other = 0; other < m->nr_vcpus; other++) {
		const struct waits *w = &m->control.waits[other];
		const uint32_t *word = guest_mem(&m->mem, w->word, sizeof(*word));

		if (w->on && w->cpu == cpu && word && w->word % sizeof(*word) == 0 &&
		    __atomic_load_n(word, __ATOMIC_ACQUIRE))
			return true;
	}
	return false;
}

/* The backend first: who sees parked may act upon what the backend shows, too. */
static void park(struct vcpu *vcpu, const struct held *h)
{
	struct machine *m = vcpu->machine;

	tell_backend(vcpu, true);
	show_parked(m, vcpu->id, PVTLB_PARKED_HELD);
	while (h->rule && !atomic_load(&m->stop))
		pthread_cond_wait(&m->control.change, &m->control.lock);
	show_parked(m, vcpu->id, PVTLB_PARKED_NOT);
	tell_backend(vcpu, false);
	log_unpark(m, vcpu->id);
}

static void hold(struct vcpu *vcpu, const struct pvtlb_hold *rule, const struct pvtlb_event *event)
{
	struct machine *m = vcpu->machine;
	struct kvm_steal_time *area = m->preempter ? vcpu_steal_time(vcpu) : NULL;
	struct held *h = &m->control.held[vcpu->id];

	*h = (struct held){ .rule = rule, .at = *event, .preempts = area };
	event_log_append(&m->log, vcpu->id, PARK, .at = event->seq, .preempts = !!area);
	if (!area) {
		park(vcpu, h);
		return;
	}
	show_parked(m, vcpu->id, PVTLB_PARKED_SPINS);
	preempt_begin(vcpu, &area->preempted, parked_word(m, vcpu->id));
}

void control_tracepoint(struct vcpu *vcpu, const struct pvtlb_event *event)
{
	struct machine *m = vcpu->machine;
	struct control *c = &m->control;

	if (!c->rules)
		return;
	pthread_mutex_lock(&c->lock);
	note_end(c, event);
	note_wait(c, event);
	release(m, event);
	/* One that is held already, and spins, should not be here: it goes on spinning, or not. */
	for (unsigned int i = 0; i < PVTLB_HOLDS && !c->held[vcpu->id].rule &&
				 !waited_for(m, vcpu->id); i++) {
		if (!catches(m, i, event))
			continue;
		hold(vcpu, &c->rules[i], event);
		break;
	}
	pthread_mutex_unlock(&c->lock);
}

void held_print(FILE *to, const struct held *held)
{
	const struct pvtlb_hold *rule = held->rule;

	fprintf(to, "held by the VMM at %s #%llu until %s", event_names[held->at.id],
		(unsigned long long)held->at.seq, event_names[rule->until]);
	if (rule->until_arg != PVTLB_HOLD_ANY) {
		const struct event_arg *arg = event_arg_at(rule->until, rule->until_arg);

		fprintf(to, " %s=", event_arg_label(arg));
		value_print(to, arg->kind, &rule->until_value);
	}
	fprintf(to, " or a wait for it");
}
