/* SPDX-License-Identifier: GPL-2.0-only */
/* A violation as one sentence. */
#include <stdio.h>

#include "oracle/text.h"

const char *const violation_names[VIOLATION_KINDS] = {
	[VIOLATION_NOT_INTERRUPTED] = "not-interrupted",
	[VIOLATION_INTERRUPTED] = "interrupted",
	[VIOLATION_STALE] = "stale",
	[VIOLATION_USE_AFTER_FREE] = "use-after-free",
	[VIOLATION_USE_AFTER_DEPOSIT] = "use-after-deposit",
	[VIOLATION_USE_AFTER_UNSHARE] = "use-after-unshare",
	[VIOLATION_WRONG_PAGE] = "wrong-page",
	[VIOLATION_WALK_INTERRUPTED] = "walk-interrupted",
	[VIOLATION_NOT_FLUSHED] = "not-flushed",
	[VIOLATION_ACK_EARLY] = "ack-early",
	[VIOLATION_NOT_SERVED] = "not-served",
	[VIOLATION_OVER_SERVED] = "over-served",
	[VIOLATION_WALKER_NOT_INTERRUPTED] = "walker-not-interrupted",
};

/* For printf's %llu and %#llx. */
typedef unsigned long long ull;

const char *pte_text(uint64_t pte, char *buf, size_t len)
{
	if (!(pte & PTE_P))
		snprintf(buf, len, "not mapped");
	else
		snprintf(buf, len, "page %#llx, %s", (ull)(pte & PTE_ADDR),
			 pte & PTE_W ? "writable" : "read-only");
	return buf;
}

const char *release_text(uint16_t id)
{
	switch (id) {
	case PVTLB_EV_TABLE_DEPOSIT:
		return "deposited";
	case PVTLB_EV_TABLE_OWN:
		return "unshared";
	default:
		return "freed";
	}
}

const char *outcome_text(uint64_t outcome)
{
	static const char *const text[] = { "?", "reached page", "found nothing mapped",
					    "found it write-protected" };

	return text[outcome <= PVTLB_ACCESS_PROTECTED ? outcome : 0];
}

static void not_interrupted(const struct violation *v, char *buf, size_t len)
{
	snprintf(buf, len,
		 "CPU %u %s an interrupt between the start and the return of CPU %u's flush #%llu "
		 "to #%llu of mm %llu, which it was a target of",
		 v->cpu, v->kind == VIOLATION_INTERRUPTED ? "took" : "did not take", v->initiator,
		 (ull)v->flush_begin, (ull)v->flush_end, (ull)v->mm);
}

static void stale(const struct violation *v, char *buf, size_t len)
{
	char pte[64], reached[64] = "";

	if (v->outcome == PVTLB_ACCESS_OK)
		snprintf(reached, sizeof(reached), " %#llx", (ull)v->value);
	snprintf(buf, len,
		 "CPU %u %s %#llx of mm %llu and %s%s (#%llu), though it is %s since #%llu and CPU "
		 "%u's flush #%llu to #%llu had returned",
		 v->cpu, v->op == PVTLB_ACCESS_WRITE ? "wrote to" : "read", (ull)v->addr,
		 (ull)v->mm, outcome_text(v->outcome), reached, (ull)v->access,
		 pte_text(v->pte, pte, sizeof(pte)), (ull)v->pte_set, v->initiator,
		 (ull)v->flush_begin, (ull)v->flush_end);
}

static void use_after(const struct violation *v, char *buf, size_t len)
{
	snprintf(buf, len,
		 "CPU %u's walk #%llu of %#llx of mm %llu read page table %#llx (#%llu) through a "
		 "pointer from #%llu, though CPU %u %s it at #%llu",
		 v->cpu, (ull)v->walk, (ull)v->addr, (ull)v->mm, (ull)v->table, (ull)v->use,
		 (ull)v->pointer, v->released_by, release_text(v->released_as), (ull)v->release);
}

static void wrong_page(const struct violation *v, char *buf, size_t len)
{
	char pte[64];

	snprintf(buf, len,
		 "CPU %u's walk #%llu of %#llx of mm %llu took page %#llx (#%llu), which was not "
		 "mapped there at any time since it began; it is %s since #%llu",
		 v->cpu, (ull)v->walk, (ull)v->addr, (ull)v->mm, (ull)v->value, (ull)v->use,
		 pte_text(v->pte, pte, sizeof(pte)), (ull)v->pte_set);
}

static void walk_interrupted(const struct violation *v, char *buf, size_t len)
{
	snprintf(buf, len,
		 "CPU %u's walk #%llu of %#llx of mm %llu, which was to run with IRQs off, was "
		 "interrupted (#%llu, vector %#llx)",
		 v->cpu, (ull)v->walk, (ull)v->addr, (ull)v->mm, (ull)v->use, (ull)v->value);
}

static void not_flushed(const struct violation *v, char *buf, size_t len)
{
	snprintf(buf, len,
		 "CPU %u %s page table %#llx (#%llu), unhooked from %#llx of mm %llu at #%llu, "
		 "though "
		 "no flush of that had returned: hardware may still walk through it",
		 v->released_by, release_text(v->released_as), (ull)v->table, (ull)v->release,
		 (ull)v->addr, (ull)v->mm, (ull)v->unhook);
}

static void ack_early(const struct violation *v, char *buf, size_t len)
{
	snprintf(buf, len,
		 "CPU %u's flush #%llu to #%llu of mm %llu returned before CPU %u, which had begun "
		 "its part at #%llu, had done it",
		 v->initiator, (ull)v->flush_begin, (ull)v->flush_end, (ull)v->mm, v->cpu,
		 (ull)v->enter);
}

static void not_served(const struct violation *v, char *buf, size_t len)
{
	snprintf(buf, len,
		 "CPU %u's flush #%llu to #%llu of mm %llu was for CPU %u, which was not "
		 "interrupted, and the hypervisor was not asked to flush all of the range there",
		 v->initiator, (ull)v->flush_begin, (ull)v->flush_end, (ull)v->mm, v->cpu);
}

static void over_served(const struct violation *v, char *buf, size_t len)
{
	snprintf(buf, len,
		 "CPU %u's flush #%llu to #%llu of mm %llu was not for CPU %u, and the hypervisor "
		 "was asked to flush it all the same",
		 v->initiator, (ull)v->flush_begin, (ull)v->flush_end, (ull)v->mm, v->cpu);
}

static void walker(const struct violation *v, char *buf, size_t len)
{
	char sync[64] = "with no sync";

	if (v->sync)
		snprintf(sync, sizeof(sync), "with sync #%llu %s", (ull)v->sync,
			 v->sync_skipped ? "skipped" : "sent");
	snprintf(
		buf, len,
		"CPU %u %s page table %#llx (#%llu), unhooked at #%llu, %s, while CPU %u was still "
		"in its walk #%llu of mm %llu and had not been interrupted",
		v->released_by, release_text(v->released_as), (ull)v->table, (ull)v->release,
		(ull)v->unhook, sync, v->cpu, (ull)v->walk, (ull)v->mm);
}

static void (*const texts[VIOLATION_KINDS])(const struct violation *v, char *buf, size_t len) = {
	[VIOLATION_NOT_INTERRUPTED] = not_interrupted,
	[VIOLATION_INTERRUPTED] = not_interrupted,
	[VIOLATION_STALE] = stale,
	[VIOLATION_USE_AFTER_FREE] = use_after,
	[VIOLATION_USE_AFTER_DEPOSIT] = use_after,
	[VIOLATION_USE_AFTER_UNSHARE] = use_after,
	[VIOLATION_WRONG_PAGE] = wrong_page,
	[VIOLATION_WALK_INTERRUPTED] = walk_interrupted,
	[VIOLATION_NOT_FLUSHED] = not_flushed,
	[VIOLATION_ACK_EARLY] = ack_early,
	[VIOLATION_NOT_SERVED] = not_served,
	[VIOLATION_OVER_SERVED] = over_served,
	[VIOLATION_WALKER_NOT_INTERRUPTED] = walker,
};

const char *violation_text(const struct violation *v, char *buf, size_t len)
{
	char what[448];

	texts[v->kind](v, what, sizeof(what));
	snprintf(buf, len, "%s (trial %u, step %u)", what, v->trial, v->step);
	return buf;
}
