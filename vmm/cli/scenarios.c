/* SPDX-License-Identifier: GPL-2.0-only */
/* Which scenarios a word of the command line names. */
#include <string.h>
#include <sys/stat.h>

#include "base/choice.h"
#include "base/nearest.h"
#include "cli/scenarios.h"

/* Is it one that a run without any name has? */
static bool is_run_unasked(const struct pvtlb_scenario *s)
{
	return !(s->flags & PVTLB_SCENARIO_DIAGNOSTIC);
}

#define HAS(name, condition)                                                                       \
	static bool has_##name(const struct pvtlb_scenario *s)                                     \
	{                                                                                          \
		return is_run_unasked(s) && (condition);                                           \
	}
HAS(walks, s->flags &PVTLB_SCENARIO_WALKS)
HAS(holds, s->hold[0].cpus != PVTLB_HOLD_NONE)
HAS(delivered, s->flags &PVTLB_CLAIM_DELIVERED)
HAS(safe, s->flags &PVTLB_CLAIM_SAFE)
HAS(key, (s->flags & PVTLB_CLAIMS) == PVTLB_CLAIM_KEY)
HAS(control, s->flags &PVTLB_SCENARIO_CONTROL)
HAS(needs_sync, s->flags &PVTLB_SCENARIO_NEEDS_SYNC)
HAS(one_offline, s->flags &PVTLB_SCENARIO_ONE_OFFLINE)
HAS(random, s->flags &PVTLB_SCENARIO_RANDOM)
HAS(slow_host, s->flags &PVTLB_SCENARIO_SLOW_HOST)

static bool has_diagnostic(const struct pvtlb_scenario *s)
{
	return !is_run_unasked(s);
}

const struct group groups[] = {
	{ "@walkers", "walks race with table changes (--stress: freely)", has_walks },
	{ "@held", "CPUs are held where it matters", has_holds },
	{ "@delivered", "interrupts by flushes are judged", has_delivered },
	{ "@safe", "accesses, and what CPUs may have cached, are judged", has_safe },
	{ "@key", "the key is all that is judged", has_key },
	{ "@controls", "wrong in themselves, so that a violation is expected", has_control },
	{ "@needs-sync", "wrong wherever a sync is skipped", has_needs_sync },
	{ "@one-offline", "the last CPU stays offline", has_one_offline },
	{ "@random", "what they do goes by --seed", has_random },
	{ "@slow-host", "the VMM is slow where it shares memory with the guest", has_slow_host },
	{ "@diagnostic", "what the VMM does with a guest that goes wrong", has_diagnostic },
};
const size_t nr_groups = sizeof(groups) / sizeof(groups[0]);

static bool is_group(const char *item)
{
	return *item == '@';
}

bool scenario_fits(const char *item, const struct pvtlb_scenario *s)
{
	for (size_t i = 0; is_group(item) && i < nr_groups; i++)
		if (choice_has(item, groups[i].name) && groups[i].has(s))
			return true;
	return !is_group(item) && choice_has(item, s->name) &&
	       (!choice_is_glob(item) || is_run_unasked(s));
}

bool scenario_in(const char *word, const struct pvtlb_scenario *s)
{
	char item[CHOICE_MAX];

	while (choice_next(&word, item))
		if (scenario_fits(item, s))
			return true;
	return false;
}

bool scenario_listed(const char *const *word, unsigned int nr, const struct pvtlb_scenario *s)
{
	for (unsigned int i = 0; i < nr; i++)
		if (scenario_in(word[i], s))
			return true;
	return !nr;
}

bool scenario_word_is_many(const char *word)
{
	return is_group(word) || choice_is_glob(word) || strchr(word, ',');
}

static bool is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode);
}

int scenarios_check(const struct image *image, const char *word, struct error *err)
{
	char item[CHOICE_MAX], hint[64];
	struct nearest near;

	while (choice_next(&word, item)) {
		bool any = false;

		nearest_init(&near, item);
		for (unsigned int i = 0; i < image->nr_scenarios; i++) {
			nearest_offer(&near, image->scenario[i].name);
			any |= scenario_fits(item, &image->scenario[i]);
		}
		for (size_t i = 0; i < nr_groups; i++)
			nearest_offer(&near, groups[i].name);
		if (!any && is_file(item))
			return fail(err, STATUS_USAGE,
				    "no scenario %s, but a file; to judge a trace: pvtlb check %s", item,
				    item);
		if (!any)
			return fail(err, STATUS_USAGE, "no %s %s%s; see: pvtlb list",
				    is_group(item) ? "group" : "scenario", item,
				    nearest_hint(&near, hint, sizeof(hint)));
	}
	return 0;
}
