/* SPDX-License-Identifier: GPL-2.0-only */
/* A member of a structure, described: its name, where it is, what it may be. */
#ifndef VMM_FIELD_H
#define VMM_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/words.h"

enum form {
	FORM_NAME,    /* const char *: a name that is no word of a list */
	FORM_BACKEND, /* a backend, and who serves it */
	FORM_WORD,    /* one of a list: its index */
	FORM_SET,     /* some of a list: a bit for each */
	FORM_NUMBER,  /* from min to max */
	FORM_FLAG,    /* bool: there or not */
};

struct field {
	const char *name;
	enum form form;
	size_t at, size; /* of what is described: bytes. Words and numbers have 1 (bool), 4 or 8 */
	const struct words *words; /* WORD and SET */
	uint64_t min, max;	   /* NUMBER; max of a NAME: characters, 0: as many as usual */
	bool optional;		   /* a NAME: NULL, and then it is not written */
};

/* The place of a member, for an initialiser. */
#define FIELD_AT(type, m) .at = offsetof(type, m), .size = sizeof(((type *)0)->m)

/* A member's value, of any form but NAME and BACKEND. base: what is described. */
uint64_t field_get(const void *base, const struct field *f);
void field_set(void *base, const struct field *f, uint64_t value);
/* What a NAME points to, and the name of a WORD's value. */
const char *field_name(const void *base, const struct field *f);
void field_set_name(void *base, const struct field *f, const char *name);
const char *field_word(const void *base, const struct field *f);

#endif
