/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading the guest's event rings. Nothing in them is trusted. */
#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "base/wrap.h"
#include "events/events.h"
#include "events/range.h"
#include "events/value.h"

size_t event_ring_bytes(void)
{
	return sizeof(struct pvtlb_ring) + EVENT_RING_CAPACITY * sizeof(struct pvtlb_event);
}

void event_log_init(struct event_log *log, unsigned int cpus)
{
	*log = (struct event_log){ .nr_rings = cpus };
	pthread_mutex_init(&log->lock, NULL);
	log->ring = calloc(cpus, sizeof(*log->ring));
	if (!log->ring)
		abort();
}

void event_log_attach(struct event_log *log, unsigned int cpu, void *ring, size_t bytes)
{
	if (bytes < event_ring_bytes())
		abort();
	log->ring[cpu].ring = ring;
	log->ring[cpu].ring->version = PVTLB_ABI_VERSION;
	log->ring[cpu].ring->capacity = EVENT_RING_CAPACITY;
}

static void append(struct event_log *log, const struct pvtlb_event *event)
{
	struct pvtlb_event *event_array;

	if (log->nr == EVENT_LOG_MAX)
		return;
	if (log->nr == log->room) {
		event_array =
			realloc(log->event, 2 * (log->room ? log->room : 2048) * sizeof(*event));
		if (!event_array)
			return; /* lost, as the gap will tell */
		log->event = event_array;
		log->room = 2 * (log->room ? log->room : 2048);
	}
	log->event[log->nr++] = *event;
}

void event_log_number(struct event_log *log, uint64_t *sequence)
{
	log->sequence = sequence;
}

void event_log_sources(struct event_log *log, const struct pvtlb_source *source, uint32_t nr)
{
	sources_free(&log->sources);
	sources_init(&log->sources, source, nr);
	log->nr_guest_sources = nr;
}

void event_log_add(struct event_log *log, struct pvtlb_event event, const char *file, uint32_t line)
{
	event.seq = __atomic_add_fetch(log->sequence, 1, __ATOMIC_SEQ_CST);
	pthread_mutex_lock(&log->lock);
	event.source = sources_number(&log->sources, file, strlen(file), line);
	append(log, &event);
	pthread_mutex_unlock(&log->lock);
}

bool event_well_formed(const struct pvtlb_event *event, unsigned int cpu, unsigned int cpus,
		       uint32_t nr_sources)
{
	if (event->id <= PVTLB_EV_NONE || event->id >= PVTLB_EV_NR || event->cpu != cpu ||
	    event->source > nr_sources || !event->seq || event_is_ours(event->id))
		return false;
	for (unsigned int i = event_words(event->id); i < PVTLB_EVENT_ARGS; i++)
		if (event->arg[i])
			return false;
	return event_out_of_range(event, cpus) < 0;
}

/*
 * Take over what is committed. A slot that is not yet stops it: what follows comes with the
 * next drain. With torn, the last one, it is passed over and counted there.
 */
static size_t drain_locked(struct event_log *log, unsigned int cpu, uint64_t *torn)
{
	struct event_ring *r = &log->ring[cpu];
	uint64_t head;
	size_t n = 0;

	if (!r->ring)
		return 0;
	head = __atomic_load_n(&r->ring->head, __ATOMIC_ACQUIRE);
	/* A head that is no head: at most a ringful can be there. */
	if (head - r->tail > EVENT_RING_CAPACITY) {
		log->malformed++;
		return 0;
	}
	for (; r->tail != head; r->tail++, n++) {
		struct pvtlb_event *slot = &r->ring->slot[r->tail % EVENT_RING_CAPACITY];
		struct pvtlb_event event;

		if (!__atomic_load_n(&slot->seq, __ATOMIC_ACQUIRE)) {
			if (!torn)
				break;
			++*torn;
			continue;
		}
		memcpy(&event, slot, sizeof(event));
		__atomic_store_n(&slot->seq, 0, __ATOMIC_RELEASE);
		if (event_well_formed(&event, cpu, log->nr_rings, log->nr_guest_sources))
			append(log, &event);
		else
			log->malformed++;
	}
	__atomic_store_n(&r->ring->tail, r->tail, __ATOMIC_RELEASE);
	return n;
}

size_t event_log_drain(struct event_log *log, unsigned int cpu)
{
	size_t n;

	pthread_mutex_lock(&log->lock);
	n = drain_locked(log, cpu, NULL);
	pthread_mutex_unlock(&log->lock);
	return n;
}

static int by_seq(const void *a, const void *b)
{
	const struct pvtlb_event *x = a, *y = b;

	return (x->seq > y->seq) - (x->seq < y->seq);
}

/*
 * Every number from 1 to last must have come exactly once, but for those that a CPU may have
 * taken, and not yet used, when the end of the run stopped it in trace_event(): at most one
 * for each slot that was reserved and never committed.
 */
void event_log_finish(struct event_log *log, uint64_t last)
{
	uint64_t missing, unused = 0, dropped = 0;
	size_t kept = 0;

	for (unsigned int cpu = 0; cpu < log->nr_rings; cpu++) {
		drain_locked(log, cpu, &unused);
		if (log->ring[cpu].ring)
			dropped += __atomic_load_n(&log->ring[cpu].ring->lost, __ATOMIC_RELAXED);
	}
	if (log->nr)
		qsort(log->event, log->nr, sizeof(*log->event), by_seq);
	for (size_t i = 0; i < log->nr; i++) {
		uint64_t seq = log->event[i].seq;

		if (!seq || seq > last || (kept && seq == log->event[kept - 1].seq))
			log->malformed++;
		else
			log->event[kept++] = log->event[i];
	}
	log->nr = kept;
	missing = last > kept ? last - kept : 0;
	log->lost = missing > unused ? missing - unused : 0;
	/* The guest's own count: what was dropped is not excused by a slot that took no number. */
	if (log->lost < dropped)
		log->lost = missing < dropped ? missing : dropped;
}

size_t event_log_settle(struct event_log *log, size_t settled, uint64_t last)
{
	uint64_t unused = 0;

	for (unsigned int cpu = 0; cpu < log->nr_rings; cpu++)
		drain_locked(log, cpu, &unused);
	if (log->nr > settled)
		qsort(log->event + settled, log->nr - settled, sizeof(*log->event), by_seq);
	log->malformed += unused;
	log->lost = last > log->nr ? last - log->nr : 0;
	return log->nr;
}

void event_log_free(struct event_log *log)
{
	free(log->event);
	free(log->ring);
	sources_free(&log->sources);
	pthread_mutex_destroy(&log->lock);
	*log = (struct event_log){ 0 };
}

bool event_stream_over(const struct event_stream *stream)
{
	return stream->patience && patience_over(stream->patience);
}

struct event_stream event_log_stream(const struct event_log *log)
{
	return (struct event_stream){
		.event = log->event,
		.nr = log->nr,
		.lost = log->lost,
		.malformed = log->malformed,
		.sources = &log->sources,
	};
}

const char *event_arg_label(const struct event_arg *arg)
{
	return arg->kind == PVTLB_KIND_SHIFT ? "size" : arg->name;
}

void event_print(FILE *to, const struct pvtlb_event *event, const struct sources *sources)
{
	const uint64_t *value = event->arg;
	char source[SOURCE_TEXT_MAX];

	fprintf(to, "#%llu CPU %u %s", (unsigned long long)event->seq, event->cpu,
		event_names[event->id]);
	for (const struct event_arg *arg = event_args[event->id]; arg->name; arg++) {
		fprintf(to, " %s=", event_arg_label(arg));
		value_print(to, arg->kind, value);
		value += arg->words;
	}
	if (*source_text(sources, event->source, source))
		fprintf(to, " @ %s", source);
	fputc('\n', to);
}

char *event_text(const struct pvtlb_event *event, const struct sources *sources)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	if (!to)
		abort();
	event_print(to, event, sources);
	if (fclose(to))
		abort();
	text[strcspn(text, "\n")] = 0;
	return text;
}

static void list_event(FILE *to, unsigned int id)
{
	char head[64], text[512];
	size_t n = snprintf(text, sizeof(text), "%s:", event_docs[id]);

	for (const struct event_arg *arg = event_args[id]; arg->name && n < sizeof(text); arg++)
		n += snprintf(text + n, sizeof(text) - n, " %s=%s", event_arg_label(arg),
			      kind_names[arg->kind]);
	snprintf(head, sizeof(head), "  %-13s ", event_names[id]);
	wrap_print(to, head, text);
}

static void list_kind(FILE *to, enum pvtlb_kind kind)
{
	char form[256], head[64], text[512];
	size_t n = snprintf(text, sizeof(text), "%s%s", kind_docs[kind] ? kind_docs[kind] : "",
			    kind_docs[kind] ? ", as " : "");

	snprintf(head, sizeof(head), "  %-14s ", kind_names[kind]);
	value_expected(kind, form, sizeof(form));
	/* A list may be broken at blanks only. */
	for (const char *at = form; *at && n + 4 < sizeof(text); at++)
		n += snprintf(text + n, sizeof(text) - n, *at == '|' ? " %c " : "%c", *at);
	wrap_print(to, head, text);
}

void events_list(FILE *to)
{
	unsigned int order[PVTLB_EV_NR + PVTLB_KIND_NR];

	fprintf(to, "events (--trace):\n");
	names_sort(&event_names[EVENT_FIRST], EVENTS_NR, order);
	for (unsigned int i = 0; i < EVENTS_NR; i++)
		list_event(to, EVENT_FIRST + order[i]);
	fprintf(to, "values in events:\n");
	names_sort(kind_names, PVTLB_KIND_NR, order);
	for (unsigned int i = 0; i < PVTLB_KIND_NR; i++)
		list_kind(to, order[i]);
}
