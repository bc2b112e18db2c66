/* SPDX-License-Identifier: GPL-2.0-only */
/* Hand-written streams about what CPUs may have cached: judging them. */
#include <stdlib.h>
#include <string.h>

#include "permitted_stream.h"

static void expect_one(const struct permit *p)
{
	const struct permitted_terms terms = { p->by_host, p->no_look };
	/* Of the exact size: ASan sees a look behind the end. */
	struct pvtlb_event *copy = malloc(p->nr * sizeof(*copy) + 1);
	const struct event_stream stream = { .event = copy, .nr = p->nr };
	bool bad = !strncmp(p->name, "bad_", 4);
	struct permitted got;

	memcpy(copy, p->event, p->nr * sizeof(*copy));
	for (size_t i = 0; i < p->nr; i++)
		copy[i].seq = i + 1;
	oracle_permitted(&stream, &terms, &got, NULL, NULL);
	EXPECT(!got.gave_up && got.bad.total == bad, "%s: %llu violations%s%s", p->name,
	       (unsigned long long)got.bad.total, bad ? "" : ": ",
	       bad || !got.bad.total ? "" : violation_names[got.bad.v[0].kind]);
	if (bad && got.bad.total) {
		EXPECT(got.bad.v[0].kind == p->kind, "%s: %s", p->name,
		       violation_names[got.bad.v[0].kind]);
		EXPECT(got.bad.v[0].cpu == p->cpu, "%s: CPU %llu", p->name,
		       (unsigned long long)got.bad.v[0].cpu);
	}
	free(copy);
}

void expect_permits(const struct permit *cases, size_t nr)
{
	for (const struct permit *p = cases; p < cases + nr; p++)
		expect_one(p);
}
