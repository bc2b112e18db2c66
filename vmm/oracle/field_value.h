/* SPDX-License-Identifier: GPL-2.0-only */
/* The values of violations' fields as text, by the field's kind. */
#ifndef VMM_ORACLE_FIELD_VALUE_H
#define VMM_ORACLE_FIELD_VALUE_H

#include <stddef.h>
#include <stdint.h>

#define FIELD_TEXT_MAX 64u /* bytes that any of them fits into */

/* The name that the value has by its kind (describe.h); NULL: it has none. */
const char *field_value_name(unsigned int kind, uint64_t value);
/* Its name, or the number in decimal; in buf, which is returned. */
const char *field_value_label(unsigned int kind, uint64_t value, char buf[FIELD_TEXT_MAX]);
/* As it is written in a sentence: "#12", "2 MiB", "page 0x2000, writable"; in buf. */
const char *field_value_text(unsigned int kind, uint64_t value, char buf[FIELD_TEXT_MAX]);

#endif
