/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as a story: who did what, in the order in which it happened. */
#include <stdlib.h>
#include <string.h>

#include "base/wrap.h"
#include "oracle/matters.h"
#include "show/course.h"
#include "show/moral.h"
#include "show/sentence.h"
#include "show/story.h"

typedef unsigned long long ull;

#define LINES_MAX 32u /* of steps; of more, those in the middle are left out */

struct tale {
	struct focus focus;
	struct course course;
	struct matters matters; /* of a violation; empty: there is none */
};

/* Of tables, the one that it is about; of others so many are hooked that nobody would follow. */
static bool is_other_table(const struct focus *f, const struct pvtlb_event *e)
{
	switch (e->id) {
	case PVTLB_EV_TABLE_ALLOC:
	case PVTLB_EV_TABLE_FREE:
	case PVTLB_EV_TABLE_DEPOSIT:
	case PVTLB_EV_TABLE_OWN:
		return e->arg[0] != f->table;
	case PVTLB_EV_TABLE_HOOK:
		return e->table_hook.table != f->table;
	case PVTLB_EV_TABLE_UNHOOK:
		return e->table_unhook.table != f->table;
	}
	return false;
}

/* In the course of the flush, or of the sync behind it. */
static bool is_meanwhile(const struct course *c, uint64_t seq)
{
	return (c->begin && seq > c->begin->seq && (!c->end || seq < c->end->seq)) ||
	       (c->sync && !c->sync->sync.skipped && seq > c->sync->seq &&
		(!c->released || seq < c->released->seq));
}

/* The other's way into the table, and what reaches it in the course of a flush. */
static bool is_told_detail(const struct tale *t, const struct pvtlb_event *e)
{
	const uint64_t address = ~0xfffull & ~(1ull << 63), table = t->focus.table;

	switch (e->id) {
	case PVTLB_EV_PAGE_FREE:
	case PVTLB_EV_PAGE_ALLOC:
		return !table && (e == t->course.given_back || e == t->course.taken);
	case PVTLB_EV_WALK_LOAD:
		return table && e->cpu == t->focus.other &&
		       (e->walk_load.table == table || (e->walk_load.entry & address) == table);
	case PVTLB_EV_IPI_SEND:
		return e->ipi_send.cpu == t->focus.other && is_meanwhile(&t->course, e->seq);
	case PVTLB_EV_IRQ_ENTRY:
		return e->cpu == t->focus.other && is_meanwhile(&t->course, e->seq);
	case PVTLB_EV_PREEMPTED:
	case PVTLB_EV_FLUSH_ENTER:
	case PVTLB_EV_INVLPG:
	case PVTLB_EV_CR3:
		return !table && is_meanwhile(&t->course, e->seq);
	case PVTLB_EV_KEY:
		return !t->focus.flush;
	}
	return false;
}

/* Steps that would only be in the way. */
static bool is_noise(const struct tale *t, const struct pvtlb_event *e)
{
	const struct course *c = &t->course;

	switch (e->id) {
	case PVTLB_EV_ELIDED:
		return e->elided.cpu != t->focus.other;
	case PVTLB_EV_HYPERCALL:
		/* What it did is told, by who does it; the host's own KVM says nothing. */
		return !e->hypercall.status &&
		       (c->serves || !c->begin || e->seq < c->begin->seq ||
			(c->end && e->seq > c->end->seq));
	case PVTLB_EV_PTE_SET:
		/* What is seen through no table is the scenario's, which prepares its trial. */
		return t->focus.table || (c->begin && e->seq > c->begin->seq);
	case PVTLB_EV_RETURNS:
		return c->begin && (e->seq < c->begin->seq ||
				    (t->focus.table && c->released && e->seq > c->released->seq));
	case PVTLB_EV_FLUSH_BEGIN:
	case PVTLB_EV_FLUSH_END:
	case PVTLB_EV_ASK:
	case PVTLB_EV_SERVED:
	case PVTLB_EV_INVLPGB:
		/* Once the table is put aside, what else is flushed concerns it no more. */
		return t->focus.table && c->released && e->seq > c->released->seq;
	}
	return false;
}

static bool is_told(const struct tale *t, const struct pvtlb_event *e)
{
	if (matters_named(&t->matters, e->seq) || e->id == PVTLB_EV_FAULT)
		return true;
	if ((e->id == PVTLB_EV_CPU_UP || e->id == PVTLB_EV_CPU_DOWN) && t->focus.flush)
		return e->cpu_up.cpu == t->focus.other; /* both have it, as their first one */
	if ((e->cpu != t->focus.actor && e->cpu != t->focus.other) || is_noise(t, e))
		return false;
	if (event_weight(e) == WEIGHT_STEP)
		return !is_other_table(&t->focus, e);
	return is_told_detail(t, e);
}

/* The table that it is about is called T. */
static void call_it_t(const struct focus *f, char *text)
{
	char name[40];
	size_t len = snprintf(name, sizeof(name), "table %#llx", (ull)f->table);

	for (char *at = text; f->table && (at = strstr(at, name));) {
		memcpy(at, "table T", 7);
		memmove(at + 7, at + len, strlen(at + len) + 1);
	}
}

static void step_print(FILE *to, const struct focus *f, const struct pvtlb_event *e)
{
	char head[32], text[SENTENCE_MAX];

	if (e->id == PVTLB_EV_WALK_LOAD && f->table && e->walk_load.table != f->table)
		snprintf(text, sizeof(text), "CPU %u loads the pointer to table %#llx", e->cpu,
			 (ull)f->table);
	else if (e->id == PVTLB_EV_WALK_LOAD && f->table)
		snprintf(text, sizeof(text), "CPU %u reads table %#llx, in it the entry %#llx",
			 e->cpu, (ull)f->table, (ull)e->walk_load.entry);
	else
		event_sentence(e, text, sizeof(text));
	call_it_t(f, text);
	snprintf(head, sizeof(head), "  #%-6llu ", (ull)e->seq);
	wrap_print(to, head, text);
}

/* Looks and stores often come in rows, page by page: only the first one is told. */
static bool is_alike(const struct pvtlb_event *a, const struct pvtlb_event *b)
{
	return a && a->id == b->id && a->cpu == b->cpu &&
	       (a->id == PVTLB_EV_ACCESS || a->id == PVTLB_EV_PTE_SET);
}

/* What is told, in order, each row as its first event and how many more there are. */
struct step {
	const struct pvtlb_event *event;
	size_t more;
};

static size_t steps_find(struct step *steps, const struct shown *s, const struct tale *t)
{
	size_t nr = 0;

	for (size_t i = t->focus.from; i < t->focus.until; i++) {
		const struct pvtlb_event *e = &s->stream.event[i];

		if (!is_told(t, e))
			continue;
		if (nr && is_alike(steps[nr - 1].event, e) && !matters_named(&t->matters, e->seq))
			steps[nr - 1].more++;
		else
			steps[nr++] = (struct step){ .event = e };
	}
	return nr;
}

static void steps_print(FILE *to, const struct shown *s, const struct tale *t)
{
	struct step *steps = calloc(t->focus.until - t->focus.from + 1, sizeof(*steps));
	size_t nr, left_out = 0;

	if (!steps)
		abort();
	nr = steps_find(steps, s, t);
	for (size_t i = 0; i < nr; i++) {
		const struct step *step = &steps[i];

		if (nr > LINES_MAX && i >= LINES_MAX / 2 && nr - i > LINES_MAX / 2 &&
		    !matters_named(&t->matters, step->event->seq)) {
			left_out++;
			continue;
		}
		if (left_out)
			fprintf(to, "  ... %zu more ...\n", left_out);
		left_out = 0;
		step_print(to, &t->focus, step->event);
		if (step->more)
			fprintf(to, "          and %zu more like this\n", step->more);
	}
	if (!nr)
		fprintf(to,
			"  nothing but the boot: there is no trial in it, or it changes no mm\n");
	free(steps);
}

void ending_print(FILE *to, const struct shown *s)
{
	struct course c;
	struct focus f;
	char text[512];

	if (s->violation) {
		moral_print(to, s);
		return;
	}
	focus_make(&f, s);
	course_make(&c, s, &f);
	wrap_print(to, "  held:     ", course_protected(&c, &f, text, sizeof(text)));
	wrap_print(to, "  verdict:  ", s->judgement.why);
}

static void head_print(FILE *to, const struct shown *s, const struct focus *f)
{
	char text[200];

	if (f->actor == f->other)
		snprintf(text, sizeof(text), "Trial 0, CPU %u; the other CPUs are left out.",
			 f->actor);
	else
		snprintf(text, sizeof(text), "Trial %llu, CPUs %u and %u; %s.",
			 (ull)(s->violation ? s->violation->trial : 0), f->actor, f->other,
			 s->run->config.cpus > 2 ? "the other CPUs are left out"
						 : "there are no others");
	wrap_print(to, "", text);
	if (!f->table)
		return;
	snprintf(text, sizeof(text), "T: the page table at %#llx, which CPU %u takes out.",
		 (ull)f->table, f->actor);
	wrap_print(to, "", text);
}

static void tale_make(struct tale *t, const struct shown *s)
{
	*t = (struct tale){ 0 };
	focus_make(&t->focus, s);
	course_make(&t->course, s, &t->focus);
	if (s->violation)
		matters_make(&t->matters, s->violation);
}

uint64_t story_begins(const struct shown *s)
{
	struct tale t;

	tale_make(&t, s);
	for (size_t i = t.focus.from; i < t.focus.until; i++)
		if (is_told(&t, &s->stream.event[i]))
			return s->stream.event[i].seq;
	return 0;
}

void story_print(FILE *to, const struct shown *s)
{
	struct tale t;
	char title[SHOWN_TITLE_MAX], text[SHOWN_TITLE_MAX + 64];

	tale_make(&t, s);
	snprintf(text, sizeof(text), "%s%s", shown_title(s, title),
		 s->violation && s->judgement.verdict == VERDICT_PASS
			 ? ", for it is a control: this is to go wrong"
			 : "");
	wrap_print(to, "", text);
	head_print(to, s, &t.focus);
	fputc('\n', to);
	steps_print(to, s, &t);
	fputc('\n', to);
	ending_print(to, s);
}
