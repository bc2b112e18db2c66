/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as a story: who did what, in the order in which it happened. */
#include <string.h>

#include "base/backend.h"
#include "base/wrap.h"
#include "oracle/matters.h"
#include "show/focus.h"
#include "show/moral.h"
#include "show/sentence.h"
#include "show/story.h"

typedef unsigned long long ull;

#define LINES_MAX 32u /* of steps; of more, those in the middle are left out */

/* Of tables, the one that it is about; of others so many are hooked that nobody would follow. */
static bool is_other_table(const struct focus *f, const struct pvtlb_event *e)
{
	switch (e->id) {
	case PVTLB_EV_TABLE_ALLOC:
	case PVTLB_EV_TABLE_FREE:
	case PVTLB_EV_TABLE_DEPOSIT:
	case PVTLB_EV_TABLE_OWN:
		return f->table && e->arg[0] != f->table;
	case PVTLB_EV_TABLE_HOOK:
		return f->table && e->table_hook.table != f->table;
	case PVTLB_EV_TABLE_UNHOOK:
		return f->table && e->table_unhook.table != f->table;
	}
	return false;
}

/* In the course of the flush, or of the sync behind it. */
static bool is_meanwhile(const struct focus *f, uint64_t seq)
{
	return (f->flush && seq > f->flush && (!f->flushed || seq < f->flushed)) ||
	       (f->sync && !f->sync->sync.skipped && seq > f->sync->seq);
}

/* The other's way into the table, and what reaches it in the course of a flush. */
static bool is_told_detail(const struct focus *f, const struct pvtlb_event *e)
{
	const uint64_t address = ~0xfffull & ~(1ull << 63);

	switch (e->id) {
	case PVTLB_EV_WALK_LOAD:
		return f->table && (e->walk_load.table == f->table ||
				    (e->walk_load.entry & address) == f->table);
	case PVTLB_EV_IPI_SEND:
		return e->ipi_send.cpu == f->other && is_meanwhile(f, e->seq);
	case PVTLB_EV_IRQ_ENTRY:
		return e->cpu == f->other && is_meanwhile(f, e->seq);
	case PVTLB_EV_PREEMPTED:
	case PVTLB_EV_FLUSH_ENTER:
	case PVTLB_EV_INVLPG:
	case PVTLB_EV_CR3:
		return !f->table;
	}
	return false;
}

static bool is_told(const struct focus *f, const struct matters *matters, const struct pvtlb_event *e)
{
	if (matters_named(matters, e->seq))
		return true;
	if (e->cpu != f->actor && e->cpu != f->other)
		return false;
	if (e->id == PVTLB_EV_ELIDED && e->elided.cpu != f->other)
		return false;
	/* Stores that others see through no table are the scenario's, which prepares its trial. */
	if (e->id == PVTLB_EV_PTE_SET && f->table)
		return false;
	if (event_weight(e) == WEIGHT_STEP)
		return !is_other_table(f, e);
	return is_told_detail(f, e);
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

static void steps_print(FILE *to, const struct shown *s, const struct focus *f)
{
	struct matters matters = { 0 };
	size_t nr = 0, at = 0;

	if (s->violation)
		matters_make(&matters, s->violation);
	for (size_t i = f->from; i < f->until; i++)
		nr += is_told(f, &matters, &s->stream.event[i]);
	for (size_t i = f->from; i < f->until; i++) {
		const struct pvtlb_event *e = &s->stream.event[i];

		if (!is_told(f, &matters, e))
			continue;
		at++;
		if (nr <= LINES_MAX || at <= LINES_MAX / 2 || at > nr - LINES_MAX / 2 ||
		    matters_named(&matters, e->seq))
			step_print(to, f, e);
		else if (at == LINES_MAX / 2 + 1)
			fprintf(to, "  ...\n");
	}
	if (!nr)
		fprintf(to, "  nothing but the boot: there is no trial in it, or it changes no mm\n");
}

/* Nothing was wrong: what kept the other from harm, as far as the events tell. */
static void protected_print(FILE *to, const struct focus *f)
{
	char text[512];

	if (f->interrupted)
		snprintf(text, sizeof(text),
			 "The flush #%llu to #%llu interrupted CPU %u (#%llu), so it could not "
			 "return while that had IRQs off.", (ull)f->flush, (ull)f->flushed,
			 f->other, (ull)f->interrupted);
	else if (f->flushed && f->sync && !f->sync->sync.skipped)
		snprintf(text, sizeof(text),
			 "The flush #%llu to #%llu did not interrupt CPU %u. The sync at #%llu %s, "
			 "and nothing was freed before that.",
			 (ull)f->flush, (ull)f->flushed, f->other, (ull)f->sync->seq,
			 f->sync->sync.rcu ? "waited for RCU readers" : "did");
	else if (f->flushed)
		snprintf(text, sizeof(text),
			 "The flush #%llu to #%llu did not interrupt CPU %u; nobody walked or used "
			 "what it removed.", (ull)f->flush, (ull)f->flushed, f->other);
	else
		snprintf(text, sizeof(text), "No flush was made.");
	wrap_print(to, "  held:     ", text);
}

void ending_print(FILE *to, const struct shown *s)
{
	struct focus f;

	if (s->violation) {
		moral_print(to, s);
		return;
	}
	focus_make(&f, s);
	protected_print(to, &f);
	wrap_print(to, "  verdict:  ", s->judgement.why);
}

static void head_print(FILE *to, const struct shown *s, const struct focus *f)
{
	char text[200];

	snprintf(text, sizeof(text), "Trial %llu, CPUs %u and %u; the other CPUs are left out.",
		 (ull)(s->violation ? s->violation->trial : 0), f->actor, f->other);
	wrap_print(to, "", text);
	if (!f->table)
		return;
	snprintf(text, sizeof(text), "T: the page table at %#llx, which CPU %u takes out.",
		 (ull)f->table, f->actor);
	wrap_print(to, "", text);
}

void story_print(FILE *to, const struct shown *s)
{
	const struct run_config *c = &s->run->config;
	struct focus f;
	char text[1024];

	focus_make(&f, s);
	snprintf(text, sizeof(text), "%s, backend %s%s%s, %u CPUs, the key is %s%s: %s", c->scenario,
		 c->backend->name, backend_by_host(c->backend) ? " by the host" : "",
		 c->invlpgb ? " with INVLPGB" : "", c->cpus, s->facts.key.value ? "on" : "off",
		 c->key == KEY_AUTO ? "" : " (forced)", verdict_names[s->judgement.verdict]);
	wrap_print(to, "", text);
	head_print(to, s, &f);
	fputc('\n', to);
	steps_print(to, s, &f);
	fputc('\n', to);
	ending_print(to, s);
}
