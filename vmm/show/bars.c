/* SPDX-License-Identifier: GPL-2.0-only */
/* The lives of pages, event by event: whose they are, and who reads them. */
#include <stdlib.h>

#include "base/grow.h"
#include "oracle/leaves.h"
#include "show/bars.h"

const char *const bar_names[BAR_STATES] = {
	[BAR_NEW] = "new",
	[BAR_OWNED] = "owned",
	[BAR_UNHOOKED] = "unhooked",
	[BAR_DEPOSITED] = "deposited",
	[BAR_FREE] = "free",
};

#define BARS_MAX 4096u /* of more pages the first ones */

static struct bar *bar_of(struct bars *b, uint64_t page, bool table)
{
	for (size_t i = 0; i < b->nr; i++)
		if (b->bar[i].page == page && b->bar[i].table == table)
			return &b->bar[i];
	if (b->nr == BARS_MAX)
		return NULL;
	b->bar = grow(b->bar, b->nr, sizeof(*b->bar));
	b->bar[b->nr] = (struct bar){ .page = page, .table = table };
	return &b->bar[b->nr++];
}

static void becomes(struct bars *b, struct bar *bar, size_t at, enum bar_state state, uint64_t mm)
{
	if (!bar)
		return;
	if (bar->nr_parts)
		bar->part[bar->nr_parts - 1].to = at;
	bar->unhooked |= state == BAR_UNHOOKED || state == BAR_FREE;
	bar->part = grow(bar->part, bar->nr_parts, sizeof(*bar->part));
	bar->part[bar->nr_parts++] = (struct bar_part){ at, b->last, state, mm };
}

/* A page that somebody has taken is the mm's that maps it first, if that is seen. */
static void mapped(struct bars *b, uint64_t entry, uint64_t mm, size_t at)
{
	for (size_t i = 0; entry & PTE_P && i < b->nr; i++) {
		struct bar *bar = &b->bar[i];
		const struct bar_part *last = bar->nr_parts ? &bar->part[bar->nr_parts - 1] : NULL;

		if (!bar->table && bar->page == (entry & PTE_ADDR) && last &&
		    last->state == BAR_OWNED && !last->mm)
			becomes(b, bar, at, BAR_OWNED, mm);
	}
}

static void load(struct bar *bar, const struct pvtlb_event *e, size_t at,
		 const struct violation *violation)
{
	if (!bar)
		return;
	bar->dot = grow(bar->dot, bar->nr_dots, sizeof(*bar->dot));
	bar->dot[bar->nr_dots++] =
		(struct bar_dot){ at, violation && violation_found(violation) == e->seq };
}

void bars_event(struct bars *b, const struct pvtlb_event *e, size_t at,
		const struct violation *violation)
{
	switch (e->id) {
	case PVTLB_EV_TABLE_ALLOC:
		becomes(b, bar_of(b, e->table_alloc.table, true), at, BAR_NEW, 0);
		break;
	case PVTLB_EV_TABLE_HOOK:
		becomes(b, bar_of(b, e->table_hook.table, true), at, BAR_OWNED, e->table_hook.mm);
		break;
	case PVTLB_EV_TABLE_UNHOOK:
		becomes(b, bar_of(b, e->table_unhook.table, true), at, BAR_UNHOOKED,
			e->table_unhook.mm);
		break;
	case PVTLB_EV_TABLE_DEPOSIT:
		becomes(b, bar_of(b, e->table_deposit.table, true), at, BAR_DEPOSITED,
			e->table_deposit.mm);
		break;
	case PVTLB_EV_TABLE_OWN:
		becomes(b, bar_of(b, e->table_own.table, true), at, BAR_OWNED, e->table_own.mm);
		break;
	case PVTLB_EV_TABLE_FREE:
		becomes(b, bar_of(b, e->table_free.table, true), at, BAR_FREE, 0);
		break;
	case PVTLB_EV_PAGE_ALLOC:
		becomes(b, bar_of(b, e->page_alloc.page, false), at, BAR_OWNED, 0);
		break;
	case PVTLB_EV_PAGE_FREE:
		becomes(b, bar_of(b, e->page_free.page, false), at, BAR_FREE, 0);
		break;
	case PVTLB_EV_PTE_SET:
		mapped(b, e->pte_set.new, e->pte_set.mm, at);
		break;
	case PVTLB_EV_WALK_LOAD:
		load(bar_of(b, e->walk_load.table, true), e, at, violation);
		break;
	}
}

void bars_free(struct bars *b)
{
	for (size_t i = 0; i < b->nr; i++) {
		free(b->bar[i].part);
		free(b->bar[i].dot);
	}
	free(b->bar);
}
