/* SPDX-License-Identifier: GPL-2.0-only */
/* A violation at length. A placeholder: the sentence alone. */
#include "oracle/oracle.h"

void violation_report(FILE *to, const struct event_stream *stream, const struct violation *v)
{
	char text[512];

	(void)stream;
	fprintf(to, "%s\n", violation_text(v, text, sizeof(text)));
}
