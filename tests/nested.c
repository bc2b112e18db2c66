/* SPDX-License-Identifier: GPL-2.0-only */
/* The nested lane: tests that need KVM, run in an emulated machine beside this run. */
#include <CUnit/TestRun.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "nested.h"
#include "progress.h"
#include "results.h"
#include "wire.h"

#define PREFIX	 "svm (nested): "
#define MACHINES 2

/* A test of the lane; what came of it is written by the thread that reads its machine's words. */
static struct remote {
	const struct suite *suite;
	CU_pSuite cu;
	CU_pTest test;
	unsigned int machine;
	struct result result;
} * remotes;
static size_t nr_remotes;

static struct machine_run {
	unsigned int nr;
	pid_t pid;
	FILE *from;
	pthread_t thread;
	struct remote *now; /* which its words are about */
	bool complete, over;
	int status;
} machines[MACHINES];
static unsigned int nr_machines;

/* Over all of the above while threads run. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t news = PTHREAD_COND_INITIALIZER;

/* Returns whether there is a result: a machine may end without it. */
static bool wait_for(const struct remote *r)
{
	bool has;

	pthread_mutex_lock(&lock);
	while (r->result.outcome == OUTCOME_PENDING && !machines[r->machine].over)
		pthread_cond_wait(&news, &lock);
	has = r->result.outcome != OUTCOME_PENDING;
	pthread_mutex_unlock(&lock);
	return has;
}

/* "FILE:LINE: CONDITION", as one that failed here. */
static void replay_failure(const char *text)
{
	char file[256];
	unsigned int line;
	int n = 0;

	if (sscanf(text, "%255[^:]:%u: %n", file, &line, &n) < 2 || !n)
		CU_assertImplementation(CU_FALSE, 0, text, "nested", "", CU_FALSE);
	else
		CU_assertImplementation(CU_FALSE, line, text + n, file, "", CU_FALSE);
}

/* What a test of the lane does here: say what came of it there. */
static void replay(void)
{
	CU_pTest test = CU_get_current_test();
	struct result *r = result_of(test);
	struct remote *remote = NULL;
	char *save, *line;

	for (size_t i = 0; i < nr_remotes; i++)
		if (remotes[i].test == test)
			remote = &remotes[i];
	if (!remote || !wait_for(remote)) {
		CU_FAIL("the machine did not come to this test");
		return;
	}
	r->shown = true;
	r->seconds = remote->result.seconds;
	if (remote->result.said)
		text_add(&r->said, remote->result.said);
	if (!remote->result.failures) {
		CU_PASS("in the machine");
		return;
	}
	for (line = strtok_r(remote->result.failures, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		replay_failure(line);
}

void nested_add(const struct suite *s, const struct test *t)
{
	struct remote *last = nr_remotes ? &remotes[nr_remotes - 1] : NULL;
	CU_pSuite suite = last && last->suite == s ? last->cu : NULL;
	char *name;

	if (!suite) {
		if (asprintf(&name, PREFIX "%s", s->name) < 0)
			abort();
		suite = CU_add_suite(name, NULL, NULL);
		free(name);
	}
	remotes = realloc(remotes, (nr_remotes + 1) * sizeof(*remotes));
	if (!remotes)
		abort();
	remotes[nr_remotes] = (struct remote){ .suite = s, .cu = suite };
	remotes[nr_remotes].test = CU_add_test(suite, t->name, replay);
	result_add(suite, remotes[nr_remotes].test);
	nr_remotes++;
}

/* "SUITE<tab>TEST", of this machine's; NULL: it has no such test. */
static struct remote *find(const struct machine_run *m, const char *name)
{
	const char *test = strchr(name, '\t');

	for (size_t i = 0; test && i < nr_remotes; i++) {
		struct remote *r = &remotes[i];

		if (r->machine == m->nr && !strcmp(test + 1, r->test->pName) &&
		    strlen(r->suite->name) == (size_t)(test - name) &&
		    !strncmp(r->suite->name, name, test - name))
			return r;
	}
	return NULL;
}

/* A machine that was booted again: what it said the first time is void. */
static void forget(const struct machine_run *m)
{
	for (size_t i = 0; i < nr_remotes; i++)
		if (remotes[i].machine == m->nr)
			memset(&remotes[i].result, 0, sizeof(remotes[i].result));
}

static void ended(struct remote *r, enum test_outcome outcome)
{
	r->result.outcome = outcome;
	progress_show(r->cu->pName, r->test->pName, &r->result);
}

static void take(struct machine_run *m, enum wire_kind kind, const char *text)
{
	struct remote *r = m->now;

	switch (kind) {
	case WIRE_BEGIN:
		forget(m);
		break;
	case WIRE_TEST:
		m->now = find(m, text);
		break;
	case WIRE_END:
		m->complete = true;
		break;
	case WIRE_SAY:
		if (r)
			text_add(&r->result.said, text);
		break;
	case WIRE_FAIL:
		if (r)
			text_add(&r->result.failures, text);
		break;
	case WIRE_SKIP:
		if (!r)
			break;
		text_add(&r->result.said, text);
		ended(r, OUTCOME_SKIPPED);
		break;
	case WIRE_DONE:
		if (!r)
			break;
		r->result.seconds = strtod(text, NULL);
		ended(r, r->result.failures ? OUTCOME_FAILED : OUTCOME_PASSED);
		break;
	default:
		break;
	}
}

static void *read_machine(void *arg)
{
	struct machine_run *m = arg;
	char line[4096];
	int status;

	while (fgets(line, sizeof(line), m->from)) {
		enum wire_kind kind;
		char *text;

		pthread_mutex_lock(&lock);
		if (wire_read(line, &kind, &text))
			take(m, kind, text);
		pthread_cond_broadcast(&news);
		pthread_mutex_unlock(&lock);
	}
	waitpid(m->pid, &status, 0);
	pthread_mutex_lock(&lock);
	m->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	m->over = true;
	pthread_cond_broadcast(&news);
	pthread_mutex_unlock(&lock);
	return NULL;
}

/* In the child: the machine's script, which goes when the run goes, whatever ends it. */
static void exec_machine(const struct machine_run *m, int to, pid_t parent, char **names)
{
	const char *argv[256];
	char script[4096], part[16], retries[4096];
	size_t n = 0;

	dup2(to, 1);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	snprintf(script, sizeof(script), "%s/nested/run.sh", test_build);
	snprintf(retries, sizeof(retries), "%s/nested/retries.%u", test_build, m->nr);
	snprintf(part, sizeof(part), "%u/%u", m->nr, nr_machines);
	setenv("PVTLB_NESTED_STREAM", "1", 1);
	setenv("PVTLB_NESTED_RETRIES", retries, 1);
	unlink(retries);
	argv[n++] = "sh";
	argv[n++] = script;
	argv[n++] = "tests";
	argv[n++] = "--build";
	argv[n++] = "/";
	argv[n++] = "--part";
	argv[n++] = part;
	if (test_full)
		argv[n++] = "--full";
	while (*names && n < sizeof(argv) / sizeof(argv[0]) - 1)
		argv[n++] = *names++;
	argv[n] = NULL;
	execvp("sh", (char **)argv);
	_exit(127);
}

static void start_machine(struct machine_run *m, char **names)
{
	pid_t parent = getpid();
	int fd[2];

	if (pipe2(fd, O_CLOEXEC))
		abort();
	fflush(NULL);
	m->pid = fork();
	if (!m->pid)
		exec_machine(m, fd[1], parent, names);
	close(fd[1]);
	m->from = fdopen(fd[0], "r");
	if (m->pid < 0 || !m->from || pthread_create(&m->thread, NULL, read_machine, m))
		abort();
}

void nested_start(char **names)
{
	if (!nr_remotes)
		return;
	nr_machines = test_full ? MACHINES : 1;
	for (size_t i = 0; i < nr_remotes; i++)
		for (unsigned int part = 0; part < nr_machines; part++)
			if (nested_in_part(i, part, nr_machines))
				remotes[i].machine = part;
	progress_note("The nested lane: %zu tests that need KVM, on kvm-amd in %s.", nr_remotes,
		      nr_machines > 1 ? "emulated machines" : "an emulated machine");
	for (unsigned int i = 0; i < nr_machines; i++) {
		machines[i].nr = i;
		start_machine(&machines[i], names);
	}
}

void nested_before(CU_pSuite suite)
{
	for (size_t i = 0; i < nr_remotes; i++) {
		struct remote *r = &remotes[i];

		if (r->cu != suite)
			continue;
		if (wait_for(r) && r->result.outcome == OUTCOME_SKIPPED)
			result_skip(result_of(r->test), r->result.said);
		else if (r->result.outcome == OUTCOME_PENDING &&
			 machines[r->machine].status == STATUS_SKIP)
			result_skip(result_of(r->test),
				    "no emulated machine: see the reason above");
	}
}

static void report_retries(const struct machine_run *m)
{
	char path[4096];
	FILE *from;
	int n;

	snprintf(path, sizeof(path), "%s/nested/retries.%u", test_build, m->nr);
	from = fopen(path, "r");
	if (!from || fscanf(from, "%d", &n) != 1)
		n = 0;
	if (from)
		fclose(from);
	if (n)
		progress_note(PROGRESS_LOUD "RETRIED: the emulated machine hung and was booted "
					    "again, %d times",
			      n);
}

unsigned int nested_finish(void)
{
	unsigned int bad = 0, active = 0, failed = 0, none = 0;

	for (unsigned int i = 0; i < nr_machines; i++) {
		struct machine_run *m = &machines[i];

		pthread_join(m->thread, NULL);
		fclose(m->from);
		report_retries(m);
		none += m->status == STATUS_SKIP;
	}
	for (size_t i = 0; i < nr_remotes; i++) {
		active += remotes[i].result.outcome != OUTCOME_SKIPPED;
		failed += remotes[i].result.outcome == OUTCOME_FAILED;
	}
	if (nr_machines && none == nr_machines) {
		progress_note(PROGRESS_LOUD "SKIPPED: the whole nested lane: no emulated machine");
		return 0;
	}
	for (unsigned int i = 0; i < nr_machines; i++) {
		const struct machine_run *m = &machines[i];

		if (m->complete && (!m->status || failed))
			continue;
		progress_note(PROGRESS_LOUD "FAILED: the nested lane %s (status %d)",
			      m->complete ? "failed, and none of its tests did"
					  : "did not come to its end",
			      m->status);
		bad++;
	}
	if (nr_machines && !active) {
		progress_note(PROGRESS_LOUD "FAILED: no test of the nested lane ran");
		bad++;
	}
	return bad;
}
