/* SPDX-License-Identifier: GPL-2.0-only */
/* Violations described: the parts that a kind has, their fields, and these fields' values. */
#ifndef VMM_ORACLE_DESCRIBE_H
#define VMM_ORACLE_DESCRIBE_H

#include "oracle/violation.h"

/* What a field can be: enum pvtlb_kind, and behind that the kinds of violation_table.h. */
enum {
	KINDS_OF_EVENTS = PVTLB_KIND_NR - 1,
#define K(id, type) PVTLB_KIND_##id,
	VIOLATION_FIELD_KINDS(K)
#undef K
};

struct part_field {
	const char *name;   /* NULL: there are no more */
	unsigned int kind;  /* of the enums above */
	unsigned int words; /* of its value; they come behind those of the fields before it */
};
#define PART_FIELDS 11 /* at most, with the NULL */

struct part {
	const char *name, *label, *line; /* the last two: templates */
	struct part_field field[PART_FIELDS];
};
extern const struct part violation_parts[PARTS];
/* What every violation has; no label and no line. */
extern const struct part violation_head;

struct rule {
	const enum part_id *part; /* in the report's order, PARTS behind the last one */
	const char *headline;	  /* what the CPU did */
	const char *from, *until; /* paths of the first and the last event that are listed */
	const char *sentence;	  /* a template */
};
extern const struct rule violation_rules[VIOLATION_KINDS];

/* The violation's struct part_*; NULL: its kind has none such. */
void *violation_part(struct violation *v, enum part_id id);
/* The same as words, in the order of its fields; with PARTS those of the head. */
const uint64_t *violation_words(const struct violation *v, enum part_id id);

/*
 * The field that a path of len bytes names: "part.field", or the name of a field of the part
 * own, if that is not PARTS, or of the head. Returns NULL if the violation has no such field.
 * value: the words of what is in it; zeroes if it is not there.
 */
const struct part_field *violation_field(const struct violation *v, enum part_id own,
					 const char *path, size_t len, const uint64_t **value);
/* The value of one word in the field that a path names from anywhere. */
uint64_t violation_value(const struct violation *v, const char *path);

#endif
