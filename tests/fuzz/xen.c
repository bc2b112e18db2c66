/* SPDX-License-Identifier: GPL-2.0-only */
/* Fuzz target: hypercalls of the xen backend, against the rules of tests/xen_model.h. */
#include "../xen_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct xg *g[2];
	const char *wrong;
	int64_t rax;

	if (!g[0]) {
		g[0] = xg_new();
		g[1] = xg_new();
	}
	wrong = xg_run(g, data, len, &rax);
	if (!wrong)
		return 0;
	fprintf(stderr, "fuzz/xen: %s\n", wrong);
	abort();
}
