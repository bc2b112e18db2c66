/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest image that has been loaded: what it has, and where. */
#ifndef VMM_IMAGE_FIND_H
#define VMM_IMAGE_FIND_H

#include <stddef.h>
#include <stdint.h>

#include "base/config.h"
#include "base/policies.h"
#include "pvtlb/image.h"
#include "pvtlb/kernel.h"

#define IMAGE_MAX_SEGMENTS 8

struct segment {
	gva_t vaddr;
	gpa_t paddr;
	uint64_t filesz, memsz;
	const uint8_t *data; /* filesz bytes */
};

struct symbol {
	gva_t addr;
	uint64_t size;
	const char *name; /* in the image's string table */
};

struct image {
	char *path;
	uint8_t *file;
	size_t file_len;
	void *elf; /* libelf's */
	gva_t entry;
	struct segment segment[IMAGE_MAX_SEGMENTS];
	unsigned int nr_segments;
	struct symbol *symbol; /* functions and objects, sorted by address */
	size_t nr_symbols;
	struct pvtlb_image desc;
	struct pvtlb_scenario *scenario; /* in the order of their names */
	unsigned int nr_scenarios;
	struct policies policies;
	struct pvtlb_source *source; /* lines that emit events: number n is source[n - 1] */
	unsigned int nr_sources;
	struct pvtlb_kernel *kernel; /* the tree in it; NULL: it has the model's mm */
	char mm[CONFIG_MM_MAX + 1];  /* if there is a tree: as in struct run_config */
};

const struct pvtlb_scenario *image_scenario(const struct image *image, const char *name);

/* Guest-physical address of len bytes at a linked address, or 0 when they are in no segment. */
gpa_t image_gpa(const struct image *image, gva_t addr, uint64_t len);
/* First byte behind the image in guest-physical memory. */
gpa_t image_end(const struct image *image);

/* "symbol+0x12", or the bare number: into buf, which is returned. */
const char *image_symbolize(const struct image *image, gva_t addr, char *buf, size_t len);
/* Linked address of a symbol, or 0. */
gva_t image_symbol(const struct image *image, const char *name);

#endif
