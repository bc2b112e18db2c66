/* SPDX-License-Identifier: GPL-2.0-only */
/* What JSON is put together from. All return NULL when memory is out, which jansson passes on. */
#ifndef VMM_REPORT_JSON_PARTS_H
#define VMM_REPORT_JSON_PARTS_H

#include <jansson.h>
#include <stdint.h>

#include "base/config.h"
#include "oracle/violation.h"

/* An address, or what else a double has not enough bits for: "0x2000". */
static inline json_t *json_hex(uint64_t value)
{
	return json_sprintf("0x%llx", (unsigned long long)value);
}

/* A configuration's settings, each as a member of the run; and who plays its hypervisor. */
void json_settings(json_t *run, const struct run_config *config);

/* The violations that were kept, an array. */
json_t *json_violations(const struct violations *bad);

#endif
