/* SPDX-License-Identifier: GPL-2.0-only */
/* Violations in JSON: by the table of their parts, so that nothing is left out. */
#include <string.h>

#include "oracle/describe.h"
#include "oracle/field_value.h"
#include "oracle/moral.h"
#include "report/json_parts.h"

/* A value of a violation: numbers as such, addresses and entries in hexadecimal, names. */
static json_t *value_json(unsigned int kind, const uint64_t *value)
{
	const char *name = field_value_name(kind, value);
	char text[FIELD_TEXT_MAX];

	switch (kind) {
	case PVTLB_KIND_SOURCE:
		return name ? json_null() : json_string(field_value_text(kind, value, text));
	case PVTLB_KIND_BOOL:
		return json_boolean(*value);
	case PVTLB_KIND_CPUS:
		return json_string(field_value_text(kind, value, text));
	case PVTLB_KIND_GVA:
	case PVTLB_KIND_END:
	case PVTLB_KIND_GPA:
	case PVTLB_KIND_TABLE:
	case PVTLB_KIND_PTE:
	case PVTLB_KIND_LEAF:
	case PVTLB_KIND_HEX:
		return json_hex(*value);
	}
	return name ? json_string(name) : json_integer(*value);
}

static json_t *fields_json(const struct part *part, const uint64_t *word)
{
	json_t *o = json_object();

	for (const struct part_field *f = part->field; f->name; word += f++->words)
		json_object_set_new(o, f->name, value_json(f->kind, word));
	return o;
}

static json_t *parts_json(const struct violation *v)
{
	json_t *o = json_object();

	for (const enum part_id *id = violation_rules[v->kind].part; *id != PARTS; id++)
		json_object_set_new(o, violation_parts[*id].name,
				    fields_json(&violation_parts[*id], violation_words(v, *id)));
	return o;
}

/* What was there before parts were, under the names of then. */
static void first_fields_json(json_t *o, const struct violation *v)
{
	static const struct {
		const char *name, *path;
		bool always;
	} fields[] = {
		{ "initiator", "flush.initiator", true }, { "flush_begin", "flush.begin", true },
		{ "flush_end", "flush.end", true },	  { "address", "access.addr", false },
		{ "reached", "access.page", false },	  { "access", "access.at", false },
	};

	for (unsigned int i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const char *path = fields[i].path;
		const uint64_t *value;
		const struct part_field *f = violation_field(v, PARTS, path, strlen(path), &value);

		if (f || fields[i].always)
			json_object_set_new(o, fields[i].name,
					    f ? value_json(f->kind, value) : json_integer(0));
	}
}

static json_t *violation_json(const struct violation *v)
{
	json_t *o = json_pack("{s:s}", "kind", violation_names[v->kind]);
	const char *said;
	char text[512];

	json_object_update_new(o, fields_json(&violation_head, violation_words(v, PARTS)));
	first_fields_json(o, v);
	json_object_set_new(o, "text", json_string(violation_text(v, text, sizeof(text))));
	said = violation_instead(v, text, sizeof(text));
	json_object_set_new(o, "instead", said ? json_string(said) : json_null());
	said = violation_harm(v, text, sizeof(text));
	json_object_set_new(o, "harm", said ? json_string(said) : json_null());
	json_object_set_new(o, "parts", parts_json(v));
	return o;
}

json_t *json_violations(const struct violations *bad)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < bad->kept; i++)
		json_array_append_new(list, violation_json(&bad->v[i]));
	return list;
}
