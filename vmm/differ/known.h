/* SPDX-License-Identifier: GPL-2.0-only */
/* The differences that docs/model.md lists, each with its reason: read, and laid on what is found.
 */
#ifndef VMM_DIFFER_KNOWN_H
#define VMM_DIFFER_KNOWN_H

#include "base/error.h"
#include "differ/differ.h"

/* docs/model.md as it was when the program was built; NUL-terminated. */
extern const char model_page[];

/* A kernel tree: 6012 is Linux 6.12. */
struct tree_version {
	unsigned int number;
	bool series;
};

enum known_series { SERIES_ANY, SERIES_WITH, SERIES_WITHOUT };

#define KNOWN_CELLS 6

/* A row of the list: for each of its scenarios, under each of its backends, each of its words. */
struct known_row {
	char *cell[KNOWN_CELLS];		  /* its own: what all below point to */
	const char *scenarios, *backends, *words; /* between blanks; backends "all": any */
	const char *reason;
	enum differ_column column;
	unsigned int from, until; /* versions */
	enum known_series series;
};

struct known {
	struct known_row *row;
	size_t nr;
};

/*
 * Read the list out of a page: the table between the lines "<!-- differences -->" and "<!-- end
 * of differences -->". 0, or -1 with err, which names the row. known_free() it either way.
 */
int known_read(struct known *known, const char *page, struct error *err);
void known_free(struct known *known);

/* "6.12.117-custom" as 6012; 0: that is no release. */
unsigned int version_of(const char *release);

typedef void stale_fn(void *ctx, const struct known_row *row, const char *word);

/*
 * Give each difference of a pair of runs its reason, if the list has it. stale, if not NULL, is
 * told of each word that the list has for the pair and that does not occur. The word "varies"
 * stands for whatever the column has, and is never stale.
 */
void known_apply(const struct known *known, const struct tree_version *tree, const char *scenario,
		 const char *backend, struct differences *found, stale_fn *stale, void *ctx);

#endif
