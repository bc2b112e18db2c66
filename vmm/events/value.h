/* SPDX-License-Identifier: GPL-2.0-only */
/* Values of events' arguments as text, by kind: each value has one way to be written. */
#ifndef VMM_VALUE_H
#define VMM_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "pvtlb/event.h"

/* value: as many words as the kind takes. */
void value_print(FILE *to, enum pvtlb_kind kind, const uint64_t *value);
/*
 * Read what value_print() has written, and move *at behind it. False: it is something else, or
 * written in another way; *at is where it was.
 */
bool value_read(const char **at, enum pvtlb_kind kind, uint64_t *value);
/* The value's name, of a kind that has names; NULL: it has none. */
const char *value_name(enum pvtlb_kind kind, uint64_t value);
/* How such a value is written, for messages: in buf, which is returned. */
const char *value_expected(enum pvtlb_kind kind, char *buf, size_t len);

extern const char *const kind_names[PVTLB_KIND_NR];
/* What it is; NULL: one of the values that value_expected() lists. */
extern const char *const kind_docs[PVTLB_KIND_NR];

/* "2 MiB" of 2^21 bytes: in buf, which is returned. */
#define SIZE_TEXT_MAX 32u
const char *size_text(uint64_t shift, char buf[SIZE_TEXT_MAX]);

#endif
