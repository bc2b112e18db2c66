/* SPDX-License-Identifier: GPL-2.0-only */
/* What the commands of pvtlb share. */
#include <stdio.h>

#include "cli/command.h"

int complain(const struct error *err)
{
	fprintf(stderr, "pvtlb: %s\n", err->text);
	return err->status;
}
