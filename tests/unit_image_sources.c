/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of sources in guest images: the built one's, and what can be wrong with one. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "events/sources.h"
#include "machine/image.h"
#include "unit_util.h"

/* Where the file has what is linked there; NULL: nowhere. */
static uint8_t *in_file(uint8_t *file, const struct image *image, gva_t addr)
{
	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segment[i];

		if (addr >= s->vaddr && addr - s->vaddr < s->filesz)
			return file + (s->data - image->file) + (addr - s->vaddr);
	}
	return NULL;
}

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

enum in { DESC, FIRST, LAST }; /* the descriptor, the table's first and last entry */

struct change {
	const char *what;
	enum in in;
	size_t offset, len;
	uint64_t value;
	bool add;	  /* to what is there, or in its place */
	const char *says; /* NULL: it loads */
};

#define D(field) DESC, offsetof(struct pvtlb_image, field), sizeof(gva_t)
#define BYTE(n)	 offsetof(struct pvtlb_source, file) + (n), 1
#define LINE	 offsetof(struct pvtlb_source, line), 4
#define ENTRY	 sizeof(struct pvtlb_source)

static const struct change changes[] = {
	{ "as it is", FIRST, LINE, 0, true, NULL },
	{ "largest line", FIRST, LINE, UINT32_MAX, false, NULL },
	{ "one less", D(sources_end), -ENTRY, true, NULL },
	{ "backwards", D(sources_end), -0x100000ull, true, "table of sources" },
	{ "huge", D(sources_end), UINT64_MAX, false, "table of sources" },
	{ "nowhere", D(sources_start), UINT64_MAX, false, "table of sources" },
	{ "part of one", D(sources_end), -8ull, true, "table of sources" },
	{ "part of one more", D(sources_end), 8, true, "table of sources" },
	{ "too many", D(sources_start), -ENTRY *(SOURCES_MAX / 2), true, "table of sources" },
	{ "line 0", FIRST, LINE, 0, false, "a line in the table of sources" },
	{ "line 0 of the last", LAST, LINE, 0, false, "a line in the table of sources" },
	{ "no name", FIRST, BYTE(0), 0, false, "a line in the table of sources" },
	{ "a blank", FIRST, BYTE(1), ' ', false, "a line in the table of sources" },
	{ "a colon", FIRST, BYTE(1), ':', false, "a line in the table of sources" },
	{ "an escape", LAST, BYTE(1), 033, false, "a line in the table of sources" },
};

static void change(uint8_t *file, const struct image *image, const struct change *c)
{
	const gva_t at[] = {
		[DESC] = image_symbol(image, PVTLB_IMAGE_SYMBOL),
		[FIRST] = image->desc.sources_start,
		[LAST] = image->desc.sources_end - ENTRY,
	};
	uint8_t *to = in_file(file, image, at[c->in]);
	uint64_t value = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	memcpy(&value, to + c->offset, c->len);
	value = c->value + (c->add ? value : 0);
	memcpy(to + c->offset, &value, c->len);
}

static void changed(void)
{
	struct error err = { 0 };
	struct image image;

	CU_ASSERT_EQUAL_FATAL(load_image(&image, test_image_pv, &err), 0);
	for (const struct change *c = changes; c < changes + NR_OF(changes); c++) {
		uint8_t *file = malloc(image.file_len);
		struct image other;
		int ret;

		memcpy(file, image.file, image.file_len);
		change(file, &image, c);
		err = (struct error){ 0 };
		ret = load_image_mem(&other, "other.elf", file, image.file_len, &err);
		EXPECT(!ret == !c->says && (!ret || strstr(err.text, c->says)), "%s: %s", c->what,
		       err.text);
		if (!ret)
			free_image(&other);
		free(file);
	}
	free_image(&image);
}

/* A name that fills its place has no end. */
static void unterminated(void)
{
	const size_t len = sizeof(((struct pvtlb_source *)0)->file);
	struct error err = { 0 };
	struct image image, other;
	uint8_t *file, *to;

	CU_ASSERT_EQUAL_FATAL(load_image(&image, test_image_pv, &err), 0);
	file = malloc(image.file_len);
	memcpy(file, image.file, image.file_len);
	to = in_file(file, &image, image.desc.sources_start);
	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	memset(to, 'a', len);
	CU_ASSERT_EQUAL(load_image_mem(&other, "other.elf", file, image.file_len, &err), -1);
	to[len - 1] = 0;
	CU_ASSERT_EQUAL_FATAL(load_image_mem(&other, "other.elf", file, image.file_len, &err), 0);
	CU_ASSERT_EQUAL(strlen(other.source[0].file), len - 1);
	free_image(&other);
	free_image(&image);
	free(file);
}

SUITE(unit_image_sources, false, { "the built images", built }, { "one thing wrong", changed },
      { "a name without an end", unterminated });
