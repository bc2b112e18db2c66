/* SPDX-License-Identifier: GPL-2.0-only */
/* The values of violations' fields as text, by the field's kind. */
#ifndef VMM_ORACLE_FIELD_VALUE_H
#define VMM_ORACLE_FIELD_VALUE_H

#include <stddef.h>
#include <stdint.h>

#define FIELD_TEXT_MAX 80u /* bytes that any of them fits into, but for odd sets of CPUs */

/*
 * A value has as many words as its kind (describe.h). The name that it has by its kind; NULL: it
 * has none.
 */
const char *field_value_name(unsigned int kind, const uint64_t *value);
/* Its name, or the number in decimal; in buf, which is returned. */
const char *field_value_label(unsigned int kind, const uint64_t *value, char buf[FIELD_TEXT_MAX]);
/* As it is written in a sentence: "#12", "2 MiB", "page 0x2000, writable"; in buf. */
const char *field_value_text(unsigned int kind, const uint64_t *value, char buf[FIELD_TEXT_MAX]);

#endif
