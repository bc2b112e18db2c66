/* SPDX-License-Identifier: GPL-2.0-only */
/* An engine that runs the guest on /dev/kvm, in stepped mode. */
#ifndef VMM_EXPLORE_KVM_H
#define VMM_EXPLORE_KVM_H

#include "explore/engine.h"

struct host;
struct image;
struct run_config;

/*
 * A machine of its own for the configuration, with hold rules off; all its vCPUs are run by the
 * thread that calls the engine, one at a time. Host and image are to outlive it. Of the
 * configuration a copy is kept, what it points to must stay. engine->ops->close() undoes it; on
 * failure there is nothing to undo.
 */
int explore_kvm_open(const struct host *host, const struct image *image,
		     const struct run_config *config, struct engine *engine, struct error *err);

#endif
