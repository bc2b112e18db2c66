/* SPDX-License-Identifier: GPL-2.0-only */
/* Schedules at the command line: run again, shown, and tied to their image. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/signals.h"
#include "base/stream.h"
#include "cli/schedules.h"
#include "explore/host/host.h"
#include "explore/kvm.h"
#include "explore/stream.h"
#include "show/story.h"

#define TIMEOUT 60u /* seconds without a point */

/* FNV-1a: Fowler, Noll and Vo; draft-eastlake-fnv, section 2. */
uint64_t schedule_image(const struct image *image)
{
	uint64_t hash = 0xcbf29ce484222325ull;

	for (size_t i = 0; i < image->file_len; i++)
		hash = (hash ^ image->file[i]) * 0x100000001b3ull;
	return hash;
}

int schedule_engine(struct engine *engine, bool on_kvm, const struct host *host,
		    const struct images *images, const struct run_config *config, struct error *err)
{
	const struct image *image = &images->image[config->paravirt];
	struct run_config mine = *config;

	/* The first trial of a machine is not like those behind it. */
	mine.trials = 2;
	/* No file has it. */
	if (!mine.timeout)
		mine.timeout = TIMEOUT;
	config = &mine;
	return on_kvm ? explore_kvm_open(host, image, config, engine, err)
		      : explore_host_open(engine, image, config, NULL, MEMORY_SC, err);
}

int schedule_replay(struct engine *engine, const struct subject *subject,
		    const struct schedule *schedule, uint64_t stream, const char *wrong,
		    unsigned int times, struct replays *out,
		    int (*first)(void *ctx, const struct subject *subject, struct engine *engine,
				 struct error *err),
		    void *ctx, struct error *err)
{
	struct attempt *attempt = malloc(sizeof(*attempt));
	int ret = 0;

	if (!attempt)
		abort();
	*out = (struct replays){ 0 };
	while (out->times < times && !ret && !signals_caught()) {
		struct event_stream events;
		size_t from;

		ret = schedule_run(engine, schedule, true, attempt, err);
		if (!ret && attempt->ending == ENDING_NOT_SO)
			ret = fail(err, STATUS_FAIL,
				   "there is no such schedule: a switch is at a place that is not "
				   "reached, or to a CPU that cannot go on there");
		if (!ret)
			ret = wrong_of(subject, engine, attempt, &out->last, err);
		if (!ret)
			ret = engine->ops->events(engine, &events, &from, err);
		if (ret)
			break;
		out->same += stream_hash(events.event + from, events.nr - from) == stream;
		out->alike += !strcmp(out->last.is ? wrong_name(&out->last) : "-", wrong);
		if (!out->times++ && first)
			ret = first(ctx, subject, engine, err);
	}
	free(attempt);
	return ret;
}

int schedule_save(const char *path, void (*write)(FILE *to, const void *what), const void *what,
		  struct error *err)
{
	FILE *file = stream_write(path);
	bool ok;

	if (!file)
		return fail(err, STATUS_FAIL, "%s: %s", path, strerror(errno));
	write(file, what);
	ok = !ferror(file);
	if (fclose(file) || !ok)
		return fail(err, STATUS_FAIL, "%s: not all of it could be written", path);
	return 0;
}

static void write_trace(FILE *to, const void *run)
{
	trace_write(to, run);
}

int schedule_show(FILE *to, const struct subject *subject, struct engine *engine, const char *trace,
		  struct error *err)
{
	struct trace_run run;
	struct shown *shown;

	if (subject_run(subject, engine, &run, err))
		return -1;
	if (trace && schedule_save(trace, write_trace, &run, err))
		return -1;
	shown = calloc(1, sizeof(*shown));
	if (!shown)
		abort();
	shown_make(shown, &run);
	if (shown->violation)
		story_print(to, shown);
	free(shown);
	return 0;
}
