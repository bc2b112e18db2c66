/* SPDX-License-Identifier: GPL-2.0-only */
/* Imports run downwards: the check of it, on small graphs and trees made up. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "layers_expect.h"
#include "unit_util.h"

/* Two blocks that share their lowest folder. b and c stand side by side. */
static const char order[] = "# top\n"
			    "x/a\n"
			    "x/b x/c\n"
			    "x/d\n"
			    "abi\n"
			    "\n"
			    "y/a +y/headers/f +y/headers/a\n"
			    "y/a/low +y/headers\n"
			    "abi\n";

#define MAX_IMPORTS 4

static const struct graph {
	const char *what;
	struct {
		const char *from, *to;
	} import[MAX_IMPORTS];
	unsigned int lines;    /* of complaint */
	const char *complaint; /* in the first one */
} graphs[] = {
	{ "down", { { "x/a/f.c", "x/b/f.h" }, { "x/b/f.c", "x/d/f.h" } }, 0, NULL },
	{ "down, past a rank", { { "x/a/f.c", "x/d/f.h" }, { "x/a/f.c", "abi/f.h" } }, 0, NULL },
	{ "up", { { "x/d/f.c", "x/a/f.h" } }, 1, "x/a is not below x/d" },
	{ "up by one", { { "x/b/f.c", "x/a/f.h" } }, 1, "x/a is not below x/b" },
	{ "sideways", { { "x/b/f.c", "x/c/f.h" } }, 1, "x/c is not below x/b" },
	{ "within a folder", { { "x/a/f.c", "x/a/g.h" }, { "x/a/g.c", "x/a/h.h" } }, 0, NULL },
	{ "its own header", { { "x/a/f.c", "x/a/f.h" } }, 0, NULL },
	{ "the same name elsewhere",
	  { { "x/a/f.c", "x/d/f.h" }, { "x/d/f.c", "x/d/g.h" } },
	  0,
	  NULL },
	{ "a circle of two",
	  { { "x/a/f.c", "x/a/g.h" }, { "x/a/g.c", "x/a/f.h" } },
	  1,
	  "a circle of 2: x/a/f.c > x/a/g.h; x/a/g.c > x/a/f.h" },
	{ "a circle that is not at the start",
	  { { "x/a/e.c", "x/a/f.c" }, { "x/a/f.c", "x/a/g.h" }, { "x/a/g.c", "x/a/f.h" } },
	  1,
	  "a circle of 2: x/a/f.c > x/a/g.h; x/a/g.c > x/a/f.h" },
	{ "a circle of three",
	  { { "x/a/f.c", "x/a/g.c" }, { "x/a/g.c", "x/a/h.c" }, { "x/a/h.c", "x/a/f.c" } },
	  1,
	  "a circle of 3" },
	{ "two ways are none",
	  { { "x/a/f.c", "x/a/g.c" },
	    { "x/a/f.c", "x/a/h.c" },
	    { "x/a/g.c", "x/a/i.c" },
	    { "x/a/h.c", "x/a/i.c" } },
	  0,
	  NULL },
	{ "a circle across folders is an import up, too",
	  { { "x/a/f.c", "x/b/f.h" }, { "x/b/f.c", "x/a/f.h" } },
	  2,
	  "x/a is not below x/b" },
	{ "another block", { { "x/a/f.c", "y/a/f.h" } }, 1, "y/a is not below x/a" },
	{ "what both have", { { "y/a/f.c", "abi/f.h" } }, 0, NULL },
	{ "up from there", { { "abi/f.h", "y/a/f.h" } }, 1, "y/a is not below abi" },
	{ "a folder in a folder", { { "y/a/f.c", "y/a/low/f.h" } }, 0, NULL },
	{ "and up from it", { { "y/a/low/f.c", "y/a/f.h" } }, 1, "y/a is not below y/a/low" },
	{ "a folder in one that has no rank", { { "y/a/f.c", "y/a/new/f.h" } }, 0, NULL },
	{ "a header that belongs above", { { "y/headers/f.h", "y/headers/g.h" } }, 0, NULL },
	{ "and one that belongs below",
	  { { "y/headers/g.h", "y/headers/f.h" } },
	  1,
	  "y/a is not below y/a/low" },
	{ "a folder that belongs elsewhere", { { "y/headers/a/f.h", "y/a/low/f.h" } }, 0, NULL },
	{ "no known folder", { { "x/e/f.c", "x/d/f.h" } }, 1, "x/e/f is in no folder" },
	{ "nor one that only begins so",
	  { { "x/ab/f.c", "x/d/f.h" } },
	  1,
	  "x/ab/f is in no folder" },
};

static void made_up_graphs(void)
{
	for (size_t i = 0; i < NR_OF(graphs); i++) {
		const struct graph *g = &graphs[i];
		struct layers l = { 0 };

		layers_order(&l, order);
		for (size_t n = 0; n < MAX_IMPORTS && g->import[n].from; n++) {
			const char *a = g->import[n].from, *b = g->import[n].to;
			size_t from = layers_module(&l, a);
			char how[128];

			snprintf(how, sizeof(how), "%s > %s", a, b);
			layers_import(&l, from, layers_module(&l, b), how);
		}
		layers_expect(&l, g->what, g->lines, g->complaint);
		layers_free(&l);
	}
}

/* --- made-up trees --- */

static char dir[] = "/tmp/pvtlb-layers-XXXXXX";

static void make_dirs(const char *path)
{
	for (const char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		char part[256];

		snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		mkdir(part, 0700);
	}
}

static void put(const char *name, const void *data, size_t len)
{
	char path[256];
	FILE *to;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	make_dirs(path);
	to = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	CU_ASSERT_EQUAL(fwrite(data, 1, len, to), len);
	fclose(to);
}

static void put_text(const char *name, const char *text)
{
	put(name, text, strlen(text));
}

/* One of this build's objects, as if it were another file's. */
static void put_object(const char *name, const char *object)
{
	static char data[1 << 20];
	char build[256], path[512];
	size_t len;
	FILE *from;

	layers_build_dir(build, sizeof(build));
	snprintf(path, sizeof(path), "%s/%s", build, object);
	from = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	len = fread(data, 1, sizeof(data), from);
	fclose(from);
	put(name, data, len);
}

static void with_tree(void (*fn)(void))
{
	char rm[64];

	strcpy(dir + strlen(dir) - 6, "XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	fn();
	snprintf(rm, sizeof(rm), "rm -rf %s", dir);
	CU_ASSERT_EQUAL(system(rm), 0);
}

/* Every way to write an include, of a header that is in the tree or is not. */
static void includes(void)
{
	static const struct {
		const char *what, *text;
		unsigned int lines;
		const char *complaint;
	} cases[] = {
		{ "quotes", "#include \"a/f.h\"\n", 1, "x/d/f.c:1 includes x/a/f.h: but" },
		{ "angle brackets", "\n#include <a/f.h>\n", 1, "x/d/f.c:2 includes x/a/f.h: but" },
		{ "blanks", "  #  include   \"a/f.h\" /* ... */\n", 1, "x/a/f.h" },
		{ "beside it", "#include \"g.h\"\n", 1,
		  "a circle of 2: x/d/f.c:1 includes x/d/g.h" },
		{ "by way of ..", "#include \"../a/f.h\"\n", 1, "x/d/f.c:1 includes x/a/f.h: but" },
		{ "its own header", "#include \"d/f.h\"\n", 0, NULL },
		{ "that, by way of ..", "#include \"../d/../d/f.h\"\n", 0, NULL },
		{ "the system's", "#include <stdio.h>\n#include <sys/a/f.h>\n", 0, NULL },
		{ "a comment before it", "/* a\n b */ # /**/ include /* c */ \"a/f.h\"\n", 1,
		  "x/d/f.c:2 includes x/a/f.h: but" },
		{ "a comment in a string", "char *a = \"/*\";\n#include \"a/f.h\"\n", 1, "c:2 includes" },
		{ "over two lines", "#inc\\\nlude \"a/f.h\"\n", 1, "x/a/f.h" },
		{ "a digraph", "%: include \"a/f.h\"\n", 1, "x/d/f.c:1 includes x/a/f.h: but" },
		{ "blanks in the path", "#include \".././/a//f.h\"\n", 1, "includes x/a/f.h: but" },
		{ "angle brackets, slashes", "#include <a//f.h>\n", 1, "includes x/a/f.h: but" },
		{ "the next one", "#include_next <a/f.h>\n", 1, "includes x/a/f.h: but" },
		{ "by way of another kind of file", "#include \"d/list.inc\"\n", 1,
		  "x/d/list.inc:1 includes x/a/f.h: but" },
		{ "in a comment", "/*\n#include \"a/f.h\"\n*/\n// \\\n#include \"a/f.h\"\n", 0, NULL },
		{ "no include", "/* include \"a/f.h\" */\n#define include \"a/f.h\"\n", 0, NULL },
		{ "below include/", "#include <pvtlb/f.h>\n", 1, "include/pvtlb is not below x/d" },
		{ "of its own include/", "#include <sys/f.h>\n", 1, "x/include is not below x/d" },
	};

	put_text("x/a/f.h", "");
	put_text("x/d/f.h", "");
	put_text("x/d/g.h", "#include \"d/f.h\"\n");
	put_text("x/d/list.inc", "#include \"a/f.h\"\n");
	put_text("x/include/sys/f.h", "");
	put_text("include/pvtlb/f.h", "");
	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct layers l = { 0 };

		put_text("x/d/f.c", cases[i].text);
		layers_order(&l, "include/pvtlb\nx/include\nx/a\nx/d\n");
		CU_ASSERT_TRUE(layers_read_files(&l, dir, "x", stderr));
		layers_expect(&l, cases[i].what, cases[i].lines, cases[i].complaint);
		layers_free(&l);
	}
}

/* vcpu.o needs pin_thread() of pin.o, which needs nothing of ours. */
static void calls(void)
{
	static const struct {
		const char *what, *order;
		unsigned int lines;
		const char *complaint;
	} cases[] = {
		{ "down", "x/a\nx/d\n", 0, NULL },
		{ "up", "x/d\nx/a\n", 1,
		  "x/a/f needs pin_thread of x/d/g: but x/d is not below x/a" },
	};
	struct layers l = { 0 };
	char objects[128];

	snprintf(objects, sizeof(objects), "%s/objects", dir);
	put_text("x/a/f.c", "");
	put_text("x/d/g.S", "");
	put_object("objects/x/a/f.o", "vmm/machine/vcpu.o");
	put_object("objects/x/d/g.o", "vmm/base/pin.o");
	for (size_t i = 0; i < NR_OF(cases); i++) {
		layers_order(&l, cases[i].order);
		CU_ASSERT_TRUE(layers_read_objects(&l, objects, dir, "x", false, stderr));
		layers_expect(&l, cases[i].what, cases[i].lines, cases[i].complaint);
		layers_free(&l);
	}
	/* The caller's header includes the other one's: a circle of both kinds. */
	put_text("x/d/g.h", "#include <a/f.h>\n");
	put_text("x/a/f.h", "");
	layers_order(&l, "x\n");
	CU_ASSERT_TRUE(layers_read_files(&l, dir, "x", stderr));
	CU_ASSERT_TRUE(layers_read_objects(&l, objects, dir, "x", false, stderr));
	layers_expect(&l, "by include and call", 1, "x/a/f needs pin_thread of x/d/g");
	layers_free(&l);
}

/* An object of that C, as if of the file. */
static void compile(const char *name, const char *text)
{
	char command[512];

	put_text(name, text);
	snprintf(command, sizeof(command), "cd %s && cc -c -o %.*s.o %s", dir,
		 (int)strlen(name) - 2, name, name);
	CU_ASSERT_EQUAL_FATAL(system(command), 0);
}

/* What is called may be either of the two; and a weak one is itself somebody else's. */
static void weak(void)
{
	struct layers l = { 0 };

	compile("x/a/up.c", "void f(void) { }");
	compile("x/b/f.c", "__attribute__((weak)) void f(void) { }");
	compile("x/c/calls.c", "void f(void); void g(void) { f(); }");
	layers_order(&l, "x/a\nx/c\nx/b\n");
	CU_ASSERT_TRUE(layers_read_objects(&l, dir, dir, "x", false, stderr));
	layers_expect(&l, "a weak symbol", 2, "needs f of x/a/up");
	layers_free(&l);
	compile("x/a/up.c", "void other(void) { }");
	layers_order(&l, "x/a\nx/c\nx/b\n");
	CU_ASSERT_TRUE(layers_read_objects(&l, dir, dir, "x", false, stderr));
	layers_expect(&l, "a weak symbol alone", 0, NULL);
	layers_free(&l);
}

static void made_up_weak(void)
{
	with_tree(weak);
}

/* What hides an import is refused; include/ has no eyes for what is above it. */
static void hidden(void)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "#include FILE\n", "x/d/f.c:1: an include of FILE: name a file" },
		{ "\n#include\n", "x/d/f.c:2: an include of nothing" },
		{ "#include \"/x/a/f.h\"\n", "an include of \"/x/a/f.h\": name a file" },
	};
	char path[256], text[512];
	struct layers l = { 0 };
	FILE *quiet;

	for (size_t i = 0; i < NR_OF(cases); i++) {
		FILE *to = fmemopen(text, sizeof(text), "w");

		CU_ASSERT_PTR_NOT_NULL_FATAL(to);
		put_text("x/d/f.c", cases[i].text);
		CU_ASSERT_FALSE(layers_read_files(&l, dir, "x", to));
		fclose(to);
		EXPECT(strstr(text, cases[i].says), "%s: %s", cases[i].text, text);
	}
	put_text("x/d/f.c", "");
	CU_ASSERT_TRUE(layers_read_files(&l, dir, "x", stderr));
	snprintf(path, sizeof(path), "%s/x/d/g.h", dir);
	CU_ASSERT_EQUAL(symlink("f.c", path), 0);
	quiet = fopen("/dev/null", "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(quiet);
	CU_ASSERT_FALSE(layers_read_files(&l, dir, "x", quiet));
	fclose(quiet);
	layers_free(&l);

	put_text("vmm/base/f.h", "");
	put_text("include/pvtlb/f.h", "#include \"base/f.h\"\n");
	layers_order(&l, "vmm/base\ninclude/pvtlb\n");
	CU_ASSERT_TRUE(layers_read_files(&l, dir, "include", stderr));
	layers_expect(&l, "up from include/", 1, "vmm/base is not below include/pvtlb");
	layers_free(&l);
}

static void made_up_hidden(void)
{
	with_tree(hidden);
}

/* Nothing read is not nothing wrong. */
static void unreadable(void)
{
	struct layers l = { 0 };
	FILE *to = fopen("/dev/null", "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	CU_ASSERT_FALSE(layers_read_files(&l, dir, "x", to));
	put_text("x/README", "");
	CU_ASSERT_FALSE(layers_read_files(&l, dir, "x", to));
	put_text("x/a/f.c", "");
	CU_ASSERT_TRUE(layers_read_files(&l, dir, "x", to));
	CU_ASSERT_FALSE(layers_read_objects(&l, dir, dir, "x", false, to));
	CU_ASSERT_TRUE(layers_read_objects(&l, dir, dir, "x", true, to));
	put_text("x/a/f.o", "not an object");
	CU_ASSERT_FALSE(layers_read_objects(&l, dir, dir, "x", false, to));
	fclose(to);
	layers_free(&l);
}

static void made_up_includes(void)
{
	with_tree(includes);
}

static void made_up_calls(void)
{
	with_tree(calls);
}

static void made_up_holes(void)
{
	with_tree(unreadable);
}

SUITE(unit_layers, false, { "graphs", made_up_graphs }, { "includes", made_up_includes },
      { "calls", made_up_calls }, { "nothing to read", made_up_holes },
      { "what hides imports", made_up_hidden }, { "weak symbols", made_up_weak });
