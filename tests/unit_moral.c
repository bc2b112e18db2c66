/* SPDX-License-Identifier: GPL-2.0-only */
/* What would have prevented a violation, and its harm: for each kind, and for each way to walk. */
#include <string.h>

#include "oracle/moral.h"
#include "unit_util.h"

/* Every kind does harm but the one that says that the model is wrong; nothing is left open. */
static void every_kind(void)
{
	for (unsigned int kind = 0; kind < VIOLATION_KINDS; kind++) {
		const struct violation v = { .kind = kind, .cpu = 3, .mm = 1 };
		const char *said[2];
		char text[2][512];

		said[0] = violation_instead(&v, text[0], sizeof(text[0]));
		said[1] = violation_harm(&v, text[1], sizeof(text[1]));
		EXPECT(!said[1] == (kind == VIOLATION_MODEL_FAULT), "%s", violation_names[kind]);
		for (size_t i = 0; i < 2; i++)
			EXPECT(!said[i] || !strpbrk(said[i], "{}|?"), "%s: %s",
			       violation_names[kind], said[i]);
	}
}

static const struct violation walked = {
	.kind = VIOLATION_USE_AFTER_DEPOSIT,
	.cpu = 3,
	.mm = 1,
	.use_after = { .walk = { .begin = 2, .kind = PVTLB_WALK_GUP, .irqs_off = 1 },
		       .unhook = { .at = 5 },
		       .release = { .at = 9 },
		       .later = { .hooked = 12, .mm = 2 } },
};

static void expect(const struct violation *v, const char *instead, const char *harm)
{
	char text[512];

	EXPECT(strstr(violation_instead(v, text, sizeof(text)), instead), "%s: %s", instead, text);
	EXPECT(strstr(violation_harm(v, text, sizeof(text)), harm), "%s: %s", harm, text);
}

/* An IPI waits for IRQs that are off, a grace period for a read section, and nothing else. */
static void walks(void)
{
	struct violation v = walked;

	expect(&v, "An IPI to CPU 3 between #5 and #9 would have waited for it to leave its walk",
	       "mm 1 reads mm 2's table");
	v.use_after.later.hooked = 0;
	expect(&v, "An IPI to CPU 3", "CPU 3 read a table that no longer belongs to mm 1");
	v.use_after.release.as = RELEASED_UNSHARED;
	v.use_after.release.owner = 4;
	expect(&v, "An IPI to CPU 3", "mm 1 reads a table that is mm 4's alone");
	v.use_after.use.poison = true;
	expect(&v, "An IPI to CPU 3", "the poison of a freed page");
	v.use_after.walk.irqs_off = false;
	expect(&v, "CPU 3 has them on, and no IPI waits for it", "poison");
	v.use_after.walk.kind = PVTLB_WALK_RCU;
	expect(&v, "An RCU grace period between #5 and #9 would have waited for CPU 3", "poison");
	v.use_after.unhook.at = 0;
	expect(&v, "An RCU grace period before #9", "poison");
}

SUITE(unit_moral, false, { "every kind", every_kind }, { "walks", walks });
