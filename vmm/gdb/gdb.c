/* SPDX-License-Identifier: GPL-2.0-only */
/* A session with gdb: a thread that waits for it, and for the CPUs. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/shortage.h"
#include "base/signals.h"
#include "gdb/gdb.h"
#include "gdb/session.h"
#include "machine/state.h"

#define SEND_TIMEOUT_S 5
#define LEAVE_MS       1000
#define START_US       200

static bool over(const struct gdb *gdb)
{
	return outcome_over(&gdb->m->outcome);
}

static bool send_all(struct gdb *gdb, const char *bytes, size_t len)
{
	while (len) {
		ssize_t sent = send(gdb->client, bytes, len, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		bytes += sent;
		len -= sent;
	}
	return true;
}

static bool send_reply(struct gdb *gdb, const struct reply *reply)
{
	gdb->frame_len = packet_frame(gdb->frame, reply->text, reply->len);
	return send_all(gdb, gdb->frame, gdb->frame_len);
}

/* A CPU has come to something, or gdb has asked for all to stop. */
static bool send_stop(struct gdb *gdb)
{
	struct reply reply = { .len = 0 };

	if (!stops_settle(gdb->m->stops, &gdb->stop) || !gdb->running)
		return true;
	gdb->running = false;
	if (gdb->stop.why != STOP_ASKED)
		gdb->cpu = gdb->stop.cpu;
	gdb_stop_reason(gdb, "", &reply);
	return send_reply(gdb, &reply);
}

/* In all-stop mode gdb sends nothing but an interrupt while CPUs run: the rest is passed over. */
static bool take_packet(struct gdb *gdb)
{
	struct reply reply;

	if (!gdb->no_ack && !send_all(gdb, "+", 1))
		return false;
	if (gdb->running || !gdb_command(gdb, gdb->in.data, gdb->in.len, &reply))
		return true;
	return send_reply(gdb, &reply);
}

static bool take_byte(struct gdb *gdb, uint8_t byte)
{
	switch (packet_byte(&gdb->in, byte)) {
	case PACKET_WHOLE:
		return take_packet(gdb);
	case PACKET_BAD:
		return gdb->no_ack || send_all(gdb, "-", 1);
	case PACKET_NAK:
		return gdb->no_ack || send_all(gdb, gdb->frame, gdb->frame_len);
	case PACKET_INTERRUPT:
		if (!gdb->running)
			return true;
		stops_ask(gdb->m->stops);
		return send_stop(gdb);
	case PACKET_ACK:
	case PACKET_NOTHING:
		break;
	}
	return true;
}

static bool take_bytes(struct gdb *gdb)
{
	uint8_t bytes[512];
	ssize_t got = recv(gdb->client, bytes, sizeof(bytes), 0);

	if (got < 0 && errno == EINTR)
		return true;
	for (ssize_t i = 0; i < got && !gdb->leaves; i++)
		if (!take_byte(gdb, bytes[i]))
			return false;
	return got > 0;
}

/* Readable: the socket, or the CPUs? false: the run is over. */
static bool wait_for(struct gdb *gdb, int fd, bool *socket, bool *cpus)
{
	struct pollfd p[] = { { .fd = fd, .events = POLLIN },
			      { .fd = gdb->m->stops->wake, .events = POLLIN } };

	while (poll(p, 2, -1) < 0)
		if (errno != EINTR)
			abort();
	*socket = p[0].revents;
	*cpus = p[1].revents;
	return !over(gdb);
}

/* The connection is gone: the guest goes on without it. */
static void lost(struct gdb *gdb)
{
	struct stop stop;

	fprintf(gdb->to, "pvtlb: the connection to gdb is lost; the guest goes on without it\n");
	stops_ask(gdb->m->stops);
	if (stops_settle(gdb->m->stops, &stop))
		gdb_let_go(gdb);
}

static bool accept_one(struct gdb *gdb)
{
	const struct timeval timeout = { .tv_sec = SEND_TIMEOUT_S };
	bool socket, cpus;
	int one = 1;

	while (gdb->client < 0) {
		if (!wait_for(gdb, gdb->listener, &socket, &cpus))
			return false;
		if (socket)
			gdb->client = accept4(gdb->listener, NULL, NULL, SOCK_CLOEXEC);
	}
	/* Nobody else: whoever tries is refused. */
	close(gdb->listener);
	gdb->listener = -1;
	while (!stops_parked(gdb->m->stops, 0) && !over(gdb))
		usleep(START_US);
	setsockopt(gdb->client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(gdb->client, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	return true;
}

static void *serve(void *arg)
{
	struct gdb *gdb = arg;
	bool socket, cpus, fine = true;

	if (!accept_one(gdb))
		return NULL;
	while (fine && !gdb->leaves && wait_for(gdb, gdb->client, &socket, &cpus)) {
		if (cpus)
			fine = send_stop(gdb);
		if (socket && fine)
			fine = take_bytes(gdb);
	}
	if (!fine && !gdb->leaves && !over(gdb))
		lost(gdb);
	return NULL;
}

/* On 127.0.0.1 only: whoever can connect can do with the guest what he likes. */
int gdb_listen(struct gdb_port *to, unsigned int port, struct error *err)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 1) ||
	    getsockname(fd, (struct sockaddr *)&at, &len)) {
		fail(err, STATUS_FAIL, "--gdb: port %u of 127.0.0.1: %s", port, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	*to = (struct gdb_port){ fd, ntohs(at.sin_port) };
	return 0;
}

struct gdb *gdb_open(struct machine *m, const struct gdb_port *at, FILE *to, struct error *err)
{
	struct gdb *gdb = calloc(1, sizeof(*gdb));
	sigset_t old;
	int ret;

	if (!gdb)
		abort();
	*gdb = (struct gdb){ .m = m, .to = to, .listener = at->fd, .client = -1 };
	if (stops_create(m, err)) {
		close(gdb->listener);
		free(gdb);
		return NULL;
	}
	signals_to_main(&old);
	ret = pthread_create(&gdb->thread, NULL, serve, gdb);
	signals_restore(&old);
	if (ret) {
		fail_errno(err, STATUS_FAIL, ret, "--gdb: no thread");
		close(gdb->listener);
		free(gdb);
		return NULL;
	}
	fprintf(to, "pvtlb: CPUs wait for gdb: gdb %s -ex 'target remote :%u'\n", m->image->path,
		at->port);
	return gdb;
}

const char *gdb_run_over(struct gdb *gdb)
{
	pthread_join(gdb->thread, NULL);
	breakpoint_remove_all(&gdb->m->stops->breakpoints, &gdb->m->mem);
	return gdb->changed;
}

/* What it has sent is read, so that what we have sent is not lost with it. */
static void leave(struct gdb *gdb)
{
	struct pollfd p = { .fd = gdb->client, .events = POLLIN };
	char bytes[512];

	shutdown(gdb->client, SHUT_WR);
	while (poll(&p, 1, LEAVE_MS) > 0 && recv(gdb->client, bytes, sizeof(bytes), 0) > 0)
		;
}

void gdb_close(struct gdb *gdb, int status)
{
	struct reply reply = { .len = 0 };

	reply_print(&reply, "W%02x", status & 0xff);
	if (gdb->client >= 0) {
		if (gdb->running)
			send_reply(gdb, &reply);
		leave(gdb);
		close(gdb->client);
	}
	if (gdb->listener >= 0)
		close(gdb->listener);
	free(gdb);
}
