/* SPDX-License-Identifier: GPL-2.0-only */
/* What the suites of the layers' check share. */
#ifndef TESTS_LAYERS_EXPECT_H
#define TESTS_LAYERS_EXPECT_H

#include "layers.h"

/* So many lines of complaint, with that in the first one. */
void layers_expect(struct layers *l, const char *what, unsigned int lines, const char *complaint);
/* Where the build's objects are. */
void layers_build_dir(char *path, size_t size);

#endif
