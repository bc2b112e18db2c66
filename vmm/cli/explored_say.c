/* SPDX-License-Identifier: GPL-2.0-only */
/* What came of an exploration, as text; and as an exit status. */
#include <string.h>

#include "base/printable.h"
#include "cli/explored.h"

int explored_status(const struct explored *e)
{
	const struct outcome *o = &e->outcome;
	/* A deadlock is never what was expected. */
	const bool harm = o->wrong && strcmp(e->wrong, "deadlock") && strcmp(e->wrong, "panic") &&
			  strcmp(e->wrong, "no-end");

	if (e->skipped)
		return STATUS_SKIP;
	if (o->end == EXPLORE_SIGNAL)
		return STATUS_FAIL;
	if (e->expected)
		return harm ? STATUS_OK : STATUS_FAIL;
	return o->wrong ? STATUS_FAIL : STATUS_OK;
}

/* Of strings that may be from anywhere; lines stay lines. */
static void say_text(FILE *to, const char *text)
{
	for (; *text; text += *text == '\n') {
		char line[1024];
		size_t n = strcspn(text, "\n"), some = n < sizeof(line) ? n : sizeof(line) - 1;

		snprintf(line, sizeof(line), "%.*s", (int)some, text);
		make_printable(line);
		fprintf(to, "%s%s", line, text[n] ? "\n" : "");
		text += n;
	}
}

static void say_verdict(FILE *to, const struct explored *e)
{
	static const char *const ends[EXPLORE_ENDS] = {
		[EXPLORE_THROUGH] = "nothing wrong, all gone through",
		[EXPLORE_LIMIT] = "nothing wrong so far: --max-schedules is reached",
		[EXPLORE_TIME] = "nothing wrong so far: --time is over",
		[EXPLORE_SIGNAL] = "nothing wrong so far: told to stop",
	};
	const struct outcome *o = &e->outcome;

	if (o->wrong) {
		say_text(to, e->wrong);
		fprintf(to, " in %u switch%s%s, found after %llu schedules, %.3f s\n",
			o->schedule.nr, o->schedule.nr == 1 ? "" : "es",
			explored_status(e) ? "" : ", as expected",
			(unsigned long long)o->found_after, o->found_seconds);
		return;
	}
	/* Random ones are never all. */
	if (o->end == EXPLORE_THROUGH && !json_is_null(e->random))
		fprintf(to, "nothing wrong so far: these are some at random");
	else
		fprintf(to, "%s", ends[o->end] ? ends[o->end] : "nothing wrong so far");
	if (o->end == EXPLORE_THROUGH && e->shards > 1 && e->shard >= 0)
		fprintf(to, " of part %lld/%lld", (long long)e->shard, (long long)e->shards);
	fprintf(to, "%s\n", e->expected ? "; a violation was expected" : "");
}

static void say_searched(FILE *to, const struct explored *e)
{
	const struct outcome *o = &e->outcome;
	unsigned int said = 0;

	fprintf(to, "  %llu schedule%s", (unsigned long long)o->schedules,
		o->schedules == 1 ? "" : "s");
	for (unsigned int n = 0; json_is_null(e->random) && n <= EXPLORE_BOUND_MAX; n++)
		if (o->of_bound[n])
			fprintf(to, "%s%llu of %u switch%s", said++ ? ", " : ": ",
				(unsigned long long)o->of_bound[n], n, n == 1 ? "" : "es");
	if (o->executions)
		fprintf(to, ", %llu of any number (and %llu given up: others are the same)",
			(unsigned long long)o->executions, (unsigned long long)o->asleep);
	fprintf(to, "; %zu distinct stream%s; %.2f s, %.0f/s\n", o->streams.nr,
		o->streams.nr == 1 ? "" : "s", o->seconds,
		o->seconds > 0 ? (double)o->schedules / o->seconds : 0);
}

void explored_say(FILE *to, const struct explored *e)
{
	say_text(to, e->title);
	fprintf(to, ": ");
	if (e->skipped) {
		fprintf(to, "not explored: ");
		say_text(to, e->skipped);
		fprintf(to, "\n");
		return;
	}
	say_verdict(to, e);
	say_searched(to, e);
	if (!e->outcome.wrong)
		return;
	fprintf(to, "  ");
	say_text(to, e->text);
	fprintf(to, "\n\n");
	say_text(to, e->story);
	fprintf(to, "  on /dev/kvm: %lld of %lld ", (long long)e->alike, (long long)e->times);
	say_text(to, e->wrong);
	fprintf(to, ", %lld the same stream\n", (long long)e->same);
}
