/* SPDX-License-Identifier: GPL-2.0-only */
/* What an image says of the kernel tree in it: what is taken, what is refused, what it lacks. */
#include <string.h>

#include "machine/image_kernel.h"
#include "test.h"
#include "unit_util.h"

static struct pvtlb_kernel good(void)
{
	return (struct pvtlb_kernel){
		.version = PVTLB_ABI_VERSION,
		.flags = PVTLB_KERNEL_SERIES,
		.release = "6.12.0",
		.config = "PARAVIRT=y",
		.objects = "mm/gup.o",
		.lack = {
			{ .backend = "xen", .why = "no xen" },
			{ .scenario = "trim", .why = "no trim" },
			{ .scenario = "key", .backend = "kvm", .why = "no key with kvm" },
		},
	};
}

static void taken(void)
{
	struct pvtlb_kernel kernel = good();

	CU_ASSERT_PTR_NULL(image_kernel_check(&kernel));
	kernel.flags = 0;
	kernel.config[0] = kernel.objects[0] = 0;
	CU_ASSERT_PTR_NULL(image_kernel_check(&kernel));
	memset(kernel.lack, 0, sizeof(kernel.lack));
	CU_ASSERT_PTR_NULL(image_kernel_check(&kernel));
	kernel.flags = PVTLB_KERNEL_MODEL_PVTLB;
	CU_ASSERT_PTR_NULL(image_kernel_check(&kernel));
}

#define EXPECT_WRONG(change, want)                                                                 \
	do {                                                                                       \
		struct pvtlb_kernel kernel = good();                                               \
		const char *wrong;                                                                 \
                                                                                                   \
		change;                                                                            \
		wrong = image_kernel_check(&kernel);                                               \
		EXPECT(wrong &&strstr(wrong, want), "%s: %s", #change, wrong ? wrong : "taken");   \
	} while (0)

static void refused(void)
{
	EXPECT_WRONG(kernel.version++, "another version");
	EXPECT_WRONG(kernel.flags |= 1u << 31, "unknown flags");
	EXPECT_WRONG(kernel.release[0] = 0, "description is broken");
	EXPECT_WRONG(memset(kernel.release, 'x', sizeof(kernel.release)), "description is broken");
	EXPECT_WRONG(kernel.config[0] = '\033', "description is broken");
	EXPECT_WRONG(memset(kernel.objects, 'x', sizeof(kernel.objects)), "description is broken");
	EXPECT_WRONG(kernel.lack[1].why[2] = '\n', "lacks is broken");
	EXPECT_WRONG(memset(kernel.lack[PVTLB_LACKS - 1].scenario, 'x', 32), "lacks is broken");
	EXPECT_WRONG(memset(kernel.lack[0].backend, 'x', 32), "lacks is broken");
}

static void expect_lack(const char *scenario, const char *backend, const char *want)
{
	struct pvtlb_kernel kernel = good();
	const char *why = image_kernel_lacks(&kernel, scenario, backend);

	EXPECT(want ? why && !strcmp(why, want) : !why, "%s under %s: %s", scenario, backend,
	       why ? why : "nothing");
}

static void lacks(void)
{
	expect_lack("churn", "xen", "no xen");
	expect_lack("churn", "native", NULL);
	expect_lack("trim", "native", "no trim");
	expect_lack("trim2", "native", NULL);
	expect_lack("key", "kvm", "no key with kvm");
	expect_lack("key", "native", NULL);
	expect_lack("", "", NULL);
}

/* Only the one that the image says it of. */
static void bridged(void)
{
	struct pvtlb_kernel kernel = good();

	CU_ASSERT_PTR_NULL(image_kernel_bridged(&kernel, "pvtlb"));
	kernel.flags |= PVTLB_KERNEL_MODEL_PVTLB;
	CU_ASSERT_STRING_EQUAL(image_kernel_bridged(&kernel, "pvtlb"), "the model's, bridged");
	CU_ASSERT_PTR_NULL(image_kernel_bridged(&kernel, "xen"));
	CU_ASSERT_PTR_NULL(image_kernel_bridged(&kernel, "native"));
}

SUITE(unit_image_kernel, false, { "taken", taken }, { "refused", refused }, { "lacks", lacks },
      { "bridged", bridged });
