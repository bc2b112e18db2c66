/* SPDX-License-Identifier: GPL-2.0-only */
/* What tests of guest images share: a good one, and what has to be said of one that is not. */
#ifndef TESTS_IMAGE_BED_H
#define TESTS_IMAGE_BED_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/image.h"

#define NAME "some-guest.elf"

/* The good image's bytes, and where its parts are in them. */
extern struct image_base {
	uint8_t *file;
	size_t len;
	size_t desc, scenarios, policies, sources, symtab, symtab_len, symtab_header, strtab;
	struct pvtlb_image d;
	unsigned int nr_scenarios, nr_sources;
} image_base;

/* It is there from now on. */
void image_base_need(void);
/* A copy, to be freed, with so many bytes of 0 behind it. */
uint8_t *image_copy(size_t room);

/* Use everything that reads a loaded image, for the sanitizers. */
bool image_use(const struct image *image);
/* Load; is what comes out sound? An error has to name the file and to say something. */
bool image_sound(const void *file, size_t len, bool *loaded);
/* It must not load, and want has to be in what is said. */
void image_expect_error(const char *what, const void *file, size_t len, const char *want);

/* One field set, or moved by a little. */
enum part { EHDR, PHDR0, PHDR1, PHDR2, DESC, SCENARIO0, SCENARIO_LAST, SOURCE0, SOURCE_LAST };

struct poke {
	const char *what;
	enum part part;
	size_t offset, size;
	bool add;
	uint64_t value;
	const char *want; /* a part of the error's text */
};

#define FIELD(type, field) offsetof(type, field), sizeof(((type *)0)->field)
#define EH(field)	   EHDR, FIELD(Elf64_Ehdr, field)
#define PH(n, field)	   PHDR##n, FIELD(Elf64_Phdr, field)
#define D(field)	   DESC, FIELD(struct pvtlb_image, field)
#define S0(field)	   SCENARIO0, FIELD(struct pvtlb_scenario, field)
#define SL(field)	   SCENARIO_LAST, FIELD(struct pvtlb_scenario, field)
#define R0(field)	   SOURCE0, FIELD(struct pvtlb_source, field)
#define RL(field)	   SOURCE_LAST, FIELD(struct pvtlb_source, field)
#define SET		   false
#define ADD		   true
#define MINUS(n)	   (-(uint64_t)(n))

void image_poke(uint8_t *file, const struct poke *p);
/* Each of them by itself: an error with that in it, or, want NULL, a good image. */
void image_expect_pokes(const struct poke *pokes, size_t nr);

#endif
