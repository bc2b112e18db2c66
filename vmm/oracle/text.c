/* SPDX-License-Identifier: GPL-2.0-only */
/* A violation as one sentence. */
#include "oracle/template.h"

uint64_t violation_found(const struct violation *v)
{
	return violation_value(v, violation_rules[v->kind].until);
}

const char *violation_text(const struct violation *v, char *buf, size_t len)
{
	char what[448];

	template_text(v, PARTS, violation_rules[v->kind].sentence, what, sizeof(what));
	snprintf(buf, len, "%s (trial %llu, step %llu)", what, (unsigned long long)v->trial,
		 (unsigned long long)v->step);
	return buf;
}
