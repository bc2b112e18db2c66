/* SPDX-License-Identifier: GPL-2.0-only */
/* Several names in one word: between commas, each of them perhaps a glob. */
#ifndef VMM_CHOICE_H
#define VMM_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define CHOICE_MAX 128u /* bytes of an item, with its NUL */
#define CHOICES    1024u /* items of all words: more are refused */

/*
 * The item that begins at *at, copied into buf; *at moves behind its comma. False: there is no
 * more. An item that is too long is cut off, and then is no name.
 */
bool choice_next(const char **at, char buf[CHOICE_MAX]);
/* Does one of the items fit the name? */
bool choice_has(const char *choice, const char *name);
/* Is the item a pattern, and not one name? */
bool choice_is_glob(const char *item);
/*
 * Do the words, nr of them, have a name on each side of each comma, and none of them twice, but
 * for patterns? what: "scenario", or "--backend". 0, or -1 with err.
 */
int choice_check(const char *what, const char *const *word, unsigned int nr, struct error *err);

#endif
