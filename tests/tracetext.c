/* SPDX-License-Identifier: GPL-2.0-only */
/* Traces as text, for the suites that read, spoil and judge them. */
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "events/range.h"
#include "judge/check.h"
#include "policy.h"
#include "tracetext.h"

FILE *trace_open(const char *text, size_t len)
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
char *trace_text(const struct trace_run *run, size_t *len)
{
	char *text = NULL;
	FILE *to = open_memstream(&text, len);

	trace_write(to, run);
	fclose(to);
	return text;
}

/* Read a file's first run; what trace_read() returned. */
int trace_read_first(const char *text, size_t len, struct trace_run *run, struct error *err)
{
	FILE *from = trace_open(text, len);
	struct trace_reader reader;
	int got;

	*err = (struct error){ 0 };
	trace_reader_init(&reader, from, "t", err);
	got = trace_read(&reader, run);
	fclose(from);
	return got;
}

/* check_file(); what it printed goes to out, to be freed. */
int trace_check(const char *text, size_t len, char **out, struct error *err)
{
	FILE *from = trace_open(text, len), *to;
	size_t out_len;
	int status;

	*err = (struct error){ 0 };
	to = open_memstream(out, &out_len);
	status = check_file(from, "t", to, err);
	fclose(to);
	fclose(from);
	return status;
}

struct trace_run trace_sample(struct pvtlb_event *event, size_t nr)
{
	return (struct trace_run){
		.config = {
			.scenario = "a-name",
			.backend = backend_named("pvtlb"),
			.mm = "kernel/6.12.117+series",
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
/* Draw an argument, until it is one. */
static void draw_arg(struct rnd *rng, struct pvtlb_event *e, unsigned int place)
{
	uint64_t *value = e->arg;

	for (unsigned int i = 0; i < place; i++)
		value += event_args[e->id][i].words;
	for (unsigned int i = 0; i < event_args[e->id][place].words; i++)
		value[i] = rnd(rng) >> rnd_below(rng, 64);
}

size_t trace_all_events(struct pvtlb_event *event)
{
	struct rnd rng = { 0x74726163 };
	size_t nr = 0;

	for (unsigned int id = PVTLB_EV_NONE + 1; id < PVTLB_EV_NR; id++) {
		struct pvtlb_event *e = &event[nr++];

		*e = (struct pvtlb_event){ .seq = nr, .id = id, .cpu = rnd_below(&rng, 255) };
		for (unsigned int i = 0; event_args[id][i].name; i++)
			draw_arg(&rng, e, i);
		for (int bad; (bad = event_out_of_range(e, PVTLB_MAX_CPUS)) >= 0;)
			draw_arg(&rng, e, bad);
	}
	event[1].key.native = UINT64_MAX;
	return nr;
}

const char *const trace_good[NR_LINES] = {
	TRACE_HEAD " scenario=shootdown backend=native paravirt=y invlpgb=n install=boot "
		   "cpus=2 "
		   "trials=1 key-request=auto policy=patch policy-key=by-patch policy-other=n stress=0 seed=1 fault=none "
		   "expect=hold fault-applied=n "
		   "claims=key,delivered,safe key=on",
	"#1 CPU 0 key flush_tlb_multi=0xffffffff81001230 native=0x1 invlpgb=n enabled=y",
	"#2 CPU 0 pte_set mm=1 addr=0x100000000000 old=0x2000067 new=0x2200067 size=4 KiB",
	"#3 CPU 0 pte_stored mm=1 addr=0x100000000000 size=4 KiB",
	"#4 CPU 0 flush_begin mm=1 start=0x100000000000 end=0x100000001000 tlb_gen=2 "
	"wake_lazy=n "
	"size=4 KiB",
	"#5 CPU 0 flush_multi cpus=0-1",
	"#6 CPU 1 irq_entry vector=0xfc",
	"#7 CPU 0 flush_end mm=1 tlb_gen=2",
	"#8 CPU 1 access mm=1 addr=0x100000000000 op=read outcome=ok value=0x2200000 since=#7",
	"#9 CPU 0 boot step=done late=n refused=no",
	GOOD_END,
};

/* The small run with line nr, from 1, replaced; NULL: left out. nr 0: as it is. */
char *trace_with_line(unsigned int nr, const char *line)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	for (unsigned int i = 1; i <= NR_LINES; i++) {
		if (i != nr)
			fprintf(to, "%s\n", trace_good[i - 1]);
		else if (line)
			fprintf(to, "%s\n", line);
	}
	fclose(to);
	return text;
}
