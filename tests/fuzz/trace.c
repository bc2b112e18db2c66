/* SPDX-License-Identifier: GPL-2.0-only */
/* Fuzz target: a trace. What is accepted is what a run would have written, and can be judged. */
#include <stdio.h>
#include <string.h>

#include "judge/check.h"
#include "must.h"

/* Is the run, written again, what stood there? */
static size_t written_so(const struct trace_run *run, const char *at, size_t len)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	MUST(to);
	trace_write(to, run);
	MUST(!fclose(to));
	MUST(!run->complete || (n <= len && !memcmp(text, at, n)));
	free(text);
	return n;
}

static void must_be_judged(const struct trace_run *run)
{
	static struct run_facts facts; /* large */
	static struct judgement judgement;

	for (size_t i = 0; i < run->nr; i++)
		MUST(run->event[i].id < PVTLB_EV_NR && run->event[i].cpu < run->config.cpus);
	check_run(run, &facts, &judgement);
	MUST(judgement.verdict <= VERDICT_UNKNOWN);
	/* What is not all there is judged as nothing. */
	MUST(judgement.verdict != VERDICT_PASS || (run->complete && !run->lost && !run->malformed));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	FILE *from = len ? fmemopen((void *)data, len, "r") : NULL;
	struct error err = { 0 };
	struct trace_reader reader;
	struct trace_run run;
	size_t at = 0;
	int got;

	if (!from)
		return 0;
	trace_reader_init(&reader, from, "t", &err);
	while ((got = trace_read(&reader, &run)) > 0) {
		at += written_so(&run, (const char *)data + at, len - at);
		must_be_judged(&run);
		trace_run_free(&run);
	}
	fclose(from);
	MUST(!got == !err.status);
	for (const char *c = err.text; *c; c++)
		MUST(*c >= ' ' && *c <= '~');
	return 0;
}
