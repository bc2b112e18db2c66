/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Manual pages from tables: copies a page from standard input to standard output, and puts what
 * the guest image and the events say of themselves where a line `.\" @WHAT` stands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "base/words.h"
#include "cli/scenarios.h"
#include "events/events.h"
#include "events/value.h"
#include "show/sentence.h"

/* A line of text, in which nothing is a request or an escape, with a stop behind it. */
static void sentence(const char *text)
{
	if (*text == '.' || *text == '\'')
		printf("\\&");
	for (; *text; text++) {
		if (*text == '\\')
			printf("\\e");
		else
			putchar(*text);
	}
	puts(".");
}

static void item(const char *name)
{
	printf(".It Cm %s\n", name);
}

/* --- scenarios --- */

/* end: what stands behind it. */
static void print_when(const char *before, uint32_t id, uint32_t word, uint64_t value,
		       const char *end)
{
	const struct event_arg *arg = word == PVTLB_HOLD_ANY ? NULL : event_arg_at(id, word);

	printf("%s\n.Cm %s", before, event_names[id]);
	if (arg) {
		printf("\nwith %s=", event_arg_label(arg));
		value_print(stdout, arg->kind, &value);
	}
	/* On a request's line punctuation is a word. */
	printf("%s%s\n", arg || !*end ? "" : " ", end);
}

static void print_hold(const struct pvtlb_hold *hold)
{
	static const char *const who[PVTLB_HOLD_NR] = {
		[PVTLB_HOLD_LEADER] = "CPU 0",
		[PVTLB_HOLD_FIRST] = "CPU 1",
		[PVTLB_HOLD_LAST] = "the last CPU",
		[PVTLB_HOLD_WORKERS] = "every CPU but 0",
	};

	if (hold->cpus == PVTLB_HOLD_NONE)
		return;
	printf("Held: %s", who[hold->cpus]);
	print_when(", at", hold->at, hold->at_arg, hold->at_value, "");
	print_when("until", hold->until, hold->until_arg, hold->until_value, ".");
}

static void print_scenario(const struct pvtlb_scenario *s)
{
	const uint64_t claims = s->flags & PVTLB_CLAIMS;

	item(s->name);
	sentence(s->title);
	printf(".br\nClaims:%s", claims ? "" : " none");
	for (unsigned int i = 0, nr = 0; i < words_claims.nr; i++)
		if (claims >> i & 1)
			printf("%s %s", nr++ ? "," : "", words_claims.name[i]);
	puts(".");
	if (s->min_cpus == s->max_cpus)
		printf("CPUs: %u.\n", s->min_cpus);
	else
		printf("CPUs: %u to %u.\n", s->min_cpus, s->max_cpus);
	printf("Groups:");
	for (size_t i = 0; i < nr_groups; i++)
		if (groups[i].has(s))
			printf(" %s", groups[i].name);
	puts(".");
	for (size_t i = 0; i < PVTLB_HOLDS; i++)
		print_hold(&s->hold[i]);
}

static void print_scenarios(const struct image *image)
{
	for (unsigned int i = 0; i < image->nr_scenarios; i++)
		print_scenario(&image->scenario[i]);
}

static void print_groups(const struct image *image)
{
	(void)image;
	for (size_t i = 0; i < nr_groups; i++) {
		item(groups[i].name);
		sentence(groups[i].what);
	}
}

/* --- events --- */

/* What stands for a value of that kind in an example. */
static uint64_t sample(enum pvtlb_kind kind, bool yes)
{
	static const uint64_t of[PVTLB_KIND_NR] = {
		[PVTLB_KIND_COUNT] = 5,
		[PVTLB_KIND_SEQ] = 7,
		[PVTLB_KIND_MM] = 1,
		[PVTLB_KIND_CPU] = 2,
		[PVTLB_KIND_CPUS] = 0x6,
		[PVTLB_KIND_GVA] = 0x100000000000,
		[PVTLB_KIND_GPA] = 0x4a5000,
		[PVTLB_KIND_SPACE] = 0x11c0000,
		[PVTLB_KIND_TABLE] = 0x11c1000,
		[PVTLB_KIND_END] = 0x100000200000,
		[PVTLB_KIND_SHIFT] = 21,
		[PVTLB_KIND_PTE] = 0x4a5067,
		[PVTLB_KIND_HEX] = 0xfc,
		[PVTLB_KIND_FAULT] = PVTLB_FAULT_SKIP_IPI,
	};

	if (kind == PVTLB_KIND_BOOL)
		return yes;
	/* Of names the first one; not every table of them begins at 0. */
	return kind_docs[kind] ? of[kind] : !value_name(kind, 0);
}

static const char *example(unsigned int id, bool yes, char *buf, size_t len)
{
	struct pvtlb_event e = { .id = id, .cpu = 3 };
	uint64_t *word = e.arg;

	for (const struct event_arg *arg = event_args[id]; arg->name; word += arg++->words)
		*word = sample(arg->kind, yes);
	return event_sentence(&e, buf, len);
}

static void print_event(unsigned int id)
{
	char no[SENTENCE_MAX], yes[SENTENCE_MAX];

	item(event_names[id]);
	sentence(event_docs[id]);
	if (event_is_ours(id))
		puts("Written by the VMM.");
	if (event_args[id][0].name) {
		printf(".br\nArguments:");
		for (const struct event_arg *arg = event_args[id]; arg->name; arg++)
			printf(" %s=%s", event_arg_label(arg), kind_names[arg->kind]);
		puts(".");
	} else {
		puts(".br\nNo arguments.");
	}
	printf(".br\nIn a story: ");
	sentence(example(id, true, yes, sizeof(yes)));
	if (strcmp(yes, example(id, false, no, sizeof(no)))) {
		printf("Or: ");
		sentence(no);
	}
}

static void print_events(const struct image *image)
{
	unsigned int order[EVENTS_NR];

	(void)image;
	names_sort(&event_names[EVENT_FIRST], EVENTS_NR, order);
	for (unsigned int i = 0; i < EVENTS_NR; i++)
		print_event(EVENT_FIRST + order[i]);
}

static void print_values(const struct image *image)
{
	unsigned int order[PVTLB_KIND_NR];
	char form[256];

	(void)image;
	names_sort(kind_names, PVTLB_KIND_NR, order);
	for (unsigned int i = 0; i < PVTLB_KIND_NR; i++) {
		const unsigned int kind = order[i];

		item(kind_names[kind]);
		if (kind_docs[kind])
			printf("%s, as ", kind_docs[kind]);
		value_expected(kind, form, sizeof(form));
		for (const char *at = form; *at; at++)
			printf(*at == '|' ? ", " : "%c", *at);
		puts(".");
	}
}

/* --- the page --- */

static const struct {
	const char *mark;
	void (*print)(const struct image *image);
} parts[] = {
	{ "scenarios", print_scenarios },
	{ "groups", print_groups },
	{ "events", print_events },
	{ "values", print_values },
};

/* False: there is no such mark. */
static bool print_part(const char *mark, const struct image *image)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(mark, parts[i].mark))
			continue;
		parts[i].print(image);
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	struct image image;
	char line[1024];

	if (argc != 2) {
		fprintf(stderr, "usage: pages IMAGE <FRAME >PAGE\n");
		return STATUS_USAGE;
	}
	if (load_image(&image, argv[1], &err)) {
		fprintf(stderr, "pages: %s\n", err.text);
		return err.status;
	}
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		if (strncmp(line, ".\\\" @", 5)) {
			puts(line);
		} else if (!print_part(line + 5, &image)) {
			fprintf(stderr, "pages: no part is called %s\n", line + 5);
			return STATUS_FAIL;
		}
	}
	free_image(&image);
	return ferror(stdin) || fflush(stdout) || ferror(stdout) ? STATUS_FAIL : STATUS_OK;
}
