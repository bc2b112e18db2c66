/* SPDX-License-Identifier: GPL-2.0-only */
/* The model machine's local APICs: as much as is used of them (Intel SDM vol. 3, 11.8). */
#ifndef VMM_EXPLORE_LAPIC_H
#define VMM_EXPLORE_LAPIC_H

#include <stdbool.h>
#include <stdint.h>

#define LAPIC_EOI  0x0b0u
#define LAPIC_ICR  0x300u
#define LAPIC_ICR2 0x310u

struct lapic {
	uint64_t irr[4], isr[4];
	uint32_t icr2;
};

void lapic_request(struct lapic *lapic, uint8_t vector);
/* The vector that the CPU would be interrupted with; -1: none. */
int lapic_pending(const struct lapic *lapic);
/* The CPU takes it. */
void lapic_take(struct lapic *lapic, uint8_t vector);
void lapic_eoi(struct lapic *lapic);

#endif
