/* SPDX-License-Identifier: GPL-2.0-only */
/* Outcomes of parts: put together, and sent from one process to another. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore/outcome.h"

const char *const explore_end_names[EXPLORE_ENDS] = {
	[EXPLORE_THROUGH] = "through", [EXPLORE_FOUND] = "found",   [EXPLORE_LIMIT] = "limit",
	[EXPLORE_TIME] = "time",       [EXPLORE_SIGNAL] = "signal",
};

/* Found counts most: then it does not matter how far the others came. */
static enum explore_end end_of_both(enum explore_end a, enum explore_end b)
{
	if (a == EXPLORE_FOUND || b == EXPLORE_FOUND)
		return EXPLORE_FOUND;
	return a > b ? a : b;
}

void outcome_merge(struct outcome *to, const struct outcome *part)
{
	to->end = end_of_both(to->end, part->end);
	to->schedules += part->schedules;
	for (unsigned int i = 0; i <= EXPLORE_BOUND_MAX; i++)
		to->of_bound[i] += part->of_bound[i];
	if (part->bounds < to->bounds)
		to->bounds = part->bounds;
	to->not_so += part->not_so;
	to->executions += part->executions;
	to->asleep += part->asleep;
	for (size_t i = 0; i < part->streams.room; i++)
		if (part->streams.slot[i])
			hashes_add(&to->streams, part->streams.slot[i]);
	if (part->streams.has_zero)
		hashes_add(&to->streams, 0);
	if (part->seconds > to->seconds)
		to->seconds = part->seconds;
	to->shrink_tried += part->shrink_tried;
	/* The smaller one, or else the one that was found sooner. */
	if (part->wrong &&
	    (!to->wrong || part->schedule.nr < to->schedule.nr ||
	     (part->schedule.nr == to->schedule.nr && part->found_after < to->found_after))) {
		to->first = part->first;
		to->schedule = part->schedule;
		to->switches_found = part->switches_found;
		to->found_seconds = part->found_seconds;
		to->found_after = part->found_after;
	}
	to->wrong += part->wrong;
}

void outcome_free(struct outcome *outcome)
{
	hashes_free(&outcome->streams);
}

static int write_all(int fd, const void *from, size_t len)
{
	const char *at = from;

	while (len) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		at += n;
		len -= n;
	}
	return 0;
}

/* Less than that: errno is EPIPE. */
static int read_all(int fd, void *to, size_t len)
{
	char *at = to;

	while (len) {
		ssize_t n = read(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (!n)
			errno = EPIPE;
		if (n <= 0)
			return -1;
		at += n;
		len -= n;
	}
	return 0;
}

int outcome_send(int fd, const struct outcome *outcome)
{
	const struct hashes *set = &outcome->streams;

	return write_all(fd, outcome, sizeof(*outcome)) ||
			       write_all(fd, set->slot, set->room * sizeof(*set->slot))
		       ? -1
		       : 0;
}

int outcome_receive(int fd, struct outcome *outcome)
{
	struct hashes *set = &outcome->streams;

	if (read_all(fd, outcome, sizeof(*outcome)))
		return -1;
	set->slot = calloc(set->room, sizeof(*set->slot));
	if (set->room && !set->slot)
		abort();
	if (!read_all(fd, set->slot, set->room * sizeof(*set->slot)))
		return 0;
	outcome_free(outcome);
	return -1;
}
