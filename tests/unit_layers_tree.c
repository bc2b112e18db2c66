/* SPDX-License-Identifier: GPL-2.0-only */
/* Imports run downwards: this tree, by its includes and by its objects. */
#include <stdlib.h>
#include <string.h>

#include "layers_expect.h"
#include "unit_util.h"

/* The tree's root is where the tests are run. */

static void read_order(struct layers *l)
{
	char text[8192] = "";
	FILE *from = fopen("tests/layers.txt", "r");

	if (!EXPECT(from, "no tests/layers.txt: run this from the root of the tree"))
		return;
	CU_ASSERT_TRUE(fread(text, 1, sizeof(text) - 1, from) < sizeof(text) - 1);
	fclose(from);
	layers_order(l, text);
}

/* Is there an import, found by that? */
static bool knows(const struct layers *l, const char *how)
{
	for (size_t i = 0; i < l->nr_imports; i++)
		if (strstr(l->import[i].how, how))
			return true;
	return false;
}

/* The part of the tree below top, which was compiled into those folders of objects. */
static void expect_clean(const char *top, const char *const *objects, const char *call,
			 const char *include)
{
	struct layers l = { 0 };
	char build[256], path[512];

	layers_build_dir(build, sizeof(build));
	read_order(&l);
	for (size_t i = 0; objects[i]; i++) {
		snprintf(path, sizeof(path), "%s%s", build, objects[i]);
		CU_ASSERT_TRUE(layers_read_objects(&l, path, ".", top, i, stderr));
	}
	/* It has read something. */
	EXPECT(knows(&l, call), "%s: not found: %s", top, call);
	CU_ASSERT_TRUE(layers_read_files(&l, ".", "include", stderr));
	CU_ASSERT_TRUE(layers_read_files(&l, ".", top, stderr));
	EXPECT(knows(&l, include), "%s: not found: %s", top, include);
	layers_expect(&l, top, 0, NULL);
	layers_free(&l);
}

static void vmm(void)
{
	expect_clean("vmm", (const char *const[]){ "", NULL },
		     "vmm/machine/vcpu needs pin_thread of ", " includes include/pvtlb/types.h");
}

/* Two images, of which one has not all of the files. */
static void guest(void)
{
	expect_clean("guest", (const char *const[]){ "/guest-pv", "/guest-nopv", NULL },
		     "guest/pv/xen needs ", " includes include/pvtlb/types.h");
}

SUITE(unit_layers_tree, false, { "vmm", vmm }, { "guest", guest });
