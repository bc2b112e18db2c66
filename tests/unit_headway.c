/* SPDX-License-Identifier: GPL-2.0-only */
/* How far an exploration is: the line that says it, and when it does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/headway.h"
#include "unit_util.h"

static const struct headway_state half = {
	.doing = "bound 2",
	.schedules = 3000,
	.streams = 40,
	.seconds = 2,
	.done = 0.5,
	.left = 2,
	.first = 7,
	.of = 14,
};

static void test_line(void)
{
	struct headway_state s = half;
	char line[160], short_line[16];

	CU_ASSERT_STRING_EQUAL(headway_line(&s, line, sizeof(line)),
			       "bound 2: 3000 schedules, 1500/s, 40 streams; first switch 7/14; 50 "
			       "%, ~2 s left");
	s.done = 0;
	s.of = 0;
	s.workers = 4;
	CU_ASSERT_STRING_EQUAL(headway_line(&s, line, sizeof(line)),
			       "bound 2: 3000 schedules, 1500/s, 40 streams; 1 of 4 workers");
	CU_ASSERT_STRING_EQUAL(headway_line(&s, short_line, sizeof(short_line)), "bound 2: 3000 s");
}

/* To a file: none before 10 seconds, and then one in 10. */
static void test_times(void)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = tmpfile();
	struct headway h = headway_to(to);
	struct headway_state s = half;
	unsigned int lines = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	for (s.seconds = 1; s.seconds < 9.5; s.seconds++)
		headway_show(&h, &s);
	CU_ASSERT_EQUAL(ftell(to), 0);
	for (; s.seconds < 25.5; s.seconds++)
		headway_show(&h, &s);
	headway_end(&h);
	rewind(to);
	while (getline(&text, &len, to) > 0) {
		CU_ASSERT_EQUAL(strncmp(text, "bound 2: ", 9), 0);
		CU_ASSERT_PTR_NULL(strchr(text, '\033'));
		lines++;
	}
	CU_ASSERT_EQUAL(lines, 2);
	free(text);
	fclose(to);
}

static void test_none(void)
{
	struct headway h = headway_to(NULL);
	struct headway_state s = half;

	s.seconds = 1000;
	headway_show(&h, &s);
	headway_end(&h);
	CU_ASSERT_FALSE(h.shown);
}

SUITE(unit_headway, false, { "the line", test_line }, { "when", test_times },
      { "not at all", test_none });
