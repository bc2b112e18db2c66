/* SPDX-License-Identifier: GPL-2.0-only */
/* Layers: the graph of modules, and what is wrong in it. */
#include <stdlib.h>
#include <string.h>

#include "layers.h"

static void *grow(void *array, size_t nr, size_t size)
{
	if (nr & (nr - 1))
		return array;
	array = realloc(array, 2 * (nr ? nr : 1) * size);
	if (!array)
		abort();
	return array;
}

static char *copy(const char *text, size_t len)
{
	char *mine = strndup(text, len);

	if (!mine)
		abort();
	return mine;
}

/* "+name": it belongs to the folder before it. */
static void add_rank(struct layers *l, const char *word, size_t len, unsigned int block,
		     unsigned int depth)
{
	bool more = *word == '+' && l->nr_ranks;
	struct rank *rank;

	l->rank = grow(l->rank, l->nr_ranks, sizeof(*l->rank));
	rank = &l->rank[l->nr_ranks++];
	*rank = (struct rank){ .prefix = copy(word + more, len - more),
			       .block = block,
			       .depth = depth };
	rank->folder = more ? copy(rank[-1].folder, strlen(rank[-1].folder)) : copy(word, len);
}

void layers_order(struct layers *l, const char *text)
{
	unsigned int block = 0, depth = 0;

	while (*text) {
		size_t len = strcspn(text, "\n"), at = 0;

		/* A line without folders, unless it is a comment, ends a block. */
		if (!len)
			block++;
		while (text[0] != '#' && at < len) {
			size_t word;

			at += strspn(text + at, " \t");
			word = strcspn(text + at, " \t\n");
			if (word)
				add_rank(l, text + at, word, block, depth);
			at += word;
		}
		depth++;
		text += len + (text[len] == '\n');
	}
}

static const char *folder_of(const struct layers *l, const char *name)
{
	const char *best = NULL;
	size_t best_len = 0;

	for (size_t i = 0; i < l->nr_ranks; i++) {
		size_t len = strlen(l->rank[i].prefix);

		if (len <= best_len || strncmp(name, l->rank[i].prefix, len) ||
		    (name[len] != '/' && name[len]))
			continue;
		best = l->rank[i].folder;
		best_len = len;
	}
	return best;
}

size_t layers_module(struct layers *l, const char *path)
{
	const char *dot = strrchr(path, '.');
	size_t len = dot ? (size_t)(dot - path) : strlen(path);
	struct module *m;

	for (size_t i = 0; i < l->nr_modules; i++)
		if (!strncmp(l->module[i].name, path, len) && !l->module[i].name[len])
			return i;
	l->module = grow(l->module, l->nr_modules, sizeof(*l->module));
	m = &l->module[l->nr_modules];
	*m = (struct module){ .name = copy(path, len) };
	m->folder = folder_of(l, m->name);
	return l->nr_modules++;
}

static const struct import *find_import(const struct layers *l, size_t from, size_t to)
{
	for (size_t i = 0; i < l->nr_imports; i++)
		if (l->import[i].from == from && l->import[i].to == to)
			return &l->import[i];
	return NULL;
}

void layers_import(struct layers *l, size_t from, size_t to, const char *how)
{
	if (from == to || find_import(l, from, to))
		return;
	l->import = grow(l->import, l->nr_imports, sizeof(*l->import));
	l->import[l->nr_imports++] = (struct import){ from, to, copy(how, strlen(how)) };
}

/* Is there a block in which b is further down? A folder is not below itself. */
static bool runs_down(const struct layers *l, const char *a, const char *b)
{
	for (size_t i = 0; i < l->nr_ranks; i++)
		for (size_t j = 0; j < l->nr_ranks; j++)
			if (!strcmp(l->rank[i].folder, a) && !strcmp(l->rank[j].folder, b) &&
			    l->rank[i].block == l->rank[j].block &&
			    l->rank[i].depth < l->rank[j].depth)
				return true;
	return false;
}

static unsigned int check_folders(const struct layers *l, FILE *to)
{
	unsigned int bad = 0;

	for (size_t i = 0; i < l->nr_modules; i++) {
		if (l->module[i].folder)
			continue;
		fprintf(to, "%s is in no folder that the order knows\n", l->module[i].name);
		bad++;
	}
	return bad;
}

static unsigned int check_ranks(const struct layers *l, FILE *to)
{
	unsigned int bad = 0;

	for (size_t i = 0; i < l->nr_imports; i++) {
		const struct import *e = &l->import[i];
		const char *a = l->module[e->from].folder, *b = l->module[e->to].folder;

		if (!a || !b || !strcmp(a, b) || runs_down(l, a, b))
			continue;
		fprintf(to, "%s: but %s is not below %s\n", e->how, b, a);
		bad++;
	}
	return bad;
}

enum { UNSEEN, ON_PATH, DONE };

/* The imports that lead from path[from] back to it. */
static void print_circle(const struct layers *l, const size_t *path, size_t from, size_t end,
			 FILE *to)
{
	fprintf(to, "a circle of %zu:", end - from);
	for (size_t i = from; i < end; i++)
		fprintf(to, "%s %s", i > from ? ";" : "",
			find_import(l, path[i], path[i + 1 < end ? i + 1 : from])->how);
	fputc('\n', to);
}

/* Depth first; an import of a module that is on the path closes a circle. */
static unsigned int walk(struct layers *l, size_t module, size_t *path, size_t depth, FILE *to)
{
	unsigned int bad = 0;

	path[depth++] = module;
	l->module[module].mark = ON_PATH;
	for (size_t i = 0; i < l->nr_imports; i++) {
		size_t next = l->import[i].to, at;

		if (l->import[i].from != module || l->module[next].mark == DONE)
			continue;
		if (l->module[next].mark == UNSEEN) {
			bad += walk(l, next, path, depth, to);
			continue;
		}
		for (at = 0; path[at] != next; at++)
			;
		print_circle(l, path, at, depth, to);
		bad++;
	}
	l->module[module].mark = DONE;
	return bad;
}

static unsigned int check_circles(struct layers *l, FILE *to)
{
	size_t *path = calloc(l->nr_modules + 1, sizeof(*path));
	unsigned int bad = 0;

	if (!path)
		abort();
	for (size_t i = 0; i < l->nr_modules; i++)
		l->module[i].mark = UNSEEN;
	for (size_t i = 0; i < l->nr_modules; i++)
		if (l->module[i].mark == UNSEEN)
			bad += walk(l, i, path, 0, to);
	free(path);
	return bad;
}

unsigned int layers_check(struct layers *l, FILE *to)
{
	return check_folders(l, to) + check_ranks(l, to) + check_circles(l, to);
}

void layers_free(struct layers *l)
{
	for (size_t i = 0; i < l->nr_ranks; i++) {
		free(l->rank[i].prefix);
		free(l->rank[i].folder);
	}
	for (size_t i = 0; i < l->nr_modules; i++)
		free(l->module[i].name);
	for (size_t i = 0; i < l->nr_imports; i++)
		free(l->import[i].how);
	free(l->rank);
	free(l->module);
	free(l->import);
	*l = (struct layers){ 0 };
}
