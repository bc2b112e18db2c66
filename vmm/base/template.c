/* SPDX-License-Identifier: GPL-2.0-only */
/* Templates: texts with places where values go. */
#include <string.h>

#include "base/template.h"

struct out {
	template_value_fn *value;
	const void *ctx;
	char *buf;
	size_t len, used; /* used: without the 0, less than len */
};

/* A piece of a template. */
struct piece {
	const char *at, *end;
};

static void put(struct out *out, const char *text, size_t nr)
{
	size_t room = out->len - 1 - out->used;

	if (nr > room)
		nr = room;
	memcpy(out->buf + out->used, text, nr);
	out->used += nr;
}

/* Where a byte of `ends` stands outside of inner places, or the piece's end. */
static const char *find(struct piece p, const char *ends)
{
	unsigned int depth = 0;

	for (; p.at < p.end; p.at++) {
		if (!depth && strchr(ends, *p.at))
			break;
		if (*p.at == '{')
			depth++;
		else if (*p.at == '}')
			depth--;
	}
	return p.at;
}

/* Of the alternatives in a piece, the one for the label. */
static struct piece choose(struct piece p, const char *label)
{
	for (;;) {
		struct piece one = { p.at, find(p, "|") };
		const char *colon = find(one, ":");

		if (one.end == p.end)
			return one;
		if (strlen(label) == (size_t)(colon - one.at) &&
		    !memcmp(label, one.at, colon - one.at))
			return (struct piece){ colon + 1, one.end };
		p.at = one.end + 1;
	}
}

static void fill(struct out *out, struct piece p);

static void place(struct out *out, struct piece p)
{
	const char *bar = find(p, "|");
	char text[TEMPLATE_VALUE_MAX];

	out->value(out->ctx, p.at, bar - p.at, bar < p.end, text);
	if (bar < p.end)
		fill(out, choose((struct piece){ bar + 1, p.end }, text));
	else
		put(out, text, strlen(text));
}

static void fill(struct out *out, struct piece p)
{
	while (p.at < p.end) {
		const char *open = find(p, "{");

		put(out, p.at, open - p.at);
		if (open == p.end)
			break;
		p.at = find((struct piece){ open + 1, p.end }, "}");
		place(out, (struct piece){ open + 1, p.at });
		p.at++;
	}
}

const char *template_fill(template_value_fn *value, const void *ctx, const char *template,
			  char *buf, size_t len)
{
	struct out out = { value, ctx, buf, len, 0 };

	fill(&out, (struct piece){ template, template + strlen(template) });
	buf[out.used] = 0;
	return buf;
}
