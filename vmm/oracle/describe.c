/* SPDX-License-Identifier: GPL-2.0-only */
/* Violations described, by their table. */
#include <stddef.h>
#include <string.h>

#include "oracle/describe.h"

const char *const violation_names[VIOLATION_KINDS] = {
#define V(id, name, ...) [VIOLATION_##id] = name,
	VIOLATIONS(V)
#undef V
};

#define WORDS(type) (sizeof(type) / sizeof(uint64_t))
_Static_assert(sizeof(struct pvtlb_source) % sizeof(uint64_t) == 0, "a source is words");

#define F(kind, field)		      { #field, PVTLB_KIND_##kind, WORDS(pvtlb_kind_##kind) },
#define P(id, part, label, line, ...) [PART_##id] = { #part, label, line, { __VA_ARGS__ } },
const struct part violation_parts[PARTS] = { VIOLATION_PARTS(P, F) };
#undef P
const struct part violation_head = { "violation", NULL, NULL, { VIOLATION_HEAD(F) } };
#undef F

#define P(id, part)   PART_##id,
#define S(shape, ...) static const enum part_id shape_##shape[] = { __VA_ARGS__ PARTS };
VIOLATION_SHAPES(S, P)
#undef S
#undef P

const struct rule violation_rules[VIOLATION_KINDS] = {
#define V(id, name, shape, headline, from, until, sentence)                                        \
	[VIOLATION_##id] = { shape_##shape, headline, from, until, sentence },
	VIOLATIONS(V)
#undef V
};

static const uint64_t *words_at(const struct violation *v, size_t offset)
{
	return (const uint64_t *)((const char *)v + offset);
}

static size_t nr_words(const struct part *part)
{
	size_t nr = 0;

	for (const struct part_field *f = part->field; f->name; f++)
		nr += f->words;
	return nr;
}

/* The parts of a shape lie one behind the other, and all shapes begin where the union does. */
const uint64_t *violation_words(const struct violation *v, enum part_id id)
{
	const uint64_t *at = words_at(v, offsetof(struct violation, target));

	if (id == PARTS)
		return words_at(v, offsetof(struct violation, cpu));
	for (const enum part_id *p = violation_rules[v->kind].part; *p != PARTS; p++) {
		if (*p == id)
			return at;
		at += nr_words(&violation_parts[*p]);
	}
	return NULL;
}

void *violation_part(struct violation *v, enum part_id id)
{
	return (void *)violation_words(v, id);
}

static bool is(const char *name, const char *text, size_t len)
{
	return strlen(name) == len && !memcmp(name, text, len);
}

static const struct part_field *field_of(const struct part *part, const uint64_t *words,
					 const char *name, size_t len, const uint64_t **value)
{
	for (const struct part_field *f = part->field; words && f->name; words += f++->words)
		if (is(f->name, name, len)) {
			*value = words;
			return f;
		}
	return NULL;
}

/* As many as any value has. */
static const uint64_t none[WORDS(struct pvtlb_source)];

const struct part_field *violation_field(const struct violation *v, enum part_id own,
					 const char *path, size_t len, const uint64_t **value)
{
	const char *dot = memchr(path, '.', len);
	const struct part_field *f = NULL;

	*value = none;
	if (dot) {
		for (enum part_id id = 0; id < PARTS; id++)
			if (is(violation_parts[id].name, path, dot - path))
				return field_of(&violation_parts[id], violation_words(v, id),
						dot + 1, len - (dot + 1 - path), value);
		return NULL;
	}
	if (own != PARTS)
		f = field_of(&violation_parts[own], violation_words(v, own), path, len, value);
	if (!f)
		f = field_of(&violation_head, violation_words(v, PARTS), path, len, value);
	return f;
}

uint64_t violation_value(const struct violation *v, const char *path)
{
	const uint64_t *value;

	violation_field(v, PARTS, path, strlen(path), &value);
	return *value;
}
