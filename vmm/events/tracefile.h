/* SPDX-License-Identifier: GPL-2.0-only */
/* Saved traces (docs/trace.md): writing a run's events, and reading them back from any file. */
#ifndef VMM_TRACEFILE_H
#define VMM_TRACEFILE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/config.h"
#include "base/error.h"
#include "events/events.h"
#include "pvtlb/image.h"

#define TRACE_VERSION	   2u
#define TRACE_LINE_MAX	   2048u /* bytes, without the newline */
#define TRACE_NAME_MAX	   (sizeof(((struct pvtlb_scenario *)0)->name) - 1)

/* The key's variable; unread: the run did not come to its end. */
enum trace_key { TRACE_KEY_UNREAD, TRACE_KEY_OFF, TRACE_KEY_ON, TRACE_KEYS };

/* One run as a file holds it. */
struct trace_run {
	/* Its head, first. Of the configuration, what a judgement takes into account. */
	struct run_config config;
	uint32_t claims; /* PVTLB_CLAIM_* */
	enum trace_key key;
	bool fault_applied;

	struct pvtlb_event *event;
	size_t nr;

	/* Its end line; failed: why the run did not come to its end, "" if it did. */
	bool complete; /* there was an end line */
	uint64_t events, last, lost, unused, malformed;
	char failed[sizeof(((struct error *)0)->text)];

	/* Of a run that was read: the names that its configuration points to; and its lines. */
	char name[4][TRACE_NAME_MAX + 1];
	unsigned int nr_names;
	unsigned long first_line, last_line; /* where it was read; the last whole one */
};

/* Write it, with its end line. Bytes that a trace cannot hold become '?'. */
void trace_write(FILE *to, const struct trace_run *run);

struct trace_reader {
	FILE *from;
	char name[128]; /* of the file, printable, for messages */
	unsigned long line;
	char text[TRACE_LINE_MAX + 1]; /* of that line */
	const char *at;		       /* what of it is not yet read */
	struct error *err;
};

void trace_reader_init(struct trace_reader *r, FILE *from, const char *name, struct error *err);
/*
 * Read the next run: 1, and trace_run_free() is due; 0 at the end of the file; -1 with the
 * reader's err, which names file, line, what was there and what was expected. A run whose end
 * line is missing is the file's last, and not complete.
 */
int trace_read(struct trace_reader *r, struct trace_run *run);
void trace_run_free(struct trace_run *run);

/* Its events; those that its end line counts and that are not there are lost. */
struct event_stream trace_stream(const struct trace_run *run);

#endif
