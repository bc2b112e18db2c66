/* SPDX-License-Identifier: GPL-2.0-only */
/* A client of pvtlb run --gdb, for tests: the command, and a connection to it. */
#ifndef TESTS_GDB_CLIENT_H
#define TESTS_GDB_CLIENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "gdb/packet.h"

struct gdb_client {
	pid_t pid;
	int output; /* the command's standard output and error */
	int fd;	    /* the connection; -1: none */
	unsigned int port;
	struct packet in;
	char *said; /* by the command */
	size_t len;
};

/* Run pvtlb with these words, --gdb 0 among them, until it says which port it waits on. */
void gdb_client_start(struct gdb_client *c, const char *args);
/* Connect: 0, or an errno. */
int gdb_client_connect(struct gdb_client *c);
/* The same of another connection, which is closed again. */
int gdb_client_second(const struct gdb_client *c);

void gdb_client_send(struct gdb_client *c, const char *bytes, size_t len);
/* The next byte outside of packets, or the next packet's data; a test fails after a minute. */
enum packet_got gdb_client_next(struct gdb_client *c);
/* Send this as a packet, and return the reply's data, good until the next call. */
const char *gdb_client_ask(struct gdb_client *c, const char *data);
/* The same for a packet without a reply. */
void gdb_client_tell(struct gdb_client *c, const char *data);
void gdb_client_disconnect(struct gdb_client *c);

/* Disconnect, and wait for the command's end: its exit status, and said is all that it said. */
int gdb_client_end(struct gdb_client *c);
void gdb_client_free(struct gdb_client *c);

#endif
