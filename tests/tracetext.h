/* SPDX-License-Identifier: GPL-2.0-only */
/* Traces as text, for the suites that read, spoil and judge them. */
#ifndef TESTS_TRACETEXT_H
#define TESTS_TRACETEXT_H

#include "events/tracefile.h"
#include "unit_util.h"

/* What a head begins with, up to its first word. */
#define TRACE_HEAD "# pvtlb-trace 2"
_Static_assert(TRACE_VERSION == 2, "what is written here is of this version");

/* A stream of these bytes. */
FILE *trace_open(const char *text, size_t len);
/* What trace_write() makes of a run; to be freed. */
char *trace_text(const struct trace_run *run, size_t *len);
/* Read a file's first run, which is called "t"; what trace_read() returned. */
int trace_read_first(const char *text, size_t len, struct trace_run *run, struct error *err);
/* check_file() of a file "t"; what it printed goes to out, to be freed. */
int trace_check(const char *text, size_t len, char **out, struct error *err);

/* One event of each kind, from the table, so that a new one is tested without a change here. */
size_t trace_all_events(struct pvtlb_event *event);
/* A run with these events, no setting as by default. */
struct trace_run trace_sample(struct pvtlb_event *event, size_t nr);

/* A small run by hand, that holds: its lines. */
#define NR_LINES 11
#define GOOD_END "# end events=9 last=9 lost=0 unused=0 malformed=0"
extern const char *const trace_good[NR_LINES];
/* It with line nr, from 1, replaced; NULL: left out. nr 0: as it is. To be freed. */
char *trace_with_line(unsigned int nr, const char *line);

/* Heads of that run: up to what varies, and between. */
#define CONFIG TRACE_HEAD " scenario=shootdown backend=native paravirt=y invlpgb=n install=boot "
#define CHOICE "key-request=auto policy=patch policy-key=by-patch policy-other=n stress=0 seed=1 "
#define REST   CHOICE "fault=none expect=hold fault-applied=n "

#endif
