/* SPDX-License-Identifier: GPL-2.0-only */
/* Saved traces: what is written is read back, what is not exact is refused, and judged again. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "judge/check.h"
#include "pv/pv.h"
#include "events/tracefile.h"
#include "policy.h"
#include "unit_util.h"

/* --- files in memory --- */

static FILE *open_text(const char *text, size_t len)
{
	static char none[1];
	FILE *from = fmemopen(len ? (char *)text : none, len ? len : 1, "r");

	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	/* fmemopen() takes no empty buffer. */
	if (!len)
		fgetc(from);
	return from;
}

/* What trace_write() makes of a run; to be freed. */
static char *written(const struct trace_run *run, size_t *len)
{
	char *text = NULL;
	FILE *to = open_memstream(&text, len);

	trace_write(to, run);
	fclose(to);
	return text;
}

/* Read a file's first run; what trace_read() returned. */
static int read_first(const char *text, size_t len, struct trace_run *run, struct error *err)
{
	FILE *from = open_text(text, len);
	struct trace_reader reader;
	int got;

	*err = (struct error){ 0 };
	trace_reader_init(&reader, from, "t", err);
	got = trace_read(&reader, run);
	fclose(from);
	return got;
}

/* check_file(); what it printed goes to out, to be freed. */
static int check_text(const char *text, size_t len, char **out, struct error *err)
{
	FILE *from = open_text(text, len), *to;
	size_t out_len;
	int status;

	*err = (struct error){ 0 };
	to = open_memstream(out, &out_len);
	status = check_file(from, "t", to, err);
	fclose(to);
	fclose(from);
	return status;
}

/* --- a run with every event, every argument set --- */

static struct trace_run sample(struct pvtlb_event *event, size_t nr)
{
	return (struct trace_run){
		.config = {
			.backend = pv_provider_named("pvtlb"),
			.paravirt = true,
			.late = true,
			.cpus = PVTLB_MAX_CPUS,
			.trials = 1000000,
			.key = KEY_OFF,
			.policy = P_DECLARED,
			.stress = 3600,
			.seed = UINT64_MAX,
			.fault = PVTLB_FAULT_SKIP_TARGET,
			.expect_violation = true,
		},
		.scenario = "a-name",
		.claims = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
		.key = TRACE_KEY_ON,
		.fault_applied = true,
		.event = event,
		.nr = nr,
		.events = nr,
		.last = nr,
	};
}

/* One event of each kind, from the table, so that a new one is tested without a change here. */
static size_t all_events(struct pvtlb_event *event)
{
	struct rnd rng = { 0x74726163 };
	size_t nr = 0;

	for (unsigned int id = PVTLB_EV_NONE + 1; id < PVTLB_EV_NR; id++) {
		struct pvtlb_event *e = &event[nr++];

		*e = (struct pvtlb_event){ .seq = nr, .id = id, .cpu = rnd_below(&rng, 255) };
		for (int i = 0; i < PVTLB_EVENT_ARGS && event_args[id][i][0]; i++)
			e->arg[i] = rnd(&rng) >> rnd_below(&rng, 64);
	}
	event[0].arg[0] = 0;
	event[1].arg[0] = UINT64_MAX;
	return nr;
}

static void round_trip(void)
{
	struct pvtlb_event event[PVTLB_EV_NR];
	struct trace_run run = sample(event, all_events(event)), back;
	struct error err;
	size_t len, len_again;
	char *text = written(&run, &len), *again;

	CU_ASSERT_EQUAL_FATAL(read_first(text, len, &back, &err), 1);
	CU_ASSERT_TRUE(back.complete);
	CU_ASSERT_STRING_EQUAL(back.config.scenario, "a-name");
	CU_ASSERT_PTR_EQUAL(back.config.backend, run.config.backend);
	CU_ASSERT_TRUE(back.config.paravirt && !back.config.invlpgb && back.config.late);
	CU_ASSERT_EQUAL(back.config.cpus, PVTLB_MAX_CPUS);
	CU_ASSERT_EQUAL(back.config.trials, 1000000);
	CU_ASSERT_EQUAL(back.config.key, KEY_OFF);
	CU_ASSERT_STRING_EQUAL(back.config.policy.name, "declared");
	CU_ASSERT_EQUAL(back.config.policy.key, PVTLB_KEY_BY_DECLARATION);
	CU_ASSERT_EQUAL(back.config.stress, 3600);
	CU_ASSERT_EQUAL(back.config.seed, UINT64_MAX);
	CU_ASSERT_EQUAL(back.config.fault, PVTLB_FAULT_SKIP_TARGET);
	CU_ASSERT_TRUE(back.config.expect_violation && back.fault_applied);
	CU_ASSERT_EQUAL(back.claims, run.claims);
	CU_ASSERT_EQUAL(back.key, TRACE_KEY_ON);
	CU_ASSERT_STRING_EQUAL(back.failed, "");
	CU_ASSERT_EQUAL_FATAL(back.nr, PVTLB_EV_NR - 1);
	CU_ASSERT_EQUAL(memcmp(back.event, event, back.nr * sizeof(*event)), 0);
	CU_ASSERT_EQUAL(trace_stream(&back).lost, 0);
	CU_ASSERT_EQUAL(back.first_line, 1);
	CU_ASSERT_EQUAL(back.last_line, PVTLB_EV_NR + 1);

	again = written(&back, &len_again);
	CU_ASSERT_STRING_EQUAL(text, again);
	trace_run_free(&back);
	free(again);
	free(text);
}

/* Every value that a word of the head can have. */
static void head_values(void)
{
	struct trace_run run = sample(NULL, 0), back;
	const struct pv_provider *pv;

	for (unsigned int i = 0; i < 2048; i++) {
		struct error err;
		size_t len, len_again;
		char *text, *again;

		pv = pv_provider_at(i % 5);
		run.config.backend = pv ? pv : pv_provider_at(0);
		run.config.paravirt = i & 1;
		run.config.invlpgb = i & 2;
		run.config.late = i & 4;
		run.config.expect_violation = i & 8;
		run.fault_applied = i & 16;
		run.claims = i >> 5 & PVTLB_CLAIMS;
		run.config.cpus = 1 + i % PVTLB_MAX_CPUS;
		run.config.trials = i % 7 ? i * i + 1 : UINT32_MAX;
		run.config.key = i % KEY_REQUESTS;
		run.config.policy.key = i / 3 % PVTLB_POLICY_KEYS;
		snprintf(run.config.policy.name, sizeof(run.config.policy.name), "p%u", i);
		run.config.stress = i % 5 ? 0 : i;
		run.config.seed = UINT64_MAX >> i % 64;
		run.config.fault = i % PVTLB_FAULT_NR;
		run.key = i % 11 % TRACE_KEYS;
		snprintf(run.failed, sizeof(run.failed), "%s",
			 run.key ? "" : "CPU 0: #PF, at x+0x3 (no 'x')");
		text = written(&run, &len);
		EXPECT(read_first(text, len, &back, &err) == 1, "%s%s", text, err.text);
		again = written(&back, &len_again);
		EXPECT(!strcmp(text, again), "%s%s", text, again);
		trace_run_free(&back);
		free(text);
		free(again);
	}
}

/* What a trace cannot hold does not get into one. */
static void written_hostile(void)
{
	struct trace_run run = sample(NULL, 0), back;
	struct error err;
	size_t len;
	char *text;

	strcpy(run.scenario, "a b\n\033[1m\xff");
	memset(run.failed, 'x', sizeof(run.failed) - 1);
	memcpy(run.failed, "no\n# end\t\033", 10);
	text = written(&run, &len);
	CU_ASSERT_EQUAL_FATAL(read_first(text, len, &back, &err), 1);
	CU_ASSERT_STRING_EQUAL(back.scenario, "a?b??[1m?");
	CU_ASSERT_EQUAL(strncmp(back.failed, "no?# end??xxx", 13), 0);
	CU_ASSERT_EQUAL(strlen(back.failed), sizeof(back.failed) - 1);
	trace_run_free(&back);
	free(text);
}

/* --- a small run by hand --- */

#define NR_LINES 11
#define GOOD_END "# end events=9 last=9 lost=0 unused=0 malformed=0"
static const char *const good[NR_LINES] = {
	"# pvtlb-trace 2 scenario=shootdown backend=native paravirt=y invlpgb=n install=boot "
	"cpus=2 "
	"trials=1 key-request=auto policy=patch policy-key=by-patch stress=0 seed=1 fault=none fault-applied=n "
	"expect=hold "
	"claims=key,delivered,safe key=on",
	"#1 CPU 0 key flush_tlb_multi=0xffffffff81001230 native=0x1 invlpgb=0 enabled=0x1",
	"#2 CPU 0 pte_set mm=0x1 addr=0x100000000000 old=0x2000067 new=0x2200067 shift=0xc",
	"#3 CPU 0 pte_stored mm=0x1 addr=0x100000000000 shift=0xc",
	"#4 CPU 0 flush_begin mm=0x1 start=0x100000000000 end=0x100000001000 tlb_gen=0x2 "
	"wake_lazy=0 "
	"shift=0xc",
	"#5 CPU 0 flush_multi set0=0x3 set1=0 set2=0 set3=0",
	"#6 CPU 1 irq_entry vector=0xfc",
	"#7 CPU 0 flush_end mm=0x1 tlb_gen=0x2",
	"#8 CPU 1 access mm=0x1 addr=0x100000000000 op=0x1 outcome=0x1 value=0x2200000 since=0x7",
	"#9 CPU 0 boot step=0x8 arg=0",
	GOOD_END,
};

/* The small run with line nr, from 1, replaced; NULL: left out. nr 0: as it is. */
static char *with_line(unsigned int nr, const char *line)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	for (unsigned int i = 1; i <= NR_LINES; i++) {
		if (i != nr)
			fprintf(to, "%s\n", good[i - 1]);
		else if (line)
			fprintf(to, "%s\n", line);
	}
	fclose(to);
	return text;
}

static void good_run(void)
{
	char *text = with_line(0, NULL), *out;
	struct error err;

	CU_ASSERT_EQUAL(check_text(text, strlen(text), &out, &err), STATUS_OK);
	CU_ASSERT_EQUAL(err.status, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(out, "key,delivered,safe  pass    on expected: native"));
	free(text);
	free(out);
}

/* Each spoils one line; the message names it, and what is wrong. */
static void malformed(void)
{
#define CONFIG                                                                                     \
	"# pvtlb-trace 2 scenario=shootdown backend=native paravirt=y invlpgb=n install=boot "
#define CHOICE "key-request=auto policy=patch policy-key=by-patch stress=0 seed=1 "
#define REST   CHOICE "fault=none fault-applied=n expect=hold "
	static const struct {
		unsigned int nr;
		const char *line, *says;
	} cases[] = {
		/* the head */
		{ 1, NULL,
		  "expected '# pvtlb-trace 2 ...', the head of a run, found '#1 CPU 0 key" },
		{ 1, "",
		  "expected '# pvtlb-trace 2 ...', the head of a run, found the end of the line" },
		{ 1, "# shootdown backend=native",
		  "the head of a run, found '# shootdown backend=" },
		{ 1, "# pvtlb-trace x",
		  "expected the version, a number from 0 to 4294967295, found 'x'" },
		{ 1, "# pvtlb-trace 1 a=b", "a trace of version 1; this pvtlb reads version 2" },
		{ 1, "# pvtlb-trace 01 a=b", "expected the version" },
		{ 1, "# pvtlb-trace 2", "expected 'scenario=', found the end of the line" },
		{ 1, "# pvtlb-trace 2 ", "expected 'scenario=', found the end of the line" },
		{ 1, "# pvtlb-trace 2 scenario", "expected 'scenario=', found 'scenario'" },
		{ 1,
		  "# pvtlb-trace 2 scenario=", "expected scenario=, a name of 1 to 31 characters" },
		{ 1, "# pvtlb-trace 2 scenario=01234567890123456789012345678901 x=y",
		  "expected scenario=, a name of 1 to 31 characters, found '0123456789" },
		{ 1, "# pvtlb-trace 2 scenario=a backend=vax", "expected backend=native|" },
		{ 1, "# pvtlb-trace 2 scenario=a backend=", "found the end" },
		{ 1, "# pvtlb-trace 2 scenario=a walks=b",
		  "unknown word 'walks', expected 'backend='" },
		{ 1, "# pvtlb-trace 2 scenario=a  backend=native", "expected 'backend='" },
		{ 1, "# pvtlb-trace 2 scenario=a paravirt=y",
		  "expected 'backend=', found 'paravirt=y'" },
		{ 1, "# pvtlb-trace 2 scenario=a backend=native paravirt=yes",
		  "expected paravirt=n|y" },
		{ 1, CONFIG "cpus=0 trials=1 " REST "claims=key key=on",
		  "cpus=, a number from 1 to 255" },
		{ 1, CONFIG "cpus=256 trials=1 " REST "claims=key key=on", "found '256 trials" },
		{ 1, CONFIG "cpus=02 trials=1 " REST "claims=key key=on", "found '02 trials" },
		{ 1, CONFIG "cpus=+2 trials=1 " REST "claims=key key=on", "found '+2 trials" },
		{ 1, CONFIG "cpus=18446744073709551618 trials=1 " REST "claims=key key=on",
		  "a number from" },
		{ 1, CONFIG "cpus=2x trials=1 " REST "claims=key key=on",
		  "a blank or the end of the line" },
		{ 1, CONFIG "cpus=2 trials=4294967296 " REST "claims=key key=on",
		  "expected trials=, " },
		{ 1, CONFIG "cpus=2 trials=1 key-request=auto fault=none",
		  "expected 'policy=', found 'fault=none'" },
		{ 1, CONFIG "cpus=2 trials=1 key-request=auto policy=p stress=0",
		  "expected 'policy-key=', found 'stress=0'" },
		{ 1, CONFIG "cpus=2 trials=1 key-request=auto policy=p policy-key=x stress=0",
		  "expected policy-key=by-patch|never|by-declaration|per-sync, found 'x stress=0'" },
		{ 1, CONFIG "cpus=2 trials=1 key-request=auto policy=v4 policy-key=never stress=-1 seed=1",
		  "expected stress=, a number from 0 to 4294967295, found '-1 seed" },
		{ 1, CONFIG "cpus=2 trials=1 key-request=auto policy=v4 policy-key=never stress=1 fault=none",
		  "expected 'seed=', found 'fault=none'" },
		{ 1, CONFIG "cpus=2 trials=1 key-request=auto policy=v4 policy-key=never stress=1 seed=0x1",
		  "a blank or the end of the line behind seed=, found 'x1'" },
		{ 1, CONFIG "cpus=2 trials=1 " REST "claims= key=on",
		  "expected claims=, of key|delivered|" },
		{ 1, CONFIG "cpus=2 trials=1 " REST "claims=safe,key key=on", "in this order" },
		{ 1, CONFIG "cpus=2 trials=1 " REST "claims=key,key key=on", "in this order" },
		{ 1, CONFIG "cpus=2 trials=1 " REST "claims=key, key=on", "in this order" },
		{ 1, CONFIG "cpus=2 trials=1 " REST "claims=-,key key=on", "in this order" },
		{ 1, CONFIG "cpus=2 trials=1 " REST "claims=walks key=on", "found 'walks key=on'" },
		{ 1, CONFIG "cpus=2 trials=1 " REST "claims=key key=maybe",
		  "expected key=unread|off|on" },
		{ 1, CONFIG "cpus=2 trials=1 " REST "claims=key key=on ",
		  "expected the end of the line" },
		{ 1, CONFIG "cpus=2 trials=1 " REST "claims=key key=on walks=x",
		  "unknown word 'walks', expected the end of the line" },
		{ 1, CONFIG "cpus=2 trials=1 " REST "claims=key key=on key=off",
		  "expected the end of the line, found 'key=off'" },
		/* events */
		{ 5, "", "expected an event or the end line of the run of line 1, found the end" },
		{ 5, "#", "expected an event or the end line" },
		{ 5, "# a remark",
		  "expected an event or the end line of the run of line 1, found '# a" },
		{ 5, " #4 CPU 0 irq_exit vector=0xfc", "expected an event or the end line" },
		{ 5, "#x CPU 0 irq_exit vector=0xfc", "expected an event or the end line" },
		{ 5, "#0 CPU 0 irq_exit vector=0xfc",
		  "expected an event's number, a number from 1 to 1844" },
		{ 5, "#04 CPU 0 irq_exit vector=0xfc", "expected an event's number" },
		{ 5, "#18446744073709551616 CPU 0 irq_exit vector=0xfc",
		  "expected an event's number" },
		{ 5, "#99999999999999999999999 CPU 0 irq_exit vector=0xfc",
		  "expected an event's number" },
		{ 5, "#3 CPU 0 irq_exit vector=0xfc", "event #3 does not come after #3" },
		{ 5, "#2 CPU 0 irq_exit vector=0xfc", "event #2 does not come after #3" },
		{ 5, "#4", "expected ' CPU ', found the end of the line" },
		{ 5, "#4 cpu 0 irq_exit vector=0xfc", "expected ' CPU ', found ' cpu 0" },
		{ 5, "#4 CPU irq_exit vector=0xfc",
		  "expected a CPU, a number from 0 to 1, found 'irq_exit" },
		{ 5, "#4 CPU 2 irq_exit vector=0xfc",
		  "expected a CPU, a number from 0 to 1, found '2 irq" },
		{ 5, "#4 CPU 65536 irq_exit vector=0xfc", "expected a CPU, a number from 0 to 1" },
		{ 5, "#4 CPU -1 irq_exit vector=0xfc", "expected a CPU, a number from 0 to 1" },
		{ 5, "#4 CPU 0irq_exit vector=0xfc", "expected ' ', found 'irq_exit" },
		{ 5, "#4 CPU 0 ",
		  "expected the name of an event (see: pvtlb list), found the end" },
		{ 5, "#4 CPU 0 irq_exi vector=0xfc", "expected the name of an event" },
		{ 5, "#4 CPU 0 irq_exitx vector=0xfc", "expected the name of an event" },
		{ 5, "#4 CPU 0 IRQ_EXIT vector=0xfc", "expected the name of an event" },
		{ 5, "#4 CPU 0 irq_exit",
		  "expected ' vector=' of irq_exit, found the end of the line" },
		{ 5, "#4 CPU 0 irq_exit  vector=0xfc", "expected ' vector=' of irq_exit" },
		{ 5, "#4 CPU 0 irq_exit vectr=0xfc",
		  "expected ' vector=' of irq_exit, found ' vectr=" },
		{ 5, "#4 CPU 0 flush_end tlb_gen=0x2 mm=0x1", "expected ' mm=' of flush_end" },
		{ 5, "#4 CPU 0 flush_end mm=0x1",
		  "expected ' tlb_gen=' of flush_end, found the end" },
		{ 5,
		  "#4 CPU 0 irq_exit vector=", "expected vector=, as 0 or 0x and up to 16 digits" },
		{ 5, "#4 CPU 0 irq_exit vector=0x", "expected vector=, as 0 or 0x" },
		{ 5, "#4 CPU 0 irq_exit vector=fc", "expected vector=, as 0 or 0x" },
		{ 5, "#4 CPU 0 irq_exit vector=252", "expected vector=, as 0 or 0x" },
		{ 5, "#4 CPU 0 irq_exit vector=0x0", "expected vector=, as 0 or 0x" },
		{ 5, "#4 CPU 0 irq_exit vector=0xFC", "expected vector=, as 0 or 0x" },
		{ 5, "#4 CPU 0 irq_exit vector=0x0fc", "expected vector=, as 0 or 0x" },
		{ 5, "#4 CPU 0 irq_exit vector=0x10000000000000000",
		  "expected vector=, as 0 or 0x" },
		{ 5, "#4 CPU 0 irq_exit vector=-0x1", "expected vector=, as 0 or 0x" },
		{ 5, "#4 CPU 0 irq_exit vector=00", "expected the end of the line, found '0'" },
		{ 5, "#4 CPU 0 irq_exit vector=0xfg", "expected the end of the line, found 'g'" },
		{ 5, "#4 CPU 0 irq_exit vector=0xfc ", "expected the end of the line, found ' '" },
		{ 5, "#4 CPU 0 irq_exit vector=0xfc count=0x1", "expected the end of the line" },
		/* bytes */
		{ 5, "#4 CPU 0 irq_exit vector=0xfc\r", "found the byte 0x0d in column 30" },
		{ 5, "#4 CPU 0 \033[2Jirq_exit vector=0xfc", "found the byte 0x1b in column 10" },
		{ 5, "#4\tCPU 0 irq_exit vector=0xfc", "found the byte 0x09 in column 3" },
		{ 5, "#4 CPU 0 irq_exit vector=0xfc\x7f", "found the byte 0x7f in column 30" },
		{ 5, "\xc3\xa4", "found the byte 0xc3 in column 1" },
		/* the end */
		{ 11, "# end", "expected 'events=', found the end of the line" },
		{ 11, "# ended", "unknown word 'ed', expected 'events='" },
		{ 11, "# end nr=9", "unknown word 'nr', expected 'events='" },
		{ 11, "# end events=9 lost=0", "expected 'last=', found 'lost=0'" },
		{ 11, "# end events=-1 last=9 lost=0 unused=0 malformed=0",
		  "expected events=, a number" },
		{ 11, "# end events=16777217 last=9 lost=0 unused=0 malformed=0",
		  "from 0 to 16777216" },
		{ 11, "# end events=8 last=9 lost=1 unused=0 malformed=0",
		  "events=8, but there are 9" },
		{ 11, "# end events=9 last=8 lost=0 unused=0 malformed=0",
		  "but there is an event #9" },
		{ 11, "# end events=9 last=10 lost=0 unused=0 malformed=0",
		  "do not add up to last" },
		{ 11, "# end events=10 last=9 lost=0 unused=0 malformed=0",
		  "do not add up to last" },
		{ 11, "# end events=9 last=9 lost=1 unused=18446744073709551615 malformed=0",
		  "do not add up to last" },
		{ 11,
		  "# end events=9 last=18446744073709551615 lost=18446744073709551607 unused=0 "
		  "malformed=0",
		  "do not add up to last" },
		{ 11, GOOD_END " ", "expected the end of the line" },
		{ 11, GOOD_END " failed:", "unknown word 'failed:', expected the end of the line" },
		{ 11, GOOD_END " failed: ", "expected a reason of 1 to 1023 characters" },
		{ 11, GOOD_END "\n# end",
		  "expected '# pvtlb-trace 2 ...', the head of a run, found '# end'" },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		const char *line = cases[i].line ? cases[i].line : "";
		char *text = with_line(cases[i].nr, cases[i].line), *out, where[16];
		struct error err;
		int status = check_text(text, strlen(text), &out, &err);

		snprintf(where, sizeof(where), "t:%u: ", cases[i].nr + !!strchr(line, '\n'));
		EXPECT(status == STATUS_FAIL, "'%s': exit %d", line, status);
		EXPECT(!strncmp(err.text, where, strlen(where)), "'%s': %s", line, err.text);
		EXPECT(strstr(err.text, cases[i].says), "'%s': %s", line, err.text);
		/* A run before it is judged; the one that is wrong is not. */
		EXPECT(strchr(line, '\n') || !*out, "'%s': %s", line, out);
		free(text);
		free(out);
	}
}

/* A head inside of a run: the run before has no end line, and there is more behind it. */
static void head_in_run(void)
{
	char *text = with_line(7, good[0]), *out;
	struct error err;

	CU_ASSERT_EQUAL(check_text(text, strlen(text), &out, &err), STATUS_FAIL);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text,
				      "t:7: expected an event or the end line of the run of "
				      "line 1, found '# pvtlb-trace 2"));
	free(text);
	free(out);
}

static void long_lines(void)
{
	char *line = malloc(1 << 20), *text, *out;
	struct error err;

	for (size_t len = TRACE_LINE_MAX - 1; len < 1 << 20;
	     len = len < TRACE_LINE_MAX + 1 ? len + 1 : 8 * len) {
		memset(line, 'a', len);
		memcpy(line, "#4 CPU 0 ", 9);
		line[len] = 0;
		text = with_line(5, line);
		CU_ASSERT_EQUAL(check_text(text, strlen(text), &out, &err), STATUS_FAIL);
		EXPECT(strstr(err.text, len > TRACE_LINE_MAX
						? "t:5: expected at most 2048 bytes in a line"
						: "t:5: expected the name of an event"),
		       "%zu: %s", len, err.text);
		CU_ASSERT_TRUE(strlen(err.text) < 200);
		free(text);
		free(out);
	}
	free(line);
}

/* Names that are not printable, or without end, are neither in the output nor in messages. */
static void names(void)
{
	char *text = with_line(0, NULL), *out, name[1000];
	struct error err = { 0 };
	size_t len;
	FILE *from = open_text(text, strlen(text)), *to = open_memstream(&out, &len);

	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = 0;
	memcpy(name, "\033]0;x\a\n", 7);
	CU_ASSERT_EQUAL(check_file(from, name, to, &err), STATUS_OK);
	fclose(from);
	errno = ENOENT;
	CU_ASSERT_EQUAL(check_file(NULL, name, to, &err), STATUS_FAIL);
	fclose(to);
	CU_ASSERT_EQUAL(strncmp(out, "?]0;x??nnn", 10), 0);
	CU_ASSERT_EQUAL(strncmp(err.text, "?]0;x??nnn", 10), 0);
	CU_ASSERT_TRUE(strstr(err.text, ": No such file") && strlen(err.text) < 200);
	free(text);
	free(out);
}

/* --- verdicts --- */

/* Cut anywhere: never a pass, and no verdict on what is left. */
static void truncated(void)
{
	char *text = with_line(0, NULL);
	size_t len = strlen(text), head = strlen(good[0]) + 1;

	for (size_t n = 0; n < len; n++) {
		struct error err;
		char *out;

		EXPECT(check_text(text, n, &out, &err) == STATUS_FAIL, "cut at %zu of %zu", n, len);
		if (!n)
			EXPECT(strstr(err.text, "t: there is no run in it"), "%s", err.text);
		else if (n < head)
			EXPECT(!strcmp(err.text, "t:1: the file ends within this line"), "%s",
			       err.text);
		else
			EXPECT(strstr(out, "-                   unknown the file ends "
					   "after line"),
			       "cut at %zu: %s%s", n, out, err.text);
		free(out);
	}
	free(text);
}

static void verdicts(void)
{
#define STALE                                                                                      \
	"#8 CPU 1 access mm=0x1 addr=0x100000000000 op=0x1 outcome=0x1 value=0x2000000 since=0x7"
#define STALE_TEXT                                                                                 \
	"CPU 1 read 0x100000000000 of mm 1 and reached page 0x2000000 (#8), though it is page "    \
	"0x2200000, writable since #2 and CPU 0's flush #4 to #7 had returned (trial 0, step 0)\n"
#define HEAD(fault, applied, expect, claims, key)                                                  \
	CONFIG "cpus=2 trials=1 " CHOICE "fault=" fault " fault-applied=" applied                  \
	       " expect=" expect " claims=" claims " key=" key
#define PATCH	 "patch policy-key=by-patch"
#define NEVER	 "always-sync policy-key=never"
#define DECLARED "declared policy-key=by-declaration"
/* What this build knows of a policy is what the trace says of it. */
#define UNKNOWN	 "not-ours policy-key=per-sync"
#define CHOSEN(request, policy, stress, expect, claims, key)                                         \
	CONFIG "cpus=2 trials=1 key-request=" request " policy=" policy " stress=" stress          \
	       " seed=18446744073709551615 fault=none fault-applied=n expect=" expect              \
	       " claims=" claims " key=" key
	static const struct {
		const char *what;
		unsigned int nr;
		const char *line;
		int status;
		const char *says;
	} cases[] = {
		{ "an event left out", 6, NULL, 1,
		  "-                   unknown 1 events lost, 0 mal" },
		{ "the last event left out", 10, NULL, 1, "unknown 1 events lost" },
		{ "lost", 11, "# end events=9 last=12 lost=3 unused=0 malformed=0", 1,
		  "unknown 3 events lost, 0 malformed; nothing can be said\n" },
		{ "malformed", 11, "# end events=9 last=9 lost=0 unused=0 malformed=7", 1,
		  "unknown 0 events lost, 7 malformed" },
		{ "a number not used", 11, "# end events=9 last=10 lost=0 unused=1 malformed=0", 0,
		  " pass " },
		{ "failed", 11, GOOD_END " failed: triple fault", 1, "its end: triple fault" },
		{ "stale", 9, STALE, 1, STALE_TEXT "stale: CPU 1 " },
		{ "not interrupted", 7, "#6 CPU 0 irq_entry vector=0xfc", 1,
		  "CPU 1 did not take an interrupt" },
		{ "no key event", 2, "#1 CPU 0 boot step=0x1 arg=0", 1,
		  "native_pv_tlb_init() did not run" },
		{ "no check", 9, "#8 CPU 0 boot step=0x1 arg=0", 1, "no access was checked" },
		{ "key off", 1, HEAD("none", "n", "hold", "key", "off"), 1, "key  " },
		{ "key off", 1, HEAD("none", "n", "hold", "key", "off"), 1,
		  "fail    key WRONGLY OFF" },
		{ "key off, not claimed", 1, HEAD("none", "n", "hold", "safe", "off"), 0,
		  " pass " },
		{ "no claims", 1, HEAD("none", "n", "hold", "-", "off"), 0,
		  "a diagnostic claims nothing" },
		{ "control", 1, HEAD("none", "n", "violation", "key", "off"), 0,
		  "caught in 1 of 1 trials" },
		{ "control, not caught", 1, HEAD("none", "n", "violation", "key", "on"), 1,
		  "NOT caught" },
		{ "fault", 1, HEAD("skip-ipi", "y", "hold", "key", "on"), 0, " pass " },
		{ "fault, not applied", 1, HEAD("skip-ipi", "n", "hold", "key", "on"), 1,
		  "was never applied" },
		{ "forced", 1, CHOSEN("on", PATCH, "0", "hold", "safe", "on"), 0, " pass " },
		{ "not as forced", 1, CHOSEN("off", PATCH, "0", "hold", "safe", "on"), 1,
		  "fail    the key was to be forced off, and the guest has it on" },
		{ "always-sync", 1, CHOSEN("auto", NEVER, "0", "hold", "key", "off"), 0,
		  "pass    off by policy, every sync is sent: native flushes interrupt every "
		  "target; a missed optimisation\n" },
		{ "always-sync, not done", 1, CHOSEN("auto", NEVER, "0", "hold", "key", "on"),
		  1, "fail    key WRONGLY ON, though every sync was to be sent\n" },
		{ "declared", 1, CHOSEN("auto", DECLARED, "0", "hold", "key", "off"), 1,
		  "fail    key WRONGLY OFF, as the backend declared\n" },
		{ "a policy of another build", 1, CHOSEN("auto", UNKNOWN, "0", "hold", "key", "off"), 0,
		  "pass    off by policy, each sync decides: native flushes interrupt every target\n" },
		{ "a policy of another build, on", 1, CHOSEN("auto", UNKNOWN, "0", "hold", "key", "on"),
		  1, "fail    key WRONGLY ON, though it was for each sync to decide\n" },
		{ "free run", 1, CHOSEN("auto", PATCH, "3", "hold", "key", "on"), 0,
		  "target (ran free for 3 s, --seed 18446744073709551615)\n" },
		{ "free run, control", 1, CHOSEN("auto", DECLARED, "3", "violation", "key", "off"), 0,
		  "caught in 1 of 1 trials: key WRONGLY OFF, as the backend declared (ran free for 3 s, "
		  "--seed 18446744073709551615)\n" },
		{ "key unread", 1, HEAD("none", "n", "hold", "key", "unread"), 1, "" },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		char *text = with_line(cases[i].nr, cases[i].line), *out;
		struct error err;
		int status = check_text(text, strlen(text), &out, &err);

		EXPECT(status == cases[i].status, "%s: exit %d: %s", cases[i].what, status, out);
		EXPECT(strstr(out, cases[i].says), "%s: %s%s", cases[i].what, out, err.text);
		free(text);
		free(out);
	}
}

/* What judge() says of lost events after a run, check says, too, and of a free run the seed. */
static void lost(void)
{
	static struct run_facts facts;
	struct trace_run run = sample(NULL, 0);
	struct judgement ran, checked;

	for (unsigned int stress = 0; stress < 2; stress++) {
		run.config.stress = stress;
		run.complete = true;
		run.last = run.lost = 3;
		facts = (struct run_facts){ .lost = 3 };
		judge(&run.config, run.claims, &facts, &ran);
		check_run(&run, &facts, &checked);
		CU_ASSERT_EQUAL(ran.verdict, VERDICT_UNKNOWN);
		CU_ASSERT_EQUAL(checked.verdict, VERDICT_UNKNOWN);
		CU_ASSERT_STRING_EQUAL(checked.why, ran.why);
		CU_ASSERT_EQUAL(strstr(ran.why, "--seed") != NULL, stress);
	}
}

/* Runs of one file are judged one by one, up to where it goes wrong. */
static void several(void)
{
	char *one = with_line(0, NULL), *stale = with_line(9, STALE), text[8192], *out;
	struct error err;

	CU_ASSERT_TRUE_FATAL(3 * strlen(one) + 2 < sizeof(text));
	snprintf(text, sizeof(text), "%s%s%s", one, stale, one);
	CU_ASSERT_EQUAL(check_text(text, strlen(text), &out, &err), STATUS_FAIL);
	CU_ASSERT_EQUAL(err.status, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(out, "\n   12 shootdown  native "));
	CU_ASSERT_PTR_NOT_NULL(strstr(out, "\n   23 shootdown  native "));
	free(out);
	snprintf(text, sizeof(text), "%s%sx\n%s", one, one, one);
	CU_ASSERT_EQUAL(check_text(text, strlen(text), &out, &err), STATUS_FAIL);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "t:23: expected '# pvtlb-trace 2"));
	CU_ASSERT_PTR_NOT_NULL(strstr(out, "\n   12 shootdown  native "));
	free(out);
	free(one);
	free(stale);
}

/* --- noise --- */

/* One change of a text of len bytes with room for 2 * len. Returns the new length. */
static size_t mutate(struct rnd *rng, char *text, size_t len)
{
	static const char bits[] = "0123456789abcdefx#= ,-\n\r\033\0yn";
	size_t at = rnd_below(rng, len), n = 1 + rnd_below(rng, rnd_below(rng, 8) ? 4 : 200);
	size_t from = rnd_below(rng, len);

	if (n > len - at)
		n = len - at;
	if (n > len - from)
		n = len - from;
	switch (rnd_below(rng, 6)) {
	case 0: /* a bit */
		text[at] ^= 1 << rnd_below(rng, 8);
		return len;
	case 1: /* a byte that belongs somewhere */
		text[at] = bits[rnd_below(rng, sizeof(bits))];
		return len;
	case 2: /* less */
		memmove(text + at, text + at + n, len - at - n);
		return len - n;
	case 3: /* some of it twice */
		memmove(text + at + n, text + at, len - at);
		return len + n;
	case 4: /* a part over another */
		memmove(text + at, text + from, n);
		return len;
	default: /* cut */
		return rnd_below(rng, 20) ? len : at;
	}
}

/*
 * Whatever is read is exactly what would be written: as the grammar leaves no choice, a file
 * that is accepted is one that a run could have left. Messages are short, printable and placed.
 */
static void check_mutant(const char *text, size_t len, unsigned int round)
{
	FILE *from = open_text(text, len);
	struct error err = { 0 };
	struct trace_reader reader;
	struct trace_run run;
	size_t pos = 0, n;
	char *again;
	int got;

	trace_reader_init(&reader, from, "t", &err);
	while ((got = trace_read(&reader, &run)) > 0) {
		again = written(&run, &n);
		if (run.complete)
			EXPECT(pos + n <= len && !memcmp(text + pos, again, n), "round %u: %s",
			       round, again);
		for (size_t i = 0; i < run.nr; i++)
			EXPECT(run.event[i].id < PVTLB_EV_NR && run.event[i].cpu < run.config.cpus,
			       "round %u", round);
		pos += n;
		free(again);
		trace_run_free(&run);
	}
	fclose(from);
	EXPECT(!got == !err.status && !strncmp(err.text, "t:", got ? 2 : 0), "round %u: %s", round,
	       err.text);
	for (const char *c = err.text; *c; c++)
		EXPECT(*c >= ' ' && *c <= '~', "round %u: %s", round, err.text);
}

static void noise(void)
{
	struct pvtlb_event event[PVTLB_EV_NR];
	struct trace_run all = sample(event, all_events(event));
	char *small = with_line(0, NULL), *large, *text, *out;
	struct rnd rng = { 0x6d757461 };
	unsigned int passed = 0;
	struct error err;
	size_t len, room;

	large = written(&all, &len);
	room = 4 * (strlen(small) + len);
	text = malloc(room);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (unsigned int round = 0; round < 6000; round++) {
		/* Of the exact size, so that ASan sees a look behind it. */
		char *exact;

		len = snprintf(text, room, "%s%s", small, round % 2 ? large : "");
		for (unsigned int i = 1 + rnd_below(&rng, 4); i && len; i--)
			len = mutate(&rng, text, len);
		exact = malloc(len + !len);
		CU_ASSERT_PTR_NOT_NULL_FATAL(exact);
		memcpy(exact, text, len);
		check_mutant(exact, len, round);
		passed += check_text(exact, len, &out, &err) == STATUS_OK;
		free(out);
		free(exact);
	}
	/* Some changes do no harm; most are found. */
	CU_ASSERT_TRUE(passed > 0 && passed < 600);
	free(text);
	free(small);
	free(large);
}

SUITE(unit_tracefile, false, { "every event, written and read", round_trip },
      { "every value in a head", head_values },
      { "names that a trace cannot hold", written_hostile }, { "a run that holds", good_run },
      { "malformed lines", malformed }, { "a head inside of a run", head_in_run },
      { "lines without end", long_lines }, { "file names", names },
      { "cut off anywhere", truncated }, { "verdicts", verdicts },
      { "lost events", lost }, { "several runs", several },
      { "mutated files", noise });
