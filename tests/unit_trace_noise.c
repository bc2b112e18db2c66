/* SPDX-License-Identifier: GPL-2.0-only */
/* Saved traces: mutated files are read exactly, or refused. */
#include <stdlib.h>
#include <string.h>

#include "judge/check.h"
#include "tracetext.h"

/* One change of a text of len bytes with room for 2 * len. Returns the new length. */
static size_t mutate(struct rnd *rng, char *text, size_t len)
{
	static const char bits[] = "0123456789abcdefx#= ,-\n\r\033\0yn";
	size_t at = rnd_below(rng, len), n = 1 + rnd_below(rng, rnd_below(rng, 8) ? 4 : 200);
	size_t from = rnd_below(rng, len);

	if (n > len - at)
		n = len - at;
	if (n > len - from)
		n = len - from;
	switch (rnd_below(rng, 6)) {
	case 0: /* a bit */
		text[at] ^= 1 << rnd_below(rng, 8);
		return len;
	case 1: /* a byte that belongs somewhere */
		text[at] = bits[rnd_below(rng, sizeof(bits))];
		return len;
	case 2: /* less */
		memmove(text + at, text + at + n, len - at - n);
		return len - n;
	case 3: /* some of it twice */
		memmove(text + at + n, text + at, len - at);
		return len + n;
	case 4: /* a part over another */
		memmove(text + at, text + from, n);
		return len;
	default: /* cut */
		return rnd_below(rng, 20) ? len : at;
	}
}

/*
 * Whatever is read is exactly what would be written: as the grammar leaves no choice, a file
 * that is accepted is one that a run could have left. Messages are short, printable and placed.
 */
static void check_mutant(const char *text, size_t len, unsigned int round)
{
	FILE *from = trace_open(text, len);
	struct error err = { 0 };
	struct trace_reader reader;
	struct trace_run run;
	size_t pos = 0, n;
	char *again;
	int got;

	trace_reader_init(&reader, from, "t", &err);
	while ((got = trace_read(&reader, &run)) > 0) {
		again = trace_text(&run, &n);
		if (run.complete)
			EXPECT(pos + n <= len && !memcmp(text + pos, again, n), "round %u: %s",
			       round, again);
		for (size_t i = 0; i < run.nr; i++)
			EXPECT(run.event[i].id < PVTLB_EV_NR && run.event[i].cpu < run.config.cpus,
			       "round %u", round);
		pos += n;
		free(again);
		trace_run_free(&run);
	}
	fclose(from);
	EXPECT(!got == !err.status && !strncmp(err.text, "t:", got ? 2 : 0), "round %u: %s", round,
	       err.text);
	for (const char *c = err.text; *c; c++)
		EXPECT(*c >= ' ' && *c <= '~', "round %u: %s", round, err.text);
}

static void noise(void)
{
	struct pvtlb_event event[PVTLB_EV_NR];
	struct trace_run all = trace_sample(event, trace_all_events(event));
	char *small = trace_with_line(0, NULL), *large, *text, *out;
	struct rnd rng = { 0x6d757461 };
	unsigned int passed = 0;
	struct error err;
	size_t len, room;

	large = trace_text(&all, &len);
	room = 4 * (strlen(small) + len);
	text = malloc(room);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (unsigned int round = 0; round < 6000; round++) {
		/* Of the exact size, so that ASan sees a look behind it. */
		char *exact;

		len = snprintf(text, room, "%s%s", small, round % 2 ? large : "");
		for (unsigned int i = 1 + rnd_below(&rng, 4); i && len; i--)
			len = mutate(&rng, text, len);
		exact = malloc(len + !len);
		CU_ASSERT_PTR_NOT_NULL_FATAL(exact);
		memcpy(exact, text, len);
		check_mutant(exact, len, round);
		passed += trace_check(exact, len, &out, &err) == STATUS_OK;
		free(out);
		free(exact);
	}
	/* Some changes do no harm; most are found. */
	CU_ASSERT_TRUE(passed > 0 && passed < 600);
	free(text);
	free(small);
	free(large);
}

SUITE(unit_trace_noise, false, { "mutated files", noise });
