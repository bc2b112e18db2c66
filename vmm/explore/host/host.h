/* SPDX-License-Identifier: GPL-2.0-only */
/* An engine that runs the guest's own image in this process, over a model machine. */
#ifndef VMM_EXPLORE_HOST_H
#define VMM_EXPLORE_HOST_H

#include "base/error.h"
#include "explore/engine.h"

struct host;
struct image;
struct run_config;

/*
 * The image as it is: it is relocated, and nine of its functions (without MEMORY_TSO six) come out
 * to us instead of to ring 0, devices and memory (switch.h). The hypervisor's side is the VMM's own
 * (vmm/pv). One is open in a process at a time, and it is used by the thread that opened it; for
 * more of them, fork().
 *
 * With MEMORY_TSO stores stay in a CPU's buffer until something empties it (Intel SDM vol.
 * 3, 11.10), the CPU comes to wait, or a turn says drain.
 *
 * like: the kind of host whose machine it is to be like, event for event; NULL: none in particular,
 * and no /dev/kvm is needed. engine->ops->close() undoes it; on failure there is nothing to undo.
 */
int explore_host_open(struct engine *engine, const struct image *image,
		      const struct run_config *config, const struct host *like,
		      enum memory_model memory, struct error *err);

#endif
