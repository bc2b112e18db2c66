/* SPDX-License-Identifier: GPL-2.0-only */
/* A client of pvtlb run --gdb, for tests: the command, and a connection to it. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gdb_client.h"
#include "test.h"

#define MINUTE_MS 60000

/* Some more of what the command says; false at its end. */
static bool hear(struct gdb_client *c)
{
	char part[4096];
	ssize_t got = read(c->output, part, sizeof(part));

	if (got <= 0)
		return false;
	c->said = realloc(c->said, c->len + got + 1);
	memcpy(c->said + c->len, part, got);
	c->len += got;
	c->said[c->len] = 0;
	return true;
}

void gdb_client_start(struct gdb_client *c, const char *args)
{
	static const char says[] = "target remote :";
	char command[1024], *at = NULL;
	int ends[2];

	*c = (struct gdb_client){ .fd = -1 };
	snprintf(command, sizeof(command), "exec timeout 120 %s %s", test_command, args);
	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
	c->pid = fork();
	if (!c->pid) {
		dup2(ends[1], 1);
		dup2(ends[1], 2);
		close(ends[0]);
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(99);
	}
	close(ends[1]);
	c->output = ends[0];
	while ((!c->said || !(at = strstr(c->said, says)) || !strchr(at, '\n')) && hear(c))
		;
	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	c->port = strtoul(at + strlen(says), NULL, 10);
}

static int connect_to(unsigned int port)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd >= 0 && !connect(fd, (struct sockaddr *)&at, sizeof(at)))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

int gdb_client_connect(struct gdb_client *c)
{
	c->fd = connect_to(c->port);
	return c->fd < 0 ? errno : 0;
}

int gdb_client_second(const struct gdb_client *c)
{
	int fd = connect_to(c->port);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

void gdb_client_send(struct gdb_client *c, const char *bytes, size_t len)
{
	CU_ASSERT_EQUAL_FATAL(send(c->fd, bytes, len, MSG_NOSIGNAL), (ssize_t)len);
}

enum packet_got gdb_client_next(struct gdb_client *c)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	enum packet_got got;
	uint8_t byte;

	do {
		CU_ASSERT_EQUAL_FATAL(poll(&p, 1, MINUTE_MS), 1);
		CU_ASSERT_EQUAL_FATAL(recv(c->fd, &byte, 1, 0), 1);
		got = packet_byte(&c->in, byte);
	} while (got == PACKET_NOTHING);
	return got;
}

void gdb_client_tell(struct gdb_client *c, const char *data)
{
	char frame[PACKET_FRAME(PACKET_MAX)];

	gdb_client_send(c, frame, packet_frame(frame, data, strlen(data)));
}

const char *gdb_client_ask(struct gdb_client *c, const char *data)
{
	enum packet_got got;

	gdb_client_tell(c, data);
	while ((got = gdb_client_next(c)) == PACKET_ACK)
		;
	CU_ASSERT_EQUAL_FATAL(got, PACKET_WHOLE);
	return c->in.data;
}

void gdb_client_disconnect(struct gdb_client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

int gdb_client_end(struct gdb_client *c)
{
	int status = 0;

	gdb_client_disconnect(c);
	while (hear(c))
		;
	close(c->output);
	CU_ASSERT_EQUAL(waitpid(c->pid, &status, 0), c->pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void gdb_client_free(struct gdb_client *c)
{
	free(c->said);
}
