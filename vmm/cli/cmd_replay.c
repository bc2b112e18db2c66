/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb replay`: a schedule that was written, run again. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/stream.h"
#include "cli/command.h"
#include "cli/schedules.h"

#define TIMES 10u

/* What is shown of the first one. */
struct showing {
	const char *trace;
};

static int show(void *ctx, const struct subject *subject, struct engine *engine, struct error *err)
{
	const struct showing *s = ctx;

	return schedule_show(stdout, subject, engine, s->trace, err);
}

static int read_file(const char *path, struct schedule_file *file, struct error *err)
{
	FILE *from = stream_read(path);
	struct trace_reader reader;
	int ret;

	if (!from)
		return fail(err, STATUS_FAIL, "%s: %s", path, strerror(errno));
	trace_reader_init(&reader, from, path, err);
	ret = schedule_read(&reader, file);
	fclose(from);
	return ret;
}

/* The same points are in the same image only. */
static int fits(const struct image *image, const struct schedule_file *file, struct error *err)
{
	const uint64_t hash = schedule_image(image);

	if (hash == file->image)
		return 0;
	return fail(
		err, STATUS_FAIL,
		"the schedule is for an image with the hash %llu, and %s has %llu: give the one "
		"that it was made with by --image-pv or --image-nopv, or explore again",
		(unsigned long long)file->image, image->path, (unsigned long long)hash);
}

static int replay_subject(const struct command_line *cl, const struct images *images,
			  const struct host *host, const struct subject *subject,
			  const struct schedule_file *file, struct error *err)
{
	const bool in_process = cl->engine && !strcmp(cl->engine, "process");
	struct showing showing = { cl->trace };
	struct replays replays;
	struct engine engine;
	int ret;

	if (schedule_engine(&engine, !in_process, host, images, &subject->config, err))
		return -1;
	ret = schedule_replay(&engine, subject, &file->schedule, file->stream, file->wrong,
			      cl->times ? cl->times : TIMES, &replays, show, &showing, err);
	engine.ops->close(&engine);
	if (ret)
		return -1;
	printf("%u of %u the same stream, %u of %u %s\n", replays.same, replays.times,
	       replays.alike, replays.times, file->wrong);
	if (replays.last.is)
		printf("%s\n", replays.last.text);
	if (replays.same != replays.times || replays.alike != replays.times)
		return fail(err, STATUS_FAIL, "the schedule did not do the same each time");
	return 0;
}

static int replay(const struct command_line *cl, const struct images *images,
		  const struct host *host, const struct schedule_file *file, struct error *err)
{
	const struct run_config *c = &file->run.config;
	struct run_result *result;
	int ret = -1;

	if (fits(&images->image[c->paravirt], file, err))
		return -1;
	result = result_get();
	if (run_possible(host, images, c, result))
		ret = replay_subject(
			cl, images, host,
			&(struct subject){ .config = result->config, .claims = result->claims },
			file, err);
	else
		fail(err, result->status, "%s", result->judgement.why);
	result_put(result);
	return ret;
}

int cmd_replay(const struct command_line *cl, const struct images *images)
{
	static struct schedule_file file; /* large */
	struct error err = { 0 };
	struct host host;

	if (!cl->nr_words)
		fail(&err, STATUS_USAGE,
		     "replay: no schedule named; pvtlb explore --output writes one");
	if (err.status || read_file(cl->word[0], &file, &err) || host_open(&host, cl->kvm, &err))
		return complain(&err);
	replay(cl, images, &host, &file, &err);
	host_close(&host);
	return err.status ? complain(&err) : STATUS_OK;
}
