/* SPDX-License-Identifier: GPL-2.0-only */
/* Two runs beside each other: the rows in which they are not the same. */
#include <stdio.h>
#include <string.h>

#include "base/backend.h"
#include "show/course.h"

enum row { ROW_KEY, ROW_FLUSH, ROW_SYNC, ROW_GRACE, ROW_RELEASE, ROW_USE, ROW_VERDICT };

static const char *const rows[DIGEST_ROWS] = {
	[ROW_KEY] = "the key",
	[ROW_FLUSH] = "its flush",
	[ROW_SYNC] = "the sync for walkers",
	[ROW_GRACE] = "an RCU grace period",
	[ROW_RELEASE] = "T put to another use",
	[ROW_USE] = "T read after that",
	[ROW_VERDICT] = "verdict",
};

static const char *flush_cell(const struct course *c)
{
	return !c->begin      ? "none"
	       : c->interrupt ? "interrupts"
	       : c->served    ? "by the hypervisor"
	       : c->broadcast ? "by broadcast"
	       : c->elided    ? "leaves it out"
			      : "does not interrupt";
}

static const char *release_cell(const struct course *c)
{
	return !c->released					    ? "no"
	       : !c->walk					    ? "yes"
	       : c->walk_end && c->walk_end->seq < c->released->seq ? "after the walk"
								    : "during the walk";
}

void digest_make(struct digest *d, const struct shown *s)
{
	const struct run_config *config = &s->run->config;
	const struct course *c;
	struct course course;
	struct focus f;

	focus_make(&f, s);
	course_make(&course, s, &f);
	c = &course;
	snprintf(d->head, sizeof(d->head), "%s", config->backend->name);
	snprintf(d->cell[ROW_KEY], sizeof(d->cell[0]), "%s%s", s->facts.key.value ? "on" : "off",
		 config->key == KEY_AUTO ? "" : " (forced)");
	snprintf(d->cell[ROW_FLUSH], sizeof(d->cell[0]), "%s", flush_cell(c));
	snprintf(d->cell[ROW_SYNC], sizeof(d->cell[0]), "%s",
		 !c->sync		 ? "none"
		 : c->sync->sync.skipped ? "skipped"
					 : "sent");
	snprintf(d->cell[ROW_GRACE], sizeof(d->cell[0]), "%s", c->grace ? "waited for" : "none");
	snprintf(d->cell[ROW_RELEASE], sizeof(d->cell[0]), "%s", release_cell(c));
	snprintf(d->cell[ROW_USE], sizeof(d->cell[0]), "%s", c->used ? "yes" : "no");
	snprintf(d->cell[ROW_VERDICT], sizeof(d->cell[0]), "%s",
		 verdict_names[s->judgement.verdict]);
}

void digest_compare(FILE *to, const struct digest *a, const struct digest *b)
{
	bool any = false;

	for (unsigned int i = 0; i < DIGEST_ROWS; i++) {
		if (!strcmp(a->cell[i], b->cell[i]))
			continue;
		if (!any)
			fprintf(to, "  %-24s%-24s%s\n", "where they differ", a->head, b->head);
		any = true;
		fprintf(to, "  %-24s%-24s%s\n", rows[i], a->cell[i], b->cell[i]);
	}
	if (!any)
		fprintf(to, "  They do not differ in what is told here.\n");
}
