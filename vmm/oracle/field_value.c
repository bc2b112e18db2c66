/* SPDX-License-Identifier: GPL-2.0-only */
/* The values of violations' fields as text, by the field's kind. */
#include <stdio.h>
#include <stdlib.h>

#include "events/value.h"
#include "oracle/describe.h"
#include "oracle/field_value.h"
#include "oracle/leaves.h"

typedef unsigned long long ull;

static const struct pvtlb_source *source_of(const uint64_t *value)
{
	return (const void *)value;
}

const char *field_value_name(unsigned int kind, const uint64_t *value)
{
	static const char *const releases[] = {
#define R(id, value, name) [value] = #name,
		VIOLATION_RELEASES(R)
#undef R
	};

	static const char *const said[] = {
#define S(id, value, name) [value] = #name,
		VIOLATION_SAID(S)
#undef S
	};

	if (kind < PVTLB_KIND_NR)
		return value_name(kind, *value);
	if (kind == PVTLB_KIND_SAID && *value < sizeof(said) / sizeof(said[0]))
		return said[*value];
	if (kind == PVTLB_KIND_SOURCE && !source_of(value)->line)
		return "unknown";
	if (kind == PVTLB_KIND_RELEASE && *value < sizeof(releases) / sizeof(releases[0]))
		return releases[*value];
	return NULL;
}

const char *field_value_label(unsigned int kind, const uint64_t *value, char buf[FIELD_TEXT_MAX])
{
	const char *name = field_value_name(kind, value);

	if (name)
		snprintf(buf, FIELD_TEXT_MAX, "%s", name);
	else
		snprintf(buf, FIELD_TEXT_MAX, "%llu", (ull)*value);
	return buf;
}

static void leaf(uint64_t pte, char buf[FIELD_TEXT_MAX])
{
	if (!(pte & PTE_P))
		snprintf(buf, FIELD_TEXT_MAX, "not mapped");
	else
		snprintf(buf, FIELD_TEXT_MAX, "page %#llx, %s", (ull)(pte & PTE_ADDR),
			 pte & PTE_W ? "writable" : "read-only");
}

const char *field_value_text(unsigned int kind, const uint64_t *value, char buf[FIELD_TEXT_MAX])
{
	FILE *to;

	if (kind == PVTLB_KIND_LEAF) {
		leaf(*value, buf);
		return buf;
	}
	if (kind == PVTLB_KIND_SOURCE) {
		snprintf(buf, FIELD_TEXT_MAX, "%.59s:%u", source_of(value)->file,
			 source_of(value)->line);
		return buf;
	}
	if (kind >= PVTLB_KIND_NR)
		return field_value_label(kind, value, buf);
	to = fmemopen(buf, FIELD_TEXT_MAX, "w");
	if (!to)
		abort();
	value_print(to, kind, value);
	fclose(to);
	buf[FIELD_TEXT_MAX - 1] = 0; /* a set of CPUs may be cut off */
	return buf;
}
