/* SPDX-License-Identifier: GPL-2.0-only */
/* Templates: texts with places where a violation's fields go. */
#ifndef VMM_ORACLE_TEMPLATE_H
#define VMM_ORACLE_TEMPLATE_H

#include "oracle/describe.h"

/*
 * Fill in a template (base/template.h); in buf, cut off at its length, and returned.
 *
 * A field is named by a path (describe.h), from within the part own. One that the violation has
 * not got is 0 in a choice, and is written as ?.
 */
const char *template_text(const struct violation *v, enum part_id own, const char *template,
			  char *buf, size_t len);

#endif
