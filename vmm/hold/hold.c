/* SPDX-License-Identifier: GPL-2.0-only */
/* Holding CPUs: which are held at this moment, by the scenario's rules (hold/rules.h). */
#include <stdlib.h>

#include "events/value.h"
#include "hold/hold.h"
#include "hold/preempt.h"
#include "hold/rules.h"
#include "pvtlb/call.h"

void holds_init(struct holds *holds, const struct pvtlb_hold *rules, unsigned int cpus,
		struct event_log *log, const struct hold_ops *ops, void *ctx)
{
	struct pvtlb_event_set stops;

	*holds = (struct holds){
		.rules = hold_stops(rules, &stops) ? rules : NULL,
		.cpus = cpus,
		.log = log,
		.ops = ops,
		.ctx = ctx,
	};
	pthread_mutex_init(&holds->lock, NULL);
	pthread_cond_init(&holds->change, NULL);
	holds->held = calloc(cpus, sizeof(*holds->held));
	holds->waits = calloc(cpus, sizeof(*holds->waits));
	if (!holds->held || !holds->waits)
		abort();
}

void holds_destroy(struct holds *holds)
{
	preempter_destroy(holds->preempter);
	pthread_cond_destroy(&holds->change);
	pthread_mutex_destroy(&holds->lock);
	free(holds->held);
	free(holds->waits);
}

int holds_preempt(struct holds *holds)
{
	if (holds->rules)
		holds->preempter = preempter_create(holds->cpus, &holds->over);
	return holds->preempter ? 0 : -1;
}

void holds_stop(struct holds *holds)
{
	pthread_mutex_lock(&holds->lock);
	atomic_store(&holds->over, true);
	pthread_cond_broadcast(&holds->change);
	pthread_mutex_unlock(&holds->lock);
}

/* For guest CPUs that wait for it to be held, or look whether it is. */
static void show(struct holds *holds, unsigned int cpu, enum pvtlb_held how)
{
	__atomic_store_n(holds->ops->shown(holds->ctx, cpu), how, __ATOMIC_RELEASE);
}

static void log_resumed(struct holds *holds, unsigned int cpu)
{
	event_log_append(holds->log, cpu, RESUMED, .by = holds->held[cpu].by);
}

/*
 * The guest sees it go on at the event that ends it, not when the thread wakes up: a CPU that
 * goes on to wait for the next hold must not find this one.
 */
static void release(struct holds *holds, const struct pvtlb_event *event)
{
	for (unsigned int cpu = 0; cpu < holds->cpus; cpu++) {
		struct held *h = &holds->held[cpu];

		if (!h->rule || !hold_ends(h->rule, cpu, event))
			continue;
		h->rule = NULL;
		h->by = event->seq;
		if (h->preempts) {
			log_resumed(holds, cpu);
			preempt_end(holds->preempter, cpu);
		}
		show(holds, cpu, PVTLB_HELD_NOT);
		pthread_cond_broadcast(&holds->change);
	}
}

/* Reports come in any order; their numbers tell which event was before which. */
static void note_end(struct holds *holds, const struct pvtlb_event *event)
{
	for (unsigned int i = 0; i < PVTLB_HOLDS; i++)
		if (holds->rules[i].cpus && hold_is_until(&holds->rules[i], event) &&
		    holds->ended[i] < event->seq)
			holds->ended[i] = event->seq;
}

static void note_matches(struct holds *holds, const struct pvtlb_event *event)
{
	for (unsigned int i = 0; i < PVTLB_HOLDS; i++)
		holds->matched[i] |= hold_catches(&holds->rules[i], event, holds->cpus);
}

/* Not if what it would be held until has happened since. */
static bool catches(const struct holds *holds, unsigned int rule, const struct pvtlb_event *event)
{
	return hold_catches(&holds->rules[rule], event, holds->cpus) &&
	       holds->ended[rule] <= event->seq;
}

static void note_wait(struct holds *holds, const struct pvtlb_event *event)
{
	if (event->id != PVTLB_EV_WAIT)
		return;
	holds->waits[event->cpu] = (struct waits){
		.on = !event->wait.over,
		.cpu = event->wait.cpu < PVTLB_MAX_CPUS ? event->wait.cpu : PVTLB_MAX_CPUS,
		.word = event->wait.word,
	};
}

/*
 * Does another CPU wait for something that this one has still to do? It cannot be doing it
 * now; what the other one has not said yet, that it has seen it done, its word tells.
 */
static bool waited_for(const struct holds *holds, unsigned int cpu)
{
	for (unsigned int other = 0; other < holds->cpus; other++) {
		const struct waits *w = &holds->waits[other];
		const uint32_t *word;

		if (!w->on || w->cpu != cpu)
			continue;
		word = holds->ops->word(holds->ctx, w->word);
		if (word && __atomic_load_n(word, __ATOMIC_ACQUIRE))
			return true;
	}
	return false;
}

/* The backend first: who sees it held may act upon what the backend shows, too. */
static void keep(struct holds *holds, unsigned int cpu)
{
	const struct held *held = &holds->held[cpu];

	holds->ops->tell(holds->ctx, cpu, true);
	show(holds, cpu, PVTLB_HELD_YES);
	while (held->rule && !atomic_load(&holds->over))
		pthread_cond_wait(&holds->change, &holds->lock);
	show(holds, cpu, PVTLB_HELD_NOT);
	holds->ops->tell(holds->ctx, cpu, false);
	log_resumed(holds, cpu);
}

static void hold(struct holds *holds, const struct pvtlb_hold *rule,
		 const struct pvtlb_event *event)
{
	unsigned int cpu = event->cpu;
	const uint8_t *flags = holds->preempter ? holds->ops->flags(holds->ctx, cpu) : NULL;

	holds->held[cpu] = (struct held){ .rule = rule, .at = *event, .preempts = flags };
	event_log_append(holds->log, cpu, HELD, .at = event->seq, .preempts = !!flags);
	if (!flags) {
		keep(holds, cpu);
		return;
	}
	show(holds, cpu, PVTLB_HELD_SPINS);
	preempt_begin(holds->preempter, cpu, flags, holds->ops->shown(holds->ctx, cpu));
}

void hold_tracepoint(struct holds *holds, unsigned int cpu, const struct pvtlb_event *event)
{
	if (!holds->rules)
		return;
	pthread_mutex_lock(&holds->lock);
	note_end(holds, event);
	note_wait(holds, event);
	note_matches(holds, event);
	release(holds, event);
	/* One that is held already, and spins, should not be here: it goes on spinning, or not. */
	for (unsigned int i = 0;
	     i < PVTLB_HOLDS && !holds->held[cpu].rule && !waited_for(holds, cpu); i++) {
		if (!catches(holds, i, event))
			continue;
		hold(holds, &holds->rules[i], event);
		break;
	}
	pthread_mutex_unlock(&holds->lock);
}

bool hold_keeps(struct holds *holds, unsigned int cpu)
{
	bool kept;

	pthread_mutex_lock(&holds->lock);
	kept = holds->held[cpu].rule && !holds->held[cpu].preempts && !atomic_load(&holds->over);
	pthread_mutex_unlock(&holds->lock);
	return kept;
}

/* "trial step=1": an event that a rule names. */
static void print_event_named(FILE *to, uint32_t id, uint32_t which, uint64_t value)
{
	const struct event_arg *arg;

	fputs(event_names[id], to);
	if (which == PVTLB_HOLD_ANY)
		return;
	arg = event_arg_at(id, which);
	fprintf(to, " %s=", event_arg_label(arg));
	value_print(to, arg->kind, &value);
}

void held_print(FILE *to, const struct held *held)
{
	const struct pvtlb_hold *rule = held->rule;

	fprintf(to, "held by the VMM at %s #%llu until ", event_names[held->at.id],
		(unsigned long long)held->at.seq);
	print_event_named(to, rule->until, rule->until_arg, rule->until_value);
	fprintf(to, " or a wait for it");
}

void holds_print_unmatched(FILE *to, const char *head, const struct holds *holds, uint32_t cpu)
{
	for (unsigned int i = 0; holds->rules && i < PVTLB_HOLDS; i++) {
		const struct pvtlb_hold *rule = &holds->rules[i];

		if (!pvtlb_hold_is_about(rule->cpus, cpu, holds->cpus) || holds->matched[i])
			continue;
		fprintf(to, "%sno event matched this rule: hold CPU %u at ", head, cpu);
		print_event_named(to, rule->at, rule->at_arg, rule->at_value);
		fputc('\n', to);
	}
}
