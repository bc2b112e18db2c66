/* SPDX-License-Identifier: GPL-2.0-only */
/* What an image says of the kernel tree in it: checked, and asked what it lacks. */
#ifndef VMM_IMAGE_KERNEL_H
#define VMM_IMAGE_KERNEL_H

#include "pvtlb/kernel.h"

/* Why what is asked for cannot be had of a tree, whatever else it has. */
extern const char tree_lacks_paravirt_n[]; /* --paravirt n */
extern const char tree_lacks_invlpgb_y[];  /* INVLPGB shown in CPUID */
extern const char tree_lacks_key[];	   /* a forced key, of a tree without the series */
extern const char tree_lacks_fault[];	   /* a fault with a site in the model's code */

/* What is wrong with the description, which is a copy out of the image; NULL: nothing. */
const char *image_kernel_check(const struct pvtlb_kernel *kernel);

/* Why the scenario cannot be run with the backend, with this tree; NULL: nothing is against it. */
const char *image_kernel_lacks(const struct pvtlb_kernel *kernel, const char *scenario,
			       const char *backend);

/* Whose the backend is, a few words, if it is not the tree's own; NULL: it is. */
const char *image_kernel_bridged(const struct pvtlb_kernel *kernel, const char *backend);

#endif
