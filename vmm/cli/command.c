/* SPDX-License-Identifier: GPL-2.0-only */
/* What the commands of pvtlb share. */
#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "cli/command.h"

int complain(const struct error *err)
{
	char text[sizeof(err->text)];

	/* There are words of the command line in it, and names of files. */
	strcpy(text, err->text);
	make_printable(text);
	fprintf(stderr, "pvtlb: %s\n", text);
	return err->status;
}
