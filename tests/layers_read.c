/* SPDX-License-Identifier: GPL-2.0-only */
/* Layers of a tree: what its files include, and which symbols their objects need of which. */
#include <fcntl.h>
#include <ftw.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layers.h"

#define PATH 512

/* The files below a folder: nftw() has no argument to pass on. */
static struct {
	char **path; /* from the root on */
	size_t nr;
	size_t root_len;
} found;

static bool is_source(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && (!strcmp(dot, ".c") || !strcmp(dot, ".h") || !strcmp(dot, ".S"));
}

static int note(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)at;
	if (type != FTW_F || !is_source(path))
		return 0;
	found.path = realloc(found.path, (found.nr + 1) * sizeof(*found.path));
	found.path[found.nr] = strdup(path + found.root_len + 1);
	return !found.path[found.nr++];
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void forget(void)
{
	for (size_t i = 0; i < found.nr; i++)
		free(found.path[i]);
	free(found.path);
	memset(&found, 0, sizeof(found));
}

static bool find(const char *root, const char *top, FILE *to)
{
	char path[PATH];

	found.root_len = strlen(root);
	snprintf(path, sizeof(path), "%s/%s", root, top);
	if (nftw(path, note, 16, FTW_PHYS) || !found.nr) {
		fprintf(to, "%s: no source files there\n", path);
		forget();
		return false;
	}
	qsort(found.path, found.nr, sizeof(*found.path), by_name);
	return true;
}

/* "a/b/../c" is "a/c". */
static void take_up(char *path)
{
	char *up;

	while ((up = strstr(path, "/../"))) {
		char *start = up;

		while (start > path && start[-1] != '/')
			start--;
		memmove(start, up + 4, strlen(up + 4) + 1);
	}
}

/* Which file of the tree does it mean? false: one of the system's. */
static bool resolve(const char *root, const char *top, const char *from, const char *name,
		    char path[PATH])
{
	const char *slash = strrchr(from, '/');
	char full[2 * PATH], beside[PATH], below[PATH];
	const char *const dirs[] = { beside, below, top, "include" };

	snprintf(beside, sizeof(beside), "%.*s", (int)(slash - from), from);
	snprintf(below, sizeof(below), "%s/include", top);
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		snprintf(path, PATH, "%s/%s", dirs[i], name);
		take_up(path);
		snprintf(full, sizeof(full), "%s/%s", root, path);
		if (!access(full, R_OK))
			return true;
	}
	return false;
}

static void read_includes(struct layers *l, const char *root, const char *top, const char *file)
{
	size_t module = layers_module(l, file);
	char path[2 * PATH], line[1024], name[256], target[PATH], how[2 * PATH];
	unsigned int nr = 0;
	FILE *from;

	snprintf(path, sizeof(path), "%s/%s", root, file);
	from = fopen(path, "r");
	while (from && fgets(line, sizeof(line), from)) {
		nr++;
		if (sscanf(line, " # include %*[<\"]%255[^>\"]", name) != 1 ||
		    !resolve(root, top, file, name, target))
			continue;
		snprintf(how, sizeof(how), "%s:%u includes %s", file, nr, target);
		layers_import(l, module, layers_module(l, target), how);
	}
	if (from)
		fclose(from);
}

bool layers_read_files(struct layers *l, const char *root, const char *top, FILE *to)
{
	if (!find(root, top, to))
		return false;
	for (size_t i = 0; i < found.nr; i++)
		read_includes(l, root, top, found.path[i]);
	forget();
	return true;
}

/* A global symbol of an object: one that it defines, or that it needs. */
struct global {
	char *name;
	size_t module;
	bool defined;
};

struct globals {
	struct global *global;
	size_t nr;
};

static void add_global(struct globals *all, const char *name, size_t module, bool defined)
{
	all->global = realloc(all->global, (all->nr + 1) * sizeof(*all->global));
	if (!all->global)
		abort();
	all->global[all->nr++] = (struct global){ strdup(name), module, defined };
}

static void read_symtab(struct globals *all, Elf *elf, Elf_Scn *scn, size_t module)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	GElf_Shdr sh;
	GElf_Sym sym;

	if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_SYMTAB || !data)
		return;
	for (int i = 1; gelf_getsym(data, i, &sym); i++) {
		const char *name = elf_strptr(elf, sh.sh_link, sym.st_name);

		if (GELF_ST_BIND(sym.st_info) != STB_LOCAL && name && *name)
			add_global(all, name, module, sym.st_shndx != SHN_UNDEF);
	}
}

static bool read_object(struct globals *all, const char *path, size_t module)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf *elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
	bool ok = elf && elf_kind(elf) == ELF_K_ELF;
	Elf_Scn *scn = NULL;

	while (ok && (scn = elf_nextscn(elf, scn)))
		read_symtab(all, elf, scn, module);
	if (elf)
		elf_end(elf);
	if (fd >= 0)
		close(fd);
	return ok;
}

/* By name; what defines it in front. */
static int by_symbol(const void *a, const void *b)
{
	const struct global *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : y->defined - x->defined;
}

static void import_symbols(struct layers *l, struct globals *all)
{
	const struct global *definer = NULL;
	char how[2 * PATH];

	if (all->nr)
		qsort(all->global, all->nr, sizeof(*all->global), by_symbol);
	for (size_t i = 0; i < all->nr; i++) {
		const struct global *g = &all->global[i];

		if (g->defined)
			definer = g;
		if (g->defined || !definer || strcmp(definer->name, g->name))
			continue;
		snprintf(how, sizeof(how), "%s needs %s of %s", l->module[g->module].name, g->name,
			 l->module[definer->module].name);
		layers_import(l, g->module, definer->module, how);
	}
	for (size_t i = 0; i < all->nr; i++)
		free(all->global[i].name);
	free(all->global);
}

bool layers_read_objects(struct layers *l, const char *objects, const char *root, const char *top,
			 bool may_lack, FILE *to)
{
	struct globals all = { 0 };
	bool ok = true;

	elf_version(EV_CURRENT);
	if (!find(root, top, to))
		return false;
	for (size_t i = 0; i < found.nr; i++) {
		const char *file = found.path[i], *dot = strrchr(file, '.');
		char path[2 * PATH];

		if (!strcmp(dot, ".h"))
			continue;
		snprintf(path, sizeof(path), "%s/%.*s.o", objects, (int)(dot - file), file);
		if (read_object(&all, path, layers_module(l, file)) || may_lack)
			continue;
		fprintf(to, "%s: no object of %s\n", path, file);
		ok = false;
	}
	forget();
	import_symbols(l, &all);
	return ok;
}
