/* SPDX-License-Identifier: GPL-2.0-only */
/* What is to be learnt from a run: why it went wrong, what would have helped, what the harm is. */
#include "base/wrap.h"
#include "oracle/describe.h"
#include "oracle/moral.h"
#include "oracle/template.h"
#include "show/moral.h"

/* A line, if there is anything to say. */
static void say(FILE *to, const char *head, const char *text)
{
	if (text)
		wrap_print(to, head, text);
}

static void why_skipped(FILE *to, const struct shown *s)
{
	char text[256];

	if (!violation_value(s->violation, "sync.skipped"))
		return;
	snprintf(text, sizeof(text), "The sync that waits for walkers was left out: %s.",
		 s->skipped_by);
	say(to, "  why:      ", text);
}

/* What the hypervisor has done for the flush, where that is what matters. */
static void what_was_served(FILE *to, const struct violation *v)
{
	char text[512];

	if (!violation_words(v, PART_SERVED))
		return;
	template_text(v, PART_SERVED, violation_parts[PART_SERVED].line, text, sizeof(text));
	say(to, "  served:   ", *text ? text : NULL);
}

void moral_print(FILE *to, const struct shown *s)
{
	const struct violation *v = s->violation;
	char text[1024];

	say(to, "  wrong:    ", violation_text(v, text, sizeof(text)));
	what_was_served(to, v);
	why_skipped(to, s);
	say(to, "  instead:  ", violation_instead(v, text, sizeof(text)));
	say(to, "  harm:     ", violation_harm(v, text, sizeof(text)));
}
