/* SPDX-License-Identifier: GPL-2.0-only */
/* Layers: the #include lines of a file, as a compiler would find them. */
#ifndef TESTS_LAYERS_INCLUDES_H
#define TESTS_LAYERS_INCLUDES_H

/* name: with its quotes or angle brackets; without any it is a macro's, or nothing. */
typedef void include_fn(void *ctx, const char *name, unsigned int line);

/* Call fn for each, whatever #if it is in. text: the whole file's. */
void includes_of(const char *text, include_fn *fn, void *ctx);

#endif
