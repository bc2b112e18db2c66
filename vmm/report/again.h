/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as a command that makes it once more, by itself. */
#ifndef VMM_REPORT_AGAIN_H
#define VMM_REPORT_AGAIN_H

#include <stddef.h>

#include "base/config.h"

/*
 * "pvtlb run key --backend xen --cpus 3": at most len - 1 bytes. program: as it is to be typed;
 * command: run, or show, which takes fewer options. Returns buf.
 */
const char *command_again(const char *program, const char *command, const struct run_config *config,
			  char *buf, size_t len);

#endif
