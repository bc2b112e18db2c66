/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What came of exploring one configuration: an object of JSON (docs/json.md), of which texts and
 * the reports of several parts are made.
 */
#ifndef VMM_CLI_EXPLORED_H
#define VMM_CLI_EXPLORED_H

#include <jansson.h>

#include "cli/schedules.h"
#include "explore/explore.h"

/* The object's first members: what is explored, and how. image: its hash. */
json_t *explored_new(const struct run_config *config, uint64_t image,
		     const struct explore_options *options);
/* It was not explored; why. */
void explored_skipped(json_t *e, const char *why);
/* What the search came to; with_streams: also which streams there were, for a merge. */
void explored_outcome(json_t *e, const struct outcome *o, bool with_streams);
/* What it found: the schedule, the story of its trial, and what came of it on /dev/kvm. */
void explored_finding(json_t *e, const struct outcome *o, const struct schedule_file *file,
		      const char *story, const struct replays *confirmed);

/* An object, read: its strings stay the object's. */
struct explored {
	const char *title, *skipped; /* the latter NULL: it was explored */
	bool expected;		     /* --expect violation */
	json_t *bound, *random;	     /* of the search; null: not so */
	json_int_t shard, shards;
	struct outcome outcome;	  /* without what it found, but for the next ones */
	const char *wrong, *text; /* NULL: it found nothing */
	const char *story;
	json_int_t times, alike, same; /* on /dev/kvm */
};

/* From any file: nothing in it is trusted. For explored_free(); NULL with why in buf. */
struct explored *explored_read(json_t *e, char *buf, size_t len);
void explored_free(struct explored *e);
/* What it comes to as an exit status. */
int explored_status(const struct explored *e);
/* As text, for people. */
void explored_say(FILE *to, const struct explored *e);
/* All of them as JSON. 0, or -1 with err. The list is taken. */
int explored_print(json_t *list, FILE *to, struct error *err);

/* `pvtlb explore --merge`: its exit status. */
int explored_merge(const struct command_line *cl);

#endif
