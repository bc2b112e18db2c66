/* SPDX-License-Identifier: GPL-2.0-only */
/* Fuzz target: what came of an exploration, as JSON. What is accepted is within its bounds. */
#include <stdio.h>
#include <string.h>

#include "cli/explored.h"
#include "must.h"

/* Nothing that a terminal would obey. */
static void must_be_said(const struct explored *e)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	MUST(to);
	explored_say(to, e);
	MUST(!fclose(to) && len);
	for (size_t i = 0; i < len; i++)
		MUST(text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~'));
	free(text);
}

static void must_be_in_range(const struct explored *e)
{
	MUST(e->shards >= 1 && e->shards <= SHARDS_MAX);
	MUST(e->shard >= 0 && e->shard < e->shards);
	MUST(e->outcome.end < EXPLORE_ENDS);
	MUST(!e->outcome.wrong == !e->wrong);
	MUST(e->outcome.schedule.nr <= SCHEDULE_MAX);
	MUST(explored_status(e) == STATUS_OK || explored_status(e) == STATUS_FAIL ||
	     explored_status(e) == STATUS_SKIP);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	json_t *root = json_loadb((const char *)data, len, JSON_ALLOW_NUL, NULL);
	char why[200] = "";
	struct explored *e = explored_read(root, why, sizeof(why));

	if (e) {
		must_be_in_range(e);
		must_be_said(e);
	} else {
		MUST(*why && strlen(why) < sizeof(why));
	}
	explored_free(e);
	json_decref(root);
	return 0;
}
