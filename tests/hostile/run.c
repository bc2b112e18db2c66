/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs the hostile image, mode after mode and seed after seed, for so many seconds: pvtlb has to
 * come to an end by itself, in time, within so much memory, and may say "pass" only where what
 * it says does not hang on what was done (modes.h).
 *
 *	run PVTLB HOSTILE.elf SECONDS [MODE [SEED]]
 */
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "modes.h"

#define LIMIT_S	 60u	  /* for one run; --timeout 1 ends a guest after 30 */
#define LIMIT_KB 1500000l /* of memory; a build with ASan takes most of it */
#define MODES	 (sizeof(modes) / sizeof(modes[0]))

static const struct mode {
	const char *name;
	enum hostile_may may;
} modes[] = {
#define M(name, when, may, fn, arg) { #name, may },
	HOSTILE_MODES(M)
#undef M
};

/* Each with a hypervisor of the VMM's; CPUs as many as make it interesting. */
static const struct shape {
	const char *backend, *invlpgb, *cpus;
} shapes[] = {
	{ "native", "n", "3" }, { "kvm", "n", "3" },   { "hyperv", "n", "2" },
	{ "xen", "n", "4" },	{ "pvtlb", "n", "3" }, { "invlpgb", "y", "3" },
	{ "kvm", "n", "8" },
};
#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

struct ran {
	int status; /* wait(2)'s */
	bool late;
	long kb;
	double seconds;
	char out[1 << 16], err[1 << 14];
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void read_back(FILE *from, char *to, size_t len)
{
	rewind(from);
	to[fread(to, 1, len - 1, from)] = 0;
	fclose(from);
}

static void run(const char *pvtlb, const char *image, const struct shape *shape,
		unsigned long long seed, struct ran *ran)
{
	FILE *out = tmpfile(), *err = tmpfile();
	struct rusage usage;
	double began = now();
	char number[32];
	pid_t pid;

	snprintf(number, sizeof(number), "%llu", seed);
	*ran = (struct ran){ 0 };
	if (!out || !err)
		abort();
	pid = fork();
	if (!pid) {
		dup2(fileno(out), STDOUT_FILENO);
		dup2(fileno(err), STDERR_FILENO);
		execl(pvtlb, pvtlb, "run", "hostile", "--image-pv", image, "--json", "--backend",
		      shape->backend, "--invlpgb", shape->invlpgb, "--cpus", shape->cpus,
		      "--paravirt", "y", "--install", "boot", "--provider", "vmm", "--timeout", "1",
		      "--trials", "2", "--seed", number, NULL);
		_exit(126);
	}
	while (!wait4(pid, &ran->status, WNOHANG, &usage)) {
		if (now() - began > LIMIT_S && !ran->late) {
			ran->late = true;
			kill(pid, SIGKILL);
		}
		usleep(2000);
	}
	ran->kb = usage.ru_maxrss;
	ran->seconds = now() - began;
	read_back(out, ran->out, sizeof(ran->out));
	read_back(err, ran->err, sizeof(ran->err));
}

/* What a run says, without what differs from run to run; NULL: no JSON, or not one run. To be
 * freed. */
static char *says(const char *json, bool *passed)
{
	static const char *const varies[] = { "seconds", "seed",   "exits",  "kicks",
					      "events",	 "unused", "served", "counts" };
	json_t *all = json_loads(json, 0, NULL), *runs = json_object_get(all, "runs");
	json_t *one = json_array_size(runs) == 1 ? json_array_get(runs, 0) : NULL;
	const char *verdict = json_string_value(json_object_get(one, "verdict"));
	char *text = NULL;

	*passed = verdict && !strcmp(verdict, "pass");
	for (size_t i = 0; i < sizeof(varies) / sizeof(varies[0]); i++)
		json_object_del(one, varies[i]);
	/* A wake-up of the scenario's may come into a flush that is beside it. */
	json_object_del(json_object_get(one, "delivered"), "interrupted");
	if (one && verdict)
		text = json_dumps(one, JSON_SORT_KEYS | JSON_INDENT(1));
	json_decref(all);
	return text;
}

/* What is wrong with it; NULL: nothing. honest: what is said when nothing was done. */
static const char *wrong(const struct ran *ran, enum hostile_may may, const char *honest,
			 bool *passed)
{
	static char why[256];
	char *said;
	bool same;

	*passed = false;
	if (ran->late)
		return "it did not end in time";
	if (WIFSIGNALED(ran->status)) {
		snprintf(why, sizeof(why), "signal %d", WTERMSIG(ran->status));
		return why;
	}
	if (strstr(ran->err, "Sanitizer") || strstr(ran->err, "runtime error"))
		return "a sanitizer has found something";
	if (strstr(ran->err, "sandbox:"))
		return "a call that the sandbox has not";
	if (strstr(ran->err, "bug:"))
		return "a bug, says the VMM";
	if (ran->kb > LIMIT_KB) {
		snprintf(why, sizeof(why), "%ld KB of memory", ran->kb);
		return why;
	}
	switch (WEXITSTATUS(ran->status)) {
	case 0:
	case 1:
	case 124:
		break;
	default:
		snprintf(why, sizeof(why), "exit status %d", WEXITSTATUS(ran->status));
		return why;
	}
	said = says(ran->out, passed);
	if (!said)
		return "no JSON of one run";
	same = honest && !strcmp(said, honest);
	free(said);
	if (*passed != !WEXITSTATUS(ran->status))
		return "the exit status is not the verdict's";
	if (may == HONEST)
		return *passed ? NULL : "an honest run does not pass";
	if (!*passed || may == OWN)
		return NULL;
	if (may == NEVER)
		return "it passes, and must not";
	return same ? NULL : "it passes, and says something else than an honest run";
}

/* Does a complaint come where it has to? Of an honest run, taken for others. */
static void try_myself(const struct ran *honest, const char *said)
{
	struct ran bad = *honest;
	bool passed;

	if (!wrong(honest, NEVER, said, &passed) || !wrong(honest, AS_IS, "else", &passed) ||
	    wrong(honest, AS_IS, said, &passed))
		abort();
	bad.late = true;
	if (!wrong(&bad, HONEST, said, &passed))
		abort();
	bad = *honest;
	bad.kb = LIMIT_KB + 1;
	if (!wrong(&bad, HONEST, said, &passed))
		abort();
	bad = *honest;
	bad.status = SIGSEGV;
	if (!wrong(&bad, HONEST, said, &passed))
		abort();
	bad = *honest;
	strcpy(bad.err, "==1==ERROR: AddressSanitizer: ");
	if (!wrong(&bad, HONEST, said, &passed))
		abort();
}

/* Of each shape: what an honest run says. */
static char *honest[SHAPES];

static void learn(const char *pvtlb, const char *image)
{
	static struct ran ran;

	for (size_t i = 0; i < SHAPES; i++) {
		bool passed;
		const char *why;

		run(pvtlb, image, &shapes[i], 0, &ran);
		why = wrong(&ran, HONEST, NULL, &passed);
		if (why) {
			printf("hostile: nothing was done with %s, and: %s\n%s%s",
			       shapes[i].backend, why, ran.out, ran.err);
			exit(1);
		}
		honest[i] = says(ran.out, &passed);
		try_myself(&ran, honest[i]);
	}
}

int main(int argc, char **argv)
{
	const double until = now() + (argc > 3 ? atof(argv[3]) : 0);
	const char *only = argc > 4 ? argv[4] : NULL;
	unsigned long long nr = argc > 5 ? strtoull(argv[5], NULL, 10) : 0;
	unsigned int runs = 0, passes = 0, bad = 0, known = 0;
	static struct ran ran;
	double longest = 0;
	long most_kb = 0;

	if (argc < 4) {
		fprintf(stderr, "usage: run PVTLB HOSTILE.elf SECONDS [MODE [SEED]]\n");
		return 2;
	}
	for (size_t i = 0; i < MODES && only; i++)
		known += !strcmp(only, modes[i].name);
	if (only && !known) {
		fprintf(stderr, "hostile: no mode %s\n", only);
		return 2;
	}
	learn(argv[1], argv[2]);
	/* Every mode at least once, however little time there is. */
	for (; !bad && (nr < MODES || now() < until); nr++) {
		const size_t mode = nr % MODES, shape = (nr + nr / MODES) % SHAPES;
		const char *why;
		bool passed;

		if (only && strcmp(only, modes[mode].name))
			continue;
		run(argv[1], argv[2], &shapes[shape], nr / MODES << 8 | mode, &ran);
		why = wrong(&ran, modes[mode].may, honest[shape], &passed);
		runs++;
		passes += passed;
		if (ran.seconds > longest)
			longest = ran.seconds;
		if (ran.kb > most_kb)
			most_kb = ran.kb;
		if (!why)
			continue;
		bad++;
		printf("hostile: %s, %s with %s CPUs, seed %llu: %s\n%s%s\nan honest run "
		       "says:\n%s\n",
		       modes[mode].name, shapes[shape].backend, shapes[shape].cpus, nr, why,
		       ran.out, ran.err, honest[shape]);
	}
	printf("hostile: %u runs of %zu modes, %u passed as honest ones do, the longest took %.1f "
	       "s, "
	       "the largest %ld MB%s\n",
	       runs, MODES, passes, longest, most_kb / 1024, bad ? "" : ": nothing is wrong");
	return bad ? 1 : 0;
}
