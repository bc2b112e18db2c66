/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest image's scenarios, and their rules about held CPUs. */
#include <stdlib.h>
#include <string.h>

#include "image_bed.h"
#include "machine/layout.h"
#include "unit_util.h"

static void scenarios(void)
{
	static const struct poke pokes[] = {
		{ "no name", S0(name), SET, 0, "description is broken: number 1 in the table: .name" },
		{ "last without a name", SL(name), SET, 0, "description is broken" },
		{ "a name like an option", S0(name), SET, '-', "description is broken" },
		{ "a blank in a name", S0(name), SET, ' ', "description is broken" },
		{ "a comma in a name", SL(name), SET, ',', "description is broken" },
		{ "an equals sign in a name", S0(name), SET, '=', "description is broken" },
		{ "an escape in a name", S0(name), SET, 27, "description is broken" },
		{ "another letter in a name", S0(name), SET, 'Q', NULL },
		{ "unknown claim", S0(flags), SET, 8, ": .flags has a bit that is no flag" },
		{ "unknown flag", SL(flags), ADD, 1u << 30, "description is broken" },
		{ "all flags", S0(flags), SET, UINT32_MAX, "description is broken" },
		{ "all known flags", S0(flags), SET, 0x70007, NULL },
		{ "no claims", S0(flags), SET, 0, "claims nothing and is no diagnostic, see its .flags: " },
		{ "no claims, last", SL(flags), SET, PVTLB_SCENARIO_WALKS, "claims nothing" },
		{ "a claim", S0(flags), SET, PVTLB_CLAIM_KEY, NULL },
		{ "a diagnostic", S0(flags), SET, PVTLB_SCENARIO_DIAGNOSTIC, NULL },
		{ "min left to us", S0(min_cpus), SET, 0, NULL },
		{ "min > max", S0(min_cpus), SET, 256, ": .min_cpus (left out: 2) is more than .max_cpus" },
		{ "max left to us", S0(max_cpus), SET, 0, NULL },
		{ "max below the min left to us", S0(max_cpus), SET, 1, "description is broken" },
		{ "max 256", S0(max_cpus), SET, 256, ": .max_cpus is more than there can be" },
		{ "max huge", SL(max_cpus), SET, UINT32_MAX, "description is broken" },
		{ "max 255", S0(max_cpus), SET, 255, NULL },
		{ "reserved", S0(reserved), SET, 1, ": .reserved is not 0" },
		{ "reserved, last", SL(reserved), SET, 1u << 31, "description is broken" },
	};

	image_expect_pokes(pokes, NR_OF(pokes));
}

/* Rules about held CPUs, in the last scenario's last place. */
static void holds(void)
{
#define GOOD_AT	   .cpus = PVTLB_HOLD_LAST, PVTLB_HOLD_AT(WALK_LOAD, shift, 21)
#define GOOD_UNTIL PVTLB_HOLD_UNTIL(TRIAL, step, 1)
	static const struct {
		const char *what;
		struct pvtlb_hold hold;
		bool good;
	} cases[] = {
		{ "good", { GOOD_AT, GOOD_UNTIL }, true },
		{ "any arguments",
		  { PVTLB_HOLD_WORKERS, PVTLB_EV_SYNC, PVTLB_HOLD_ANY, PVTLB_EV_GRACE, PVTLB_HOLD_ANY },
		  true },
		{ "no rule", { 0 }, true },
		{ "first events there are",
		  { PVTLB_HOLD_FIRST, PVTLB_EV_BOOT, 0, PVTLB_EV_BOOT, 1 },
		  true },
		{ "no such CPUs", { GOOD_UNTIL, .cpus = PVTLB_HOLD_NR, .at = 1 }, false },
		{ "no such CPUs, high bit", { GOOD_UNTIL, .cpus = 1u << 31 | 1, .at = 1 }, false },
		{ "reserved", { GOOD_AT, GOOD_UNTIL, .reserved = 1 }, false },
		{ "reserved of no rule", { .reserved = 1u << 31 }, false },
		{ "at nothing", { GOOD_UNTIL, .cpus = 1, .at = PVTLB_EV_NONE }, false },
		{ "at what is no event", { GOOD_UNTIL, .cpus = 1, .at = PVTLB_EV_NR }, false },
		{ "at 2^16 + 1", { GOOD_UNTIL, .cpus = 1, .at = 0x10001 }, false },
		{ "at argument 6", { GOOD_UNTIL, .cpus = 1, .at = PVTLB_EV_ACCESS, .at_arg = 6 },
		  false },
		{ "at an argument it does not have",
		  { GOOD_UNTIL, .cpus = 1, .at = PVTLB_EV_WALK_END, .at_arg = 2 },
		  false },
		{ "within a set of CPUs",
		  { GOOD_UNTIL, .cpus = 1, .at = PVTLB_EV_FLUSH_MULTI, .at_arg = 1 },
		  false },
		{ "nearly any", { GOOD_UNTIL, .cpus = 1, .at = 1, .at_arg = PVTLB_HOLD_ANY - 1 },
		  false },
		{ "at an interrupt that waits", { GOOD_UNTIL, .cpus = 1, .at = PVTLB_EV_IRQ_PEND },
		  false },
		{ "at repeated ones", { GOOD_UNTIL, .cpus = 1, .at = PVTLB_EV_IRQ_REPEAT }, false },
		{ "at a hold", { GOOD_UNTIL, .cpus = 1, .at = PVTLB_EV_HELD }, false },
		{ "until nothing", { GOOD_AT }, false },
		{ "until what is no event", { GOOD_AT, .until = UINT32_MAX }, false },
		{ "until an interrupt that waits", { GOOD_AT, .until = PVTLB_EV_IRQ_PEND }, false },
		{ "until repeated ones", { GOOD_AT, .until = PVTLB_EV_IRQ_REPEAT }, false },
		{ "until a release", { GOOD_AT, .until = PVTLB_EV_RESUMED }, false },
		{ "until an argument it does not have",
		  { GOOD_AT, .until = PVTLB_EV_WAIT, .until_arg = 3 },
		  false },
	};
	size_t at = offsetof(struct pvtlb_scenario, hold[PVTLB_HOLDS - 1]);

	image_base_need();
	at += image_base.scenarios + (image_base.nr_scenarios - 1) * sizeof(struct pvtlb_scenario);
	for (size_t i = 0; i < NR_OF(cases); i++) {
		uint8_t *file = image_copy(0);
		bool loaded;

		memcpy(file + at, &cases[i].hold, sizeof(cases[i].hold));
		if (cases[i].good)
			EXPECT(image_sound(file, image_base.len, &loaded) && loaded, "%s", cases[i].what);
		else
			image_expect_error(cases[i].what, file, image_base.len, ": .hold has a rule");
		free(file);
	}
}

/* Text of a scenario filled to its last byte, and to the one before. */
static void scenario_text(void)
{
	static const struct {
		size_t offset, size;
	} texts[] = {
		{ FIELD(struct pvtlb_scenario, name) },
		{ FIELD(struct pvtlb_scenario, title) },
	};

	image_base_need();
	for (size_t i = 0; i < NR_OF(texts); i++) {
		uint8_t *file = image_copy(0);
		uint8_t *text = file + image_base.scenarios + texts[i].offset;
		bool loaded;

		memset(text, 'a', texts[i].size - 1);
		text[texts[i].size - 1] = 0;
		EXPECT(image_sound(file, image_base.len, &loaded) && loaded, "text %zu, one short", i);
		text[texts[i].size - 1] = 'a';
		image_expect_error("unterminated text", file, image_base.len,
				   i ? ": .title is no one line" : ": .name is empty, too long");
		free(file);
	}
}

/* It is printed: control characters are for the terminal and no text. */
static void scenario_control_characters(void)
{
	static const size_t offsets[] = { offsetof(struct pvtlb_scenario, name),
					  offsetof(struct pvtlb_scenario, title) };
	static const char *const texts[] = { "a\nb", "\033[2J", "\r", "\177" };

	image_base_need();
	for (size_t i = 0; i < NR_OF(offsets); i++) {
		for (size_t t = 0; t < NR_OF(texts); t++) {
			uint8_t *file = image_copy(0);

			memcpy(file + image_base.scenarios + offsets[i], texts[t], strlen(texts[t]) + 1);
			image_expect_error("control character", file, image_base.len, "description is broken");
			free(file);
		}
	}
}

/* The last one under the first one's name, and under nearly that. */
static void names(void)
{
	char *name, *last, want[80];
	uint8_t *file;
	bool loaded;

	image_base_need();
	file = image_copy(0);
	name = (char *)file + image_base.scenarios + offsetof(struct pvtlb_scenario, name);
	last = name + (image_base.nr_scenarios - 1) * sizeof(struct pvtlb_scenario);
	snprintf(want, sizeof(want), "%.30s", name);
	strcpy(last, want);
	snprintf(want, sizeof(want), "two scenarios have the same name: %.30s", last);
	image_expect_error("a name twice", file, image_base.len, want);
	strcat(last, "+");
	EXPECT(image_sound(file, image_base.len, &loaded) && loaded, "nearly a name twice");
	free(file);
}

SUITE(unit_image_scenarios, false, { "scenario table", scenarios },
      { "rules about held CPUs", holds }, { "scenario texts", scenario_text },
      { "two of one name", names }, { "scenario texts: control characters", scenario_control_characters });
