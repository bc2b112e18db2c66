/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as one picture: a lane for each CPU, a bar for the page table that it is about. */
#include <string.h>

#include "show/focus.h"
#include "show/lanes.h"
#include "show/svg.h"

typedef unsigned long long ull;

#define WIDTH 1280.0
#define LEFT  110.0
#define RIGHT 20.0
#define HEAD  56.0
#define LANE  54.0
#define BAR   24.0
#define KEY   26.0

/*
 * Where in a lane spans of a kind are: from the top; those that come first are drawn first. CPUs
 * that are only woken are left out: a slide has no room for what no flush is about.
 */
static const struct place {
	enum span_kind kind;
	double top, height;
} places[] = {
	{ SPAN_LAZY, 4, 44 },  { SPAN_FLUSH, 30, 11 }, { SPAN_IRQ, 42, 8 },
	{ SPAN_WALK, 10, 19 }, { SPAN_LEVEL, 16, 7 },  { SPAN_HELD, 10, 19 },
};

static const char style[] =
	"<style>"
	"text{font:13px system-ui,sans-serif;fill:#1b1f24}.soft{fill:#667080}.bold{font-weight:600}"
	".lane{stroke:#d4d9e0}.walk{fill:#a9c8f5}.level{fill:#6f9fe3}.held{fill:url(#h)}"
	".flush{fill:#9fd6a4}.irq{fill:#c9a6e4}.lazy{fill:#e3e6ea}.off{stroke:#1b1f24;stroke-width:3}"
	".ipi{stroke:#8a4fbf;fill:none;stroke-width:1.6}.call{stroke:#b06a00;fill:none;"
	"stroke-width:1.6;stroke-dasharray:5 3}.new{fill:#d7ecd9}.owned{fill:#a9c8f5}"
	".unhooked{fill:#f7b5a1}.deposited{fill:#f3c969}.free{fill:#e3e6ea}"
	".bad{fill:#d0232b}.skip{stroke:#667080;stroke-width:2;fill:none}.dot{fill:#1b1f24}"
	".skip.wrong{stroke:#d0232b;stroke-width:2.5}.up{stroke:#1b1f24;stroke-width:2}"
	"</style>";

static double x(const struct lanes *l, size_t at)
{
	return LEFT + ((double)(at - l->from) + 0.5) * (WIDTH - LEFT - RIGHT) /
			      (double)(l->until - l->from);
}

static double lane_y(unsigned int cpu)
{
	return HEAD + cpu * LANE;
}

/* Names in a trace are anything. */
static void text(FILE *to, const char *s)
{
	for (; *s; s++) {
		if (strchr("<>&\"", *s) || (unsigned char)*s < ' ' || (unsigned char)*s > '~')
			fprintf(to, "&#%u;", (unsigned char)*s < ' ' ? '?' : (unsigned char)*s);
		else
			fputc(*s, to);
	}
}

static void label(FILE *to, double at_x, double y, const char *class, const char *s)
{
	fprintf(to, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", at_x, y, class);
	text(to, s);
	fputs("</text>\n", to);
}

static void rect(FILE *to, const char *class, double from, double y, double until, double height)
{
	fprintf(to, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"/>\n",
		class, from, y, until - from < 2 ? 2 : until - from, height);
}

static void span_print(FILE *to, const struct lanes *l, const struct span *span,
		       const struct place *place)
{
	const double from = x(l, span->from), until = x(l, span->to);
	const double y = lane_y(span->cpu) + place->top;

	rect(to, span_names[span->kind], from, y, until, place->height);
	if (span->kind == SPAN_WALK && span->irqs_off)
		fprintf(to, "<path class=\"off\" d=\"M%.1f,%.1fH%.1f\"/>\n", from, y, until);
	/* A flush's is above its lane: arrows begin below. */
	if ((span->kind == SPAN_WALK && until - from > 60) ||
	    (span->kind == SPAN_FLUSH && until - from > 40))
		label(to, from + 2, span->kind == SPAN_WALK ? y - 4 : y - 7, "soft", span->label);
	if (span->kind == SPAN_LAZY && until - from > 50)
		label(to, from + 4, y + 14, "soft", "lazy");
	if (span->kind == SPAN_HELD && until - from > 50)
		label(to, (from + until) / 2 - 14, y + 14, "bold", "held");
}

static void arrow_print(FILE *to, const struct lanes *l, const struct shown *s,
			const struct arrow *arrow)
{
	const struct pvtlb_event *event = s->stream.event;

	if (arrow->kind == ARROW_WAKE)
		return;
	fprintf(to, "<path class=\"%s\" d=\"M%.1f,%.1fL%.1f,%.1f\" marker-end=\"url(#%s)\"/>\n",
		arrow_names[arrow->kind], x(l, arrow->from),
		lane_y(event[arrow->from].cpu) + 36, x(l, arrow->to),
		lane_y(event[arrow->to].cpu) + 42, arrow->kind == ARROW_CALL ? "c" : "i");
}

/* In red where something is wrong: where nothing is, a sync that is left out is as it should be. */
static void skip_print(FILE *to, const struct lanes *l, size_t at, unsigned int cpu, bool wrong)
{
	const double cx = x(l, at), y = lane_y(cpu) + 30;

	fprintf(to, "<path class=\"%s\" d=\"M%.1f,%.1fl18,18m0,-18l-18,18\"/>\n",
		wrong ? "skip wrong" : "skip", cx - 9, y - 9);
	label(to, cx + 12, y + 24, wrong ? "bad bold" : "soft", "sync skipped");
}

/* Where CPUs that have been lazy load an mm again, and how far they have come with its flushes. */
static void catch_up_print(FILE *to, const struct lanes *l, const struct shown *s)
{
	bool lazy[PVTLB_MAX_CPUS] = { false };
	char gen[32];

	for (size_t i = l->from; i < l->until; i++) {
		const struct pvtlb_event *e = &s->stream.event[i];
		const double y = lane_y(e->cpu);

		if (e->cpu >= l->cpus || e->cpu >= PVTLB_MAX_CPUS)
			continue;
		if (e->id == PVTLB_EV_LAZY)
			lazy[e->cpu] = true;
		if (e->id != PVTLB_EV_SWITCH_MM || !e->switch_mm.mm || !lazy[e->cpu])
			continue;
		lazy[e->cpu] = false;
		snprintf(gen, sizeof(gen), "up to gen %llu", (ull)e->switch_mm.tlb_gen);
		fprintf(to, "<path class=\"up\" d=\"M%.1f,%.1fv16\"/>\n", x(l, i), y + 21);
		label(to, x(l, i) > WIDTH - 110 ? x(l, i) - 82 : x(l, i) + 4, y + 24, "soft", gen);
	}
}

/* What the colours are that are in the picture. */
static void key_print(FILE *to, const struct lanes *l, double y)
{
	static const char *const names[SPAN_KINDS] = {
		[SPAN_WALK] = "walk (line above: IRQs off)",
		[SPAN_LEVEL] = "one level of it",
		[SPAN_HELD] = "held by the VMM",
		[SPAN_FLUSH] = "flush",
		[SPAN_IRQ] = "handles an interrupt",
		[SPAN_LAZY] = "lazy TLB mode",
	};
	double at = LEFT;
	bool in[SPAN_KINDS] = { false }, arrow[ARROW_KINDS] = { false };

	for (size_t i = 0; i < l->nr_spans; i++)
		in[l->span[i].kind] = true;
	for (size_t i = 0; i < l->nr_arrows; i++)
		arrow[l->arrow[i].kind] = true;
	for (unsigned int kind = 0; kind < SPAN_KINDS; kind++) {
		if (!in[kind] || !names[kind])
			continue;
		rect(to, span_names[kind], at, y + 2, at + 14, 12);
		label(to, at + 19, y + 12, "soft", names[kind]);
		at += 40 + 7.0 * (double)strlen(names[kind]);
	}
	for (unsigned int kind = 0; kind < ARROW_KINDS; kind++) {
		if (!arrow[kind] || kind == ARROW_WAKE)
			continue;
		fprintf(to, "<path class=\"%s\" d=\"M%.1f,%.1fh22\" marker-end=\"url(#%s)\"/>\n",
			arrow_names[kind], at, y + 8, kind == ARROW_CALL ? "c" : "i");
		label(to, at + 27, y + 12, "soft",
		      kind == ARROW_CALL ? "hypervisor flushes" : "IPI");
		at += kind == ARROW_CALL ? 170 : 70;
	}
}

static void bar_print(FILE *to, const struct lanes *l, const struct bar *bar, double y)
{
	char name[40];

	snprintf(name, sizeof(name), "%#llx", (ull)bar->page);
	label(to, 6, y + 16, "soft", name);
	for (size_t i = 0; i < bar->nr_parts; i++) {
		const struct bar_part *p = &bar->part[i];
		const double from = x(l, p->from), until = x(l, p->to);

		snprintf(name, sizeof(name), "%s", bar_names[p->state]);
		if (p->state == BAR_OWNED && p->mm)
			snprintf(name, sizeof(name), "mm %llu", (ull)p->mm);
		rect(to, bar_names[p->state], from, y + 3, until, BAR - 7);
		if (until - from > 8.0 * (double)strlen(name))
			label(to, from + 4, y + 16, "", name);
	}
	for (size_t i = 0; i < bar->nr_dots; i++)
		fprintf(to, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%d\"/>\n",
			bar->dot[i].bad ? "bad" : "dot", x(l, bar->dot[i].at), y + BAR / 2,
			bar->dot[i].bad ? 7 : 3);
}

static void lanes_print(FILE *to, const struct lanes *l, const struct shown *s)
{
	char name[16];

	for (unsigned int cpu = 0; cpu < l->cpus; cpu++) {
		snprintf(name, sizeof(name), "CPU %u", cpu);
		label(to, 6, lane_y(cpu) + 32, "bold", name);
		fprintf(to, "<path class=\"lane\" d=\"M%.1f,%.1fH%.1f\"/>\n", LEFT,
			lane_y(cpu) + 29, WIDTH - RIGHT);
	}
	for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++)
		for (size_t i = 0; i < l->nr_spans; i++)
			if (l->span[i].kind == places[p].kind)
				span_print(to, l, &l->span[i], &places[p]);
	for (size_t i = 0; i < l->nr_arrows; i++)
		arrow_print(to, l, s, &l->arrow[i]);
	for (size_t i = l->from; i < l->until; i++)
		if (s->stream.event[i].id == PVTLB_EV_SYNC && s->stream.event[i].sync.skipped)
			skip_print(to, l, i, s->stream.event[i].cpu, s->violation);
	catch_up_print(to, l, s);
}

static void head_print(FILE *to, const struct shown *s, double height)
{
	char title[SHOWN_TITLE_MAX];

	fprintf(to,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
		"width=\"%.0f\" height=\"%.0f\">\n%s",
		WIDTH, height, WIDTH, height, style);
	fputs("<defs><pattern id=\"h\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" "
	      "patternTransform=\"rotate(45)\"><rect width=\"8\" height=\"8\" fill=\"#f3c969\" "
	      "opacity=\".35\"/><rect width=\"3\" height=\"8\" fill=\"#f3c969\"/></pattern>",
	      to);
	for (unsigned int i = 0; i < 2; i++)
		fprintf(to,
			"<marker id=\"%c\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" "
			"markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
			"<path d=\"M0,0L8,4L0,8z\" fill=\"%s\"/></marker>",
			i ? 'c' : 'i', i ? "#b06a00" : "#8a4fbf");
	fputs("</defs>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n", to);
	label(to, 6, 20, "bold", shown_title(s, title));
}

int svg_print(FILE *to, const struct shown *s)
{
	const struct bar *bar = NULL;
	struct focus f;
	struct lanes l;

	focus_make(&f, s);
	lanes_make(&l, s, f.from, f.until);
	for (size_t i = 0; f.table && i < l.bars.nr; i++)
		if (l.bars.bar[i].table && l.bars.bar[i].page == f.table)
			bar = &l.bars.bar[i];
	head_print(to, s, lane_y(l.cpus) + 16 + (bar ? BAR : 0) + KEY);
	lanes_print(to, &l, s);
	if (bar)
		bar_print(to, &l, bar, lane_y(l.cpus) + 4);
	key_print(to, &l, lane_y(l.cpus) + 10 + (bar ? BAR : 0));
	fputs("</svg>\n", to);
	lanes_free(&l);
	return fflush(to) || ferror(to) ? -1 : 0;
}
