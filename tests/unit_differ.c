/* SPDX-License-Identifier: GPL-2.0-only */
/* Two runs compared: a difference is found, a listed one has its reason, a stale one is said. */
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "differ/pair.h"
#include "judge/order.h"
#include "stream.h"

/* A flush of CPU 0's that reaches CPU 1, by whatever is in between. */
#define BEGUN	 EV(0, FLUSH_BEGIN, 1, VA, VA + PAGE, .tlb_gen = 2, .shift = 12)
#define TOLD(c)	 EV(0, IPI_SEND, c, 0xfc)
#define DONE(c)	 EV(c, FLUSH_ENTER, 1, 2, 0), EV(c, INVLPG, VA), EV(c, FLUSH_FUNC, 1, 2, 4, 0)
#define FLUSH(c) TRIAL(0, 0), BEGUN, MULTI(0, 3), TOLD(c), DONE(c), END(0)

static struct order *order(const struct pvtlb_event *event, size_t nr)
{
	return order_of(&(struct event_stream){ .event = event, .nr = nr });
}

/* All edits, one behind the other. */
static void gather_edit(void *ctx, const char *edit)
{
	char *to = ctx;

	snprintf(to + strlen(to), 512 - strlen(to), "%s%s", *to ? " " : "", edit);
}

struct edit_case {
	const char *name;
	const struct pvtlb_event *a, *b;
	size_t na, nb;
	unsigned int cpu;
	const char *edits; /* NULL: the step is mixed */
};
#define PAIR(x, y, c, e)                                                                           \
	{                                                                                          \
		.name = #x " " #y, .a = x, .na = NR_OF(x), .b = y, .nb = NR_OF(y), .cpu = c,       \
		.edits = e                                                                         \
	}

STREAM(flush) = { FLUSH(1) };
/* Addresses, generations and what is none of a flush's are nothing to compare. */
STREAM(elsewhere) = { TRIAL(0, 0),
		      EV(0, FLUSH_BEGIN, 7, 0x5000, 0x6000, .tlb_gen = 9, .shift = 12),
		      MULTI(0, 3),
		      TOLD(1),
		      EV(1, IRQ_ENTRY, 0xfc),
		      EV(1, FLUSH_ENTER, 7, 9, 0),
		      EV(1, INVLPG, 0x5000),
		      EV(1, FLUSH_FUNC, 7, 9, 4, 0),
		      EV(0, WAIT, 1, 0x8000),
		      EV(0, IPI_SEND, 1, PVTLB_WAKE_VECTOR),
		      END(0) };
STREAM(not_sent) = { TRIAL(0, 0), BEGUN, MULTI(0, 3), DONE(1), END(0) };
STREAM(to_more) = { TRIAL(0, 0), BEGUN, MULTI(0, 7), TOLD(1), DONE(1), END(0) };
STREAM(to_other) = { TRIAL(0, 0), BEGUN, MULTI(0, 5), TOLD(2), DONE(2), END(0) };
STREAM(full) = { TRIAL(0, 0),
		 BEGUN,
		 MULTI(0, 3),
		 TOLD(1),
		 EV(1, FLUSH_ENTER, 1, 2, 0),
		 EV(1, CR3, 0x1000),
		 EV(1, FLUSH_FUNC, 1, 2, 5, 0),
		 END(0) };
STREAM(early) = { TRIAL(0, 0), BEGUN, TOLD(1), MULTI(0, 3), DONE(1), END(0) };
STREAM(left_out) = { TRIAL(0, 0), BEGUN, MULTI(0, 3), EV(0, ELIDED, 1, PVTLB_ELIDED_PREEMPTED),
		     END(0) };
STREAM(synced) = { FLUSH(1), EV(0, SYNC, .rcu = true, .cpus = { { 2 } }), EV(0, GRACE, false),
		   TOLD(1), EV(0, GRACE, true) };
STREAM(skipped) = { FLUSH(1), SYNC(0, true) };
/* Another CPU flushes, or calls, in the same step; or the flush goes on into the next one. */
STREAM(two) = { FLUSH(1), EV(1, FLUSH_BEGIN, 1, VA, VA + PAGE), EV(1, FLUSH_END, 1) };
STREAM(calls) = { FLUSH(1), EV(2, IPI_SEND, 1, 0xfc) };
/* What a gather begins goes on, too. */
STREAM(gathers) = { FLUSH(1), EV(0, GATHER, 1, VA, VA + PAGE), TRIAL(0, 1), END(0) };
STREAM(on_and_on) = { TRIAL(0, 0), BEGUN, MULTI(0, 3), TOLD(1), DONE(1), TRIAL(0, 1), END(0) };
/* The same one after the other is no chance. */
STREAM(in_turn) = { FLUSH(1), TRIAL(0, 1), EV(1, FLUSH_BEGIN, 1, VA, VA + PAGE, .shift = 12),
		    EV(1, FLUSH_END, 1) };

static void test_orders(void)
{
	static const struct edit_case cases[] = {
		PAIR(flush, flush, 0, ""),
		PAIR(flush, elsewhere, 0, ""),
		PAIR(flush, elsewhere, 1, ""),
		PAIR(flush, not_sent, 0, "-ipi"),
		PAIR(not_sent, flush, 0, "+ipi"),
		PAIR(flush, not_sent, 1, ""),
		PAIR(flush, to_more, 0, "multi:more"),
		PAIR(to_more, flush, 0, "multi:fewer"),
		PAIR(flush, to_other, 0, "multi:other ipi:other"),
		PAIR(flush, to_other, 1, "-enter -invlpg -func/partial"),
		PAIR(flush, to_other, 2, "+enter +invlpg +func/partial"),
		PAIR(flush, full, 1, "-invlpg -func/partial +cr3 +func/full"),
		PAIR(flush, left_out, 0, "-ipi +elided/preempted"),
		PAIR(synced, skipped, 0, "-sync/rcu +sync/one/skipped"),
		PAIR(flush, two, 0, NULL),
		PAIR(two, flush, 0, NULL),
		PAIR(flush, calls, 0, NULL),
		PAIR(flush, on_and_on, 0, NULL),
		PAIR(flush, gathers, 0, NULL),
		PAIR(flush, in_turn, 0, ""),
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		const struct edit_case *c = &cases[i];
		struct order *a = order(c->a, c->na), *b = order(c->b, c->nb);
		const struct order_word *wa, *wb;
		char got[512] = "";
		size_t na = order_line(a, 1, c->cpu, &wa), nb = order_line(b, 1, c->cpu, &wb);

		edits(wa, na, wb, nb, gather_edit, got);
		EXPECT((a->step[1].mixed || b->step[1].mixed) == !c->edits, "%s: mixed", c->name);
		if (c->edits)
			EXPECT(!strcmp(got, c->edits), "%s: '%s'", c->name, got);
		order_free(a);
		order_free(b);
	}
	/* The same events in another order are another order. */
	{
		struct order *a = order(flush, NR_OF(flush)), *b = order(early, NR_OF(early));
		const struct order_word *wa, *wb;
		char got[512] = "";
		size_t na = order_line(a, 1, 0, &wa), nb = order_line(b, 1, 0, &wb);

		edits(wa, na, wb, nb, gather_edit, got);
		EXPECT(*got, "nothing");
		order_free(a);
		order_free(b);
	}
}

/* --- pairs --- */

static const struct backend native = { .name = "native", .provider = "none" },
			    kvm = { .name = "kvm", .provider = "vmm", .paravirt = true };

static struct run_result result(const struct pvtlb_event *event, size_t nr)
{
	return (struct run_result){
		.config = { .scenario = "here", .backend = &native, .cpus = 4 },
		.claims = PVTLB_CLAIMS,
		.facts = { .key = { .nr_sites = 1 },
			   .findings = { .delivered = { .flushes = 1,
							.targets = 3,
							.interrupted = 3 },
					 .safe.checks = 5 } },
		.order = order(event, nr),
	};
}
#define RESULT(stream) result(stream, NR_OF(stream))

#define LIST(rows)                                                                                 \
	"# A page\n\n<!-- differences -->\n| scenario | backend | column | kernel | differs | "    \
	"reason |\n|---|---|---|---|---|---|\n" rows "<!-- end of differences -->\n| no | row |\n"
#define ROW(scenario, backend, column, kernel, words)                                              \
	"| " scenario " | " backend " | " column " | " kernel " | " words " | because |\n"

/* What was what of a pair, and what is stale: " ORDER -ipi=because KEY on:off" and "-ipi". */
static void judge_pair(const char *page, const struct run_result *m, const struct run_result *k,
		       struct tree_version tree, bool usual, char *what, char *stale)
{
	struct error err = { 0 };
	struct known known;
	struct pair pair;

	*what = *stale = 0;
	if (!EXPECT(!known_read(&known, page, &err), "%s", err.text)) {
		known_free(&known);
		return;
	}
	pair_make(&pair, &known, &tree, m, k, usual);
	for (size_t i = 0; i < pair.found.nr; i++) {
		const struct difference *d = &pair.found.d[i];

		snprintf(what + strlen(what), 512 - strlen(what), " %s %s%s%s",
			 differ_columns[d->column], d->what, d->listed ? "=" : "",
			 d->listed ? d->listed : "");
	}
	for (size_t i = 0; i < pair.nr_stale; i++)
		gather_edit(stale, pair.stale[i].word);
	pair_free(&pair);
	known_free(&known);
}

static void test_columns(void)
{
	struct run_result m = RESULT(flush), k = RESULT(flush);
	char what[512], stale[512];
	const struct tree_version tree = { 6012, true };

	judge_pair(LIST(""), &m, &k, tree, true, what, stale);
	CU_ASSERT_STRING_EQUAL(what, "");
	k.facts.key.value = true;
	k.facts.findings.delivered.interrupted = 2;
	k.facts.findings.safe.bad.total = 1;
	k.facts.findings.counts.preempted = 1;
	k.judgement.verdict = VERDICT_FAIL;
	judge_pair(LIST(""), &m, &k, tree, true, what, stale);
	CU_ASSERT_STRING_EQUAL(what, " KEY off:on DELIVERED all:some SAFE ok:BAD ELIDED "
				     "preempted:more VERDICT pass:fail");
	/* As often, of more: that is another count. Of a mixed run it is chance. */
	run_result_free(&k);
	k = RESULT(flush);
	k.facts.findings.delivered.targets = k.facts.findings.delivered.interrupted = 6;
	judge_pair(LIST(""), &m, &k, tree, true, what, stale);
	CU_ASSERT_STRING_EQUAL(what, " DELIVERED targets:more");
	order_free(k.order);
	k.order = order(two, NR_OF(two));
	judge_pair(LIST(""), &m, &k, tree, true, what, stale);
	CU_ASSERT_STRING_EQUAL(what, "");
	/* Nobody, or somebody, is chance there; everybody is not. */
	k.facts.findings.delivered.targets = 3;
	m.facts.findings.delivered.interrupted = 1;
	k.facts.findings.delivered.interrupted = 0;
	judge_pair(LIST(""), &m, &k, tree, true, what, stale);
	CU_ASSERT_STRING_EQUAL(what, "");
	m.facts.findings.delivered.interrupted = 3;
	judge_pair(LIST(""), &m, &k, tree, true, what, stale);
	CU_ASSERT_STRING_EQUAL(what, " DELIVERED all:some");
	/* What was skipped has nothing to compare. */
	k.judgement.verdict = VERDICT_SKIP;
	k.facts.key.value = true;
	judge_pair(LIST(ROW("here", "native", "ORDER", "all", "-ipi")), &m, &k, tree, true, what,
		   stale);
	CU_ASSERT_STRING_EQUAL(what, "");
	CU_ASSERT_STRING_EQUAL(stale, "");
	run_result_free(&m);
	run_result_free(&k);
}

struct list_case {
	const char *page;
	struct tree_version tree;
	bool not_usual, late;
	const char *found, *stale;
};

#define WITH	{ 6012, true }
#define WITHOUT { 6001, false }

/* The kernel leaves out an interrupt: whose row accounts for it? */
static void test_list(void)
{
	static const struct list_case cases[] = {
		{ LIST(""), WITH, .found = " ORDER -ipi", .stale = "" },
		{ LIST(ROW("here", "native", "ORDER", "6.12", "`-ipi`")), WITH,
		  .found = " ORDER -ipi=because", .stale = "" },
		{ LIST(ROW("`there`, `here`", "kvm, native", "ORDER", "6.1-6.12", "`-ipi`")), WITH,
		  .found = " ORDER -ipi=because", .stale = "" },
		{ LIST(ROW("here", "all", "ORDER", "all with the series", "-ipi")), WITH,
		  .found = " ORDER -ipi=because", .stale = "" },
		{ LIST(ROW("here", "all", "ORDER", "6.1 without the series", "-ipi")), WITHOUT,
		  .found = " ORDER -ipi=because", .stale = "" },
		{ LIST(ROW("here", "native", "ORDER", "all", "varies")), WITH,
		  .found = " ORDER -ipi=because", .stale = "" },
		/* Somebody else's. */
		{ LIST(ROW("there", "native", "ORDER", "all", "-ipi")), WITH,
		  .found = " ORDER -ipi", .stale = "" },
		{ LIST(ROW("here", "kvm", "ORDER", "all", "-ipi")), WITH, .found = " ORDER -ipi",
		  .stale = "" },
		{ LIST(ROW("here", "native", "ORDER", "6.1-6.11", "-ipi")), WITH,
		  .found = " ORDER -ipi", .stale = "" },
		{ LIST(ROW("here", "native", "ORDER", "6.13", "-ipi")), WITH,
		  .found = " ORDER -ipi", .stale = "" },
		{ LIST(ROW("here", "native", "ORDER", "all without the series", "-ipi")), WITH,
		  .found = " ORDER -ipi", .stale = "" },
		{ LIST(ROW("here", "native", "ORDER", "all with the series", "-ipi")), WITHOUT,
		  .found = " ORDER -ipi", .stale = "" },
		{ LIST(ROW("her", "native", "ORDER", "all", "-ipi")), WITH, .found = " ORDER -ipi",
		  .stale = "" },
		{ LIST(ROW("here", "native", "ELIDED", "all", "varies")), WITH,
		  .found = " ORDER -ipi", .stale = "" },
		/* Another word: it is not accounted for, and the list's does not occur. */
		{ LIST(ROW("here", "native", "ORDER", "all", "+ipi")), WITH, .found = " ORDER -ipi",
		  .stale = "+ipi" },
		{ LIST(ROW("here", "native", "ORDER", "all", "`-ipi` `-enter`")), WITH,
		  .found = " ORDER -ipi=because", .stale = "-enter" },
		{ LIST(ROW("here", "native", "ORDER", "all", "`-ipi` `-enter`")), WITH,
		  .not_usual = true, .found = " ORDER -ipi=because", .stale = "" },
		/* Installed late it is another configuration. */
		{ LIST(ROW("here", "native", "ORDER", "all", "-ipi")), WITH, .late = true,
		  .found = " ORDER -ipi", .stale = "" },
		{ LIST(ROW("here", "native/late", "ORDER", "all", "-ipi")), WITH, .late = true,
		  .found = " ORDER -ipi=because", .stale = "" },
	};
	struct run_result m = RESULT(flush), k = RESULT(not_sent);
	char what[512], stale[512];

	for (size_t i = 0; i < NR_OF(cases); i++) {
		const struct list_case *c = &cases[i];

		k.config.late = c->late;
		judge_pair(c->page, &m, &k, c->tree, !c->not_usual, what, stale);
		EXPECT(!strcmp(what, c->found), "case %zu: found '%s'", i, what);
		EXPECT(!strcmp(stale, c->stale), "case %zu: stale '%s'", i, stale);
	}
	run_result_free(&m);
	run_result_free(&k);
}

static void test_totals(void)
{
	struct run_result m = RESULT(flush), same = RESULT(flush), other = RESULT(not_sent);
	struct pair_totals totals = { 0 };
	struct error err = { 0 };
	struct known known;
	struct pair pair;

	m.config.backend = same.config.backend = other.config.backend = &kvm;
	CU_ASSERT_EQUAL(known_read(&known, LIST(ROW("here", "kvm", "ORDER", "6.12", "-ipi")), &err),
			0);
	pair_make(&pair, &known, &(struct tree_version){ 6012 }, &m, &other, true);
	CU_ASSERT_FALSE(differences_new(&pair.found));
	pair_count(&totals, &pair);
	pair_free(&pair);
	pair_make(&pair, &known, &(struct tree_version){ 6001 }, &m, &other, true);
	CU_ASSERT_TRUE(differences_new(&pair.found));
	pair_count(&totals, &pair);
	pair_free(&pair);
	pair_make(&pair, &known, &(struct tree_version){ 6012 }, &m, &same, true);
	pair_count(&totals, &pair);
	pair_free(&pair);
	CU_ASSERT_EQUAL(totals.pairs, 3);
	CU_ASSERT_EQUAL(totals.listed, 1);
	CU_ASSERT_EQUAL(totals.new, 1);
	CU_ASSERT_EQUAL(totals.same, 1);
	CU_ASSERT_EQUAL(totals.stale, 1);
	known_free(&known);
	run_result_free(&m);
	run_result_free(&same);
	run_result_free(&other);
}

/* A row that cannot be read is not passed over. */
static void test_rows(void)
{
	static const struct {
		const char *page, *says;
	} cases[] = {
		{ "# A page\n", "has no list" },
		{ LIST("| here | kvm | ORDER | 6.12 | -ipi |\n"),
		  "row 1 of its differences: it has 5" },
		{ LIST(ROW("here", "kvm", "ORDER", "6.12",
			   "-ipi") "| a | b | c | d | e | f | g |\n"),
		  "row 2 of its differences: it has 7" },
		{ LIST(ROW("here", "kvm", "ODER", "6.12", "-ipi")), "'ODER' is no column" },
		{ LIST(ROW("here", "kvm", "ORDER", "6", "-ipi")), "'6' is no range" },
		{ LIST(ROW("here", "kvm", "ORDER", "6.12-6.1", "-ipi")), "is no range" },
		{ LIST(ROW("here", "kvm", "ORDER", "6.12 with", "-ipi")), "is no range" },
		{ LIST(ROW("here", "kvm", "ORDER", "6.12", "``")), "cell 5 is empty" },
		{ LIST("| here | kvm | ORDER | 6.12 | -ipi | |\n"), "cell 6 is empty" },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct error err = { 0 };
		struct known known;

		EXPECT(known_read(&known, cases[i].page, &err), "case %zu was read", i);
		EXPECT(strstr(err.text, cases[i].says), "case %zu: %s", i, err.text);
		known_free(&known);
	}
	CU_ASSERT_EQUAL(version_of("6.12.117"), 6012);
	CU_ASSERT_EQUAL(version_of("6.1.0-rc3+"), 6001);
	CU_ASSERT_EQUAL(version_of("next"), 0);
}

SUITE(unit_differ, false, { "orders of events", test_orders }, { "columns", test_columns },
      { "the list", test_list }, { "totals", test_totals }, { "rows of the list", test_rows });
