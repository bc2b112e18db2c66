/* SPDX-License-Identifier: GPL-2.0-only */
/* Which scenarios a word of the command line names: names, globs and groups, between commas. */
#ifndef VMM_CLI_SCENARIOS_H
#define VMM_CLI_SCENARIOS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "machine/image.h"

/* A group: scenarios that say the same of themselves. */
struct group {
	const char *name; /* "@walkers" */
	const char *what; /* they have in common, one clause */
	bool (*has)(const struct pvtlb_scenario *s);
};

extern const struct group groups[];
extern const size_t nr_groups;

/*
 * Is the scenario one of those that the item, a part of a word between commas, is for? Of a glob
 * and of a group those that are not diagnostic, unless the group is that of these.
 */
bool scenario_fits(const char *item, const struct pvtlb_scenario *s);
/* The same of a word. */
bool scenario_in(const char *word, const struct pvtlb_scenario *s);
/* The same of any of nr words; of none, all. */
bool scenario_listed(const char *const *word, unsigned int nr, const struct pvtlb_scenario *s);
/* May the word name more than one? */
bool scenario_word_is_many(const char *word);
/* Every item of the word has to be for something. 0, or -1 with err. */
int scenarios_check(const struct image *image, const char *word, struct error *err);

#endif
