/* SPDX-License-Identifier: GPL-2.0-only */
/* The device tree that configures a guest, built with libfdt. */
#ifndef VMM_DTB_H
#define VMM_DTB_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "pvtlb/event.h"

struct machine;
struct layout;
struct run_config;
struct host;

#define DTB_MAX 65536u

/* How the guest's CPUs are controlled. */
struct dtb_control {
	struct pvtlb_event_set stops; /* events to be reported by TRACEPOINT */
	uint64_t stress_cycles; /* of the TSC, to run free; only with config->stress */
};

/* Write the tree (include/pvtlb/fdt.h) into buf; returns its bytes, or -1 with err. */
int dtb_build(void *buf, size_t size, const struct run_config *config,
	      const struct dtb_control *control, const struct host *host,
	      const struct layout *layout, uint64_t ram, struct error *err);

/*
 * May a guest of this run be given the len bytes at given for its tree, when the VMM would
 * have built expected? Every node, property and reservation of expected has to be there with
 * the same value; there may be more, but not what would make it another run. On failure err
 * says what is missing or different.
 */
int dtb_check(const void *given, size_t len, const void *expected, struct error *err);

#endif
