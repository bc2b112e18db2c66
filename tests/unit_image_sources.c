/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of sources in guest images: the built one's, and what can be wrong with one. */
#include <stdlib.h>
#include <string.h>

#include "events/sources.h"
#include "image_bed.h"
#include "unit_util.h"

/* Every event of the guest is emitted by some line of the guest. */
static void built(void)
{
	const char *const paths[] = { test_image_pv, test_image_nopv };

	for (size_t p = 0; p < NR_OF(paths); p++) {
		struct error err = { 0 };
		struct image image;
		unsigned int wrong = 0;

		CU_ASSERT_EQUAL_FATAL(load_image(&image, paths[p], &err), 0);
		CU_ASSERT(image.nr_sources > 50);
		for (unsigned int i = 0; i < image.nr_sources; i++)
			wrong += strncmp(image.source[i].file, "guest/", 6) != 0;
		EXPECT(!wrong, "%s: %u not under guest/", paths[p], wrong);
		free_image(&image);
	}
}

#define BYTE(part, n) part, offsetof(struct pvtlb_source, file) + (n), 1
#define ENTRY	      sizeof(struct pvtlb_source)

static void table(void)
{
	static const char line[] = "a line in the table of sources", whole[] = "table of sources";
	static const struct poke pokes[] = {
		{ "as it is", R0(line), ADD, 0, NULL },
		{ "largest line", R0(line), SET, UINT32_MAX, NULL },
		{ "one less", D(sources_end), ADD, MINUS(ENTRY), NULL },
		{ "backwards", D(sources_end), ADD, MINUS(0x100000), whole },
		{ "huge", D(sources_end), SET, UINT64_MAX, whole },
		{ "nowhere", D(sources_start), SET, UINT64_MAX, whole },
		{ "part of one", D(sources_end), ADD, MINUS(8), whole },
		{ "part of one more", D(sources_end), ADD, 8, whole },
		{ "too many", D(sources_start), ADD, MINUS(ENTRY * (SOURCES_MAX / 2)), whole },
		{ "line 0", R0(line), SET, 0, line },
		{ "line 0 of the last", RL(line), SET, 0, line },
		{ "no name", BYTE(SOURCE0, 0), SET, 0, line },
		{ "a blank", BYTE(SOURCE0, 1), SET, ' ', line },
		{ "a colon", BYTE(SOURCE0, 1), SET, ':', line },
		{ "an escape", BYTE(SOURCE_LAST, 1), SET, 033, line },
	};

	image_expect_pokes(pokes, NR_OF(pokes));
}

/* A name that fills its place has no end. */
static void unterminated(void)
{
	const size_t len = sizeof(((struct pvtlb_source *)0)->file);
	struct error err = { 0 };
	struct image image;
	uint8_t *file = image_copy(0), *to = file + image_base.sources;

	memset(to, 'a', len);
	image_expect_error("no end", file, image_base.len, "a line in the table of sources");
	to[len - 1] = 0;
	CU_ASSERT_EQUAL_FATAL(load_image_mem(&image, NAME, file, image_base.len, &err), 0);
	CU_ASSERT_EQUAL(strlen(image.source[0].file), len - 1);
	free_image(&image);
	free(file);
}

SUITE(unit_image_sources, false, { "the built images", built }, { "one thing wrong", table },
      { "a name without an end", unterminated });
