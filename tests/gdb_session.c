/* SPDX-License-Identifier: GPL-2.0-only */
/* pvtlb run --gdb, by a client of our own: stops, steps, what is refused, and how it ends. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "gdb/hex.h"
#include "gdb_client.h"
#include "lab.h"
#include "unit_util.h"

#define RUN "run collapse-vs-gup --backend native --cpus 3 --trials 1 --table --gdb 0"
#define RIP 16

static struct gdb_client client;

static gva_t symbol(const char *name)
{
	gva_t addr = image_symbol(&lab_images()->image[1], name);

	CU_ASSERT_NOT_EQUAL_FATAL(addr, 0);
	return addr;
}

static void begin(const char *args)
{
	gdb_client_start(&client, args);
	CU_ASSERT_EQUAL_FATAL(gdb_client_connect(&client), 0);
}

/* Ask by a format; the reply has to begin so. */
__attribute__((format(printf, 2, 3))) static bool asks(const char *reply, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return EXPECT(!strncmp(gdb_client_ask(&client, text), reply, strlen(reply)) &&
			      (*reply || !*client.in.data),
		      "%s: '%.80s', not '%s'", text, client.in.data, reply);
}

static void ends(int status, const char *says)
{
	int got = gdb_client_end(&client);

	EXPECT(got == status && strstr(client.said, says),
	       "ended with %d, not %d, or without '%s':"
	       " %.400s",
	       got, status, says, client.said);
	gdb_client_free(&client);
}

static uint64_t reg(unsigned int nr)
{
	uint64_t value = 0;
	char text[16];

	snprintf(text, sizeof(text), "p%x", nr);
	CU_ASSERT_TRUE(hex_bytes(gdb_client_ask(&client, text), (uint8_t *)&value, 8));
	return value;
}

/* Until a walker is at its walk; returns gdb's number of its CPU. */
static unsigned int stop_at_walk(void)
{
	gva_t walk = symbol("gup_fast");
	unsigned int thread = 0;

	asks("PacketSize=", "qSupported:swbreak+;vContSupported+");
	asks("OK", "Z0,%" PRIx64 ",1", walk);
	asks("T05thread:", "vCont;c");
	CU_ASSERT_EQUAL_FATAL(sscanf(client.in.data, "T05thread:%x;swbreak:;", &thread), 1);
	EXPECT(thread == 2 || thread == 3, "thread %u walks", thread);
	EXPECT(reg(RIP) == walk, "%#" PRIx64, reg(RIP));
	return thread;
}

static void walk_is_stepped(void)
{
	gva_t walk = symbol("gup_fast");
	unsigned int thread;
	uint64_t before;

	begin(RUN);
	asks("T02thread:1;", "?");
	asks("m1,2,3", "qfThreadInfo");
	thread = stop_at_walk();
	asks("OK", "Hg1");
	EXPECT(reg(RIP) != walk, "CPU 0 is elsewhere");
	asks("OK", "Hg%x", thread);
	before = reg(RIP);
	asks("OK", "z0,%" PRIx64 ",1", walk);
	/* Alone, one instruction; then with all others running. */
	asks("T05thread:", "vCont;s:%x", thread);
	EXPECT(reg(RIP) > before && reg(RIP) < before + 16, "%#" PRIx64, reg(RIP));
	before = reg(RIP);
	asks("T05thread:", "vCont;s:%x;c", thread);
	EXPECT(reg(RIP) != before, "%#" PRIx64, before);
	asks("W00", "vCont;c");
	ends(0, "pass");
}

/*
 * Stopped and stepped all over, wherever its CPUs are at the moment, the guest does what it does:
 * no call of it into ring 0 is lost.
 */
static void nothing_is_lost(void)
{
	static const char *const at[] = { "do_irq_upcall", "flush_tlb_func", "probe_load" };
	unsigned int rounds = 0;
	bool goes_on = true;

	begin("run asid-reuse --backend native --cpus 4 --trials 120 --table --gdb 0");
	asks("PacketSize=", "qSupported:swbreak+");
	for (; goes_on && rounds < 1200; rounds++) {
		gva_t addr = symbol(at[rounds % NR_OF(at)]);

		asks("OK", "Z0,%" PRIx64 ",1", addr);
		goes_on = *gdb_client_ask(&client, "vCont;c") == 'T';
		for (int i = 0; goes_on && i < 4; i++)
			goes_on = *gdb_client_ask(&client, "vCont;s") == 'T';
		if (goes_on)
			asks("OK", "z0,%" PRIx64 ",1", addr);
	}
	EXPECT(rounds > 20, "only %u rounds", rounds);
	if (goes_on)
		asks("OK", "D");
	ends(0, "pass");
}

/* What is at the breakpoint is what the image has. */
static void breakpoints_are_hidden(void)
{
	gva_t walk = symbol("gup_fast");
	char before[64];

	begin(RUN);
	snprintf(before, sizeof(before), "%s", gdb_client_ask(&client, "g"));
	asks("OK", "Z0,%" PRIx64 ",1", walk + 1);
	asks("OK", "z0,%" PRIx64 ",1", walk + 1);
	snprintf(before, sizeof(before), "m%" PRIx64 ",4", walk);
	snprintf(before, sizeof(before), "%.8s", gdb_client_ask(&client, before));
	asks("OK", "Z0,%" PRIx64 ",1", walk);
	asks(before, "m%" PRIx64 ",4", walk);
	asks("E16", "M%" PRIx64 ",1:90", walk);
	asks("OK", "D");
	ends(0, "pass");
}

/* Of a walker that is held registers can be read, not written. Is one held? */
static bool look_at_held(void)
{
	bool held = false;

	for (unsigned int thread = 2; thread <= 3; thread++) {
		char ask[32];

		snprintf(ask, sizeof(ask), "qThreadExtraInfo,%x", thread);
		/* ", held at " */
		if (!strstr(gdb_client_ask(&client, ask), "2c2068656c6420617420"))
			continue;
		held = true;
		asks("OK", "Hg%x", thread);
		asks("E16", "P10=0000000000000000");
		EXPECT(reg(RIP) >= lab_images()->image[1].segment[0].vaddr,
		       "its registers can be read");
	}
	return held;
}

static void held_and_off(void)
{
	begin(RUN);
	asks("43505520322c206e6f74206f6e", "qThreadExtraInfo,3"); /* CPU 2, not on */
	asks("OK", "Hg3");
	asks("E16", "P10=0000000000000000");
	/* The leader waits for them before it collapses what they walk. */
	asks("OK", "Z0,%" PRIx64 ",1", symbol("collapse_huge_page"));
	asks("T05thread:1", "c");
	EXPECT(look_at_held(), "no walker is held when its table is taken");
	asks("OK", "D");
	ends(0, "pass");
}

static void refusals(void)
{
	static const struct {
		const char *packet, *reply;
	} cases[] = {
		{ "m0,8", "E14" },
		{ "m8000000000000000,8", "E14" },
		{ "mffffffffffffffff,8", "E14" },
		{ "m", "E22" },
		{ "m,", "E22" },
		{ "m1", "E22" },
		{ "m1,", "E22" },
		{ "m1,1x", "E22" },
		{ "m11111111111111111,1", "E22" },
		{ "M0,1:00", "E14" },
		{ "M0,2:00", "E22" },
		{ "M0,ffffffffffffffff:00", "E22" },
		{ "Z0,0,1", "E14" },
		{ "Z0,fffffe0000000000,1", "E14" },
		{ "Z0", "E22" },
		{ "Z0,x,1", "E22" },
		{ "Z1,0,1", "" },
		{ "Z2,0,8", "" },
		{ "z3,0,8", "" },
		{ "p44", "E22" },
		{ "pffffffffffffffff", "E22" },
		{ "p", "E22" },
		{ "P18=00000000", "E22" },
		{ "P12=00000000", "E01" },
		{ "P10=00", "E22" },
		{ "G00", "" },
		{ "Hg4", "E22" },
		{ "Hgx", "E22" },
		{ "Hx1", "" },
		{ "T4", "E22" },
		{ "T0", "E22" },
		{ "vCont;", "E22" },
		{ "vCont;s:4", "E22" },
		{ "c1000", "E22" },
		{ "s1000", "E22" },
		{ "qThreadExtraInfo,9", "E22" },
		{ "qXfer:features:read:target.xml:0", "E22" },
		{ "qXfer:memory-map:read::0,fff", "" },
		{ "X0,1:a", "" },
		{ "vMustReplyEmpty", "" },
		{ "R", "" },
		{ "qXfer:features:read:target.xml:fffffffff,fff", "l" },
	};
	static char long_packet[PACKET_MAX + 8];

	begin(RUN);
	/* There is one that is served: another one is refused. */
	asks("T02", "?");
	EXPECT(gdb_client_second(&client) == ECONNREFUSED, "a second connection");
	for (size_t i = 0; i < NR_OF(cases); i++)
		asks(cases[i].reply, "%s", cases[i].packet);
	gdb_client_send(&client, "$?#00", 5);
	EXPECT(gdb_client_next(&client) == PACKET_NAK, "a wrong sum");
	memset(long_packet, 'm', sizeof(long_packet));
	*long_packet = '$';
	memcpy(long_packet + sizeof(long_packet) - 3, "#00", 3);
	gdb_client_send(&client, long_packet, sizeof(long_packet));
	EXPECT(gdb_client_next(&client) == PACKET_NAK, "too long");
	/* The last reply, once more. */
	gdb_client_send(&client, "-", 1);
	EXPECT(gdb_client_next(&client) == PACKET_WHOLE && !strcmp(client.in.data, "l"), "again");
	gdb_client_send(&client, "$m\0#6d", 6);
	EXPECT(gdb_client_next(&client) == PACKET_ACK, "a 0 within");
	EXPECT(gdb_client_next(&client) == PACKET_WHOLE && !strcmp(client.in.data, "E22"), "E22");
	asks("OK", "QStartNoAckMode");
	asks("OK", "D");
	ends(0, "pass");
}

static void ends_of_sessions(void)
{
	/* It breaks off before anything has run, and in the middle. */
	begin(RUN);
	gdb_client_disconnect(&client);
	ends(0, "the connection to gdb is lost");
	begin(RUN);
	stop_at_walk();
	gdb_client_disconnect(&client);
	ends(0, "pass");
	begin(RUN);
	stop_at_walk();
	asks("OK", "D");
	ends(0, "pass");
	begin(RUN);
	stop_at_walk();
	gdb_client_tell(&client, "k");
	ends(1, "ended by gdb");
	/* Running, and broken off. */
	begin("run hang --backend native --cpus 2 --table --timeout 2 --gdb 0");
	gdb_client_tell(&client, "c");
	gdb_client_disconnect(&client);
	ends(124, "the connection to gdb is lost");
}

/* Nothing of what has been changed is called a pass. */
static void changes(void)
{
	begin(RUN);
	asks("OK", "M%" PRIx64 ",1:00", symbol("gup_fast") - 1);
	asks("OK", "D");
	ends(1, "gdb has changed the guest's memory");
	begin(RUN);
	stop_at_walk();
	asks("OK", "P0=0000000000000000");
	asks("OK", "D");
	ends(1, "gdb has changed the guest's registers");
}

static void interrupts(void)
{
	begin("run hang --backend native --cpus 2 --table --timeout 60 --gdb 0");
	gdb_client_tell(&client, "c");
	while (gdb_client_next(&client) != PACKET_ACK)
		;
	gdb_client_send(&client, "\x03", 1);
	EXPECT(gdb_client_next(&client) == PACKET_WHOLE &&
		       !strncmp(client.in.data, "T02thread:", 10),
	       "%.80s", client.in.data);
	asks("OK", "Hg1");
	EXPECT(reg(RIP) > 0, "its registers");
	gdb_client_tell(&client, "k");
	ends(1, "ended by gdb");
}

/* A verdict that is no pass is the status that gdb is told. */
static void verdicts(void)
{
	begin("run hang --backend native --cpus 2 --table --timeout 2 --gdb 0");
	asks("W7c", "c");
	ends(124, "watchdog");
}

static void command_lines(void)
{
	static const struct cli_case cases[] = {
		{ "run --gdb 0", 2, "--gdb is for one configuration" },
		{ "run collapse-vs-gup --gdb 0", 2, "collapse-vs-gup under" },
		{ "run key --backend native --cpus 2-3 --gdb 0", 2, "make 2" },
		{ "run key --backend native --gdb", 2, "--gdb needs a value" },
		{ "run key --backend native --gdb 65536", 2, "'65536' is not a port" },
		{ "run key --backend native --gdb -1", 2, "--gdb needs a PORT" },
		{ "run key --backend native --gdb 12x", 2, "'12x' is not" },
		{ "run collapse-vs-gup --backend native --stress 1 --gdb 0", 2,
		  "--gdb and --stress" },
		{ "show collapse-vs-gup --gdb 0", 2, "--gdb means nothing to pvtlb show" },
	};
	char taken[128];

	cli_expect_all(cases, NR_OF(cases));
	gdb_client_start(&client, RUN);
	snprintf(taken, sizeof(taken), "run key --backend native --gdb %u", client.port);
	cli_expect(&(struct cli_case){ taken, 1, "Address already in use" });
	CU_ASSERT_EQUAL_FATAL(gdb_client_connect(&client), 0);
	asks("OK", "D");
	ends(0, "pass");
}

SUITE(gdb_session, true, { "a walk is stepped", walk_is_stepped },
      { "nothing is lost", nothing_is_lost }, { "breakpoints are hidden", breakpoints_are_hidden },
      { "CPUs that are held, and off", held_and_off }, { "what is refused", refusals },
      { "ends", ends_of_sessions }, { "changes are no pass", changes },
      { "an interrupt", interrupts }, { "verdicts", verdicts }, { "command lines", command_lines });
