/* SPDX-License-Identifier: GPL-2.0-only */
/* What is to be learnt from a violation, for each kind of them. */
#include "base/wrap.h"
#include "oracle/template.h"
#include "show/moral.h"

/* Templates (oracle/template.h); NULL: nothing to say. */
struct moral {
	const char *instead; /* what would have prevented it */
	const char *harm;
};

#define WALKED                                                                                     \
	{ "{walk.kind|rcu:A grace period after the table was unhooked ({unhook.at}) would have "   \
	  "waited for CPU {cpu}'s RCU read section, which its walk is in.|"                        \
	  "{walk.irqs_off|y:An IPI to CPU {cpu} between {unhook.at} and {release.at} would have "  \
	  "waited for the end of its walk: it walks with IRQs off.|"                               \
	  "Nothing that interrupts CPU {cpu} would have: it walks with IRQs on.}}",                \
	  "{use.poison|y:CPU {cpu} took the poison of a freed page for an entry of a page table.|" \
	  "{later.hooked|0:CPU {cpu} read a table that no longer belongs to mm {mm}: whatever is " \
	  "in it by now.|CPU {cpu} walks mm {mm} and read an entry of a table of mm {later.mm}: the "\
	  "page behind it is that one's.}}" }
#define CACHED(instead)                                                                            \
	{ instead, "CPU {cpu} may go on to use {cached.start} of mm {mm} as it was: "              \
		   "{cached.table|n:page|page table} {cached.target}, whoever owns that by then." }

static const struct moral morals[VIOLATION_KINDS] = {
	[VIOLATION_USE_AFTER_FREE] = WALKED,
	[VIOLATION_USE_AFTER_DEPOSIT] = WALKED,
	[VIOLATION_USE_AFTER_UNSHARE] = WALKED,
	[VIOLATION_WALKER_NOT_INTERRUPTED] = {
		"An IPI to CPU {cpu} between {unhook.at} and {release.at} would have waited for "
		"the end of its walk.",
		"CPU {cpu} may read the table after it is somebody else's.",
	},
	[VIOLATION_STALE] = {
		"CPU {cpu} had to flush before CPU {flush.initiator}'s flush returned "
		"({flush.end}).",
		"CPU {cpu} used a page that the mm had taken away.",
	},
	[VIOLATION_WRONG_PAGE] = { NULL, "CPU {cpu} has a reference to somebody else's page." },
	[VIOLATION_GRABBED] = {
		"Had it looked again at the table's own entry, it would have given the page back.",
		"CPU {cpu} has a reference to a page that is mapped nowhere in mm {mm}.",
	},
	[VIOLATION_NOT_FLUSHED] = {
		"A flush of mm {unhook.mm} between {unhook.at} and {release.at}.",
		"The hardware of a CPU may still walk through the table.",
	},
	[VIOLATION_MISSED_FLUSH] = CACHED("CPU {cpu} had to drop it before CPU {flush.initiator}'s "
					  "flush returned ({flush.end})."),
	[VIOLATION_UNFLUSHED] = CACHED("A flush before {call.call} returned ({call.at})."),
	[VIOLATION_PAGE_EARLY] = CACHED("A flush before the page was given back ({freed.at})."),
	[VIOLATION_TABLE_EARLY] = CACHED("A flush of CPU {cpu}, lazy or not, before the table was "
					 "put to another use ({release.at})."),
	[VIOLATION_CAME_BACK] = CACHED("CPU {cpu} had to catch up before {back.at}."),
};

static void say(FILE *to, const struct shown *s, const char *head, const char *template)
{
	char text[512];

	if (template)
		wrap_print(to, head, template_text(s->violation, PARTS, template, text,
						   sizeof(text)));
}

static void why_skipped(FILE *to, const struct shown *s)
{
	if (!violation_value(s->violation, "sync.skipped"))
		return;
	if (s->run->config.key != KEY_AUTO && s->facts.key.value && !s->judgement.key_expected)
		wrap_print(to, "  why:      ",
			   "You forced the key on (--key on): it says that every flush interrupts "
			   "every CPU, so the sync that waits for walkers is left out.");
	else
		say(to, s, "  why:      ", "The sync that waits for walkers was left out.");
	wrap_print(to, "            ", s->skipped_by);
}

void moral_print(FILE *to, const struct shown *s)
{
	const struct moral *moral = &morals[s->violation->kind];
	char text[1024];

	wrap_print(to, "  wrong:    ", violation_text(s->violation, text, sizeof(text)));
	why_skipped(to, s);
	say(to, s, "  instead:  ", moral->instead);
	say(to, s, "  harm:     ", moral->harm);
}
