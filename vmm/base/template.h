/* SPDX-License-Identifier: GPL-2.0-only */
/* Templates: texts with places where values go. */
#ifndef VMM_TEMPLATE_H
#define VMM_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#define TEMPLATE_VALUE_MAX 80u /* bytes of a value's text; more is cut off */

/*
 * Write the value that a name of len bytes has: as a text, or as a label, which is what choices
 * compare. A name that is not known is the text "?" and the label "0".
 */
typedef void template_value_fn(const void *ctx, const char *name, size_t len, bool label,
			       char buf[TEMPLATE_VALUE_MAX]);

/*
 * Fill in a template; in buf, cut off at its length, and returned.
 *
 *   {name}                     the value's text
 *   {name|a:text|b:text|else}  text, if the value's label is a, and so on. The last one is for
 *                              all other values. Texts may have places.
 */
const char *template_fill(template_value_fn *value, const void *ctx, const char *template,
			  char *buf, size_t len);

#endif
