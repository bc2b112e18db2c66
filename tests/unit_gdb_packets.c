/* SPDX-License-Identifier: GPL-2.0-only */
/* gdb's remote protocol: packets in and out, numbers, what is to go on; hostile input. */
#include <stdlib.h>
#include <string.h>

#include "gdb/hex.h"
#include "gdb/session.h"
#include "unit_util.h"

/* What the last byte of a text has made of it, and what came before. */
static enum packet_got feed(struct packet *p, const char *text, unsigned int counts[])
{
	enum packet_got got = PACKET_NOTHING;

	for (; *text; text++) {
		got = packet_byte(p, *text);
		counts[got]++;
	}
	return got;
}

static void framing(void)
{
	static const struct {
		const char *what, *bytes;
		enum packet_got last;
		const char *data;
	} cases[] = {
		{ "empty", "$#00", PACKET_WHOLE, "" },
		{ "a letter", "$g#67", PACKET_WHOLE, "g" },
		{ "capital digits", "$vCont?#49", PACKET_WHOLE, "vCont?" },
		{ "noise before", "abc#12$g#67", PACKET_WHOLE, "g" },
		{ "one cut short before", "$mfff$g#67", PACKET_WHOLE, "g" },
		{ "an escape", "$}\x03#80", PACKET_WHOLE, "#" },
		{ "an escaped escape", "$}]#da", PACKET_WHOLE, "}" },
		{ "escape, then the end", "$}#67", PACKET_BAD, NULL },
		{ "the wrong sum", "$g#68", PACKET_BAD, NULL },
		{ "no digits", "$g#zz", PACKET_BAD, NULL },
		{ "one digit", "$g#6", PACKET_NOTHING, NULL },
		{ "no end", "$g", PACKET_NOTHING, NULL },
		{ "an interrupt", "\x03", PACKET_INTERRUPT, NULL },
		{ "an interrupt within is data", "$\x03#03", PACKET_WHOLE, "\x03" },
		{ "an ack", "+", PACKET_ACK, NULL },
		{ "again", "-", PACKET_NAK, NULL },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		unsigned int counts[PACKET_INTERRUPT + 1] = { 0 };
		struct packet p = { 0 };
		enum packet_got got = feed(&p, cases[i].bytes, counts);

		EXPECT(got == cases[i].last, "%s: %d", cases[i].what, got);
		if (got == PACKET_WHOLE)
			EXPECT(!strcmp(p.data, cases[i].data) && p.len == strlen(cases[i].data),
			       "%s: '%s'", cases[i].what, p.data);
	}
}

/* As long as may be, and one byte longer; the next packet is taken in either case. */
static void lengths(void)
{
	static char text[PACKET_MAX + 2];

	for (size_t len = PACKET_MAX - 1; len <= PACKET_MAX + 1; len++) {
		static char frame[PACKET_FRAME(PACKET_MAX + 1) + 1];
		unsigned int counts[PACKET_INTERRUPT + 1] = { 0 };
		struct packet p = { 0 };
		enum packet_got got;

		memset(text, 'm', len);
		frame[packet_frame(frame, text, len)] = 0;
		got = feed(&p, frame, counts);
		EXPECT(got == (len <= PACKET_MAX ? PACKET_WHOLE : PACKET_BAD), "%zu: %d", len, got);
		EXPECT(feed(&p, "$g#67", counts) == PACKET_WHOLE, "after %zu", len);
	}
}

static void frames(void)
{
	static const struct {
		const char *data, *frame;
	} cases[] = {
		{ "", "$#00" },
		{ "OK", "$OK#9a" },
		{ "E14", "$E14#aa" },
		{ "a#$}*", "$a}\x03}\x04}]}\n#0b" },
	};
	struct rnd r = { 1 };

	for (size_t i = 0; i < NR_OF(cases); i++) {
		char frame[64];

		frame[packet_frame(frame, cases[i].data, strlen(cases[i].data))] = 0;
		if (i < 3)
			EXPECT(!strcmp(frame, cases[i].frame), "%s: %s", cases[i].data, frame);
	}
	/* Whatever is sent comes back as it was. */
	for (int n = 0; n < 2000; n++) {
		char data[64], frame[PACKET_FRAME(sizeof(data))];
		size_t len = rnd_below(&r, sizeof(data) + 1), size;
		enum packet_got got = PACKET_NOTHING;
		struct packet p = { 0 };

		for (size_t i = 0; i < len; i++)
			data[i] = rnd(&r);
		size = packet_frame(frame, data, len);
		for (size_t i = 0; i < size; i++)
			got = packet_byte(&p, frame[i]);
		if (!EXPECT(got == PACKET_WHOLE && p.len == len && !memcmp(p.data, data, len), "%d",
			    n))
			return;
	}
}

/* Nothing that comes in leaves the buffer, or a state that is none. */
static void noise(void)
{
	static const char often[] = "$$$##}+-\x03mgvCont;:,0123456789abcdef";
	struct packet p = { 0 };
	struct rnd r = { 7 };

	for (int n = 0; n < 1000000; n++) {
		uint8_t byte = rnd_below(&r, 2) ? (uint8_t)often[rnd_below(&r, sizeof(often))]
						: (uint8_t)rnd(&r);

		packet_byte(&p, byte);
		if (!EXPECT(p.len <= PACKET_MAX + 1 && p.state <= PACKET_SUM2, "%d", n))
			return;
	}
}

static void numbers(void)
{
	static const struct {
		const char *text;
		bool ok;
		uint64_t value;
		const char *rest;
	} cases[] = {
		{ "0", true, 0, "" },
		{ "1fG", true, 0x1f, "G" },
		{ "FFFFffffFFFFffff,1", true, UINT64_MAX, ",1" },
		{ "10000000000000000", false, 0, NULL },
		{ "", false, 0, NULL },
		{ "-1", false, 0, NULL },
		{ " 1", false, 0, NULL },
		{ "x", false, 0, NULL },
	};
	uint8_t bytes[2] = { 0 };

	for (size_t i = 0; i < NR_OF(cases); i++) {
		const char *at = cases[i].text;
		uint64_t value;
		bool ok = hex_number(&at, &value);

		EXPECT(ok == cases[i].ok, "'%s'", cases[i].text);
		if (ok)
			EXPECT(value == cases[i].value && !strcmp(at, cases[i].rest), "'%s'",
			       cases[i].text);
	}
	EXPECT(hex_bytes("12aB", bytes, 2) && bytes[0] == 0x12 && bytes[1] == 0xab, "two bytes");
	EXPECT(!hex_bytes("12a", bytes, 2), "half a byte is missing");
	EXPECT(!hex_bytes("12ab3", bytes, 2), "half a byte too much");
	EXPECT(!hex_bytes("1g", bytes, 1), "no digit");
	EXPECT(!hex_bytes("", bytes, 1), "nothing");
}

static void resuming(void)
{
	static const struct {
		const char *text, *how; /* of 3 CPUs: '-', 'c', 's', 'r'; NULL: malformed */
	} cases[] = {
		{ "c", "ccc" },
		{ "c:-1", "ccc" },
		{ "c:0", "ccc" },
		{ "s:2", "-s-" },
		{ "s:2;c", "csc" },
		{ "c;s:2", "ccc" },
		{ "S05:1;C0b:3", "s-c" },
		{ "r1000,1010:3;c:-1", "ccr" },
		{ "s:3;s:1;c:2", "scs" },
		{ "", NULL },
		{ "c;", NULL },
		{ "t", NULL },
		{ "x:1", NULL },
		{ "c:4", NULL },
		{ "c:ffffffffffffffff", NULL },
		{ "c:1ffffffff", NULL },
		{ "c:-2", NULL },
		{ "c:", NULL },
		{ "cc", NULL },
		{ "C", NULL },
		{ "r1000:1", NULL },
		{ "r,:1", NULL },
		{ "s:1x", NULL },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct stop_go go[3];
		bool ok = gdb_parse_resume(cases[i].text, 3, go);
		char how[4] = "";

		for (int cpu = 0; ok && cpu < 3; cpu++)
			how[cpu] = go[cpu].how == GO_STAY  ? '-'
				   : go[cpu].how == GO_RUN ? 'c'
				   : go[cpu].end	   ? 'r'
							   : 's';
		EXPECT(ok == !!cases[i].how && (!ok || !strcmp(how, cases[i].how)), "'%s': %s",
		       cases[i].text, ok ? how : "malformed");
	}
}

static void registers(void)
{
	struct registers r = { .regs = { .rax = 0x1122334455667788,
					 .rip = 0xffffffff81000000,
					 .rflags = 0x300000246 },
			       .sregs = { .cr3 = 0x5000, .cs.selector = 0x33 } };
	static char text[PACKET_MAX + 1], part[PACKET_MAX];
	uint8_t value[REGISTER_BYTES] = { 0 };
	size_t len = registers_print(&r, text, sizeof(text)), whole;
	char *xml = NULL;
	bool more;

	EXPECT(!strncmp(text, "8877665544332211", 16), "rax: %.16s", text);
	EXPECT(!strncmp(text + 16 * 16, "00000081ffffffff46020000330000", 30),
	       "rip, eflags, cs: %.30s", text + 16 * 16);
	EXPECT(!strncmp(text + 17 * 16 + 7 * 8, "xxxxxxxxxxxxxxxxxxxx", 20), "st0 has no value");
	EXPECT(len == strlen(text) && len < PACKET_MAX, "%zu", len);

	/* Written: the upper half of RFLAGS stays, CR3 cannot be. */
	EXPECT(register_set(&r, 0, value) && !r.regs.rax, "rax");
	EXPECT(register_set(&r, 17, value) && r.regs.rflags == 0x300000000, "eflags");
	EXPECT(!register_set(&r, 18, value) && r.sregs.cs.selector == 0x33, "cs");
	EXPECT(!register_set(&r, 24, value), "st0");

	/* In pieces it is the same text as at once, and as many registers are in it. */
	whole = registers_describe(part, 0, sizeof(part), &more);
	for (size_t at = 0; more || at == 0;) {
		char piece[100];
		size_t got = registers_describe(piece, at, sizeof(piece), &more);

		xml = realloc(xml, at + got + 1);
		memcpy(xml + at, piece, got);
		at += got;
		xml[at] = 0;
	}
	EXPECT(!strncmp(xml, part, whole), "pieces differ");
	EXPECT(registers_describe(part, 1 << 20, 1, &more) == 0 && !more, "behind the end");
	whole = 0;
	for (const char *at = xml; (at = strstr(at, "<reg ")); at++)
		whole++;
	EXPECT(whole == registers_nr(), "%zu registers, %u", whole, registers_nr());
	free(xml);
}

SUITE(unit_gdb_packets, false, { "packets", framing }, { "their length", lengths },
      { "frames", frames }, { "noise", noise }, { "numbers and bytes", numbers },
      { "vCont", resuming }, { "registers", registers });
