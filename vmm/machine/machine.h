/* SPDX-License-Identifier: GPL-2.0-only */
/* A machine: memory, vCPUs, and one run of a guest on them. */
#ifndef VMM_MACHINE_H
#define VMM_MACHINE_H

#include "base/config.h"
#include "base/error.h"
#include "machine/state.h"

/* Build a machine for the configuration; on failure there is nothing to destroy. */
int machine_create(struct machine *m, const struct host *host, const struct image *image,
		   const struct run_config *config, struct error *err);
/*
 * Run the guest to its end and collect its events. 0 when the guest said that it was done;
 * else err says what happened, for a hang with a report of every vCPU on the console.
 */
int machine_run(struct machine *m, struct error *err);
void machine_destroy(struct machine *m);

#endif
