/* SPDX-License-Identifier: GPL-2.0-only */
/* What became of the two CPUs of a story: who was interrupted, who waited for whom. */
#ifndef VMM_SHOW_COURSE_H
#define VMM_SHOW_COURSE_H

#include "show/focus.h"

/* Of the story's flush; NULL: there was no such event. */
struct course {
	const struct pvtlb_event *begin, *end;	   /* the flush */
	const struct pvtlb_event *walk, *walk_end; /* the other's, in whose course it began */
	/* In its course: its reference to a page; a page given back, and its next owner's. */
	const struct pvtlb_event *grab, *given_back, *taken;
	const struct pvtlb_event *interrupt;	   /* the other's first one in the flush */
	const struct pvtlb_event *served, *elided; /* that name the other */
	bool serves; /* the hypervisor says what it does for the flush, for whichever CPUs */
	const struct pvtlb_event *broadcast;	   /* INVLPGB */
	const struct pvtlb_event *away; /* the other was lazy, or offline, when it began */
	const struct pvtlb_event *back; /* the first time that it has loaded the mm since */
	/* Before the table was released; the last two are the actor's. */
	const struct pvtlb_event *sync, *grace; /* grace: its end */
	const struct pvtlb_event *released;	/* the table: deposited, unshared or freed */
	const struct pvtlb_event *used;		/* the other has read the table since */
};

void course_make(struct course *c, const struct shown *s, const struct focus *f);

/* What protected the other, if nothing was wrong; in buf, and returned. */
const char *course_protected(const struct course *c, const struct focus *f, char *buf, size_t len);

/* How one run differs from another: a word or two for each row. */
#define DIGEST_ROWS 7u
struct digest {
	char head[24];
	char cell[DIGEST_ROWS][28];
};
void digest_make(struct digest *d, const struct shown *s);
/* Rows in which they are not the same. */
void digest_compare(FILE *to, const struct digest *a, const struct digest *b);

#endif
