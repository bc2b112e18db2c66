/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of a session with gdb share. */
#ifndef VMM_GDB_SESSION_H
#define VMM_GDB_SESSION_H

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

#include "gdb/packet.h"
#include "gdb/registers.h"
#include "gdb/reply.h"
#include "machine/stops.h"

/* Signals of the protocol (GDB's include/gdb/signals.def). */
#define GDB_SIGINT  2
#define GDB_SIGTRAP 5

struct gdb {
	struct machine *m;
	FILE *to;	      /* messages */
	int listener, client; /* -1: none */
	pthread_t thread;
	struct packet in;
	bool no_ack;
	bool tells_swbreak; /* gdb knows what "swbreak" means */
	char frame[PACKET_FRAME(PACKET_MAX)];
	size_t frame_len; /* of the last reply, in case it is to be sent again */

	bool running;	   /* gdb waits for a stop */
	bool leaves;	   /* it has detached, or the run is to end */
	unsigned int cpu;  /* that 'g', 'm' and the like are about */
	bool step_cpu_set; /* 's' is about the next one, and not about the above */
	unsigned int step_cpu;
	struct stop stop;    /* the last one */
	const char *changed; /* what it has written to; NULL: nothing */
};

/*
 * Do what a packet says, while all CPUs are stopped. false: there is no reply now. What is not
 * known has an empty reply.
 */
bool gdb_command(struct gdb *gdb, const char *packet, size_t len, struct reply *reply);

/* Parts of it; text is what follows the letters. */
typedef bool gdb_command_fn(struct gdb *gdb, const char *text, struct reply *reply);
gdb_command_fn gdb_query, gdb_read_memory, gdb_write_memory, gdb_insert, gdb_remove;
gdb_command_fn gdb_resume, gdb_continue, gdb_step, gdb_stop_reason;

/* The CPU with that thread number; -1: "any" or "all" (0 and -1), -2: there is none. */
int gdb_thread(const char **at, unsigned int cpus);

/* "c", "s:2;c:-1", as behind "vCont;": into go, one for each CPU. false: malformed. */
bool gdb_parse_resume(const char *text, unsigned int cpus, struct stop_go *go);

/* All breakpoints out, all CPUs on; they are stopped. */
void gdb_let_go(struct gdb *gdb);

#endif
