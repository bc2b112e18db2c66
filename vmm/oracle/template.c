/* SPDX-License-Identifier: GPL-2.0-only */
/* Templates about violations: their names are paths of a violation's fields. */
#include <stdio.h>

#include "base/template.h"
#include "oracle/field_value.h"
#include "oracle/template.h"

_Static_assert(FIELD_TEXT_MAX <= TEMPLATE_VALUE_MAX, "values are written in place");

struct subject {
	const struct violation *v;
	enum part_id own;
};

static void value_of(const void *ctx, const char *path, size_t len, bool label,
		     char buf[TEMPLATE_VALUE_MAX])
{
	const struct subject *s = ctx;
	const uint64_t *value;
	const struct part_field *f = violation_field(s->v, s->own, path, len, &value);

	if (label)
		field_value_label(f ? f->kind : PVTLB_KIND_COUNT, value, buf);
	else if (f)
		field_value_text(f->kind, value, buf);
	else
		snprintf(buf, TEMPLATE_VALUE_MAX, "?");
}

const char *template_text(const struct violation *v, enum part_id own, const char *template,
			  char *buf, size_t len)
{
	const struct subject s = { v, own };

	return template_fill(value_of, &s, template, buf, len);
}
