/* SPDX-License-Identifier: GPL-2.0-only */
/* gdb on a machine's CPUs, by its remote serial protocol (docs/gdb.md). */
#ifndef VMM_GDB_GDB_H
#define VMM_GDB_GDB_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"

struct gdb;
struct machine;

/* A socket that listens. */
struct gdb_port {
	int fd;
	unsigned int port;
};

/* On 127.0.0.1, at that port or, for 0, at a free one, which is in port then. 0, or -1 with err. */
int gdb_listen(struct gdb_port *at, unsigned int port, struct error *err);
/*
 * Between machine_create() and machine_run(): take the socket over, and tell the user on `to`
 * how to attach. The run begins when gdb says so. NULL with err.
 */
struct gdb *gdb_open(struct machine *m, const struct gdb_port *at, FILE *to, struct error *err);
/*
 * After machine_run(): no more commands, and no breakpoint is left in memory. Returns what gdb
 * has changed of the guest, so that nothing is known of the code as it is; NULL: nothing.
 */
const char *gdb_run_over(struct gdb *gdb);
/* Tell gdb, if it waits, the exit status of the run; then let go of it. */
void gdb_close(struct gdb *gdb, int status);

#endif
