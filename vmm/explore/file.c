/* SPDX-License-Identifier: GPL-2.0-only */
/* Schedules written, and read back from any file: nothing in it is trusted. */
#include <string.h>

#include "events/trace_head.h"
#include "explore/file.h"

#define HEAD "# pvtlb-schedule "
#define END  "# end"

static const char *const hows[] = { "park", "hold-irqs", "at-wait", "still" };
static const struct words words_hows = { hows, sizeof(hows) / sizeof(hows[0]) };

void schedule_write(FILE *to, const struct schedule_file *file)
{
	struct trace_words head = trace_head_words();

	fprintf(to, HEAD "%u image=%llu", SCHEDULE_VERSION, (unsigned long long)file->image);
	trace_words_write(to, &file->run, &head);
	fputc('\n', to);
	for (uint32_t i = 0; i < file->schedule.nr; i++) {
		const struct sched_switch *sw = &file->schedule.sw[i];
		char how[64];

		fprintf(to, "cpu=%u at=%u to=%u how=%s\n", sw->cpu, sw->at, sw->to,
			words_of_set(&words_hows, sw->how, how, sizeof(how)));
	}
	fprintf(to, END " switches=%u stream=%llu wrong=%s\n", file->schedule.nr,
		(unsigned long long)file->stream, file->wrong);
}

/* "name=N" behind what is before it. */
static int take_number(struct trace_reader *r, const char *name, uint64_t min, uint64_t max,
		       uint64_t *out)
{
	return lex_need(r, name) || lex_decimal(r, name + (*name == ' '), min, max, out) ? -1 : 0;
}

static int read_head(struct trace_reader *r, struct schedule_file *file)
{
	struct trace_words head = trace_head_words();
	uint64_t version;

	if (!lex_take(r, HEAD))
		return lex_expected(r, "'" HEAD "%u ...', the head of a schedule",
				    SCHEDULE_VERSION);
	if (lex_decimal(r, "the version", 0, UINT32_MAX, &version))
		return -1;
	if (version != SCHEDULE_VERSION)
		return lex_bad(r, "a schedule of version %llu; this pvtlb reads version %u",
			       (unsigned long long)version, SCHEDULE_VERSION);
	if (take_number(r, " image=", 0, UINT64_MAX, &file->image) ||
	    trace_words_read(r, &file->run, &head))
		return -1;
	if (lex_take(r, " "))
		return trace_words_wrong(r, &head, NULL);
	if (file->run.config.cpus > STEP_MAX_CPUS)
		return lex_bad(r, "cpus=%u; a schedule has at most %u", file->run.config.cpus,
			       STEP_MAX_CPUS);
	return lex_end(r);
}

/* In the list's order, each at most once; or "-". */
static int read_how(struct trace_reader *r, uint8_t *how)
{
	int last = -1;

	*how = 0;
	if (lex_take(r, "-"))
		return 0;
	do {
		int i = lex_take_word(r, &words_hows, ",");
		char text[64];

		if (i <= last)
			return lex_expected(r, "how=, of %s in this order, between commas, or -",
					    words_join(&words_hows, text, sizeof(text)));
		*how |= 1u << i;
		last = i;
	} while (lex_take(r, ","));
	return 0;
}

static int read_switch(struct trace_reader *r, struct schedule_file *file)
{
	struct schedule *s = &file->schedule;
	const unsigned int last = file->run.config.cpus - 1;
	uint64_t cpu, at, to;

	if (s->nr == SCHEDULE_MAX)
		return lex_bad(r, "more than %u switches", SCHEDULE_MAX);
	if (take_number(r, "cpu=", 0, last, &cpu) ||
	    take_number(r, " at=", 0, ATTEMPT_MAX_POINTS, &at) ||
	    take_number(r, " to=", 0, last, &to) || lex_need(r, " how=") ||
	    read_how(r, &s->sw[s->nr].how))
		return -1;
	s->sw[s->nr].cpu = cpu;
	s->sw[s->nr].at = at;
	s->sw[s->nr].to = to;
	s->nr++;
	return lex_end(r);
}

static int read_end(struct trace_reader *r, struct schedule_file *file)
{
	uint64_t switches;
	size_t len;

	if (take_number(r, " switches=", 0, SCHEDULE_MAX, &switches) ||
	    take_number(r, " stream=", 0, UINT64_MAX, &file->stream) || lex_need(r, " wrong="))
		return -1;
	if (switches != file->schedule.nr)
		return lex_bad(r, "switches=%llu, but there are %u", (unsigned long long)switches,
			       file->schedule.nr);
	len = strcspn(r->at, " ");
	if (!len || len >= sizeof(file->wrong))
		return lex_expected(r, "what was wrong, a word of 1 to %zu characters",
				    sizeof(file->wrong) - 1);
	memcpy(file->wrong, r->at, len);
	file->wrong[len] = 0;
	r->at += len;
	return lex_end(r);
}

int schedule_read(struct trace_reader *r, struct schedule_file *file)
{
	*file = (struct schedule_file){ 0 };
	if (lex_line(r) != LINE_WHOLE)
		return r->err->status ? -1 : lex_bad(r, "the file ends within its head");
	if (read_head(r, file))
		return -1;
	for (;;) {
		enum line line = lex_line(r);

		if (line == LINE_BAD)
			return -1;
		if (line != LINE_WHOLE)
			return lex_bad(r, "the file ends before its end line");
		if (lex_take(r, END))
			return read_end(r, file);
		if (read_switch(r, file))
			return -1;
	}
}
