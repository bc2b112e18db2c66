/* SPDX-License-Identifier: GPL-2.0-only */
/* An emulated machine with tests in it: started, listened to, and what came of its tests. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "nested.h"
#include "nested_machine.h"
#include "progress.h"
#include "wire.h"

struct remote *remotes;
size_t nr_remotes;

/* Over results, and how machines are, while threads run. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t news = PTHREAD_COND_INITIALIZER;

/* "SUITE<tab>TEST", of this machine's; NULL: it has no such test. */
static struct remote *find(const struct emulated *m, const char *name)
{
	const char *test = strchr(name, '\t');

	for (size_t i = 0; test && i < nr_remotes; i++) {
		struct remote *r = &remotes[i];

		if (r->machine == m && !strcmp(test + 1, r->test->pName) &&
		    strlen(r->suite->name) == (size_t)(test - name) &&
		    !strncmp(r->suite->name, name, test - name))
			return r;
	}
	return NULL;
}

/*
 * A machine that was booted again runs everything once more. What had a result has been shown,
 * and may have been counted: that stays. What it said of the test it hung in is void.
 */
static void forget_unfinished(struct emulated *m)
{
	m->now = NULL;
	for (size_t i = 0; i < nr_remotes; i++) {
		struct result *r = &remotes[i].result;

		if (remotes[i].machine != m || r->outcome != OUTCOME_PENDING)
			continue;
		free(r->said);
		free(r->failures);
		memset(r, 0, sizeof(*r));
	}
}

static void ended(struct remote *r, enum test_outcome outcome)
{
	r->result.outcome = outcome;
	progress_show(r->cu->pName, r->test->pName, &r->result);
}

static void take(struct emulated *m, enum wire_kind kind, const char *text)
{
	struct remote *r = m->now;

	switch (kind) {
	case WIRE_BEGIN:
		forget_unfinished(m);
		break;
	case WIRE_TEST:
		m->now = find(m, text);
		if (m->now && m->now->result.outcome != OUTCOME_PENDING)
			m->now = NULL;
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
	struct emulated *m = arg;
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
static void exec_machine(const struct emulated *m, int to, pid_t parent, char **names)
{
	const char *argv[256];
	char script[4096], part[16], retries[4096];
	size_t n = 0;

	dup2(to, 1);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	snprintf(script, sizeof(script), "%s/nested/run.sh", test_build);
	snprintf(retries, sizeof(retries), "%s/nested/retries.%u", test_build, m->part);
	snprintf(part, sizeof(part), "%u/%u", m->part, m->parts);
	setenv("PVTLB_NESTED_KIND", host_kind_names[nested_kind], 1);
	setenv("PVTLB_NESTED_STREAM", "1", 1);
	/* A test says nothing until it has ended, and the host may be busy with other things. */
	setenv("PVTLB_NESTED_TIMEOUT", "600", 0);
	setenv("PVTLB_NESTED_RETRIES", retries, 1);
	unlink(retries);
	argv[n++] = "sh";
	argv[n++] = script;
	argv[n++] = "tests";
	argv[n++] = "--build";
	argv[n++] = "/";
	argv[n++] = "--kind";
	argv[n++] = host_kind_names[nested_kind];
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

void emulated_start(struct emulated *m, char **names)
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

bool emulated_wait(const struct remote *r)
{
	bool has;

	pthread_mutex_lock(&lock);
	while (r->result.outcome == OUTCOME_PENDING && !r->machine->over)
		pthread_cond_wait(&news, &lock);
	has = r->result.outcome != OUTCOME_PENDING;
	pthread_mutex_unlock(&lock);
	return has;
}

unsigned int emulated_end(struct emulated *m)
{
	char path[4096];
	FILE *retries;
	unsigned int n;

	pthread_join(m->thread, NULL);
	fclose(m->from);
	snprintf(path, sizeof(path), "%s/nested/retries.%u", test_build, m->part);
	retries = fopen(path, "r");
	if (!retries || fscanf(retries, "%u", &n) != 1)
		n = 0;
	if (retries)
		fclose(retries);
	return n;
}
