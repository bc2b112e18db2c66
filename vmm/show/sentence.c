/* SPDX-License-Identifier: GPL-2.0-only */
/* Events as sentences for people: a template for each, what weight it has in a story. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/template.h"
#include "events/described.h"
#include "events/events.h"
#include "events/value.h"
#include "show/sentence.h"

/*
 * Of the event's CPU, which is the subject; arguments by name (base/template.h). Where the VMM
 * writes it, the CPU is the one that it is about.
 */
static const struct clause {
	enum weight weight;
	const char *template;
} clauses[PVTLB_EV_NR] = {
	[PVTLB_EV_BOOT] = { WEIGHT_NOTHING, "reaches {step} of its boot" },
	[PVTLB_EV_KEY] = { WEIGHT_NOTHING,
			   "decides the key: {enabled|y:on, every flush interrupts|off}" },
	[PVTLB_EV_PATCH] = { WEIGHT_NOTHING, "patches the site {site}" },
	[PVTLB_EV_CPU_UP] = { WEIGHT_STEP, "brings CPU {cpu} online" },
	[PVTLB_EV_CPU_DOWN] = { WEIGHT_STEP, "takes CPU {cpu} offline" },
	[PVTLB_EV_IRQ_ENTRY] = { WEIGHT_DETAIL,
				 "{vector|0xfd:is woken by interrupt 0xfd|"
				 "takes interrupt {vector}}" },
	[PVTLB_EV_IRQ_EXIT] = { WEIGHT_NOTHING, "returns from interrupt {vector}" },
	[PVTLB_EV_IRQ_PEND] = { WEIGHT_DETAIL,
				"has interrupt {vector} waiting, for its IRQs are off" },
	[PVTLB_EV_IRQ_REPEAT] = { WEIGHT_NOTHING, "gets interrupt {vector} a second time" },
	[PVTLB_EV_IPI_SEND] = { WEIGHT_DETAIL,
				"{vector|0xfd:wakes CPU {cpu} by an IPI, vector 0xfd|"
				"sends CPU {cpu} an IPI, vector {vector}}" },
	[PVTLB_EV_WAIT] = { WEIGHT_NOTHING,
			    "{over|y:has waited|waits} for CPU {cpu}" },
	[PVTLB_EV_SWITCH_BEGIN] = { WEIGHT_DETAIL, "begins to switch from mm {prev} to mm {mm}" },
	[PVTLB_EV_SWITCH_MM] = { WEIGHT_STEP,
				 "{mm|0:leaves mm {prev} for the kernel's own page tables, mm 0|"
				 "has switched from mm {prev} to mm {mm}, and is up to generation "
				 "{tlb_gen}}" },
	[PVTLB_EV_LAZY] = { WEIGHT_STEP, "goes into lazy TLB mode; CR3 keeps mm {mm}" },
	[PVTLB_EV_ASID] = { WEIGHT_DETAIL,
			    "says that mm {mm} is {transition|y:in transition to|done with} global "
			    "ASID {asid}" },
	[PVTLB_EV_MMAP_UNLOCK] = { WEIGHT_NOTHING, "gives up mm {mm}'s mmap_lock" },
	[PVTLB_EV_PTE_SET] = { WEIGHT_STEP,
			       "is about to change the {size} at {addr} of mm {mm} from {old} to "
			       "{new}" },
	[PVTLB_EV_PTE_STORED] = { WEIGHT_NOTHING, "has stored the entry for {addr} of mm {mm}" },
	[PVTLB_EV_TABLE_ALLOC] = { WEIGHT_STEP, "makes page {table} a page table" },
	[PVTLB_EV_TABLE_HOOK] = { WEIGHT_STEP,
				  "hooks table {table} into mm {mm}, for the {size} at {addr}" },
	[PVTLB_EV_TABLE_UNHOOK] = { WEIGHT_STEP,
				    "takes table {table} out of mm {mm}" },
	[PVTLB_EV_TABLE_DEPOSIT] = { WEIGHT_STEP,
				     "deposits table {table}, to be used again by mm {mm}" },
	[PVTLB_EV_TABLE_OWN] = { WEIGHT_STEP, "leaves table {table} to mm {mm} alone" },
	[PVTLB_EV_TABLE_FREE] = { WEIGHT_STEP, "frees table {table}" },
	[PVTLB_EV_GATHER] = { WEIGHT_DETAIL,
			      "flushes what a gather of mm {mm} has collected"
			      "{freed_tables|y:, tables among it|}"
			      "{unshared_tables|y:, unshared tables|}" },
	[PVTLB_EV_FLUSH_BEGIN] = { WEIGHT_STEP,
				   "begins to flush {start} to {end} of mm {mm}"
				   "{wake_lazy|y:, lazy CPUs too|}, generation {tlb_gen}" },
	[PVTLB_EV_FLUSH_MULTI] = { WEIGHT_DETAIL, "has CPUs {cpus} to flush" },
	[PVTLB_EV_PREEMPTED] = { WEIGHT_DETAIL, "finds that CPU {cpu} is preempted" },
	[PVTLB_EV_ELIDED] = { WEIGHT_STEP,
			      "leaves CPU {cpu} out: it is "
			      "{why|preempted:preempted, and flushes before it runs again|"
			      "lazy:lazy, and catches up later|offline:offline|{why}}" },
	[PVTLB_EV_FLUSH_ENTER] = { WEIGHT_DETAIL,
				   "begins its part of CPU {initiator}'s flush of mm {mm}" },
	[PVTLB_EV_FLUSH_FUNC] = { WEIGHT_DETAIL,
				  "has done its part of CPU {initiator}'s flush of mm {mm} "
				  "({how})" },
	[PVTLB_EV_FLUSH_END] = { WEIGHT_STEP, "returns from the flush of mm {mm}" },
	[PVTLB_EV_SYNC] = { WEIGHT_STEP,
			    "{skipped|y:skips the sync: no IPI is sent to walkers|"
			    "{rcu|y:waits for RCU readers|interrupts CPUs {cpus} for the sync, and "
			    "waits}}" },
	[PVTLB_EV_GRACE] = { WEIGHT_STEP,
			     "{returns|y:has seen|waits for} an RCU grace period{returns|y: end|}" },
	[PVTLB_EV_WALK_BEGIN] = { WEIGHT_STEP,
				  "begins a walk ({kind|rcu:RCU|gup-fast}) to {addr} of mm {mm}, "
				  "IRQs {irqs_off|y:off|on}" },
	[PVTLB_EV_WALK_LOAD] = { WEIGHT_DETAIL,
				 "loads entry {entry} of table {table}, generation {gen}" },
	[PVTLB_EV_WALK_NEXT] = { WEIGHT_NOTHING, "is about to read table {table}" },
	[PVTLB_EV_WALK_LOST] = { WEIGHT_STEP, "walks on to {addr} unseen: single steps were lost" },
	[PVTLB_EV_WALK_END] = { WEIGHT_STEP, "ends its walk: {outcome}" },
	[PVTLB_EV_HYPERCALL] = { WEIGHT_STEP,
				 "returns from hypercall {nr}{status|0:|: error {status}}" },
	[PVTLB_EV_ACCESS] = { WEIGHT_STEP,
			      "{op|write:writes to|reads} {addr} of mm {mm}: "
			      "{outcome|ok:gets page {value}|not_present:nothing is mapped|"
			      "protected:write-protected|{outcome}}" },
	[PVTLB_EV_MEASURE] = { WEIGHT_NOTHING, "measures {what}: {value}" },
	[PVTLB_EV_TRIAL] = { WEIGHT_NOTHING, "begins step {step} of trial {trial}" },
	[PVTLB_EV_FAULT] = { WEIGHT_STEP, "is subject to the injected fault {fault}" },
	[PVTLB_EV_HELD] = { WEIGHT_STEP,
			    "is held here, by the VMM{preempts|y:, until the host preempts it|}" },
	[PVTLB_EV_RESUMED] = { WEIGHT_STEP, "is let go" },
	[PVTLB_EV_SERVED] = { WEIGHT_STEP,
			      "has its flush done: the hypervisor flushes CPUs {cpus}" },
	[PVTLB_EV_SERVE] = { WEIGHT_DETAIL, "has the hypervisor begin to flush CPUs {cpus}" },
	[PVTLB_EV_DEFERRED] = { WEIGHT_STEP, "was asked, while preempted, to flush first" },
	[PVTLB_EV_FLUSHED] = { WEIGHT_DETAIL, "is flushed by the hypervisor, outside of the guest" },
	[PVTLB_EV_MM] = { WEIGHT_NOTHING, "{pgd|0x0:destroys|makes} mm {mm}" },
	[PVTLB_EV_CR3] = { WEIGHT_DETAIL,
			   "loads CR3 {cr3}, "
			   "{drops|nothing:which flushes nothing|which flushes}" },
	[PVTLB_EV_INVLPG] = { WEIGHT_DETAIL, "executes INVLPG of {addr}" },
	[PVTLB_EV_INVLPGB] = { WEIGHT_STEP, "executes INVLPGB: a broadcast, no interrupt" },
	[PVTLB_EV_TLBSYNC] = { WEIGHT_DETAIL, "has waited for it by TLBSYNC" },
	[PVTLB_EV_ASK] = { WEIGHT_STEP, "asks the hypervisor to flush CPUs {cpus}" },
	[PVTLB_EV_ASK_RANGE] = { WEIGHT_NOTHING, "asks for {start} to {end}" },
	[PVTLB_EV_FLUSH_ONLY] = { WEIGHT_DETAIL, "flushes for CPUs {cpus} only" },
	[PVTLB_EV_RETURNS] = { WEIGHT_STEP, "returns from {call} of {start} to {end} of mm {mm}" },
	[PVTLB_EV_PAGE_ALLOC] = { WEIGHT_DETAIL, "takes page {page}" },
	[PVTLB_EV_PAGE_FREE] = { WEIGHT_DETAIL, "gives page {page} back" },
	[PVTLB_EV_PGD_STORED] = { WEIGHT_NOTHING, "has stored the entry in the pgd {pgd}" },
	[PVTLB_EV_GATHERING] = { WEIGHT_NOTHING, "{over|y:is to end|begins} a gather of mm {mm}" },
	[PVTLB_EV_LAZY_OVER] = { WEIGHT_DETAIL, "is about to say that it is not lazy any more" },
	[PVTLB_EV_GLOBAL_ASID] = { WEIGHT_STEP, "gives mm {mm} the global ASID {asid}" },
	[PVTLB_EV_PENDING] = { WEIGHT_NOTHING,
			       "asks for batches of mm {mm}: {batched|y:one is to be flushed|none}" },
	[PVTLB_EV_WALK_GRAB] = { WEIGHT_STEP,
				 "takes a reference to page {page}, and looks again" },
};

/* The first word of the argument; NULL: there is none such. */
static const uint64_t *argument(const struct pvtlb_event *e, const char *name, size_t len,
				const struct event_arg **arg)
{
	const uint64_t *word = e->arg;

	for (const struct event_arg *a = event_args[e->id]; a->name; word += a++->words) {
		const char *label = event_arg_label(a);

		if (strlen(label) != len || memcmp(label, name, len))
			continue;
		*arg = a;
		return word;
	}
	return NULL;
}

static void value_of(const void *ctx, const char *name, size_t len, bool label,
		     char buf[TEMPLATE_VALUE_MAX])
{
	const struct event_arg *arg;
	const uint64_t *value = argument(ctx, name, len, &arg);
	FILE *to;

	(void)label; /* of an event's values the texts are unique */
	snprintf(buf, TEMPLATE_VALUE_MAX, "?");
	if (!value)
		return;
	to = fmemopen(buf, TEMPLATE_VALUE_MAX, "w");
	if (!to)
		abort();
	value_print(to, arg->kind, value);
	fclose(to);
	buf[TEMPLATE_VALUE_MAX - 1] = 0; /* a set of CPUs may be cut off */
}

const char *event_clause(const struct pvtlb_event *e, char *buf, size_t len)
{
	const char *template = e->id < PVTLB_EV_NR ? clauses[e->id].template : NULL;

	return template_fill(value_of, e, template ? template : "does what is not known", buf, len);
}

const char *event_sentence(const struct pvtlb_event *e, char *buf, size_t len)
{
	char clause[SENTENCE_MAX];

	snprintf(buf, len, "CPU %u %s", e->cpu, event_clause(e, clause, sizeof(clause)));
	return buf;
}

enum weight event_weight(const struct pvtlb_event *e)
{
	return e->id < PVTLB_EV_NR ? clauses[e->id].weight : WEIGHT_NOTHING;
}
