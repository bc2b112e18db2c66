/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest images: one for each value of CONFIG_PARAVIRT. */
#ifndef VMM_IMAGES_H
#define VMM_IMAGES_H

#include "base/error.h"
#include "machine/image.h"

struct images {
	struct image image[2]; /* n, y */
};

/* Load both; each has to be what it is said to be. 0, or -1 with err. */
int images_load(struct images *images, const char *nopv_path, const char *pv_path,
		struct error *err);
/* In the place of both: the one with a kernel tree in it, which is an image with CONFIG_PARAVIRT. */
int images_load_kernel(struct images *images, const char *path, struct error *err);
void images_free(struct images *images);

#endif
