/* SPDX-License-Identifier: GPL-2.0-only */
/* What an image says of the kernel tree in it: checked, and asked what it lacks. */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/printable.h"
#include "machine/image_kernel.h"

const char tree_lacks_paravirt_n[] =
	"an image of a kernel tree has the tree's one configuration, with CONFIG_PARAVIRT";
const char tree_lacks_invlpgb_y[] = "a kernel tree's CPUs show no INVLPGB: flushes by it are not bridged";
const char tree_lacks_key[] = "the kernel tree in the image has no tlb_ipi_broadcast_key to force";
const char tree_lacks_fault[] =
	"that fault is the model's: the kernel tree's code has no place for it";

static bool lack_valid(const struct pvtlb_lack *lack)
{
	return printable(lack->scenario, sizeof(lack->scenario)) &&
	       printable(lack->backend, sizeof(lack->backend)) &&
	       printable(lack->why, sizeof(lack->why));
}

const char *image_kernel_check(const struct pvtlb_kernel *kernel)
{
	if (kernel->version != PVTLB_ABI_VERSION)
		return "its kernel tree's description is of another version; build it again: "
		       "make kernel-guest";
	if (kernel->flags & ~(PVTLB_KERNEL_SERIES | PVTLB_KERNEL_MODEL_PVTLB))
		return "its kernel tree's description has unknown flags";
	if (!kernel->release[0] || !printable(kernel->release, sizeof(kernel->release)) ||
	    !printable(kernel->config, sizeof(kernel->config)) ||
	    !printable(kernel->objects, sizeof(kernel->objects)))
		return "its kernel tree's description is broken";
	for (unsigned int i = 0; i < PVTLB_LACKS; i++)
		if (!lack_valid(&kernel->lack[i]))
			return "what it says that its kernel tree lacks is broken";
	return NULL;
}

static bool is_about(const char *of, const char *name)
{
	return !of[0] || !strcmp(of, name);
}

const char *image_kernel_lacks(const struct pvtlb_kernel *kernel, const char *scenario,
			       const char *backend)
{
	for (unsigned int i = 0; i < PVTLB_LACKS; i++) {
		const struct pvtlb_lack *lack = &kernel->lack[i];

		if (lack->why[0] && is_about(lack->scenario, scenario) &&
		    is_about(lack->backend, backend))
			return lack->why;
	}
	return NULL;
}

const char *image_kernel_bridged(const struct pvtlb_kernel *kernel, const char *backend)
{
	if (!(kernel->flags & PVTLB_KERNEL_MODEL_PVTLB) || strcmp(backend, "pvtlb"))
		return NULL;
	return "the model's, bridged";
}
