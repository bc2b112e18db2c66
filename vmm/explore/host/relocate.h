/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest image where it is not linked: its relocations, done once more. */
#ifndef VMM_EXPLORE_RELOCATE_H
#define VMM_EXPLORE_RELOCATE_H

#include <stdint.h>

#include "base/error.h"

struct image;

/*
 * Move all but the per-CPU data by delta, in the image's own copy of its file; the descriptor and
 * the symbols go on to say where things are linked. 0, or -1 with err: it has no relocations, or
 * one that nobody knows, or one outside of it.
 */
int image_relocate(struct image *image, int64_t delta, struct error *err);

#endif
