/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tree's code leaves as it found it: looked at behind interrupts and scenarios' phases. */
#include "shim.h"

/* Counted in hooks.S: IRQs were enabled, and were on. No flags are restored that were not saved. */
DEFINE_PER_CPU(unsigned int, irqs_on_twice);

struct kept kept_now(void)
{
	return (struct kept){
		.rcu = g_rcu_nesting(),
		.preempt = preempt_count(),
		.irqs = !irqs_disabled(),
		.hooked = THIS_HOOK->depth,
	};
}

/* What is said of too many, and of too few; the value is by how many. */
static void same(int found, int now, const char *more, const char *less)
{
	if (now > found)
		g_panic(more, now - found);
	if (now < found)
		g_panic(less, found - now);
}

void kept_check(struct kept found)
{
	struct kept now = kept_now();

	same(found.rcu, now.rcu, "the tree's code has not ended RCU read sections that it began:",
	     "the tree's code has ended RCU read sections that it had not begun:");
	same(found.preempt, now.preempt,
	     "the tree's code has left the preempt count higher than it was, by",
	     "the tree's code has left the preempt count lower than it was, by");
	same(found.irqs, now.irqs, "the tree's code has left IRQs on, and they were off:",
	     "the tree's code has left IRQs off, and they were on:");
	same(0, this_cpu_read(irqs_on_twice),
	     "the tree's code has enabled IRQs that were on, so often:", "");
	same(found.hooked, now.hooked, "hooked functions of the tree's have not returned:",
	     "hooked functions of the tree's have returned more often than they were called, by");
}

/* A fresh CPU's state. */
void k_contracts(void)
{
	kept_check((struct kept){ .preempt = INIT_PREEMPT_COUNT, .irqs = true });
}
