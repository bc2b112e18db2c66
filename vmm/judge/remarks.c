/* SPDX-License-Identifier: GPL-2.0-only */
/* What is to be known of a run besides its verdict: by whom, how, and what was not judged. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/backend.h"
#include "judge/remarks.h"

/* The sentence so far. */
struct why {
	char *text;
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void add(const struct why *why, const char *fmt, ...)
{
	const size_t at = strlen(why->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why->text + at, why->len - at, fmt, ap);
	va_end(ap);
}

/* What was checked where there was nothing to flush, and nobody looked. */
static void add_nothing_owed(const struct why *why, uint32_t claims, const struct findings *f)
{
	const struct permitted *p = &f->permitted;

	if (claims & PVTLB_CLAIM_SAFE && !(f->safe.checks + f->safe.walk_loads + p->flushes))
		add(why,
		    "; no flush was owed and none made: what CPUs may have cached of %llu stores "
		    "was "
		    "checked",
		    (unsigned long long)p->stores);
}

/* What no rule has judged, for want of events: a verdict says nothing of these. */
static void add_unjudged(const struct why *why, const struct counts *c)
{
	const struct {
		uint64_t nr;
		const char *what, *why;
	} unjudged[] = {
		{ c->walks_lost, "walk", "single steps were lost" },
		{ c->flushes_unknown, "flush", "its range and generation are not known" },
	};

	for (size_t i = 0; i < sizeof(unjudged) / sizeof(unjudged[0]); i++)
		if (unjudged[i].nr)
			add(why, "; not judged: %llu x a %s, %s",
			    (unsigned long long)unjudged[i].nr, unjudged[i].what, unjudged[i].why);
}

/*
 * Where the host's own hypervisor is asked, was it the one that preempted? A preemption that
 * has only been played is told: its host could not be made to do one.
 */
static void add_holds(const struct why *why, const struct run_config *config,
		      const struct run_facts *facts)
{
	if (config->backend->interrupts != INTERRUPTS_RUNNING || !backend_by_host(config->backend))
		return;
	if (facts->preempted)
		add(why, " (preempted for real)");
	else if (facts->held)
		add(why, " (held vCPUs marked preempted by the VMM)");
}

void remarks_add(const struct run_config *config, uint32_t claims, const struct run_facts *facts,
		 bool passed, char *text, size_t len)
{
	const struct why why = { text, len };

	if (passed)
		add_nothing_owed(&why, claims, &facts->findings);
	add_unjudged(&why, &facts->findings.counts);
	add_holds(&why, config, facts);
	/* What a free run has to be told to be like this one, so far as its host allows. */
	if (config->stress)
		add(&why, " (ran free for %u s, --seed %llu)", config->stress,
		    (unsigned long long)config->seed);
	/* Who has decided, if it is not the one who does when nobody is asked for. */
	if (config->policy.other)
		add(&why, " (policy %s)", config->policy.name);
}
