/* SPDX-License-Identifier: GPL-2.0-only */
/* The model machine's local APICs: as much as is used of them. */
#include "explore/host/lapic.h"

static int highest(const uint64_t set[4])
{
	for (int word = 3; word >= 0; word--)
		if (set[word])
			return word * 64 + 63 - __builtin_clzll(set[word]);
	return -1;
}

void lapic_request(struct lapic *lapic, uint8_t vector)
{
	lapic->irr[vector / 64] |= 1ull << vector % 64;
}

int lapic_pending(const struct lapic *lapic)
{
	int wants = highest(lapic->irr), served = highest(lapic->isr);

	/* By class, of 16 vectors. */
	return wants >= 0 && wants / 16 > (served < 0 ? -1 : served / 16) ? wants : -1;
}

void lapic_take(struct lapic *lapic, uint8_t vector)
{
	lapic->irr[vector / 64] &= ~(1ull << vector % 64);
	lapic->isr[vector / 64] |= 1ull << vector % 64;
}

void lapic_eoi(struct lapic *lapic)
{
	int served = highest(lapic->isr);

	if (served >= 0)
		lapic->isr[served / 64] &= ~(1ull << served % 64);
}
