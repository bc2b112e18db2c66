/* SPDX-License-Identifier: GPL-2.0-only */
/* A run for ui.perfetto.dev: a thread for each CPU, spans, arrows, all events (Trace Event Format). */
#include <jansson.h>

#include "events/described.h"
#include "show/lanes.h"
#include "show/perfetto.h"
#include "show/sentence.h"

struct out {
	FILE *to;
	const struct event_stream *stream;
	bool any, failed;
};

/* Takes over the object. */
static void put(struct out *out, json_t *object)
{
	fputs(out->any ? ",\n" : "", out->to);
	out->any = true;
	if (!object || json_dumpf(object, out->to, JSON_COMPACT | JSON_ENSURE_ASCII))
		out->failed = true;
	json_decref(object);
}

static json_int_t time_of(const struct out *out, size_t at)
{
	return (json_int_t)out->stream->event[at].seq;
}

static void span_put(struct out *out, const struct span *span)
{
	put(out, json_pack("{s:s,s:s,s:s,s:I,s:I,s:i,s:i}", "ph", "X", "name", span->label, "cat",
			   span_names[span->kind], "ts", time_of(out, span->from), "dur",
			   time_of(out, span->to) - time_of(out, span->from), "pid", 0, "tid",
			   (int)span->cpu));
}

static void arrow_put(struct out *out, const struct arrow *arrow, size_t id)
{
	static const char *const names[] = {
		[ARROW_IPI] = "IPI",
		[ARROW_WAKE] = "wake-up",
		[ARROW_CALL] = "hypercall",
	};
	const char *name = names[arrow->kind];

	put(out, json_pack("{s:s,s:s,s:s,s:I,s:I,s:i,s:i}", "ph", "s", "name", name, "cat", name,
			   "id", (json_int_t)id, "ts", time_of(out, arrow->from), "pid", 0, "tid",
			   (int)out->stream->event[arrow->from].cpu));
	put(out, json_pack("{s:s,s:s,s:s,s:s,s:I,s:I,s:i,s:i}", "ph", "f", "bp", "e", "name", name,
			   "cat", name, "id", (json_int_t)id, "ts", time_of(out, arrow->to), "pid",
			   0, "tid", (int)out->stream->event[arrow->to].cpu));
}

static void event_put(struct out *out, const struct pvtlb_event *e)
{
	char text[SENTENCE_MAX];

	put(out, json_pack("{s:s,s:s,s:s,s:I,s:i,s:i,s:{s:s}}", "ph", "i", "s", "t", "name",
			   event_names[e->id], "ts", (json_int_t)e->seq, "pid", 0, "tid",
			   (int)e->cpu, "args", "what", event_sentence(e, text, sizeof(text))));
}

int perfetto_print(FILE *to, const struct shown *s)
{
	struct out out = { .to = to, .stream = &s->stream };
	char name[16];
	struct lanes l;

	lanes_make(&l, s, 0, s->stream.nr);
	fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n", to);
	for (unsigned int cpu = 0; cpu < l.cpus; cpu++) {
		snprintf(name, sizeof(name), "CPU %u", cpu);
		put(&out, json_pack("{s:s,s:s,s:i,s:i,s:{s:s}}", "ph", "M", "name", "thread_name",
				    "pid", 0, "tid", (int)cpu, "args", "name", name));
	}
	for (size_t i = 0; i < l.nr_spans; i++)
		span_put(&out, &l.span[i]);
	for (size_t i = 0; i < l.nr_arrows; i++)
		arrow_put(&out, &l.arrow[i], i + 1);
	for (size_t i = 0; i < s->stream.nr; i++)
		event_put(&out, &s->stream.event[i]);
	fputs("\n]}\n", to);
	lanes_free(&l);
	return out.failed || fflush(to) || ferror(to) ? -1 : 0;
}
