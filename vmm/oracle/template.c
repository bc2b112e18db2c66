/* SPDX-License-Identifier: GPL-2.0-only */
/* Templates: texts with places where a violation's fields go. */
#include <string.h>

#include "oracle/field_value.h"
#include "oracle/template.h"

struct out {
	const struct violation *v;
	enum part_id own;
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

/* Is that what the value is called? */
static bool called(const struct part_field *f, const uint64_t *value, struct piece name)
{
	char text[FIELD_TEXT_MAX];

	field_value_label(f ? f->kind : PVTLB_KIND_COUNT, value, text);
	return strlen(text) == (size_t)(name.end - name.at) &&
	       !memcmp(text, name.at, name.end - name.at);
}

/* Of the alternatives in a piece, the one for the value. */
static struct piece choose(struct piece p, const struct part_field *f, const uint64_t *value)
{
	for (;;) {
		struct piece one = { p.at, find(p, "|") };
		const char *colon = find(one, ":");

		if (one.end == p.end)
			return one;
		if (called(f, value, (struct piece){ one.at, colon }))
			return (struct piece){ colon + 1, one.end };
		p.at = one.end + 1;
	}
}

static void fill(struct out *out, struct piece p);

static void place(struct out *out, struct piece p)
{
	const char *bar = find(p, "|");
	char text[FIELD_TEXT_MAX] = "?";
	const uint64_t *value;
	const struct part_field *f = violation_field(out->v, out->own, p.at, bar - p.at, &value);

	if (bar < p.end) {
		fill(out, choose((struct piece){ bar + 1, p.end }, f, value));
		return;
	}
	if (f)
		field_value_text(f->kind, value, text);
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

const char *template_text(const struct violation *v, enum part_id own, const char *template,
			  char *buf, size_t len)
{
	struct out out = { v, own, buf, len, 0 };

	fill(&out, (struct piece){ template, template + strlen(template) });
	buf[out.used] = 0;
	return buf;
}
