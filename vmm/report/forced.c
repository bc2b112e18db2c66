/* SPDX-License-Identifier: GPL-2.0-only */
/* What comes of the key forced on. */
#include <stdio.h>
#include <string.h>

#include "base/backend.h"
#include "oracle/describe.h"
#include "report/forced.h"

bool forced_config(const struct run_config *of, struct run_config *out)
{
	if (of->key != KEY_AUTO || of->policy.other || of->fault != PVTLB_FAULT_NONE ||
	    of->stress || of->dtb)
		return false;
	*out = *of;
	out->scenario = FORCED_SCENARIO;
	out->key = KEY_ON;
	out->paravirt = true;
	out->late = false;
	out->expect_violation = false;
	out->trials = 1;
	if (out->backend->paravirt)
		out->invlpgb = out->backend->invlpgb;
	return true;
}

static void read_harm(const struct violation *v, struct forced *out)
{
	struct violation copy = *v;
	const struct part_later *later = violation_part(&copy, PART_LATER);
	char kind[32], whose[48] = "";

	snprintf(kind, sizeof(kind), "%s", violation_names[v->kind]);
	for (char *dash; (dash = strchr(kind, '-'));)
		*dash = ' ';
	snprintf(out->text, sizeof(out->text), "%s: CPU %u", kind, (unsigned int)v->cpu);
	if (later && later->hooked) {
		snprintf(out->text, sizeof(out->text), "CPU %u read mm %u's table",
			 (unsigned int)v->cpu, (unsigned int)later->mm);
		snprintf(whose, sizeof(whose), "; by then it was mm %u's", (unsigned int)later->mm);
	}
	snprintf(out->why, sizeof(out->why), "%s: CPU %u, in mm %u, %s%s", kind,
		 (unsigned int)v->cpu, (unsigned int)v->mm, violation_rules[v->kind].headline,
		 whose);
	out->violated = true;
}

void forced_read(const struct run_result *r, struct forced *out)
{
	const struct violation *v = claims_violated(r->claims, &r->facts.findings);
	enum interrupts interrupts = r->config.backend->interrupts;

	*out = (struct forced){ .ran = r->judgement.verdict != VERDICT_SKIP };
	if (!out->ran) {
		snprintf(out->text, sizeof(out->text), "not run");
		snprintf(out->why, sizeof(out->why), "%s", r->judgement.why);
	} else if (r->judgement.verdict == VERDICT_FAIL && v) {
		read_harm(v, out);
		out->contradicts = interrupts == INTERRUPTS_ALL;
	} else if (r->judgement.verdict == VERDICT_PASS && r->facts.key.value) {
		snprintf(out->text, sizeof(out->text), "holds");
		out->contradicts = interrupts == INTERRUPTS_NONE;
		if (out->contradicts)
			snprintf(out->why, sizeof(out->why),
				 "%s interrupts nobody, and no harm was seen with the key on",
				 r->config.backend->name);
	} else {
		snprintf(out->text, sizeof(out->text), "not judged");
		snprintf(out->why, sizeof(out->why), "%s", r->judgement.why);
		out->contradicts = true;
	}
}
