/* SPDX-License-Identifier: GPL-2.0-only */
/* Values of events' arguments as text, by kind: each value has one way to be written. */
#include <string.h>

#include "base/words.h"
#include "events/number.h"
#include "events/value.h"

typedef unsigned long long ull;

#define ALL (~0ull)

static bool take(const char **at, const char *text)
{
	size_t len = strlen(text);

	if (strncmp(*at, text, len))
		return false;
	*at += len;
	return true;
}

/* --- numbers --- */

static void print_decimal(FILE *to, const uint64_t *value)
{
	fprintf(to, "%llu", (ull)*value);
}

static void print_signed(FILE *to, const uint64_t *value)
{
	fprintf(to, "%lld", (long long)*value);
}

static bool read_signed(const char **at, uint64_t *value)
{
	bool negative = take(at, "-");

	if (!number_take_decimal(at, value))
		return false;
	if (negative) {
		*value = -*value;
		return (int64_t)*value < 0;
	}
	return (int64_t)*value >= 0;
}

static void print_hex(FILE *to, const uint64_t *value)
{
	fprintf(to, "%#llx", (ull)*value);
}

/* "all" is the number that no address, end or mm is. */
static void print_or_all(FILE *to, const uint64_t *value, void (*print)(FILE *, const uint64_t *))
{
	if (*value == ALL)
		fputs("all", to);
	else
		print(to, value);
}

static bool read_or_all(const char **at, uint64_t *value, bool (*read)(const char **, uint64_t *))
{
	if (take(at, "all")) {
		*value = ALL;
		return true;
	}
	return read(at, value) && *value != ALL;
}

static void print_end(FILE *to, const uint64_t *value)
{
	print_or_all(to, value, print_hex);
}

static bool read_end(const char **at, uint64_t *value)
{
	return read_or_all(at, value, number_take_hex);
}

static void print_mm(FILE *to, const uint64_t *value)
{
	print_or_all(to, value, print_decimal);
}

static bool read_mm(const char **at, uint64_t *value)
{
	return read_or_all(at, value, number_take_decimal);
}

_Static_assert(PVTLB_MM_ALL == ALL, "one word for both");

static void print_seq(FILE *to, const uint64_t *value)
{
	fprintf(to, "#%llu", (ull)*value);
}

static bool read_seq(const char **at, uint64_t *value)
{
	return take(at, "#") && number_take_decimal(at, value);
}

/* --- sizes --- */

static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };

const char *size_text(uint64_t shift, char buf[SIZE_TEXT_MAX])
{
	if (shift < 64)
		snprintf(buf, SIZE_TEXT_MAX, "%u %s", 1u << shift % 10, units[shift / 10]);
	else
		snprintf(buf, SIZE_TEXT_MAX, "2^%llu B", (ull)shift);
	return buf;
}

static void print_size(FILE *to, const uint64_t *value)
{
	char buf[SIZE_TEXT_MAX];

	fputs(size_text(*value, buf), to);
}

static bool read_size(const char **at, uint64_t *value)
{
	uint64_t nr;

	if (take(at, "2^"))
		return number_take_decimal(at, value) && *value >= 64 && take(at, " B");
	if (!number_take_decimal(at, &nr) || !nr || nr & (nr - 1) || nr >= 1024 || !take(at, " "))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!take(at, units[i]))
			continue;
		*value = 10 * i + __builtin_ctzll(nr);
		return *value < 64;
	}
	return false;
}

/* --- sets of CPUs --- */

static bool has(const uint64_t *set, unsigned int cpu)
{
	return cpu < 64 * PVTLB_CPUSET_WORDS && set[cpu / 64] >> (cpu % 64) & 1;
}

static void print_cpus(FILE *to, const uint64_t *set)
{
	const char *between = "";

	for (unsigned int cpu = 0, last; cpu < 64 * PVTLB_CPUSET_WORDS; cpu = last + 1) {
		last = cpu;
		if (!has(set, cpu))
			continue;
		while (has(set, last + 1))
			last++;
		fprintf(to, last > cpu ? "%s%u-%u" : "%s%u", between, cpu, last);
		between = ",";
	}
	if (!*between)
		fputs("none", to);
}

/* Runs in order, none that touches the one before it. */
static bool read_cpus(const char **at, uint64_t *set)
{
	uint64_t first, last, free = 0;

	memset(set, 0, sizeof(struct pvtlb_cpuset));
	if (take(at, "none"))
		return true;
	do {
		if (!number_take_decimal(at, &first) || first < free)
			return false;
		last = first;
		if (take(at, "-") && (!number_take_decimal(at, &last) || last <= first))
			return false;
		if (last >= 64 * PVTLB_CPUSET_WORDS)
			return false;
		for (uint64_t cpu = first; cpu <= last; cpu++)
			set[cpu / 64] |= 1ull << (cpu % 64);
		free = last + 2;
	} while (take(at, ","));
	return true;
}

/* --- values with names; a value that has none is a number --- */

#define V(id, value, name) [value] = #name,
#define N(id, values)                                                                              \
	static const char *const names_##id[] = { values(V) };                                     \
	static const struct words words_##id = { names_##id,                                       \
						 sizeof(names_##id) / sizeof(names_##id[0]) };
PVTLB_NAMED_KINDS(N)
#undef N

static const char *name_of(const struct words *words, uint64_t value)
{
	return value < words->nr ? words->name[value] : NULL;
}

static void print_named(FILE *to, const struct words *words, const uint64_t *value)
{
	const char *name = name_of(words, *value);

	if (name)
		fputs(name, to);
	else
		print_decimal(to, value);
}

static bool read_named(const char **at, const struct words *words, uint64_t *value)
{
	size_t len = strcspn(*at, " ");
	int i = words_find(words, *at, len);

	if (i < 0)
		return number_take_decimal(at, value) && !name_of(words, *value);
	*value = i;
	*at += len;
	return true;
}

/* --- by kind --- */

#define DECIMAL print_decimal, number_take_decimal, "a decimal number", NULL
#define HEX	print_hex, number_take_hex, "0 or 0x and up to 16 digits", NULL
#define NAMED	NULL, NULL, NULL

static const struct form {
	void (*print)(FILE *to, const uint64_t *value);
	bool (*read)(const char **at, uint64_t *value);
	const char *expected;
	const struct words *words; /* or these, and a number where they have none */
} forms[PVTLB_KIND_NR] = {
	[PVTLB_KIND_COUNT] = { DECIMAL },
	[PVTLB_KIND_SEQ] = { print_seq, read_seq, "#12", NULL },
	[PVTLB_KIND_MM] = { print_mm, read_mm, "all, or a decimal number", NULL },
	[PVTLB_KIND_CPU] = { DECIMAL },
	[PVTLB_KIND_CPUS] = { print_cpus, read_cpus, "0-3,7 or none", NULL },
	[PVTLB_KIND_GVA] = { HEX },
	[PVTLB_KIND_GPA] = { HEX },
	[PVTLB_KIND_SPACE] = { print_end, read_end, "all, or 0, or 0x and up to 16 digits", NULL },
	[PVTLB_KIND_TABLE] = { HEX },
	[PVTLB_KIND_END] = { print_end, read_end, "all, or 0, or 0x and up to 16 digits", NULL },
	[PVTLB_KIND_SHIFT] = { print_size, read_size, "4 KiB, 2 MiB, 1 GiB, 512 GiB or 256 TiB",
			       NULL },
	[PVTLB_KIND_PTE] = { HEX },
	[PVTLB_KIND_HEX] = { HEX },
	[PVTLB_KIND_STATUS] = { print_signed, read_signed, "a decimal number, with a sign below 0",
				NULL },
	[PVTLB_KIND_BOOL] = { NAMED, &words_no_yes },
	[PVTLB_KIND_FAULT] = { NAMED, &words_faults },
#define N(id, values) [PVTLB_KIND_##id] = { NAMED, &words_##id },
	PVTLB_NAMED_KINDS(N)
#undef N
};

const char *const kind_names[PVTLB_KIND_NR] = {
#define K(id, ...) [PVTLB_KIND_##id] = #id,
	PVTLB_KINDS(K) PVTLB_NAMED_KINDS(K)
#undef K
};

const char *const kind_docs[PVTLB_KIND_NR] = {
#define K(id, type, doc) [PVTLB_KIND_##id] = doc,
	PVTLB_KINDS(K)
#undef K
};

void value_print(FILE *to, enum pvtlb_kind kind, const uint64_t *value)
{
	const struct form *form = &forms[kind];

	if (form->words)
		print_named(to, form->words, value);
	else
		form->print(to, value);
}

const char *value_name(enum pvtlb_kind kind, uint64_t value)
{
	return forms[kind].words ? name_of(forms[kind].words, value) : NULL;
}

bool value_read(const char **at, enum pvtlb_kind kind, uint64_t *value)
{
	const struct form *form = &forms[kind];
	const char *start = *at;

	if (form->words ? read_named(at, form->words, value) : form->read(at, value))
		return true;
	*at = start;
	return false;
}

const char *value_expected(enum pvtlb_kind kind, char *buf, size_t len)
{
	if (forms[kind].words)
		return words_join(forms[kind].words, buf, len);
	snprintf(buf, len, "%s", forms[kind].expected);
	return buf;
}
