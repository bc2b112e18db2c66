/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest images that are other bytes altogether, or a few other ones. */
#include <stdlib.h>
#include <string.h>

#include "image_bed.h"
#include "machine/layout.h"
#include "unit_util.h"

static void not_images(void)
{
	static const char text[] = "#!/bin/sh\nexit 0\n", magic[] = "\177ELF";
	uint8_t page[4096];

	image_expect_error("empty", "", 0, "not an ELF file");
	image_expect_error("one byte", "\177", 1, "not an ELF file");
	image_expect_error("a script", text, sizeof(text), "not an ELF file");
	image_expect_error("the magic and no more", magic, 4, "");
	memset(page, 0, sizeof(page));
	image_expect_error("zeroes", page, sizeof(page), "not an ELF file");
	memset(page, 0xff, sizeof(page));
	image_expect_error("ones", page, sizeof(page), "not an ELF file");
	memcpy(page, magic, 4);
	image_expect_error("ones with the magic", page, sizeof(page), "");
	image_expect_error("an archive", "!<arch>\n", 8, "");
}

/* Cut off after len bytes: never good, as the section headers are the last thing in the file. */
static void expect_truncated(size_t len, unsigned int *unsound, unsigned int *good_ones)
{
	/* Of the exact size: ASan sees who believes the headers. */
	uint8_t *file = malloc(len ? len : 1);
	bool loaded;

	memcpy(file, image_base.file, len);
	*unsound += !image_sound(file, len, &loaded);
	*good_ones += loaded;
	free(file);
}

static void truncated(void)
{
	unsigned int unsound = 0, good_ones = 0, nr = 0;

	image_base_need();
	for (size_t len = 0; len < 0x2000; len += 64, nr++)
		expect_truncated(len, &unsound, &good_ones);
	for (size_t len = 0; len < 0x100; len++, nr++)
		expect_truncated(len, &unsound, &good_ones);
	for (size_t len = 0x2000; len < image_base.len; len += 997, nr++)
		expect_truncated(len, &unsound, &good_ones);
	for (size_t cut = 1; cut < 200; cut++, nr++)
		expect_truncated(image_base.len - cut, &unsound, &good_ones);
	EXPECT(!unsound, "%u of %u", unsound, nr);
	EXPECT(!good_ones, "%u of %u", good_ones, nr);
	CU_ASSERT(nr > 700);
}

static void random_bytes(void)
{
	struct rnd rng = { 0x72616e64 };
	unsigned int unsound = 0, good_ones = 0;
	uint8_t file[2048];

	for (unsigned int round = 0; round < 1000; round++) {
		size_t len = rnd_below(&rng, sizeof(file));
		bool loaded;

		for (size_t i = 0; i < sizeof(file); i++)
			file[i] = rnd(&rng);
		/* Half of them with a header that gets them further. */
		image_base_need();
		if (round & 1)
			memcpy(file, image_base.file, rnd_below(&rng, 2) ? 24 : 64);
		unsound += !image_sound(file, len, &loaded);
		good_ones += loaded;
	}
	EXPECT(!unsound, "%u", unsound);
	CU_ASSERT_EQUAL(good_ones, 0);
}

/* Where a mutation goes: mostly into what is looked at. */
static size_t mutation_place(struct rnd *rng)
{
	const Elf64_Ehdr *eh = (const Elf64_Ehdr *)image_base.file;

	switch (rnd_below(rng, 8)) {
	case 0:
		return rnd_below(rng, image_base.len);
	case 1:
		return rnd_below(rng, 64);
	case 2:
		return 64 + rnd_below(rng, 3 * sizeof(Elf64_Phdr));
	case 3:
		return image_base.symtab_header + rnd_below(rng, 2 * sizeof(Elf64_Shdr));
	case 4:
		return eh->e_shoff + rnd_below(rng, eh->e_shnum * sizeof(Elf64_Shdr));
	case 5:
		return image_base.desc + rnd_below(rng, sizeof(struct pvtlb_image));
	case 6:
		return image_base.scenarios +
		       rnd_below(rng, image_base.nr_scenarios * sizeof(struct pvtlb_scenario));
	default:
		return image_base.symtab + rnd_below(rng, image_base.symtab_len);
	}
}

static void mutate(struct rnd *rng, uint8_t *byte)
{
	static const uint8_t edges[] = { 0, 1, 0x7f, 0x80, 0xff };

	switch (rnd_below(rng, 3)) {
	case 0:
		*byte ^= 1u << rnd_below(rng, 8);
		break;
	case 1:
		*byte = edges[rnd_below(rng, NR_OF(edges))];
		break;
	default:
		*byte = rnd(rng);
	}
}

/* One byte or bit, sometimes a few: it loads and is sound, or there is an error; never a crash. */
static void mutated(void)
{
	struct rnd rng = { 0x6d757461 };
	unsigned int unsound = 0, good_ones = 0;
	const unsigned int rounds = 5000;
	uint8_t *file = image_copy(0);

	for (unsigned int round = 0; round < rounds; round++) {
		unsigned int nr = rnd_below(&rng, 4) ? 1 : 1 + rnd_below(&rng, 8);
		size_t place_of[8];
		bool loaded;

		for (unsigned int i = 0; i < nr; i++) {
			place_of[i] = mutation_place(&rng);
			mutate(&rng, file + place_of[i]);
		}
		if (!image_sound(file, image_base.len, &loaded)) {
			unsound++;
			EXPECT(unsound > 5, "round %u, byte %#zx: %#x", round, place_of[0],
			       file[place_of[0]]);
		}
		good_ones += loaded;
		for (unsigned int i = 0; i < nr; i++)
			file[place_of[i]] = image_base.file[place_of[i]];
	}
	EXPECT(!unsound, "%u of %u", unsound, rounds);
	/* Both ways must have been gone, or the mutations say nothing. */
	EXPECT(good_ones > rounds / 10 && good_ones < rounds * 9 / 10, "%u of %u load", good_ones,
	       rounds);
	CU_ASSERT(!memcmp(file, image_base.file, image_base.len));
	free(file);
}

SUITE(unit_image_noise, false, { "not images", not_images }, { "truncated", truncated },
      { "random bytes", random_bytes }, { "5000 mutations", mutated });
