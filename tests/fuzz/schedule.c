/* SPDX-License-Identifier: GPL-2.0-only */
/* Fuzz target: a schedule's file. What is accepted is what explore would have written. */
#include <stdio.h>
#include <string.h>

#include "explore/file.h"
#include "must.h"

/* Is it, written again, what stood there? */
static void written_so(const struct schedule_file *file, const char *data, size_t len)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	MUST(to);
	schedule_write(to, file);
	MUST(!fclose(to));
	MUST(n <= len && !memcmp(text, data, n));
	free(text);
}

static void must_be_in_range(const struct schedule_file *file)
{
	const struct schedule *s = &file->schedule;

	MUST(file->run.config.cpus >= 1 && file->run.config.cpus <= STEP_MAX_CPUS);
	MUST(s->nr <= SCHEDULE_MAX);
	for (uint32_t i = 0; i < s->nr; i++) {
		MUST(s->sw[i].cpu < file->run.config.cpus && s->sw[i].to < file->run.config.cpus);
		MUST(s->sw[i].at <= ATTEMPT_MAX_POINTS);
		MUST(s->sw[i].how < 2 * SWITCH_STILL);
	}
	MUST(*file->wrong && strlen(file->wrong) < sizeof(file->wrong));
	for (const char *c = file->wrong; *c; c++)
		MUST(*c > ' ' && *c <= '~');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct schedule_file file; /* large */
	FILE *from = len ? fmemopen((void *)data, len, "r") : NULL;
	struct error err = { 0 };
	struct trace_reader reader;
	int got;

	if (!from)
		return 0;
	trace_reader_init(&reader, from, "s", &err);
	got = schedule_read(&reader, &file);
	fclose(from);
	MUST(!got == !err.status);
	if (!got) {
		must_be_in_range(&file);
		written_so(&file, (const char *)data, len);
	}
	for (const char *c = err.text; *c; c++)
		MUST(*c >= ' ' && *c <= '~');
	return 0;
}
