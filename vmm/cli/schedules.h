/* SPDX-License-Identifier: GPL-2.0-only */
/* What `explore` and `replay` share: engines, schedule files, and what is said of a finding. */
#ifndef VMM_CLI_SCHEDULES_H
#define VMM_CLI_SCHEDULES_H

#include "cli/command_line.h"
#include "explore/file.h"

#define SHARDS_MAX 1000000u /* parts of an exploration */

/* What a schedule was made for: another image has other points. */
uint64_t schedule_image(const struct image *image);

/* An engine for the subject: in this process, or on /dev/kvm. 0, or -1 with err. */
int schedule_engine(struct engine *engine, bool on_kvm, const struct host *host,
		    const struct images *images, const struct run_config *config,
		    struct error *err);

/* What came of running a schedule so often. */
struct replays {
	unsigned int times, same, alike; /* the same stream; the same thing wrong */
	struct wrong last;
};

/*
 * Run it, each time in a new machine; `first`, not NULL, is told of the first one while the engine
 * still has its events. 0, or -1 with err, which is also that there is no such schedule.
 */
int schedule_replay(struct engine *engine, const struct subject *subject,
		    const struct schedule *schedule, uint64_t stream, const char *wrong,
		    unsigned int times, struct replays *out,
		    int (*first)(void *ctx, const struct subject *subject, struct engine *engine,
				 struct error *err),
		    void *ctx, struct error *err);

/*
 * Into the file of that name, as write() does it. 0, or -1 with err, which names the file.
 */
int schedule_save(const char *path, void (*write)(FILE *to, const void *what), const void *what,
		  struct error *err);

/* The engine's trial as a story, and into the trace file if there is one. 0, or -1 with err. */
int schedule_show(FILE *to, const struct subject *subject, struct engine *engine, const char *trace,
		  struct error *err);

#endif
