/* SPDX-License-Identifier: GPL-2.0-only */
/* A member of a structure, described: reading and writing it. */
#include <string.h>

#include "base/field.h"

uint64_t field_get(const void *base, const struct field *f)
{
	const char *at = (const char *)base + f->at;
	uint32_t n32;
	uint64_t n64;

	if (f->size == sizeof(bool))
		return *(const bool *)at;
	if (f->size == sizeof(n32)) {
		memcpy(&n32, at, sizeof(n32));
		return n32;
	}
	memcpy(&n64, at, sizeof(n64));
	return n64;
}

void field_set(void *base, const struct field *f, uint64_t value)
{
	char *at = (char *)base + f->at;
	uint32_t n32 = value;

	if (f->size == sizeof(bool))
		*(bool *)at = value;
	else if (f->size == sizeof(n32))
		memcpy(at, &n32, sizeof(n32));
	else
		memcpy(at, &value, sizeof(value));
}

const char *field_name(const void *base, const struct field *f)
{
	return *(const char *const *)((const char *)base + f->at);
}

void field_set_name(void *base, const struct field *f, const char *name)
{
	*(const char **)((char *)base + f->at) = name;
}

const char *field_word(const void *base, const struct field *f)
{
	return f->words->name[field_get(base, f)];
}
