/* SPDX-License-Identifier: GPL-2.0-only */
/* What takes long ends in time, and when it is told to; and what is refused for lack of something.
 */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/patience.h"
#include "base/shortage.h"
#include "base/signals.h"
#include "events/tracefile.h"
#include "judge/check.h"
#include "unit_util.h"

#define TRACE "tests/traces/bad-stale.trace"

static void seconds(void)
{
	struct patience p = patience_begin(1.5);

	CU_ASSERT_FALSE(patience_over(&p));
	/* The process was stopped for an hour: of that a second counts. */
	p.last -= 3600;
	CU_ASSERT_FALSE(patience_over(&p));
	p.last -= 3600;
	CU_ASSERT_TRUE(patience_over(&p));
	p.left = 10;
	CU_ASSERT_TRUE(patience_over(&p));
	p = patience_begin(INFINITY);
	p.last -= 3600;
	CU_ASSERT_FALSE(patience_over(&p));
}

static void read_run(struct trace_run *run)
{
	FILE *from = fopen(TRACE, "r");
	struct trace_reader reader;
	struct error err = { 0 };

	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	trace_reader_init(&reader, from, TRACE, &err);
	CU_ASSERT_EQUAL_FATAL(trace_read(&reader, run), 1);
	fclose(from);
}

/* A stream of which the reader has no time left says nothing; one with time, what it says. */
static void oracles(void)
{
	static const double left[] = { -1, 1000 };
	struct trace_run run;

	read_run(&run);
	for (size_t i = 0; i < NR_OF(left); i++) {
		const struct oracle_terms terms = terms_of(&run.config, run.claims);
		struct event_stream stream = trace_stream(&run);
		struct patience p = patience_begin(left[i]);
		static struct findings found;

		stream.patience = &p;
		oracle(&stream, &terms, &found);
		CU_ASSERT_EQUAL(found.safe.gave_up, left[i] < 0);
		CU_ASSERT_EQUAL(found.violated, left[i] > 0);
		CU_ASSERT_EQUAL(p.over, left[i] < 0);
	}
	trace_run_free(&run);
}

/* In a process of its own, which is told to stop before it judges. */
static void told(void)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid) {
		static struct run_facts facts;
		struct judgement j;
		struct trace_run run;

		signals_init();
		read_run(&run);
		raise(SIGTERM);
		raise(SIGTERM);
		check_run(&run, &facts, &j);
		_exit(j.verdict == VERDICT_UNKNOWN &&
				      !strcmp(j.why,
					      "ended by signal 15 while its events were judged")
			      ? 42
			      : 1);
	}
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 42, "status %#x", status);
}

static void shortages(void)
{
	static const struct {
		int errnum, status;
		const char *says;
	} cases[] = {
		{ EMFILE, STATUS_FAIL,
		  "x 7: Too many open files: raise the limit of open files (ulimit -n, now " },
		{ ENFILE, STATUS_FAIL,
		  "x 7: Too many open files in system: raise the machine's limit" },
		{ EAGAIN, STATUS_FAIL,
		  "raise the limit of processes and threads (ulimit -u, now " },
		{ ENOMEM, STATUS_FAIL, "x 7: Cannot allocate memory: more memory is needed (" },
		{ ENOTTY, STATUS_SKIP, "x 7: Inappropriate ioctl for device" },
		{ EINVAL, STATUS_SKIP, "x 7: Invalid argument" },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct error err = { 0 };

		fail_errno(&err, STATUS_SKIP, cases[i].errnum, "x %d", 7);
		EXPECT(err.status == cases[i].status && strstr(err.text, cases[i].says) &&
			       is_shortage(cases[i].errnum) == (err.status == STATUS_FAIL),
		       "case %zu: %d, %s", i, err.status, err.text);
	}
}

SUITE(unit_patience, false, { "seconds", seconds }, { "oracles", oracles },
      { "told to stop", told }, { "shortages", shortages });
