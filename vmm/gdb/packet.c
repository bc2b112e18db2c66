/* SPDX-License-Identifier: GPL-2.0-only */
/* Packets of gdb's remote serial protocol: "$data#xx", xx the sum of data. */
#include <string.h>

#include "gdb/hex.h"
#include "gdb/packet.h"

#define ESCAPE	  '}' /* the next byte has this bit inverted: */
#define ESCAPED	  0x20
#define INTERRUPT 3

static void begin(struct packet *p)
{
	p->state = PACKET_DATA;
	p->len = 0;
	p->sum = 0;
}

/* One that is too long is read to its end, to be refused there. */
static void add(struct packet *p, char c)
{
	if (p->len <= PACKET_MAX)
		p->data[p->len++] = c;
}

static enum packet_got outside(struct packet *p, uint8_t byte)
{
	switch (byte) {
	case '$':
		begin(p);
		return PACKET_NOTHING;
	case '+':
		return PACKET_ACK;
	case '-':
		return PACKET_NAK;
	case INTERRUPT:
		return PACKET_INTERRUPT;
	}
	return PACKET_NOTHING;
}

static void data(struct packet *p, uint8_t byte)
{
	if (byte == '#') {
		p->state = PACKET_SUM1;
		return;
	}
	/* The last one was cut short; this is the next. */
	if (byte == '$') {
		begin(p);
		return;
	}
	p->sum += byte;
	if (p->state == PACKET_ESCAPED) {
		add(p, byte ^ ESCAPED);
		p->state = PACKET_DATA;
	} else if (byte == ESCAPE) {
		p->state = PACKET_ESCAPED;
	} else {
		add(p, byte);
	}
}

static enum packet_got end(struct packet *p, uint8_t byte)
{
	int high = hex_digit(p->digit), low = hex_digit(byte);

	p->state = PACKET_OUTSIDE;
	if (p->len > PACKET_MAX || high < 0 || low < 0 || (high << 4 | low) != p->sum)
		return PACKET_BAD;
	p->data[p->len] = 0;
	return PACKET_WHOLE;
}

enum packet_got packet_byte(struct packet *p, uint8_t byte)
{
	switch (p->state) {
	case PACKET_OUTSIDE:
		return outside(p, byte);
	case PACKET_DATA:
	case PACKET_ESCAPED:
		data(p, byte);
		return PACKET_NOTHING;
	case PACKET_SUM1:
		p->digit = byte;
		p->state = PACKET_SUM2;
		return PACKET_NOTHING;
	case PACKET_SUM2:
		return end(p, byte);
	}
	return PACKET_NOTHING;
}

size_t packet_frame(char *to, const char *from, size_t len)
{
	char *at = to;
	uint8_t sum = 0, hex[1];

	*at++ = '$';
	for (size_t i = 0; i < len; i++) {
		if (strchr("#$}*", from[i]) && from[i]) {
			*at++ = ESCAPE;
			*at++ = from[i] ^ ESCAPED;
		} else {
			*at++ = from[i];
		}
	}
	for (const char *c = to + 1; c < at; c++)
		sum += *c;
	*at++ = '#';
	*hex = sum;
	hex_write(at, hex, 1);
	return at + 2 - to;
}
