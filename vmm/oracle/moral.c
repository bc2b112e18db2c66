/* SPDX-License-Identifier: GPL-2.0-only */
/* What is to be learnt from a violation: what would have prevented it, what the harm is. */
#include "oracle/moral.h"
#include "oracle/template.h"

/* Templates (oracle/template.h); NULL: nothing to say. */
struct moral {
	const char *instead, *harm;
};

/*
 * An interrupt waits for a walk with IRQs off only if it comes after the table was unhooked, and
 * before it is put to another use; a grace period, for a walk in an RCU read section.
 */
#define BETWEEN "{unhook.at|0:before|between {unhook.at} and} {release.at}"
#define WALKED                                                                                     \
	{                                                                                          \
		"{walk.kind|rcu:An RCU grace period " BETWEEN                                      \
		" would have waited for CPU {cpu} to "                                             \
		"leave its walk, which is in a read section. An IPI would not have.|"              \
		"{walk.irqs_off|y:An IPI to CPU {cpu} " BETWEEN                                    \
		" would have waited for it to leave "                                              \
		"its walk, which runs with IRQs off.|"                                             \
		"The walk has to run with IRQs off. CPU {cpu} has them on, and no IPI waits for "  \
		"it.}}",                                                                           \
			"{use.poison|y:CPU {cpu} took the poison of a freed page for an entry of " \
			"a page table.|"                                                           \
			"{later.hooked|0:"                                                         \
			"{release.as|unshared:mm {mm} reads a table that is mm {release.owner}'s " \
			"alone, and "                                                              \
			"whatever that puts into it.|"                                             \
			"CPU {cpu} read a table that no longer belongs to mm {mm}: whatever is "   \
			"in it by now.}|"                                                          \
			"mm {mm} reads mm {later.mm}'s table: the page behind the entry that CPU " \
			"{cpu} read is "                                                           \
			"that one's.}}"                                                            \
	}
#define CACHED(instead)                                                                            \
	{                                                                                          \
		instead, "CPU {cpu} may go on to use {cached.start} of mm {mm} as it was: "        \
			 "{cached.table|n:page|page table} {cached.target}, whoever owns that by " \
			 "then."                                                                   \
	}

static const struct moral morals[VIOLATION_KINDS] = {
	[VIOLATION_NOT_INTERRUPTED] = {
		"CPU {cpu} had to take an interrupt between {flush.begin} and {flush.end}.",
		"Who leaves out a sync because flushes interrupt has not waited for a walk on "
		"CPU {cpu}.",
	},
	[VIOLATION_INTERRUPTED] = {
		"The backend's flush had to reach CPU {cpu} without an interrupt.",
		"None to memory. But what is said of this backend is not so.",
	},
	[VIOLATION_ACK_EARLY] = {
		"The flush had to wait until CPU {cpu} had done its part"
		"{func.end|0:| ({func.end})}.",
		"CPU {flush.initiator} goes on as if CPU {cpu} had nothing old cached any more.",
	},
	[VIOLATION_NOT_SERVED] = {
		"The hypervisor had to flush the whole range on CPU {cpu} before {flush.end}, or "
		"an IPI had to reach it.",
		"CPU {cpu} may go on to use what mm {mm} has given up.",
	},
	[VIOLATION_OVER_SERVED] = {
		"CPU {cpu} was not among the flush's targets and had to be left alone.",
		"None to memory. CPU {cpu} loses time, and translations that were right.",
	},
	[VIOLATION_WALKER_NOT_INTERRUPTED] = {
		"An IPI to CPU {cpu} " BETWEEN " would have waited for it to leave its walk.",
		"CPU {cpu} may read the table after it is somebody else's.",
	},
	[VIOLATION_STALE] = {
		"CPU {cpu} had to flush before CPU {flush.initiator}'s flush returned "
		"({flush.end}).",
		"{access.outcome|ok:CPU {cpu} {access.op|write:wrote to|read} page {access.page}, "
		"which mm {mm} no longer has at {access.addr}.|"
		"CPU {cpu} did not find what mm {mm} has at {access.addr}.}",
	},
	[VIOLATION_USE_AFTER_FREE] = WALKED,
	[VIOLATION_USE_AFTER_DEPOSIT] = WALKED,
	[VIOLATION_USE_AFTER_UNSHARE] = WALKED,
	[VIOLATION_WRONG_PAGE] = {
		NULL,
		"CPU {cpu} has a reference to a page that mm {mm} did not have there.",
	},
	[VIOLATION_WALK_INTERRUPTED] = {
		"IRQs had to stay off on CPU {cpu} from {walk.begin} on, until the walk's end.",
		"An IPI does not wait for this walk: page tables may be freed under it.",
	},
	[VIOLATION_NOT_FLUSHED] = {
		"A flush of mm {unhook.mm} between {unhook.at} and {release.at}.",
		"The hardware of a CPU may still walk through the table.",
	},
	[VIOLATION_GRABBED] = {
		"Had it looked again at what led it there, it would have given the page back.",
		"CPU {cpu} has a reference to a page that mm {mm} no longer has there.",
	},
	[VIOLATION_MISSED_FLUSH] = CACHED("CPU {cpu} had to drop it before CPU {flush.initiator}'s "
					  "flush returned ({flush.end})."),
	[VIOLATION_UNFLUSHED] = CACHED("CPU {cpu} had to drop it before {call.call} returned "
				       "({call.at})."),
	[VIOLATION_PAGE_EARLY] = CACHED("CPU {cpu} had to drop it before the page was given back "
					"({freed.at})."),
	[VIOLATION_TABLE_EARLY] = CACHED("CPU {cpu} had to drop it, lazy or not, before the table "
					 "was put to another use ({release.at})."),
	[VIOLATION_CAME_BACK] = CACHED("CPU {cpu} had to catch up before {back.at}."),
	[VIOLATION_ASKED_WRONG] = {
		"{ask.short_of|n:The space that it asks for had to be mm {mm}'s.|"
		"It had to ask for all of the flush's range.}",
		"Other CPUs may go on to use what mm {mm} has given up.",
	},
	[VIOLATION_SERVED_SHORT] = {
		"The hypervisor had to flush CPU {cpu} before it said that it was done.",
		"CPU {cpu} may go on to use what mm {mm} has given up.",
	},
	[VIOLATION_NOT_DONE] = {
		NULL,
		"Others go by what is said of CPU {cpu}, and leave it out of what they flush.",
	},
	[VIOLATION_TAG_REUSED] = {
		"The load of CR3 at {tag.at} had to flush, or to be under another tag.",
		"CPU {cpu} may use another mm's translations as if they were mm {mm}'s.",
	},
};

static const char *filled(const struct violation *v, const char *template, char *buf, size_t len)
{
	return template ? template_text(v, PARTS, template, buf, len) : NULL;
}

const char *violation_instead(const struct violation *v, char *buf, size_t len)
{
	return filled(v, morals[v->kind].instead, buf, len);
}

const char *violation_harm(const struct violation *v, char *buf, size_t len)
{
	return filled(v, morals[v->kind].harm, buf, len);
}
