/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run is called, wherever it is named: in reports, stories, pictures and pages. */
#ifndef VMM_TITLE_H
#define VMM_TITLE_H

#include "base/config.h"

#define TITLE_MAX 352u /* bytes of any, with its NUL */

/*
 * Which run it is, a clause: scenario, backend and what else tells it from others, but for how
 * the key is decided. Returns buf.
 */
const char *config_title(const struct run_config *config, char buf[TITLE_MAX]);

#endif
