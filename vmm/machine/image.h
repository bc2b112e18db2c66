/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest image: an ELF file, checked, with its segments, symbols, descriptor and tables. */
#ifndef VMM_IMAGE_H
#define VMM_IMAGE_H

#include "base/error.h"
#include "machine/image_find.h"

/*
 * Load and check an image; nothing of the file is trusted. On failure err names the file and
 * what is wrong with it. free_image() on success only.
 */
int load_image(struct image *image, const char *path, struct error *err);
/* The same from memory, which load_image_mem() copies. */
int load_image_mem(struct image *image, const char *name, const void *file, size_t len,
		   struct error *err);
void free_image(struct image *image);

#endif
