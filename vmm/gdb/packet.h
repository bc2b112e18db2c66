/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets of gdb's remote serial protocol: "$data#xx", xx the sum of data (GDB manual, appendix
 * E.1). What comes in is hostile: it is taken byte by byte, and no packet grows beyond its buffer.
 */
#ifndef VMM_GDB_PACKET_H
#define VMM_GDB_PACKET_H

#include <stddef.h>
#include <stdint.h>

#define PACKET_MAX 4096u /* bytes of data, in either direction; gdb is told so */

/* What a byte has made of the input. */
enum packet_got {
	PACKET_NOTHING, /* so far */
	PACKET_WHOLE,	/* data and len are a packet, with a 0 behind it */
	PACKET_BAD,	/* one has ended whose sum is wrong, or that was too long */
	PACKET_ACK,
	PACKET_NAK,	  /* the last one is to be sent again */
	PACKET_INTERRUPT, /* the byte 3, outside of packets */
};

struct packet {
	enum { PACKET_OUTSIDE, PACKET_DATA, PACKET_ESCAPED, PACKET_SUM1, PACKET_SUM2 } state;
	char data[PACKET_MAX + 1];
	size_t len;
	uint8_t sum; /* of what has come */
	char digit;  /* the first one of the sum that was sent */
};

/* Zeroed, it is outside of a packet. */
enum packet_got packet_byte(struct packet *packet, uint8_t byte);

/* The most that a frame around len bytes can take. */
#define PACKET_FRAME(len) (2 * (len) + 4)
/* Frame len bytes, escaping what has to be; returns the frame's length. */
size_t packet_frame(char *to, const char *data, size_t len);

#endif
