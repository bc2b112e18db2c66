/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzz target: a guest image. What loads lies where guests may, and its tables can be used. The
 * good one that inputs change is the file that PVTLB_FUZZ_IMAGE names.
 */
#include <stdio.h>
#include <string.h>

#include "machine/image.h"
#include "machine/layout.h"
#include "must.h"

static uint8_t *good, *changed;
static size_t good_len;

static void read_good(void)
{
	const char *path = getenv("PVTLB_FUZZ_IMAGE");
	FILE *from = path ? fopen(path, "rb") : NULL;

	if (!from) {
		fprintf(stderr, "PVTLB_FUZZ_IMAGE: no image to begin with\n");
		abort();
	}
	MUST(!fseek(from, 0, SEEK_END));
	good_len = ftell(from);
	rewind(from);
	good = malloc(good_len);
	changed = malloc(good_len);
	MUST(good && changed && fread(good, 1, good_len, from) == good_len);
	fclose(from);
}

static void must_be_sound(const struct image *image)
{
	char text[64];

	MUST(image->nr_segments && image->nr_segments <= IMAGE_MAX_SEGMENTS);
	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segment[i];

		MUST(s->filesz <= s->memsz && s->paddr >= IMAGE_GPA_MIN);
		MUST(s->paddr + s->memsz <= IMAGE_GPA_MAX && s->paddr + s->memsz >= s->paddr);
		MUST(s->data >= image->file &&
		     s->data + s->filesz <= image->file + image->file_len);
	}
	MUST(image_end(image) <= IMAGE_GPA_MAX);
	for (size_t i = 0; i < image->nr_symbols; i += 64)
		MUST(*image_symbolize(image, image->symbol[i].addr + 1, text, sizeof(text)));
	for (unsigned int i = 0; i < image->nr_scenarios; i++)
		MUST(image_scenario(image, image->scenario[i].name));
	MUST(image->nr_scenarios && !image_scenario(image, ""));
	for (unsigned int i = 0; i < image->nr_sources; i++)
		MUST(memchr(image->source[i].file, 0, sizeof(image->source[i].file)));
}

/* Bytes that an input has changed: put back, as a copy of it all is dear. */
static size_t places[4096], nr_places;

static void change(const uint8_t *data, size_t len)
{
	for (nr_places = 0; len >= 4 && nr_places < 4096; data += 4, len -= 4) {
		size_t at = (data[0] | data[1] << 8 | data[2] << 16) % good_len;

		changed[at] = data[3];
		places[nr_places++] = at;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct error err = { 0 };
	struct image image;
	int failed;

	if (!good) {
		read_good();
		memcpy(changed, good, good_len);
	}
	if (!len)
		return 0;
	/* Bytes put into the good one, three for where and one for what; or a file of their own. */
	if (*data & 1) {
		change(data + 1, len - 1);
		failed = load_image_mem(&image, "i", changed, good_len, &err);
		for (size_t i = 0; i < nr_places; i++)
			changed[places[i]] = good[places[i]];
	} else {
		failed = load_image_mem(&image, "i", data + 1, len - 1, &err);
	}
	MUST(!failed == !err.status);
	if (failed) {
		MUST(err.status == STATUS_FAIL && !strncmp(err.text, "i: ", 3));
		return 0;
	}
	must_be_sound(&image);
	free_image(&image);
	return 0;
}
