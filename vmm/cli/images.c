/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest images: one for each value of CONFIG_PARAVIRT. */
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

void images_free(struct images *images)
{
	free_image(&images->image[0]);
	free_image(&images->image[1]);
}
