/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that are named by a user: FIFOs and pipes too, which may keep one waiting. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/patience.h"
#include "base/printable.h"
#include "base/signals.h"
#include "base/stream.h"

#define LOOK_MS 50 /* between two looks whether a signal has come */
#define SAY_MS	500

struct waiting {
	int fd;
	char name[256]; /* for messages; empty: it is not said that it is waited for */
	bool kept; /* its memory is not to be freed */
};

static void say(struct waiting *w, const char *for_what)
{
	if (w->name[0])
		fprintf(stderr, "pvtlb: %s is a FIFO: waiting for %s\n", w->name, for_what);
	w->name[0] = 0;
}

/* Until it can be read; -1 with errno. */
static int wait_readable(struct waiting *w)
{
	struct pollfd p = { .fd = w->fd, .events = POLLIN };

	for (int ms = 0; !signals_caught(); ms += LOOK_MS) {
		if (poll(&p, 1, LOOK_MS) > 0)
			return 0;
		if (ms == SAY_MS)
			say(w, "somebody to write to it");
	}
	errno = EINTR;
	return -1;
}

static ssize_t read_some(void *cookie, char *buf, size_t size)
{
	struct waiting *w = cookie;
	ssize_t got;

	do {
		if (wait_readable(w))
			return -1;
		got = read(w->fd, buf, size);
	} while (got < 0 && (errno == EAGAIN || errno == EINTR));
	return got;
}

/* Until somebody takes something; -1 with errno. */
static int wait_writable(struct waiting *w)
{
	struct pollfd p = { .fd = w->fd, .events = POLLOUT };
	double until = 0;

	for (int ms = 0; poll(&p, 1, LOOK_MS) <= 0; ms += LOOK_MS) {
		if (ms == SAY_MS)
			say(w, "somebody to read it");
		if (!signals_caught())
			continue;
		if (!until)
			until = seconds_now() + STREAM_GRACE;
		if (seconds_now() > until) {
			errno = EINTR;
			return -1;
		}
	}
	return 0;
}

/* What a pipe is sure to take when it is writable: more would wait, and not for long only. */
#define PIECE 4096u

static ssize_t write_some(void *cookie, const char *buf, size_t size)
{
	struct waiting *w = cookie;
	size_t done = 0;

	while (done < size) {
		size_t n = size - done < PIECE ? size - done : PIECE;
		ssize_t put = wait_writable(w) ? -1 : write(w->fd, buf + done, n);

		if (put < 0 && errno == EAGAIN)
			continue;
		if (put < 0)
			return done;
		done += put;
	}
	return done;
}

/* All that there are: each option names one at most. */
static struct {
	FILE *file;
	int fd;
} streams[16];
#define NR_STREAMS (sizeof(streams) / sizeof(streams[0]))

int stream_fd(FILE *stream)
{
	for (size_t i = 0; i < NR_STREAMS; i++)
		if (streams[i].file == stream)
			return streams[i].fd;
	return fileno(stream);
}

static void note(FILE *file, int fd)
{
	for (size_t i = 0; i < NR_STREAMS; i++)
		if (!streams[i].file) {
			streams[i].file = file;
			streams[i].fd = fd;
			return;
		}
}

static int shut(void *cookie)
{
	struct waiting *w = cookie;
	int ret = close(w->fd);

	for (size_t i = 0; i < NR_STREAMS; i++)
		if (streams[i].fd == w->fd)
			streams[i].file = NULL;
	if (!w->kept)
		free(w);
	return ret;
}

static FILE *patient_in(struct waiting *w, int fd, const char *name, const char *mode)
{
	const cookie_io_functions_t io = { .read = read_some, .write = write_some, .close = shut };
	FILE *file;

	w->fd = fd;
	printable_copy(name, w->name, sizeof(w->name));
	file = fopencookie(w, mode, io);
	if (file)
		note(file, fd);
	return file;
}

static FILE *patient(int fd, const char *name, const char *mode)
{
	struct waiting *w = calloc(1, sizeof(*w));
	FILE *file = w ? patient_in(w, fd, name, mode) : NULL;

	if (!file)
		free(w);
	return file;
}

static bool is_pipe(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

/* As a stream; what is no pipe keeps nobody waiting. */
static FILE *stream_of(int fd, const char *path, const char *mode)
{
	FILE *file = is_pipe(fd) ? patient(fd, path, mode) : fdopen(fd, mode);

	if (!file)
		close(fd);
	return file;
}

FILE *stream_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	return fd < 0 ? NULL : stream_of(fd, path, "r");
}

/* A FIFO that nobody has open to read cannot be opened (ENXIO): so until somebody has. */
static FILE *write_to(const char *path, int flags)
{
	const int how = O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | flags;
	struct waiting w = { .fd = -1 };
	struct stat st;

	printable_copy(path, w.name, sizeof(w.name));
	for (int ms = 0; (w.fd = open(path, how, 0666)) < 0; ms += LOOK_MS) {
		if (errno != ENXIO || stat(path, &st) || !S_ISFIFO(st.st_mode))
			return NULL;
		if (ms == SAY_MS)
			say(&w, "somebody to read it");
		poll(NULL, 0, LOOK_MS);
		if (signals_caught()) {
			errno = EINTR;
			return NULL;
		}
	}
	return stream_of(w.fd, path, "w");
}

FILE *stream_write(const char *path)
{
	return write_to(path, O_TRUNC);
}

FILE *stream_write_over(const char *path)
{
	return write_to(path, 0);
}

void stream_standard(void)
{
	/* Nobody closes these. */
	static struct waiting waiting[] = { { .kept = true }, { .kept = true } };
	FILE *in = patient_in(&waiting[0], STDIN_FILENO, "", "r");
	FILE *out = is_pipe(STDOUT_FILENO) ? patient_in(&waiting[1], STDOUT_FILENO, "", "w") : NULL;

	if (in)
		stdin = in;
	if (out)
		stdout = out;
}
