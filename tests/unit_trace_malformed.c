/* SPDX-License-Identifier: GPL-2.0-only */
/* Saved traces: what is not exact is refused, with the line and what was expected in it. */
#include <stdlib.h>
#include <string.h>

#include "tracetext.h"

/* A line of the small run that is spoilt; the message names it, and what is wrong. */
struct spoilt {
	unsigned int nr;
	const char *line, *says;
};

static void expect_refused(const struct spoilt *cases, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		const char *line = cases[i].line ? cases[i].line : "";
		char *text = trace_with_line(cases[i].nr, cases[i].line), *out, where[16];
		struct error err;
		int status = trace_check(text, strlen(text), &out, &err);

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

static void heads(void)
{
	static const struct spoilt cases[] = {
		{ 1, NULL,
		  "expected '" TRACE_HEAD " ...', the head of a run, found '#1 CPU 0 key" },
		{ 1, "",
		  "expected '" TRACE_HEAD " ...', the head of a run, found the end of the line" },
		{ 1, "# shootdown backend=native",
		  "the head of a run, found '# shootdown backend=" },
		{ 1, "# pvtlb-trace x",
		  "expected the version, a number from 0 to 4294967295, found 'x'" },
		{ 1, "# pvtlb-trace 1 a=b", "a trace of version 1; this pvtlb reads version 2" },
		{ 1, "# pvtlb-trace 3 a=b", "a trace of version 3; this pvtlb reads version 2" },
		{ 1, "# pvtlb-trace 02 a=b", "expected the version" },
		{ 1, TRACE_HEAD, "expected 'scenario=', found the end of the line" },
		{ 1, TRACE_HEAD " ", "expected 'scenario=', found the end of the line" },
		{ 1, TRACE_HEAD " scenario", "expected 'scenario=', found 'scenario'" },
		{ 1, TRACE_HEAD " scenario=", "expected scenario=, a name of 1 to 31 characters" },
		{ 1, TRACE_HEAD " scenario=01234567890123456789012345678901 x=y",
		  "expected scenario=, a name of 1 to 31 characters, found '0123456789" },
		{ 1, TRACE_HEAD " scenario=a backend=vax", "expected backend=native|" },
		{ 1, TRACE_HEAD " scenario=a backend=", "found the end" },
		{ 1, TRACE_HEAD " scenario=a walks=b",
		  "unknown word 'walks', expected 'backend='" },
		{ 1, TRACE_HEAD " scenario=a  backend=native", "expected 'backend='" },
		{ 1, TRACE_HEAD " scenario=a backend=native mm= paravirt=y",
		  "expected mm=, a name of 1 to 79 characters" },
		{ 1, TRACE_HEAD " scenario=a backend=native mm=0123456789012345678901234567890123456789"
			"0123456789012345678901234567890123456789 paravirt=y",
		  "expected mm=, a name of 1 to 79 characters" },
		{ 1, TRACE_HEAD " scenario=a backend=native mm=b mm=b",
		  "expected 'paravirt=', found 'mm=b'" },
		{ 1, TRACE_HEAD " scenario=a mm=b backend=native",
		  "expected 'backend=', found 'mm=b" },
		{ 1, TRACE_HEAD " scenario=a paravirt=y",
		  "expected 'backend=', found 'paravirt=y'" },
		{ 1, TRACE_HEAD " scenario=a backend=native paravirt=yes",
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
		{ 1, CONFIG "cpus=2 trials=1 key-request=auto policy=v4 policy-key=never policy-other=y stress=-1 seed=1",
		  "expected stress=, a number from 0 to 3600, found '-1 seed" },
		{ 1, CONFIG "cpus=2 trials=1 key-request=auto policy=v4 policy-key=never policy-other=y stress=1 fault=none",
		  "expected 'seed=', found 'fault=none'" },
		{ 1, CONFIG "cpus=2 trials=1 key-request=auto policy=v4 policy-key=never policy-other=y stress=1 seed=0x1",
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
	};

	expect_refused(cases, NR_OF(cases));
}

static void events(void)
{
	static const struct spoilt cases[] = {
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
		{ 5, "#4 CPU 0 flush_end tlb_gen=2 mm=1", "expected ' mm=' of flush_end" },
		{ 5, "#4 CPU 0 flush_end mm=1",
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
		{ 5, "#4 CPU 0 irq_exit vector=00", "or the end of the line, found '0'" },
		{ 5, "#4 CPU 0 irq_exit vector=0xfg", "or the end of the line, found 'g'" },
		{ 5, "#4 CPU 0 irq_exit vector=0xfc ", "or the end of the line, found ' '" },
		{ 5, "#4 CPU 0 irq_exit vector=0xfc count=0x1", "or the end of the line" },
		{ 5, "#4 CPU 0 cpu_up cpu=2",
		  "expected cpu=, a CPU from 0 to 1, of cpu_up, found '2'" },
		{ 5, "#4 CPU 0 flush_multi cpus=0-2",
		  "expected cpus=, CPUs from 0 to 1, of flush_multi, found '0-2'" },
		{ 5, "#4 CPU 0 held at=#4 preempts=n",
		  "expected at=, the number of an earlier event, of held, found '#4 preempts=n'" },
		{ 5, "#4 CPU 0 held at=#3 preempts=2", "expected preempts=, n|y, of held, found '2'" },
		{ 5, "#4 CPU 0 page_free page=0x1000 size=8 KiB",
		  "expected size=, 4 KiB, 2 MiB, 1 GiB, 512 GiB or 256 TiB, of page_free, found '8 K" },
		{ 5, "#4 CPU 0 walk_grab page=0x10000000000000",
		  "expected page=, an address of at most 52 bits, of walk_grab, found '0x1" },
		{ 5, "#4 CPU 0 invlpg addr=0x800000000000",
		  "expected addr=, a canonical address of 48 bits, of invlpg, found '0x8" },
		{ 5, "#4 CPU 0 elided cpu=1 why=4",
		  "expected why=, preempted|lazy|offline, of elided, found '4'" },
	};

	expect_refused(cases, NR_OF(cases));
}

static void bytes(void)
{
	static const struct spoilt cases[] = {
		{ 5, "#4 CPU 0 irq_exit vector=0xfc\r", "found the byte 0x0d in column 30" },
		{ 5, "#4 CPU 0 \033[2Jirq_exit vector=0xfc", "found the byte 0x1b in column 10" },
		{ 5, "#4\tCPU 0 irq_exit vector=0xfc", "found the byte 0x09 in column 3" },
		{ 5, "#4 CPU 0 irq_exit vector=0xfc\x7f", "found the byte 0x7f in column 30" },
		{ 5, "\xc3\xa4", "found the byte 0xc3 in column 1" },
	};

	expect_refused(cases, NR_OF(cases));
}

static void ends(void)
{
	static const struct spoilt cases[] = {
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
		  "expected '" TRACE_HEAD " ...', the head of a run, found '# end'" },
	};

	expect_refused(cases, NR_OF(cases));
}

/* A head inside of a run: the run before has no end line, and there is more behind it. */
static void head_in_run(void)
{
	char *text = trace_with_line(7, trace_good[0]), *out;
	struct error err;

	CU_ASSERT_EQUAL(trace_check(text, strlen(text), &out, &err), STATUS_FAIL);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text,
				      "t:7: expected an event or the end line of the run of "
				      "line 1, found '" TRACE_HEAD));
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
		text = trace_with_line(5, line);
		CU_ASSERT_EQUAL(trace_check(text, strlen(text), &out, &err), STATUS_FAIL);
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

SUITE(unit_trace_malformed, false, { "heads", heads }, { "events", events }, { "bytes", bytes },
      { "end lines", ends }, { "a head inside of a run", head_in_run },
      { "lines without end", long_lines });
