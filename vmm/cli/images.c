/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest images: one for each value of CONFIG_PARAVIRT. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/images.h"

int images_load(struct images *images, const char *nopv_path, const char *pv_path,
		struct error *err)
{
	static const char *const want[] = { "without", "with" };
	const char *path[2] = { nopv_path, pv_path };

	for (int pv = 0; pv < 2; pv++) {
		bool is_pv;

		if (load_image(&images->image[pv], path[pv], err)) {
			if (pv)
				free_image(&images->image[0]);
			return -1;
		}
		is_pv = images->image[pv].desc.flags & PVTLB_IMAGE_PARAVIRT;
		if (is_pv == pv)
			continue;
		while (pv >= 0)
			free_image(&images->image[pv--]);
		return fail(err, STATUS_FAIL, "%s is not an image built %s CONFIG_PARAVIRT",
			    path[is_pv ? 0 : 1], want[!is_pv]);
	}
	return 0;
}

/* Twice, as a run takes one by its CONFIG_PARAVIRT, and says why there is none without. */
int images_load_kernel(struct images *images, const char *path, struct error *err)
{
	if (access(path, R_OK))
		return fail(err, STATUS_FAIL, "%s: %s; build it: make kernel-guest KERNEL=~/linux "
			    "(docs/mm-kernel.md)", path, strerror(errno));
	if (load_image(&images->image[1], path, err))
		return -1;
	if (!images->image[1].kernel) {
		free_image(&images->image[1]);
		return fail(err, STATUS_FAIL, "%s: no kernel tree is in this image; build one: make "
			    "kernel-guest KERNEL=~/linux", path);
	}
	if (!load_image(&images->image[0], path, err))
		return 0;
	free_image(&images->image[1]);
	return -1;
}

void images_free(struct images *images)
{
	free_image(&images->image[0]);
	free_image(&images->image[1]);
}
