/* SPDX-License-Identifier: GPL-2.0-only */
/* Letting CPUs go on, and saying why they have stopped (GDB manual, appendix E.2 and E.3). */
#include <stdlib.h>
#include <string.h>

#include "gdb/hex.h"
#include "gdb/session.h"
#include "machine/state.h"

int gdb_thread(const char **at, unsigned int cpus)
{
	uint64_t id;

	if (!strncmp(*at, "-1", 2)) {
		*at += 2;
		return -1;
	}
	if (!hex_number(at, &id) || id > cpus)
		return -2;
	return (int)id - 1;
}

/* One action: a letter, what belongs to it, and for whom. */
static bool parse_action(const char *text, unsigned int cpus, struct stop_go *action, int *cpu)
{
	uint64_t signal;

	*action = (struct stop_go){ .how = strchr("cC", *text) ? GO_RUN : GO_STEP };
	*cpu = -1;
	if (!*text || !strchr("cCsSr", *text))
		return false;
	switch (*text++) {
	case 'C':
	case 'S':
		/* A guest has no signals: there is nothing to give it. */
		if (!hex_number(&text, &signal))
			return false;
		break;
	case 'r':
		if (!hex_number(&text, &action->start) || *text++ != ',' ||
		    !hex_number(&text, &action->end))
			return false;
		break;
	}
	if (*text == ':') {
		text++;
		*cpu = gdb_thread(&text, cpus);
	}
	return *cpu != -2 && !*text;
}

bool gdb_parse_resume(const char *text, unsigned int cpus, struct stop_go *go)
{
	char copy[PACKET_MAX + 1], *action;

	for (unsigned int cpu = 0; cpu < cpus; cpu++)
		go[cpu] = (struct stop_go){ .how = GO_STAY };
	if (strlen(text) > PACKET_MAX)
		return false;
	strcpy(copy, text);
	/* Of several that are about a CPU the first one counts. */
	for (char *rest = copy; (action = strsep(&rest, ";"));) {
		struct stop_go one;
		int only;

		if (!parse_action(action, cpus, &one, &only))
			return false;
		for (unsigned int cpu = 0; cpu < cpus; cpu++)
			if ((only < 0 || (unsigned int)only == cpu) && go[cpu].how == GO_STAY)
				go[cpu] = one;
	}
	return true;
}

static bool go_on(struct gdb *gdb, const struct stop_go *go)
{
	gdb->running = true;
	stops_go(gdb->m->stops, go);
	return false;
}

bool gdb_resume(struct gdb *gdb, const char *text, struct reply *reply)
{
	struct stop_go go[PVTLB_MAX_CPUS];

	if (gdb_parse_resume(text, gdb->m->nr_vcpus, go))
		return go_on(gdb, go);
	reply_error(reply, GDB_EINVAL);
	return true;
}

/* 'c' and 's' of old: all go on, and one of them by one instruction only. Not from elsewhere. */
static bool all_go(struct gdb *gdb, const char *text, struct reply *reply, int steps)
{
	struct stop_go go[PVTLB_MAX_CPUS];

	if (*text) {
		reply_error(reply, GDB_EINVAL);
		return true;
	}
	for (unsigned int cpu = 0; cpu < gdb->m->nr_vcpus; cpu++)
		go[cpu] = (struct stop_go){ .how = (int)cpu == steps ? GO_STEP : GO_RUN };
	return go_on(gdb, go);
}

bool gdb_continue(struct gdb *gdb, const char *text, struct reply *reply)
{
	return all_go(gdb, text, reply, -1);
}

bool gdb_step(struct gdb *gdb, const char *text, struct reply *reply)
{
	return all_go(gdb, text, reply, gdb->step_cpu_set ? gdb->step_cpu : gdb->cpu);
}

bool gdb_stop_reason(struct gdb *gdb, const char *text, struct reply *reply)
{
	const bool asked = gdb->stop.why == STOP_ASKED;

	(void)text;
	reply_print(reply, "T%02xthread:%x;%s", asked ? GDB_SIGINT : GDB_SIGTRAP,
		    (asked ? gdb->cpu : gdb->stop.cpu) + 1,
		    gdb->stop.why == STOP_BREAKPOINT && gdb->tells_swbreak ? "swbreak:;" : "");
	return true;
}

void gdb_let_go(struct gdb *gdb)
{
	struct stop_go go[PVTLB_MAX_CPUS];

	breakpoint_remove_all(&gdb->m->stops->breakpoints, &gdb->m->mem);
	for (unsigned int cpu = 0; cpu < gdb->m->nr_vcpus; cpu++)
		go[cpu] = (struct stop_go){ .how = GO_RUN };
	stops_go(gdb->m->stops, go);
}
