/* SPDX-License-Identifier: GPL-2.0-only */
/* A schedule as a small text file (docs/explore.md): what was run, the switches, what came of it.
 */
#ifndef VMM_EXPLORE_FILE_H
#define VMM_EXPLORE_FILE_H

#include "events/tracefile.h"
#include "explore/finding.h"

#define SCHEDULE_VERSION 1u

struct schedule_file {
	struct trace_run run; /* of which the head counts: the configuration, the claims */
	uint64_t image;	      /* a hash of the guest image */
	struct schedule schedule;
	uint64_t stream; /* stream_hash() of its trial */
	char wrong[32];	 /* wrong_name(), or "-": nothing is */
};

void schedule_write(FILE *to, const struct schedule_file *file);
/*
 * 0, or -1 with the reader's err, which names file, line, what was there and what was expected.
 * Names stay the file's own: schedule_file is not to be copied.
 */
int schedule_read(struct trace_reader *r, struct schedule_file *file);

#endif
