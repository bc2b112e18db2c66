/* SPDX-License-Identifier: GPL-2.0-only */
/* Schedule files, written and read; and sets of hashes. */
#include <stdlib.h>
#include <string.h>

#include "explore/file.h"
#include "explore/hashes.h"
#include "tracetext.h"

/* The head of a trace, as a schedule has it. */
static char *head(void)
{
	char *trace = trace_with_line(0, NULL), *text;
	const char *words = trace + strlen(TRACE_HEAD);

	if (asprintf(&text, "# pvtlb-schedule 1 image=7%.*s\n", (int)strcspn(words, "\n"), words) <
	    0)
		abort();
	free(trace);
	return text;
}

static char *file_with(const char *body)
{
	char *text, *first = head();

	if (asprintf(&text, "%s%s", first, body) < 0)
		abort();
	free(first);
	return text;
}

static int read_text(const char *text, struct schedule_file *file, struct error *err)
{
	FILE *from = trace_open(text, strlen(text));
	struct trace_reader reader;
	int ret;

	*err = (struct error){ 0 };
	trace_reader_init(&reader, from, "s", err);
	ret = schedule_read(&reader, file);
	fclose(from);
	return ret;
}

#define GOOD                                                                                       \
	"cpu=1 at=57 to=0 how=-\n"                                                                 \
	"cpu=0 at=112 to=1 how=park,at-wait\n"                                                     \
	"# end switches=2 stream=99 wrong=use-after-deposit\n"

/* What is read is written again as it was. */
static void good(void)
{
	static struct schedule_file file;
	char *text = file_with(GOOD), *again;
	struct error err;
	size_t len;
	FILE *to;

	EXPECT(!read_text(text, &file, &err), "%s", err.text);
	CU_ASSERT_EQUAL(file.image, 7);
	CU_ASSERT_EQUAL(file.stream, 99);
	CU_ASSERT_EQUAL(file.schedule.nr, 2);
	CU_ASSERT_EQUAL(file.schedule.sw[1].how, SWITCH_PARK | SWITCH_AT_WAIT);
	CU_ASSERT_STRING_EQUAL(file.wrong, "use-after-deposit");
	to = open_memstream(&again, &len);
	schedule_write(to, &file);
	fclose(to);
	EXPECT(!strcmp(again, text), "%s\n%s", again, text);
	free(again);
	free(text);
}

/* Each is refused, with the line and what belongs there. */
static void bad(void)
{
	static const struct {
		const char *body, *why;
	} cases[] = {
		{ "", "the file ends before its end line" },
		{ "cpu=1 at=57 to=0 how=-\n", "the file ends before its end line" },
		{ "cpu=9 at=57 to=0 how=-\n", "s:2: expected cpu=, a number from 0 to 1" },
		{ "cpu=1 at=57 to=9 how=-\n", "s:2: expected to=, a number from 0 to 1" },
		{ "cpu=1 at=-1 to=0 how=-\n", "s:2: expected at=, a number from 0 to 2000000" },
		{ "cpu=1 at=4294967296 to=0 how=-\n",
		  "s:2: expected at=, a number from 0 to 2000000" },
		{ "cpu=1 at=57 to=0 how=slow\n", "of park|hold-irqs|at-wait|still in this order" },
		{ "cpu=1 at=57 to=0 how=at-wait,park\n", "in this order" },
		{ "cpu=1 at=57 to=0 how=park,\n", "in this order" },
		{ "cpu=1 at=57 to=0 how=- more\n", "s:2:" },
		{ "at=57 cpu=1 to=0 how=-\n", "s:2:" },
		{ "# end switches=1 stream=99 wrong=-\n", "switches=1, but there are 0" },
		{ "# end switches=0 stream=99 wrong=\n", "what was wrong, a word of 1 to" },
		{ "# end switches=0 stream=x wrong=-\n", "stream=" },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		static struct schedule_file file;
		char *text = file_with(cases[i].body);
		struct error err;

		EXPECT(read_text(text, &file, &err) < 0 && strstr(err.text, cases[i].why),
		       "%zu: %s", i, err.text);
		free(text);
	}
}

/* Cut anywhere, it is none. */
static void cut(void)
{
	char *text = file_with(GOOD);
	size_t len = strlen(text);

	for (size_t n = 0; n < len; n++) {
		static struct schedule_file file;
		char *part = strndup(text, n);
		struct error err;

		EXPECT(read_text(part, &file, &err) < 0 && err.status, "cut at %zu of %zu", n, len);
		free(part);
	}
	free(text);
}

static void hashes(void)
{
	struct hashes set = { 0 };

	for (uint64_t i = 0; i < 100000; i++)
		if (!hashes_add(&set, i * i * 0x9e3779b97f4a7c15ull))
			CU_FAIL("it was not there");
	for (uint64_t i = 0; i < 100000; i++)
		if (hashes_add(&set, i * i * 0x9e3779b97f4a7c15ull))
			CU_FAIL("it was there");
	CU_ASSERT_EQUAL(set.nr, 100000);
	hashes_free(&set);
}

SUITE(unit_schedules, false, { "a schedule, read and written", good }, { "bad lines", bad },
      { "cut off anywhere", cut }, { "a set of hashes", hashes });
