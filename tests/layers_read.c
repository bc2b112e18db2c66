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
#include "layers_includes.h"

#define PATH 512

/* The files below a folder: nftw() has no argument to pass on. */
static struct {
	char **path; /* from the root on */
	size_t nr;
	size_t root_len;
	char link[PATH]; /* a symbolic link among them; "": none */
} found;

/*
 * In an image of its own, which has it in the place of parts of guest/mm and guest/kernel; half of
 * it includes a kernel tree's headers, which are named as ours are.
 */
#define STANDS_IN "/guest/mm-kernel/"

static bool is_source(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && !strstr(path, STANDS_IN) && (!strcmp(dot, ".c") || !strcmp(dot, ".h") || !strcmp(dot, ".S"));
}

static int note(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)at;
	if (type == FTW_SL)
		snprintf(found.link, sizeof(found.link), "%s", path);
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
	if (found.link[0]) {
		fprintf(to, "%s: a symbolic link, which hides what is a module of which folder\n",
			found.link);
		forget();
		return false;
	}
	qsort(found.path, found.nr, sizeof(*found.path), by_name);
	return true;
}

/* "a/./b//../c" is "a/c". */
static void normalise(char *path)
{
	const char *from = path;
	char *to = path;

	while (*from) {
		size_t len = strcspn(from, "/");
		const char *next = from + len + (from[len] == '/');
		bool up = len == 2 && !strncmp(from, "..", 2);

		if (up && to > path) {
			for (to--; to > path && to[-1] != '/'; to--)
				;
		} else if (len && !up && !(len == 1 && *from == '.')) {
			memmove(to, from, len);
			to += len;
			*to++ = from[len] ? '/' : 0;
		}
		from = next;
	}
	if (to > path)
		to[-1] = 0;
}

/* A tree whose includes are read. */
struct reading {
	struct layers *l;
	const char *root, *top, *file;
	unsigned int depth; /* of files that are no sources, each included by the one before */
	bool bad;
	FILE *to;
};

/* Which file of the tree does it mean? false: one of the system's. */
static bool resolve(const struct reading *r, const char *name, char path[PATH])
{
	const char *slash = strrchr(r->file, '/');
	char full[2 * PATH], beside[PATH], below[PATH];
	/* What is in include/ is compiled with every -I that there is. */
	bool shared = !strcmp(r->top, "include");
	const char *const dirs[] = { beside,
				     below,
				     r->top,
				     "include",
				     shared ? "vmm" : r->top,
				     shared ? "guest/include" : r->top,
				     shared ? "guest" : r->top };

	snprintf(beside, sizeof(beside), "%.*s", (int)(slash - r->file), r->file);
	snprintf(below, sizeof(below), "%s/include", r->top);
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		snprintf(path, PATH, "%.250s/%.255s", dirs[i], name);
		normalise(path);
		snprintf(full, sizeof(full), "%s/%s", r->root, path);
		if (!access(full, R_OK))
			return true;
	}
	return false;
}

static void read_includes(struct reading *r);

static void note_include(void *ctx, const char *name, unsigned int line)
{
	struct reading *r = ctx, further = *r;
	char inner[256], target[PATH], how[2 * PATH];
	size_t module = layers_module(r->l, r->file);

	if ((*name != '"' && *name != '<') || name[1] == '/') {
		fprintf(r->to, "%s:%u: an include of %s: name a file, by its path in the tree\n",
			r->file, line, *name ? name : "nothing");
		r->bad = true;
		return;
	}
	snprintf(inner, sizeof(inner), "%.*s", (int)strcspn(name + 1, "\">"), name + 1);
	if (!resolve(r, inner, target))
		return;
	snprintf(how, sizeof(how), "%s:%u includes %s", r->file, line, target);
	layers_import(r->l, module, layers_module(r->l, target), how);
	/* It is found by this include alone. */
	if (is_source(target) || r->depth == 8)
		return;
	further.file = target;
	further.depth++;
	read_includes(&further);
	r->bad |= further.bad;
}

static void read_includes(struct reading *r)
{
	char path[2 * PATH], *text = NULL;
	size_t room = 0;
	FILE *from;

	layers_module(r->l, r->file);
	snprintf(path, sizeof(path), "%s/%s", r->root, r->file);
	from = fopen(path, "r");
	if (from && getdelim(&text, &room, 0, from) >= 0)
		includes_of(text, note_include, r);
	free(text);
	if (from)
		fclose(from);
}

bool layers_read_files(struct layers *l, const char *root, const char *top, FILE *to)
{
	struct reading r = { .l = l, .root = root, .top = top, .to = to };

	if (!find(root, top, to))
		return false;
	for (size_t i = 0; i < found.nr; i++) {
		r.file = found.path[i];
		read_includes(&r);
	}
	forget();
	return !r.bad;
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

		if (GELF_ST_BIND(sym.st_info) == STB_LOCAL || !name || !*name)
			continue;
		add_global(all, name, module, sym.st_shndx != SHN_UNDEF);
		/* Another one may take a weak one's place, for those who call it here, too. */
		if (GELF_ST_BIND(sym.st_info) == STB_WEAK && sym.st_shndx != SHN_UNDEF)
			add_global(all, name, module, false);
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

/* All who define it count: which of them the linker takes is not known here. */
static void import_symbols(struct layers *l, struct globals *all)
{
	size_t first = 0;
	char how[2 * PATH];

	if (all->nr)
		qsort(all->global, all->nr, sizeof(*all->global), by_symbol);
	for (size_t i = 0; i < all->nr; i++) {
		const struct global *g = &all->global[i];

		if (strcmp(all->global[first].name, g->name))
			first = i;
		for (size_t d = first; !g->defined && d < i && all->global[d].defined; d++) {
			size_t definer = all->global[d].module;

			snprintf(how, sizeof(how), "%s needs %s of %s", l->module[g->module].name,
				 g->name, l->module[definer].name);
			layers_import(l, g->module, definer, how);
		}
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
