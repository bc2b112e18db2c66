/* SPDX-License-Identifier: GPL-2.0-only */
/* The native backend: nobody plays the hypervisor, flushes go by IPI. */
#include "base/backend.h"

BACKEND(native, {
	.name = "native",
	.provider = "none",
	.paravirt = false,
	.interrupts = INTERRUPTS_ALL,
	.why = "native flushes interrupt every target",
});
