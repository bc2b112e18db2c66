/* SPDX-License-Identifier: GPL-2.0-only */
/* Layers: modules in ranked folders, which import one another downwards and in no circle. */
#ifndef TESTS_LAYERS_H
#define TESTS_LAYERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A folder's place: in a block, so many ranks from its top. A folder may be in several blocks. */
struct rank {
	char *prefix; /* of the names of what is in it: its own, or "+" in the order */
	char *folder;
	unsigned int block, depth;
};

/* x.c and x.h of one folder are one module: folder/x. */
struct module {
	char *name;
	const char *folder; /* one of the ranks'; NULL: in none of them */
	unsigned int mark;  /* layers_check()'s own */
};

struct import {
	size_t from, to; /* modules */
	char *how;	 /* "vmm/a/x.c:3 includes vmm/b/y.h" */
};

/* All zero: empty. */
struct layers {
	struct rank *rank;
	size_t nr_ranks;
	struct module *module;
	size_t nr_modules;
	struct import *import; /* the first of each pair */
	size_t nr_imports;
};

/* The order, as tests/layers.txt has it; before any module. */
void layers_order(struct layers *l, const char *text);
/* The module of a file, by its path from the root; it is made if need be. */
size_t layers_module(struct layers *l, const char *path);
/* One imports the other; that one imports itself is nothing. how: as in struct import. */
void layers_import(struct layers *l, size_t from, size_t to, const char *how);
/*
 * Say, a line each, which modules are in no folder, which imports run up, sideways or into
 * another block, and which modules import each other in a circle. Returns how many lines.
 */
unsigned int layers_check(struct layers *l, FILE *to);
void layers_free(struct layers *l);

/*
 * From files: every .c, .h and .S below root/top is a module, and #include lines are imports.
 * top: "vmm", "guest" or "include"; what they include is looked for where the Makefile's -I's
 * say. Returns false, with a line on to, if there is none.
 */
bool layers_read_files(struct layers *l, const char *root, const char *top, FILE *to);
/*
 * And what they were compiled into: objects/PATH.o for each PATH.c and PATH.S below top, whose
 * undefined symbols are imports of the module that defines them. Those that no module defines
 * are the linker's or a library's. objects_of: a folder of such objects, like "build" or
 * "build/guest-pv". Files that have no object are skipped if may_lack, else that is an error.
 */
bool layers_read_objects(struct layers *l, const char *objects, const char *root, const char *top,
			 bool may_lack, FILE *to);

#endif
