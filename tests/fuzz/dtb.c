/* SPDX-License-Identifier: GPL-2.0-only */
/* Fuzz target: a user's device tree. What is accepted has all that ours has. */
#include <libfdt.h>
#include <string.h>

#include "base/backend.h"
#include "base/config.h"
#include "kvm/host.h"
#include "machine/dtb.h"
#include "machine/layout.h"
#include "must.h"

#define RAM (96ull << 20)

static char ours[DTB_MAX], given[DTB_MAX];
static size_t ours_len;

static void build(void)
{
	static const struct host host = { .kind = HOST_PVM, .smep = true };
	static const struct layout layout = { .free = 0x2000000, .rings = 0x1100000 };
	const struct dtb_control control = { .stops = { { 0x123 } } };
	struct run_config config = { .scenario = "key",
				     .paravirt = true,
				     .cpus = 3,
				     .trials = 1,
				     .backend = backend_named("xen") };
	struct error err = { 0 };

	MUST(dtb_build(ours, sizeof(ours), &config, &control, &host, &layout, RAM, &err) > 0);
	ours_len = fdt_totalsize(ours);
}

/* Each property of ours, looked up by its path in theirs. */
static void must_have_all(const void *theirs)
{
	int node, depth = 0;

	for (node = fdt_next_node(ours, -1, &depth); node >= 0;
	     node = fdt_next_node(ours, node, &depth)) {
		int property, there;
		char path[256];

		MUST(!fdt_get_path(ours, node, path, sizeof(path)));
		there = fdt_path_offset(theirs, path);
		MUST(there >= 0);
		fdt_for_each_property_offset(property, ours, node) {
			const char *name;
			int len, their_len;
			const void *value = fdt_getprop_by_offset(ours, property, &name, &len);
			const void *their = fdt_getprop(theirs, there, name, &their_len);

			MUST(their && len == their_len && !memcmp(value, their, len));
		}
	}
	MUST(fdt_num_mem_rsv(theirs) >= fdt_num_mem_rsv(ours));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct error err = { 0 };
	size_t size;
	char *copy;

	if (!ours_len)
		build();
	if (!len)
		return 0;
	/* Bytes put into ours, two for where and one for what; or a tree of their own. */
	if (*data & 1) {
		size = ours_len;
		memcpy(given, ours, size);
		for (size_t i = 1; i + 2 < len; i += 3)
			given[(data[i] | data[i + 1] << 8) % size] = data[i + 2];
	} else {
		size = len - 1 < sizeof(given) ? len - 1 : sizeof(given);
		memcpy(given, data + 1, size);
	}
	/* Of its own size: a sanitizer sees what is read beyond it. */
	copy = malloc(size + 1);
	MUST(copy);
	memcpy(copy, given, size);
	if (!dtb_check(copy, size, ours, &err))
		must_have_all(copy);
	else
		MUST(err.status == STATUS_FAIL && err.text[0]);
	free(copy);
	return 0;
}
